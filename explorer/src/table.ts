// The table in any picture: from the last whole one before it, and what has changed since.

import type { Chain, Picture } from "./contract";

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
  private now = -1;
  /** Whole pictures that have been unpacked, by number. */
  private readonly unpacked = new Map<
    number,
    { lengths: Int32Array<ArrayBuffer>; chains: (Chain | null)[] }
  >();
  private lengths = new Int32Array(0);
  private chains: (Chain | null)[] = [];

  constructor(private readonly pictures: readonly Picture[]) {}

  /** Forwards, what has changed is put in; backwards, it is begun anew from the last whole picture. */
  at(picture: number): Table {
    const wanted = Math.min(Math.max(0, picture), this.pictures.length - 1);
    if (wanted !== this.now) {
      let from = wanted;
      while (from > 0 && !whole(this.pictures[from]!)) from--;
      const going = this.now >= from && this.now < wanted;
      if (going) {
        // A table that was shown stays as it was.
        this.chains = [...this.chains];
        this.lengths = this.lengths.slice();
      } else {
        const { lengths, chains } = this.whole(from);
        this.lengths = lengths.slice();
        this.chains = [...chains];
      }
      for (let next = going ? this.now + 1 : from + 1; next <= wanted; next++) this.change(this.pictures[next]!);
      this.now = wanted;
    }
    return new Table(this.lengths, this.chains, this.pictures[wanted]?.load ?? 0);
  }

  private whole(number: number): { lengths: Int32Array<ArrayBuffer>; chains: (Chain | null)[] } {
    const known = this.unpacked.get(number);
    if (known) return known;
    const picture = this.pictures[number];
    const chains = picture?.lengths
      ? new Array<Chain | null>(picture.lengths.length).fill(null)
      : [...(picture?.bins ?? Array.from({ length: picture?.size ?? 0 }, () => []))];
    const lengths = Int32Array.from(picture?.lengths ?? chains.map((chain) => chain!.length));
    this.unpacked.set(number, { lengths, chains });
    return { lengths, chains };
  }

  private change({ changed }: Picture): void {
    for (const [bin, chain] of changed ?? []) {
      if (bin < 0 || bin >= this.lengths.length) continue;
      this.chains[bin] = chain;
      this.lengths[bin] = chain.length;
    }
  }
}

function whole({ bins, lengths }: Picture): boolean {
  return bins !== null || lengths !== null;
}
