// Time, as the page knows it: every event of every step is a moment, and moments are numbered from 0. A step
// without events is one moment too.

import type { Step, TraceEvent } from "./contract";

export interface Moment {
  number: number;
  step: number;
  /** Which event of the step; -1 where it has none. */
  event: number;
}

export class Timeline {
  /** The number of each step's first moment; at the end, how many moments there are. */
  private readonly firsts: number[] = [0];

  constructor(readonly steps: readonly Step[]) {
    for (const step of steps) this.firsts.push(this.firsts.at(-1)! + Math.max(1, step.events.length));
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

  /** The step whose table is to be seen: this one's, once the event that changes the table is there. */
  shown(moment: Moment): number {
    const step = this.steps[moment.step];
    if (!step || moment.step === 0) return 0;
    return moment.event >= changing(step) ? moment.step : moment.step - 1;
  }
}

/** The event by which a step changes the table; its last one if none says so. */
function changing(step: Step): number {
  // What many calls have done is shown when all of them are over.
  if (step.operation[0] === "fill") return step.events.length - 1;
  const found = step.events.findIndex(({ layer, text }) => layer === "table" && CHANGES.test(text));
  return found < 0 ? step.events.length - 1 : found;
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
