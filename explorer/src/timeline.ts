// Time, as the page knows it: every event of every step is a moment, and moments are numbered from 0. A step
// without events is one moment too.

import type { Picture, Step, TraceEvent } from "./contract";

export interface Moment {
  number: number;
  step: number;
  /** Which event of the step; -1 where it has none. */
  event: number;
}

export class Timeline {
  /** The number of each step's first moment; at the end, how many moments there are. */
  private readonly firsts: number[] = [0];
  /** What the table looks like, in the order of time: within steps, and after each. */
  readonly pictures: Picture[] = [];
  /** The number of the picture after each step. */
  private readonly afters: number[] = [];

  constructor(readonly steps: readonly Step[]) {
    for (const step of steps) {
      this.firsts.push(this.firsts.at(-1)! + Math.max(1, step.events.length));
      this.afters.push(this.pictures.push(...step.frames, step) - 1);
    }
  }

  get length(): number {
    return this.firsts.at(-1)!;
  }

  get last(): number {
    return Math.max(0, this.length - 1);
  }

  at(number: number): Moment {
    const wanted = Math.min(Math.max(0, Math.round(number)), this.last);
    let low = 0;
    let high = this.steps.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.firsts[middle]! <= wanted) low = middle;
      else high = middle - 1;
    }
    const step = Math.max(0, low);
    const event = this.steps[step]?.events.length ? wanted - this.firsts[step]! : -1;
    return { number: wanted, step, event };
  }

  first(step: number): number {
    return this.firsts[Math.min(Math.max(0, step), Math.max(0, this.steps.length - 1))]!;
  }

  end(step: number): number {
    return step < 0 ? 0 : Math.max(0, (this.firsts[Math.min(step, this.steps.length - 1) + 1] ?? 1) - 1);
  }

  /** To the end of the step before, or of the next: where the table is as the step has left it. */
  stepBack(number: number): number {
    const { step } = this.at(number);
    return this.end(step - 1);
  }

  stepOn(number: number): number {
    const { step } = this.at(number);
    return number < this.end(step) ? this.end(step) : this.end(step + 1);
  }

  event(moment: Moment): TraceEvent | null {
    return this.steps[moment.step]?.events[moment.event] ?? null;
  }

  /** The picture that is to be seen: another one, once the event that changes the table is there. */
  shown(moment: Moment): number {
    const step = this.steps[moment.step];
    if (!step || moment.step === 0) return 0;
    const before = this.afters[moment.step - 1]!;
    let from = 0;
    const there = step.frames.filter(({ event }) => {
      const change = changing(step, from, event);
      from = event + 1;
      return moment.event >= change;
    });
    // What further calls of a fill have done is shown when all of them are over.
    const last = step.operation[0] === "fill" ? step.events.length - 1 : changing(step);
    return moment.event >= last ? this.afters[moment.step]! : before + there.length;
  }
}

/** Of some events of a step, the one by which the table is changed; the last one if none says so. */
function changing(step: Step, from = 0, to = step.events.length - 1): number {
  for (let event = from; event < to; event++) {
    const { layer, text } = step.events[event]!;
    if (layer === "table" && CHANGES.test(text)) return event;
  }
  return to;
}

const CHANGES = /^(puts slot|takes slot|lets go of|\d+ bins become)/;

/** The bins that an event is about, as its text names them. */
export function binsOf(event: TraceEvent | null): number[] {
  if (event?.layer !== "table") return [];
  return [...event.text.matchAll(/\bbin (\d+)\b/g)].map((found) => Number(found[1]));
}

/** The bins of an event, or of the last one in its step before it that names any. */
export function binsAt(timeline: Timeline, moment: Moment): number[] {
  const events = timeline.steps[moment.step]?.events ?? [];
  // Where events are left out, nobody knows.
  if (events[moment.event]?.text.startsWith("...")) return [];
  for (let index = moment.event; index >= 0; index--) {
    const bins = binsOf(events[index]!);
    if (bins.length) return bins;
  }
  return [];
}

/** Plays: so many events a second, from a clock that somebody else holds. */
export class Player {
  playing = false;
  private rest = 0;
  private before: number | null = null;

  constructor(public speed = 5) {}

  start(): void {
    this.playing = true;
    this.rest = 0;
    this.before = null;
  }

  stop(): void {
    this.playing = false;
  }

  /** How many moments to go on, now that it is `now` (in ms). */
  tick(now: number): number {
    if (this.before === null) {
      this.before = now;
      return 0;
    }
    // A tab that was not seen for an hour does not catch up.
    this.rest += (Math.min(now - this.before, 1000) / 1000) * this.speed;
    this.before = now;
    const whole = Math.floor(this.rest);
    this.rest -= whole;
    return whole;
  }
}
