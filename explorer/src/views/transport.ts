// Play, pause, step, speed, and a slider over every event of every step.

import { button, el, words } from "../dom";
import { written } from "../program";
import { Player, type Timeline } from "../timeline";

const SPEEDS: [number, string][] = [
  [1, "1/s"],
  [3, "3/s"],
  [10, "10/s"],
  [40, "40/s"],
  [400, "400/s"],
];
// More marks than this would be a bar.
const MOST_MARKS = 120;

export class Transport {
  private timeline: Timeline | null = null;
  private number = 0;
  private readonly player = new Player(3);
  private readonly range = el("input", {
    type: "range",
    id: "scrub",
    min: 0,
    max: 0,
    value: 0,
    step: 1,
    "aria-label": "Event",
    "aria-describedby": "transport-help",
  });
  private readonly marks = el("div", { class: "marks", "aria-hidden": "true" });
  private readonly where = el("p", { class: "where" });
  private readonly play = button("Play", () => this.toggle(), { id: "play" });
  private readonly buttons: Record<
    "first" | "stepBack" | "back" | "on" | "stepOn" | "last",
    HTMLButtonElement
  >;

  constructor(
    parent: HTMLElement,
    private readonly moved: (number: number) => void,
  ) {
    const go = (to: (timeline: Timeline) => number) => () => {
      this.stop();
      if (this.timeline) this.go(to(this.timeline));
    };
    const made = (
      id: string,
      sign: string,
      label: string,
      to: (timeline: Timeline) => number,
    ): HTMLButtonElement => button(sign, go(to), { id, "aria-label": label, title: label });
    this.buttons = {
      first: made("first", "|‹", "To the beginning", () => 0),
      stepBack: made("step-back", "«", "Operation back", (timeline) => timeline.stepBack(this.number)),
      back: made("back", "‹", "Event back", () => this.number - 1),
      on: made("on", "›", "Event on", () => this.number + 1),
      stepOn: made("step-on", "»", "Operation on", (timeline) => timeline.stepOn(this.number)),
      last: made("last", "›|", "To the end", (timeline) => timeline.last),
    };
    const speed = el("select", {
      id: "speed",
      title: "events a second",
      onchange: () => (this.player.speed = Number(speed.value)),
    });
    for (const [value, label] of SPEEDS)
      speed.append(el("option", { value, selected: value === this.player.speed }, label));
    const { first, stepBack, back, on, stepOn, last } = this.buttons;
    const help = "With the keyboard: arrows by events, Page Up and Page Down by operations, Home and End.";
    parent.append(
      el(
        "div",
        { class: "row", role: "group", "aria-label": "Play" },
        first,
        stepBack,
        back,
        this.play,
        on,
        stepOn,
        last,
        el("label", {}, el("span", {}, "Speed"), speed),
      ),
      el("div", { class: "scrub" }, this.range, this.marks),
      this.where,
      el("p", { id: "transport-help", class: "unseen" }, help),
    );
    this.range.addEventListener("input", () => {
      this.stop();
      this.go(Number(this.range.value));
    });
    this.range.addEventListener("keydown", (event) => {
      const to = event.key === "PageUp" ? stepBack : event.key === "PageDown" ? stepOn : null;
      if (!to) return;
      event.preventDefault();
      to.click();
    });
  }

  get playing(): boolean {
    return this.player.playing;
  }

  show(timeline: Timeline, number: number): void {
    this.stop();
    this.timeline = timeline;
    this.range.max = String(timeline.last);
    this.mark(timeline);
    this.go(number);
  }

  go(number: number): void {
    if (!this.timeline) return;
    const moment = this.timeline.at(number);
    this.number = moment.number;
    const { last, steps } = this.timeline;
    const step = steps[moment.step];
    const name = step
      ? `${moment.step ? `operation ${moment.step} of ${steps.length - 1}: ` : ""}${written(step.operation)}`
      : "";
    const which = moment.event < 0 ? "" : `event ${moment.event + 1} of ${step?.events.length}`;
    this.range.value = String(moment.number);
    this.range.setAttribute("aria-valuetext", [name, which].filter(Boolean).join(", "));
    words(this.where, [name, which].filter(Boolean).join(" · "));
    const { first, stepBack, back, on, stepOn } = this.buttons;
    // Not disabled: what has the focus would lose it.
    for (const each of [first, stepBack, back])
      each.setAttribute("aria-disabled", String(moment.number === 0));
    for (const each of [on, stepOn, this.buttons.last])
      each.setAttribute("aria-disabled", String(moment.number === last));
    this.moved(moment.number);
  }

  private toggle(): void {
    if (this.player.playing) return this.stop();
    if (!this.timeline) return;
    if (this.number >= this.timeline.last) this.go(0);
    this.player.start();
    words(this.play, "Pause");
    const tick = (now: number): void => {
      if (!this.player.playing || !this.timeline) return;
      const by = this.player.tick(now);
      if (by) this.go(this.number + by);
      if (this.number >= this.timeline.last) this.stop();
      else requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  private stop(): void {
    const was = this.player.playing;
    this.player.stop();
    words(this.play, "Play");
    // What was not said while it was playing.
    if (was) this.moved(this.number);
  }

  /** Where the operations begin, and where the table was resized. */
  private mark(timeline: Timeline): void {
    const { steps, last } = timeline;
    const marks = steps.flatMap((step, index) => {
      const resized = index > 0 && step.size !== steps[index - 1]!.size;
      return resized || steps.length <= MOST_MARKS ? [{ index, resized }] : [];
    });
    this.marks.replaceChildren(
      ...marks.slice(0, MOST_MARKS).map(({ index, resized }) => {
        const mark = el("span", { class: resized ? "mark resized" : "mark" }, resized ? "▲" : "");
        mark.style.left = `${last ? (timeline.first(index) / last) * 100 : 0}%`;
        return mark;
      }),
    );
  }
}
