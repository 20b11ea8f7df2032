// The table after any step: from the last whole picture before it, and what has changed since.

import type { Chain, Step } from "./contract";

export class Table {
  constructor(
    /** How many entries are in each bin. */
    readonly lengths: Int32Array,
    /** The chains; null where the keys were not sent. */
    readonly chains: (Chain | null)[],
    readonly load: number,
  ) {}

  get size(): number {
    return this.lengths.length;
  }

  /** How many bins have 0, 1, 2, 3 and more entries. */
  counts(): number[] {
    const counts = [0, 0, 0, 0, 0];
    for (const length of this.lengths) counts[Math.min(length, 4)]!++;
    return counts;
  }
}

export class History {
  private at = -1;
  /** Whole pictures that have been unpacked, by step. */
  private readonly unpacked = new Map<
    number,
    { lengths: Int32Array<ArrayBuffer>; chains: (Chain | null)[] }
  >();
  private lengths = new Int32Array(0);
  private chains: (Chain | null)[] = [];

  constructor(private readonly steps: readonly Step[]) {}

  /** Forwards, what has changed is put in; backwards, it is begun anew from the last whole picture. */
  after(step: number): Table {
    const wanted = Math.min(Math.max(0, step), this.steps.length - 1);
    if (wanted !== this.at) {
      let from = wanted;
      while (from > 0 && !whole(this.steps[from]!)) from--;
      const going = this.at >= from && this.at < wanted;
      if (going) {
        // A table that was shown stays as it was.
        this.chains = [...this.chains];
        this.lengths = this.lengths.slice();
      } else {
        const { lengths, chains } = this.whole(from);
        this.lengths = lengths.slice();
        this.chains = [...chains];
      }
      for (let next = going ? this.at + 1 : from + 1; next <= wanted; next++) this.change(this.steps[next]!);
      this.at = wanted;
    }
    return new Table(this.lengths, this.chains, this.steps[wanted]?.load ?? 0);
  }

  private whole(number: number): { lengths: Int32Array<ArrayBuffer>; chains: (Chain | null)[] } {
    const known = this.unpacked.get(number);
    if (known) return known;
    const step = this.steps[number];
    const chains = step?.lengths
      ? new Array<Chain | null>(step.lengths.length).fill(null)
      : [...(step?.bins ?? Array.from({ length: step?.size ?? 0 }, () => []))];
    const lengths = Int32Array.from(step?.lengths ?? chains.map((chain) => chain!.length));
    this.unpacked.set(number, { lengths, chains });
    return { lengths, chains };
  }

  private change(step: Step): void {
    for (const [bin, chain] of step.changed ?? []) {
      if (bin < 0 || bin >= this.lengths.length) continue;
      this.chains[bin] = chain;
      this.lengths[bin] = chain.length;
    }
  }
}

function whole(step: Step): boolean {
  return step.bins !== null || step.lengths !== null;
}
