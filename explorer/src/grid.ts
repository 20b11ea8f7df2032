// The map of a large table: which bin is where, at any zoom. Lengths are in CSS pixels.

export interface View {
  /** The side of a cell. */
  cell: number;
  /** Where the first bin's corner is. */
  x: number;
  y: number;
}

const LARGEST_CELL = 160;

export class Grid {
  readonly columns: number;
  readonly rows: number;

  constructor(
    readonly bins: number,
    readonly width: number,
    readonly height: number,
  ) {
    // A power of two, as most sizes are: then rows are full, and what has the same low bits is in one column.
    let columns = 1;
    while (columns < bins && side(columns * 2) >= side(columns)) columns *= 2;
    this.columns = columns;
    this.rows = Math.max(1, Math.ceil(bins / columns));

    function side(columns: number): number {
      return Math.min(width / columns, height / Math.ceil(bins / columns));
    }
  }

  /** All of it is to be seen. */
  fit(): View {
    const cell = Math.min(this.width / this.columns, this.height / this.rows, 40);
    return { cell, x: (this.width - cell * this.columns) / 2, y: 0 };
  }

  /** Nearer or farther; what is at (x, y) stays there. */
  zoomed(view: View, factor: number, x: number, y: number): View {
    const smallest = this.fit().cell;
    const cell = Math.min(Math.max(view.cell * factor, smallest), Math.max(LARGEST_CELL, smallest));
    const by = cell / view.cell;
    return this.kept({ cell, x: x - (x - view.x) * by, y: y - (y - view.y) * by });
  }

  /** Moved so that there is no empty space where there could be bins. */
  kept(view: View): View {
    return {
      cell: view.cell,
      x: inside(view.x, view.cell * this.columns, this.width),
      y: top(view.y, view.cell * this.rows, this.height),
    };
  }

  /** Moved as far as it takes to see a bin. */
  seeing(view: View, bin: number): View {
    const [x, y] = this.corner(view, bin);
    const right = Math.max(0, x + view.cell - this.width);
    const below = Math.max(0, y + view.cell - this.height);
    return this.kept({
      cell: view.cell,
      x: view.x - right - Math.min(0, x),
      y: view.y - below - Math.min(0, y),
    });
  }

  corner(view: View, bin: number): [number, number] {
    return [view.x + (bin % this.columns) * view.cell, view.y + Math.floor(bin / this.columns) * view.cell];
  }

  /** The bin that is there, or null. */
  binAt(view: View, x: number, y: number): number | null {
    const column = Math.floor((x - view.x) / view.cell);
    const row = Math.floor((y - view.y) / view.cell);
    const bin = row * this.columns + column;
    return column < 0 || column >= this.columns || row < 0 || bin >= this.bins ? null : bin;
  }
}

function inside(start: number, length: number, room: number): number {
  return length <= room ? (room - length) / 2 : Math.min(0, Math.max(room - length, start));
}

function top(start: number, length: number, room: number): number {
  return length <= room ? 0 : Math.min(0, Math.max(room - length, start));
}
