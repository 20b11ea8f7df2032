// A large table: a cell for each bin. One pixel of a sheet is one bin, and the sheet is drawn at any size, so
// that moving over 100,000 bins costs no more than moving over ten.

import { button, counted, el } from "../dom";
import { Grid, type View } from "../grid";
import type { Table } from "../table";

const [LOWEST, HIGHEST] = [240, 420];
/** From this side of a cell there are lines between them, lengths in them, keys in them. */
const LINED = 5;
const COUNTED = 18;
const KEYED = 76;

type Colours = Record<"ground" | "text" | "now" | "focus" | "mono", string> & {
  shades: string[];
  inks: string[];
};

export class BinMap {
  readonly element: HTMLElement;
  private readonly canvas = el("canvas", {
    tabindex: 0,
    role: "slider",
    "aria-label": "Bin",
    "aria-orientation": "horizontal",
    "aria-valuemin": 0,
    "aria-describedby": "map-help",
  });
  private readonly sheet = document.createElement("canvas");
  private pixels = new ImageData(1, 1);
  private grid = new Grid(1, 1, 1);
  private view: View = { cell: 1, x: 0, y: 0 };
  private table: Table | null = null;
  private now: readonly number[] = [];
  private chosen = 0;
  private hovered: number | null = null;
  private waiting = false;
  private colours: Colours | null = null;
  private readonly fingers = new Map<number, { x: number; y: number }>();

  constructor(
    private readonly details: (bin: number) => string,
    private readonly say: (words: string) => void,
  ) {
    const tools = el(
      "div",
      { class: "row", role: "group", "aria-label": "The map" },
      button("Nearer", () => this.zoom(1.6), { id: "nearer" }),
      button("Farther", () => this.zoom(1 / 1.6), { id: "farther" }),
      button("All", () => this.look(this.grid.fit()), { id: "all" }),
      button("Longest chain", () => this.longest(), { id: "longest" }),
    );
    const help =
      "Drag to move, Ctrl with the wheel to zoom. With the keyboard: arrows choose a bin, + and - zoom, 0 shows all.";
    this.element = el(
      "div",
      { class: "map" },
      tools,
      this.canvas,
      el("p", { id: "map-help", class: "faint small" }, help),
    );
    new ResizeObserver(() => this.resized()).observe(this.canvas);
    this.canvas.addEventListener("pointerdown", (event) => this.down(event));
    this.canvas.addEventListener("pointermove", (event) => this.moved(event));
    for (const name of ["pointerup", "pointercancel"] as const)
      this.canvas.addEventListener(name, (event) => this.fingers.delete(event.pointerId));
    this.canvas.addEventListener("pointerleave", () => this.hover(null));
    this.canvas.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    this.canvas.addEventListener("keydown", (event) => this.pressed(event));
    this.canvas.addEventListener("focus", () => this.tell());
  }

  show(table: Table, now: readonly number[]): void {
    const before = this.table;
    this.table = table;
    this.now = now;
    if (!before || before.size !== table.size) {
      this.chosen = Math.min(this.chosen, table.size - 1);
      this.canvas.setAttribute("aria-valuemax", String(table.size - 1));
      this.resized(true);
    } else if (before.lengths !== table.lengths) {
      this.paint(before.lengths);
    }
    this.tell(false);
    this.redraw();
  }

  recolour(): void {
    this.colours = null;
    this.paint(null);
    this.redraw();
  }

  private resized(anew = false): void {
    const { clientWidth: width } = this.canvas;
    if (!this.table || !width) return;
    if (!anew && width === this.grid.width) return;
    const whole = new Grid(this.table.size, width, HIGHEST);
    const height = Math.max(LOWEST, Math.ceil(whole.fit().cell * whole.rows));
    this.grid = height < HIGHEST ? new Grid(this.table.size, width, height) : whole;
    this.canvas.style.height = `${height}px`;
    const dense = devicePixelRatio || 1;
    this.canvas.width = Math.round(width * dense);
    this.canvas.height = Math.round(height * dense);
    this.sheet.width = this.grid.columns;
    this.sheet.height = this.grid.rows;
    this.pixels = new ImageData(this.grid.columns, this.grid.rows);
    this.paint(null);
    this.look(this.grid.fit());
  }

  /** Puts the lengths on the sheet: all of them, or what is not as it was before. */
  private paint(before: Int32Array | null): void {
    const context = this.sheet.getContext("2d");
    if (!this.table || !context) return;
    const shades = this.palette().shades.map(rgb);
    const { data } = this.pixels;
    const { lengths } = this.table;
    for (let bin = 0; bin < lengths.length; bin++) {
      if (before && before[bin] === lengths[bin]) continue;
      const shade = shades[Math.min(lengths[bin]!, 4)]!;
      data[bin * 4] = shade[0]!;
      data[bin * 4 + 1] = shade[1]!;
      data[bin * 4 + 2] = shade[2]!;
      data[bin * 4 + 3] = 255;
    }
    context.putImageData(this.pixels, 0, 0);
  }

  private palette(): Colours {
    if (this.colours) return this.colours;
    const style = getComputedStyle(this.element);
    const of = (name: string): string => style.getPropertyValue(name).trim();
    const several = (name: string): string[] => [0, 1, 2, 3, 4].map((shade) => of(`--${name}-${shade}`));
    this.colours = {
      ground: of("--card"),
      text: of("--text"),
      now: of("--now"),
      focus: of("--focus"),
      mono: of("--mono"),
      shades: several("shade"),
      inks: several("ink"),
    };
    return this.colours;
  }

  private look(view: View): void {
    this.view = this.grid.kept(view);
    // A finger that moves over the whole of it moves the page.
    this.canvas.style.touchAction = this.view.cell > this.grid.fit().cell * 1.01 ? "none" : "pan-y";
    this.redraw();
  }

  private zoom(factor: number, x = this.grid.width / 2, y = this.grid.height / 2): void {
    this.look(this.grid.zoomed(this.view, factor, x, y));
  }

  private redraw(): void {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.draw();
    });
  }

  private draw(): void {
    const context = this.canvas.getContext("2d");
    if (!context || !this.table) return;
    const { grid, view } = this;
    const { width, height, columns, rows } = grid;
    const colours = this.palette();
    const dense = this.canvas.width / width;
    context.setTransform(dense, 0, 0, dense, 0, 0);
    context.fillStyle = colours.ground;
    context.fillRect(0, 0, width, height);
    context.imageSmoothingEnabled = view.cell * dense < 1;
    context.drawImage(this.sheet, view.x, view.y, columns * view.cell, rows * view.cell);
    const from = [
      Math.max(0, Math.floor(-view.x / view.cell)),
      Math.max(0, Math.floor(-view.y / view.cell)),
    ] as const;
    const to = [
      Math.min(columns, Math.ceil((width - view.x) / view.cell)),
      Math.min(rows, Math.ceil((height - view.y) / view.cell)),
    ] as const;
    if (view.cell >= LINED) {
      for (let column = from[0]; column <= to[0]; column++)
        context.fillRect(view.x + column * view.cell - 0.5, 0, 1, height);
      for (let row = from[1]; row <= to[1]; row++)
        context.fillRect(0, view.y + row * view.cell - 0.5, width, 1);
    }
    if (view.cell >= COUNTED) {
      for (let row = from[1]; row < to[1]; row++)
        for (let column = from[0]; column < to[0]; column++) this.letter(context, row * columns + column);
    }
    for (const bin of this.now) this.outline(context, bin, colours.now, 3);
    if (this.canvas.matches(":focus")) this.outline(context, this.chosen, colours.focus, 2);
    if (this.hovered !== null) this.outline(context, this.hovered, colours.text, 1.5);
    // Where everything is, for tests.
    Object.assign(this.canvas.dataset, { bins: grid.bins, columns, cell: view.cell, x: view.x, y: view.y });
  }

  private letter(context: CanvasRenderingContext2D, bin: number): void {
    const length = this.table!.lengths[bin];
    if (length === undefined) return;
    const { view } = this;
    const [x, y] = this.grid.corner(view, bin);
    context.fillStyle = this.palette().inks[Math.min(length, 4)]!;
    if (view.cell < KEYED) {
      if (!length) return;
      context.font = `${Math.min(14, view.cell * 0.6)}px ${this.palette().mono}`;
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.fillText(String(length), x + view.cell / 2, y + view.cell / 2);
      return;
    }
    context.save();
    context.beginPath();
    context.rect(x + 2, y + 2, view.cell - 4, view.cell - 4);
    context.clip();
    context.textAlign = "left";
    context.textBaseline = "top";
    context.font = `600 12px ${this.palette().mono}`;
    context.fillText(String(bin), x + 6, y + 6);
    context.font = `12px ${this.palette().mono}`;
    const room = Math.floor((view.cell - 26) / 15);
    const keys = this.table!.chains[bin] ?? (length ? [counted(length, "entry", "entries")] : []);
    const lines =
      keys.length > room ? [...keys.slice(0, room - 1), `… ${keys.length - room + 1} more`] : keys;
    lines.forEach((line, index) => context.fillText(line, x + 6, y + 24 + 15 * index));
    context.restore();
  }

  private outline(context: CanvasRenderingContext2D, bin: number, colour: string, width: number): void {
    if (bin >= this.grid.bins) return;
    const [x, y] = this.grid.corner(this.view, bin);
    // What is smaller than this would not be seen.
    const room = Math.max(0, (9 - this.view.cell) / 2);
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.strokeRect(x - room, y - room, this.view.cell + 2 * room, this.view.cell + 2 * room);
  }

  private down(event: PointerEvent): void {
    this.canvas.setPointerCapture(event.pointerId);
    this.fingers.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    const bin = this.grid.binAt(this.view, event.offsetX, event.offsetY);
    if (bin !== null) {
      this.chosen = bin;
      this.tell();
    }
  }

  private moved(event: PointerEvent): void {
    const before = this.fingers.get(event.pointerId);
    const here = { x: event.offsetX, y: event.offsetY };
    if (!before) return this.hover(this.grid.binAt(this.view, here.x, here.y));
    this.fingers.set(event.pointerId, here);
    const other = [...this.fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (!other)
      return this.look({
        ...this.view,
        x: this.view.x + here.x - before.x,
        y: this.view.y + here.y - before.y,
      });
    const apart = (finger: { x: number; y: number }): number =>
      Math.max(1, Math.hypot(finger.x - other.x, finger.y - other.y));
    return this.zoom(apart(here) / apart(before), (here.x + other.x) / 2, (here.y + other.y) / 2);
  }

  private wheel(event: WheelEvent): void {
    // Without Ctrl the page is scrolled, as everywhere.
    if (!event.ctrlKey && !this.canvas.matches(":focus")) return;
    event.preventDefault();
    this.zoom(Math.exp(-event.deltaY / 300), event.offsetX, event.offsetY);
  }

  private pressed(event: KeyboardEvent): void {
    const { columns, bins } = this.grid;
    const to: Record<string, number> = {
      ArrowRight: this.chosen + 1,
      ArrowLeft: this.chosen - 1,
      ArrowDown: this.chosen + columns,
      ArrowUp: this.chosen - columns,
      PageDown: this.chosen + columns * 10,
      PageUp: this.chosen - columns * 10,
      Home: 0,
      End: bins - 1,
    };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "+" || event.key === "=") this.zoom(1.6);
    else if (event.key === "-") this.zoom(1 / 1.6);
    else if (event.key === "0") this.look(this.grid.fit());
    else if (event.key in to) this.choose(Math.min(Math.max(0, to[event.key]!), bins - 1));
    else return;
    event.preventDefault();
  }

  private choose(bin: number): void {
    this.chosen = bin;
    this.hovered = null;
    this.look(this.grid.seeing(this.view, bin));
    this.tell();
  }

  private longest(): void {
    let best = 0;
    this.table?.lengths.forEach((length, bin) => {
      if (length > this.table!.lengths[best]!) best = bin;
    });
    this.look(this.grid.zoomed(this.view, KEYED / this.view.cell, ...this.grid.corner(this.view, best)));
    this.choose(best);
    this.canvas.focus({ preventScroll: true });
  }

  private hover(bin: number | null): void {
    if (bin === this.hovered) return;
    this.hovered = bin;
    this.say(this.details(bin ?? this.chosen));
    this.redraw();
  }

  private tell(aloud = true): void {
    this.canvas.setAttribute("aria-valuenow", String(this.chosen));
    this.canvas.setAttribute("aria-valuetext", this.details(this.chosen));
    if (aloud || this.hovered === null) this.say(this.details(this.hovered ?? this.chosen));
    this.redraw();
  }
}

/** The three numbers of #rrggbb. */
function rgb(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) || 0);
}
