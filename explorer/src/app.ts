// The page: puts the parts together, and runs the program whenever it has changed.

import { about, Refused, run, takeToken, Unreachable } from "./api";
import type { About, Answer, Program, Refusal } from "./contract";
import { counted, el, there, words } from "./dom";
import { FIRST } from "./program";
import { History } from "./table";
import { binsAt, Timeline } from "./timeline";
import type { Stop } from "./tours";
import { Editor } from "./views/editor";
import { Figures } from "./views/figures";
import { Lanes } from "./views/lanes";
import { Message } from "./views/message";
import { Operations } from "./views/operations";
import { Picture } from "./views/picture";
import { Chart } from "./views/references";
import { Share } from "./views/share";
import { Tours } from "./views/tours";
import { Transport } from "./views/transport";

/** So long after the last key the program is run. */
const PAUSE = 350;
const OWN = "own";

class Page {
  private readonly size = there<HTMLInputElement>("size");
  private readonly maxLoad = there<HTMLInputElement>("max-load");
  private readonly preset = there<HTMLSelectElement>("preset");
  private readonly specimen = there<HTMLSelectElement>("specimen");
  private readonly editor = new Editor(there("editor"), () => this.edited());
  private readonly operations = new Operations(
    there("operations"),
    () => this.edited(),
    (index) => this.transport.go(this.timeline.end(index + 1)),
  );
  private readonly picture = new Picture(there("picture"));
  private readonly lanes = new Lanes(
    there("lanes"),
    (event) => this.transport.go(this.timeline.first(this.step) + event),
    (by) => this.transport.go(this.number + by),
  );
  private readonly chart = new Chart(there("chart"));
  private readonly figures = new Figures(there("figures"));
  private readonly transport = new Transport(there("transport"), (number) => this.show(number));
  private readonly message = new Message(there("message"), (program) => this.open(program, true));
  private readonly share = new Share(
    there("sharing"),
    () => this.program(),
    (program) => this.open(program),
  );
  private about: About | null = null;
  private timeline = new Timeline([]);
  private history = new History([]);
  private number = 0;
  private step = 0;
  /** Where to look when the answer is there: at a step's first event, or at the end. */
  private wanted: number | null = null;
  private timer = 0;
  private running: AbortController | null = null;
  /** While fields are being filled in, nothing runs. */
  private filling = false;

  constructor() {
    new Tours(there("tours"), there("tour"), (stop: Stop) =>
      this.open(stop.program, false, stop.step ?? null),
    );
    for (const field of [this.size, this.maxLoad, this.specimen])
      field.addEventListener("input", () => this.edited());
    this.preset.addEventListener("input", () => {
      const found = this.about?.presets.find(({ name }) => name === this.preset.value);
      if (found) this.editor.text = found.code;
    });
    this.colours(there<HTMLSelectElement>("theme"));
    addEventListener(
      "hashchange",
      () => void this.share.arrived().then((program) => program && this.open(program)),
    );
  }

  async start(): Promise<void> {
    try {
      this.about = await about();
      this.choices(this.about);
    } catch (error) {
      if (error instanceof Refused || error instanceof Unreachable)
        this.message.failed(error.message, () => void this.start());
      else throw error;
      return;
    }
    const code = this.about.presets.find(({ name }) => name === "length")?.code ?? FIRST.code;
    this.open((await this.share.arrived()) ?? { ...FIRST, code });
  }

  private choices({ python, hashtable, presets, specimens, limits }: About): void {
    words(
      there("about"),
      `Python ${python}, hashtable ${hashtable}. Programs run for up to ${limits.seconds} s, in up to ${limits.megabytes} MB.`,
    );
    this.preset.replaceChildren(
      ...presets
        .filter(({ name }) => name !== OWN)
        .map(({ name, title }) => el("option", { value: name }, title)),
      el("option", { value: OWN }, "Your own"),
    );
    this.specimen.replaceChildren(
      el("option", { value: "" }, "none"),
      ...specimens.map(({ name, title }) => el("option", { value: name, title }, name)),
    );
    this.operations.limits(limits.operations, limits.keys);
  }

  private program(): Program {
    const maxLoad = this.maxLoad.value.trim();
    return {
      code: this.editor.text,
      size: Number(this.size.value),
      max_load: maxLoad === "" ? null : Number(maxLoad),
      specimen: this.specimen.value || null,
      operations: this.operations.operations,
    };
  }

  /** Puts a program into the fields, and runs it. */
  private open(program: Program, focus = false, step: number | null = null): void {
    this.filling = true;
    this.editor.text = program.code;
    this.size.value = String(program.size);
    this.maxLoad.value = program.max_load === null ? "" : String(program.max_load);
    if (program.specimen && ![...this.specimen.options].some(({ value }) => value === program.specimen))
      this.specimen.append(el("option", { value: program.specimen }, program.specimen));
    this.specimen.value = program.specimen ?? "";
    this.operations.show(program.operations);
    this.filling = false;
    this.wanted = step;
    // The button that was pressed is gone by now.
    if (focus) there("picture-heading").focus();
    this.number = this.timeline.last;
    this.edited(0);
  }

  private edited(pause = PAUSE): void {
    if (this.filling) return;
    const { code } = this.program();
    this.preset.value = this.about?.presets.find((each) => each.code === code)?.name ?? OWN;
    there("seen").setAttribute("aria-busy", "true");
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.run(), pause);
  }

  private async run(): Promise<void> {
    this.timer = 0;
    this.running?.abort();
    const mine = (this.running = new AbortController());
    const program = this.program();
    words(there("running"), "running…");
    void this.share.refresh();
    try {
      const answer = await run(program, mine.signal);
      if (this.running === mine) this.answered(program, answer);
    } catch (error) {
      if (this.running !== mine) return;
      if (error instanceof Refused) this.refused(error.refusal);
      else if (error instanceof Unreachable) {
        this.refused(null);
        this.message.failed(error.message, () => void this.run());
      } else throw error;
      words(there("running"), "not run: what is shown is what ran last");
    }
    if (this.running === mine) this.settled();
  }

  /** What is shown is of the program that is there; unless it was changed again meanwhile. */
  private settled(): void {
    this.running = null;
    if (!this.timer) there("seen").setAttribute("aria-busy", "false");
  }

  private answered(program: Program, answer: Answer): void {
    const { steps, ended } = answer;
    this.refused(null);
    const atEnd = this.number >= this.timeline.last;
    const before = this.step;
    this.timeline = new Timeline(steps);
    this.history = new History(steps);
    this.chart.show(steps);
    this.operations.outcomes(steps.slice(1).map(({ error }) => error));
    this.message.show(program, answer);
    // Where there was no step, there is nothing to be seen.
    for (const id of ["picture", "transport", "time", "statistics", "references"])
      there(id).hidden = !steps.length;
    words(
      there("running"),
      ended.how === "well" ? `${counted(steps.length - 1, "operation")} ran` : "it did not end well",
    );
    const number =
      this.wanted !== null
        ? this.timeline.first(this.wanted)
        : atEnd
          ? this.timeline.last
          : this.timeline.end(before);
    this.wanted = null;
    this.transport.show(this.timeline, number);
  }

  /** Says what is wrong beside the field where it is; with null, that nothing is. */
  private refused(refusal: Refusal | null): void {
    const where = refusal?.where ?? null;
    const places: [string, boolean, Element[]][] = [
      ["code-error", where === "code" || where === null, []],
      [
        "table-error",
        where === "size" || where === "max_load" || where === "specimen",
        [where === "size" ? this.size : where === "max_load" ? this.maxLoad : this.specimen],
      ],
      ["operations-error", where === "operations", []],
    ];
    for (const field of [this.size, this.maxLoad, this.specimen]) field.removeAttribute("aria-invalid");
    for (const [id, here, fields] of places) {
      const place = there(id);
      const says = refusal && here ? refusal.error : "";
      words(place, says && refusal?.line ? `Line ${refusal.line}: ${says}` : says);
      place.hidden = !says;
      if (says) for (const field of fields) field.setAttribute("aria-invalid", "true");
    }
    this.editor.mark(where === "code" ? (refusal?.line ?? null) : null);
    if (refusal) this.message.hide();
  }

  /** The page at a moment. */
  private show(number: number): void {
    const { timeline } = this;
    if (!timeline.steps.length) return;
    const moment = timeline.at(number);
    const forwards = moment.number === this.number + 1;
    this.number = moment.number;
    this.step = moment.step;
    const shown = timeline.shown(moment);
    this.picture.show(this.history.after(shown), binsAt(timeline, moment), forwards);
    this.lanes.show(timeline.steps[moment.step], moment.event);
    this.figures.show(timeline.steps[shown]);
    this.chart.at(moment.step);
    this.operations.at(moment.step - 1);
    // Hundreds of sentences a second are for nobody.
    const event = timeline.event(moment);
    if (!this.transport.playing) words(there("said"), event ? `${event.layer}: ${event.text}` : "");
  }

  private colours(select: HTMLSelectElement): void {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const apply = (): void => {
      document.documentElement.dataset.theme = select.value || (dark.matches ? "dark" : "light");
      this.picture.recolour();
    };
    try {
      select.value = localStorage.getItem("theme") ?? "";
    } catch {
      // A browser may keep nothing.
    }
    select.addEventListener("input", () => {
      try {
        localStorage.setItem("theme", select.value);
      } catch {
        // As above.
      }
      apply();
    });
    dark.addEventListener("change", apply);
    apply();
  }
}

takeToken();
void new Page().start();
