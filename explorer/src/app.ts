// The explorer: puts the parts together, and runs the program whenever it has changed. It has two doors: a page of
// its own, and a cell of a notebook.

import { type Api, Refused, Unreachable } from "./api";
import css from "./app.css";
import type { About, Answer, Program, Refusal } from "./contract";
import { counted, el, words } from "./dom";
import { Kernel, type Model } from "./kernel";
import { Layout } from "./layout";
import { BadProgram, validated } from "./program";
import { Server } from "./server";
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
/** Under which the browser keeps the colours that were chosen: a notebook has keys of its own. */
const THEME = "hashtable-explorer-theme";

/** What surrounds the explorer. */
interface Place {
  api: Api;
  /** What has the colours' theme: an attribute of it. */
  themed: HTMLElement;
  /** Whether what is around is dark, where the user has not chosen; calls back when that changes. */
  dark(changed: () => void): () => boolean;
  /** Whether the address is the explorer's own, with the program in it. */
  links: boolean;
  /** Told of each program that has run. */
  ran?(program: Program): void;
}

class Explorer {
  readonly layout = new Layout();
  private readonly editor = new Editor(this.layout.editor, () => this.edited());
  private readonly operations = new Operations(
    this.layout.operations,
    () => this.edited(),
    (index) => this.transport.go(this.timeline.end(index + 1)),
  );
  private readonly picture = new Picture(this.layout.picture);
  private readonly lanes = new Lanes(
    this.layout.lanes,
    (event) => this.transport.go(this.timeline.first(this.step) + event),
    (by) => this.transport.go(this.number + by),
  );
  private readonly chart = new Chart(this.layout.chart, () => this.edited(0));
  private readonly figures = new Figures(this.layout.figures);
  private readonly transport = new Transport(this.layout.transport, (number) => this.show(number));
  private readonly message = new Message(this.layout.message, (program) => this.open(program, true));
  private readonly share: Share;
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

  constructor(private readonly place: Place) {
    const { layout } = this;
    this.share = new Share(
      layout.sharing,
      layout.share,
      place.links,
      () => this.program(),
      (program) => this.open(program),
    );
    new Tours(layout.tours, layout.tour, layout, (stop: Stop) =>
      this.open(stop.program, false, stop.step ?? null),
    );
    for (const field of [layout.size, layout.maxLoad, layout.specimen])
      field.addEventListener("input", () => this.edited());
    layout.preset.addEventListener("input", () => {
      const found = this.about?.presets.find(({ name }) => name === layout.preset.value);
      if (found) this.editor.text = found.code;
    });
    this.colours();
  }

  /** Runs the program that is given, or the first one. */
  async start(given: Program | null = null): Promise<void> {
    try {
      this.about = await this.place.api.about();
      this.choices(this.about);
    } catch (error) {
      if (error instanceof Refused || error instanceof Unreachable)
        this.message.failed(error.message, () => void this.start(given));
      else throw error;
      return;
    }
    this.open(given ?? (await this.arrived()) ?? this.about.first);
  }

  /** It is in another tree now. */
  moved(root: Document | ShadowRoot): void {
    this.editor.moved(root);
  }

  /** Nobody looks any more. */
  close(): void {
    clearTimeout(this.timer);
    this.running?.abort();
    this.running = null;
  }

  /** The program of the address, if it has one. */
  async arrived(): Promise<Program | null> {
    return this.place.links ? this.share.arrived() : null;
  }

  private choices({ python, hashtable, presets, specimens, limits }: About): void {
    words(
      this.layout.about,
      `Python ${python}, hashtable ${hashtable}. Programs run for up to ${limits.seconds} s, in up to ${limits.megabytes} MB.`,
    );
    this.layout.preset.replaceChildren(
      ...presets
        .filter(({ name }) => name !== OWN)
        .map(({ name, title }) => el("option", { value: name }, title)),
      el("option", { value: OWN }, "Your own"),
    );
    this.layout.specimen.replaceChildren(
      el("option", { value: "" }, "none"),
      ...specimens.map(({ name, title }) => el("option", { value: name, title }, name)),
    );
    this.operations.limits(limits.operations, limits.keys);
    this.message.specimens = specimens;
  }

  private program(): Program {
    const maxLoad = this.layout.maxLoad.value.trim();
    return {
      code: this.editor.text,
      size: Number(this.layout.size.value),
      max_load: maxLoad === "" ? null : Number(maxLoad),
      specimen: this.layout.specimen.value || null,
      operations: this.operations.operations,
      watch: this.chart.watch,
    };
  }

  /** Puts a program into the fields, and runs it. */
  open(program: Program, focus = false, step: number | null = null): void {
    this.filling = true;
    this.editor.text = program.code;
    this.layout.size.value = String(program.size);
    this.layout.maxLoad.value = program.max_load === null ? "" : String(program.max_load);
    if (program.specimen && ![...this.layout.specimen.options].some(({ value }) => value === program.specimen))
      this.layout.specimen.append(el("option", { value: program.specimen }, program.specimen));
    this.layout.specimen.value = program.specimen ?? "";
    this.operations.show(program.operations);
    this.chart.choices(program.operations, program.watch);
    this.filling = false;
    this.wanted = step;
    // The button that was pressed is gone by now.
    if (focus) this.layout.pictureHeading.focus();
    this.number = this.timeline.last;
    this.edited(0);
  }

  private edited(pause = PAUSE): void {
    if (this.filling) return;
    const { code, operations, watch } = this.program();
    this.chart.choices(operations, watch);
    this.layout.preset.value = this.about?.presets.find((each) => each.code === code)?.name ?? OWN;
    this.layout.seen.setAttribute("aria-busy", "true");
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.run(), pause);
  }

  private async run(): Promise<void> {
    this.timer = 0;
    this.running?.abort();
    const mine = (this.running = new AbortController());
    const program = this.program();
    words(this.layout.running, "running…");
    void this.share.refresh();
    try {
      const answer = await this.place.api.run(program, mine.signal);
      if (this.running === mine) this.answered(program, answer);
    } catch (error) {
      if (this.running !== mine) return;
      if (error instanceof Refused) this.refused(error.refusal);
      else if (error instanceof Unreachable) {
        this.refused(null);
        this.message.failed(error.message, () => void this.run());
      } else throw error;
      words(this.layout.running, "not run: what is shown is what ran last");
    }
    if (this.running === mine) this.settled();
  }

  /** What is shown is of the program that is there; unless it was changed again meanwhile. */
  private settled(): void {
    this.running = null;
    if (!this.timer) this.layout.seen.setAttribute("aria-busy", "false");
  }

  private answered(program: Program, answer: Answer): void {
    const { steps, ended } = answer;
    this.place.ran?.(program);
    this.refused(null);
    const atEnd = this.number >= this.timeline.last;
    const before = this.step;
    this.timeline = new Timeline(steps);
    this.history = new History(this.timeline.pictures);
    this.chart.show(steps);
    this.operations.outcomes(steps.slice(1).map(({ error }) => error));
    this.message.show(program, answer);
    // Where there was no step, there is nothing to be seen.
    for (const part of this.layout.ofRun) part.hidden = !steps.length;
    words(
      this.layout.running,
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
    const { codeError, tableError, operationsError, ...layout } = this.layout;
    const fields = { size: layout.size, max_load: layout.maxLoad, specimen: layout.specimen };
    const field = Object.entries(fields).find(([name]) => name === where)?.[1];
    for (const each of Object.values(fields)) each.removeAttribute("aria-invalid");
    field?.setAttribute("aria-invalid", "true");
    const guilty = field ? tableError : where === "operations" ? operationsError : codeError;
    for (const place of [codeError, tableError, operationsError]) {
      const says = refusal && place === guilty ? refusal.error : "";
      words(place, says && refusal?.line ? `Line ${refusal.line}: ${says}` : says);
      place.hidden = !says;
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
    this.picture.show(this.history.at(shown), binsAt(timeline, moment), forwards);
    this.lanes.show(timeline.steps[moment.step], moment.event);
    this.figures.show(timeline.pictures[shown]);
    this.chart.at(moment.step);
    this.operations.at(moment.step - 1);
    // Hundreds of sentences a second are for nobody.
    const event = timeline.event(moment);
    if (!this.transport.playing) words(this.layout.said, event ? `${event.layer}: ${event.text}` : "");
  }

  private colours(): void {
    const { theme } = this.layout;
    const dark = this.place.dark(() => apply());
    const apply = (): void => {
      this.place.themed.dataset.theme = theme.value || (dark() ? "dark" : "light");
      this.picture.recolour();
    };
    try {
      theme.value = localStorage.getItem(THEME) ?? "";
    } catch {
      // A browser may keep nothing.
    }
    theme.addEventListener("input", () => {
      try {
        localStorage.setItem(THEME, theme.value);
      } catch {
        // As above.
      }
      apply();
    });
    apply();
  }
}

/** Puts an explorer where it belongs, and its style. */
function mount(place: Place, root: Document | ShadowRoot): Explorer {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  const explorer = new Explorer(place);
  (root instanceof Document ? root.body : root).append(explorer.layout.element);
  explorer.moved(root);
  return explorer;
}

/** What the system wants. */
function darkSystem(changed: () => void, over?: AbortSignal): () => boolean {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", changed, { signal: over });
  return () => dark.matches;
}

/** The page of `htlab explore`. */
export function page(): void {
  const explorer = mount(
    { api: new Server(), themed: document.documentElement, dark: darkSystem, links: true },
    document,
  );
  explorer.layout.main.setAttribute("role", "main");
  addEventListener(
    "hashchange",
    () => void explorer.arrived().then((program) => program && explorer.open(program)),
  );
  void explorer.start();
}

/** Whether the notebook around is dark: the names are JupyterLab's and VS Code's. Others follow the system. */
function darkNotebook(changed: () => void, over: AbortSignal): () => boolean {
  const system = darkSystem(changed, over);
  const { body } = document;
  const observer = new MutationObserver(changed);
  observer.observe(body, { attributeFilter: ["data-jp-theme-light", "data-vscode-theme-kind"] });
  over.addEventListener("abort", () => observer.disconnect());
  return () => {
    const { jpThemeLight, vscodeThemeKind } = body.dataset;
    if (jpThemeLight) return jpThemeLight === "false";
    return vscodeThemeKind ? vscodeThemeKind !== "vscode-light" : system();
  };
}

/** The same in a notebook, whose style does not reach into it, nor its own out of it. */
function render({ model, el: cell }: { model: Model; el: HTMLElement }): () => void {
  const host = el("div", { "data-lm-suppress-shortcuts": "true" });
  cell.append(host);
  // What is typed here is no command for the notebook.
  for (const name of ["keydown", "keypress", "keyup"] as const)
    host.addEventListener(name, (event) => event.stopPropagation());
  let told = "";
  const over = new AbortController();
  const explorer = mount(
    {
      api: new Kernel(model),
      themed: host,
      dark: (changed) => darkNotebook(changed, over.signal),
      links: false,
      ran(program) {
        told = JSON.stringify(program);
        model.set("program", program);
        model.save_changes();
      },
    },
    host.attachShadow({ mode: "open" }),
  );
  const given = (): Program | null => {
    try {
      return validated(model.get("program"));
    } catch (error) {
      if (error instanceof BadProgram) return null;
      throw error;
    }
  };
  const changed = (): void => {
    const program = given();
    if (program && JSON.stringify(program) !== told) explorer.open(program);
  };
  model.on("change:program", changed);
  void explorer.start(given());
  return () => {
    model.off("change:program", changed);
    over.abort();
    explorer.close();
  };
}

export default { render };
