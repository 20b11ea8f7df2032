// How many references there are, step by step: to the hash function, and to a key and its value, which are those
// of each operation, or the same ones all the way.

import type { Operation, References, Step } from "../contract";
import { el, svg, words } from "../dom";
import { KEYED } from "../program";

type Name = keyof References;
const SERIES: [Name, string, string][] = [
  ["hash_func", "hash function", "●"],
  ["key", "key", "■"],
  ["value", "value", "▲"],
];
const OWN = "each operation's own";
const LETTERS = 40;
const HEIGHT = 190;
const [LEFT, RIGHT, TOP, BOTTOM] = [44, 12, 12, 26];
const MOST_MARKS = 60;

export class Chart {
  private steps: readonly Step[] = [];
  private width = 640;
  private current = 0;
  private readonly image = svg("svg", { role: "img", class: "chart" });
  private readonly cursor = svg("line", { class: "cursor", y1: TOP, y2: HEIGHT - BOTTOM });
  private readonly now = new Map<Name, HTMLElement>();
  private readonly chosen = el("select", { id: "watched" });
  private keys: string[] = [];

  /** `changed` when another key is chosen. */
  constructor(parent: HTMLElement, changed: () => void) {
    this.chosen.addEventListener("input", changed);
    this.choices([], null);
    const legend = el("ul", { class: "series" });
    for (const [name, label, sign] of SERIES) {
      const value = el("b");
      this.now.set(name, value);
      legend.append(
        el(
          "li",
          { class: name },
          el("span", { class: "sign", "aria-hidden": "true" }, sign),
          ` ${label}: `,
          value,
        ),
      );
    }
    parent.append(
      el("label", {}, "Key and value ", this.chosen),
      legend,
      this.image,
      el(
        "p",
        { class: "faint small" },
        "Only how a count changes says something: where it begins differs from Python to Python. What Python keeps for ever, as small ints, has no count.",
      ),
    );
    new ResizeObserver(() => {
      // As wide as there is room, with letters that stay as large as they are.
      this.width = Math.max(200, this.image.clientWidth);
      if (this.steps.length) this.draw();
    }).observe(this.image);
  }

  /** The key that is followed from the beginning to the end; null: each operation's own. */
  get watch(): string | null {
    return this.keys[this.chosen.selectedIndex - 1] ?? null;
  }

  /** The keys that there are to choose from, and the one that is chosen, if it is there. */
  choices(operations: readonly Operation[], watch: string | null): void {
    const keys = new Set(
      operations.flatMap(([kind, key]) => (KEYED.includes(kind) && key !== undefined ? [key] : [])),
    );
    if (!this.chosen.length || keys.size !== this.keys.length || this.keys.some((key) => !keys.has(key))) {
      this.keys = [...keys];
      this.chosen.replaceChildren(
        el("option", {}, OWN),
        ...this.keys.map((key) => el("option", {}, key.length > LETTERS ? `${key.slice(0, LETTERS)}…` : key)),
      );
    }
    this.chosen.selectedIndex = watch === null ? 0 : this.keys.indexOf(watch) + 1;
  }

  show(steps: readonly Step[]): void {
    this.steps = steps;
    this.draw();
  }

  private draw(): void {
    const { steps, width } = this;
    const counts = steps
      .flatMap((step) => SERIES.map(([name]) => step.references[name]))
      .filter((count) => count !== null);
    const low = counts.reduce((least, count) => Math.min(least, count), counts[0] ?? 0);
    const high = Math.max(
      counts.reduce((most, count) => Math.max(most, count), low),
      low + 2,
    );
    const y = (count: number): number =>
      HEIGHT - BOTTOM - ((count - low) / (high - low)) * (HEIGHT - TOP - BOTTOM);
    this.image.replaceChildren();
    const lines = Math.min(4, high - low);
    for (const value of new Set(
      Array.from({ length: lines + 1 }, (_, line) => Math.round(low + (line * (high - low)) / lines)),
    )) {
      this.image.append(
        svg("line", { class: "grid", x1: LEFT, x2: width - RIGHT, y1: y(value), y2: y(value) }),
        svg("text", { x: LEFT - 8, y: y(value) + 4, "text-anchor": "end" }, String(value)),
      );
    }
    for (const [name] of SERIES) this.line(name, y);
    this.image.append(
      svg("text", { x: LEFT, y: HEIGHT - 6 }, "the table is made"),
      svg("text", { x: width - RIGHT, y: HEIGHT - 6, "text-anchor": "end" }, `operation ${steps.length - 1}`),
      this.cursor,
    );
    const ends = SERIES.map(([name, label]) => {
      const known = steps.map((step) => step.references[name]).filter((count) => count !== null);
      return known.length ? `${label} from ${known[0]} to ${known.at(-1)}` : `${label} unknown`;
    });
    this.at(this.current);
    this.image.setAttribute("aria-label", `Reference counts over ${steps.length} steps: ${ends.join("; ")}`);
  }

  at(step: number): void {
    this.current = step;
    const x = this.x(step);
    this.cursor.setAttribute("x1", String(x));
    this.cursor.setAttribute("x2", String(x));
    for (const [name, value] of this.now)
      words(value, String(this.steps[step]?.references[name] ?? "not counted"));
  }

  private x(step: number): number {
    return LEFT + (step / Math.max(1, this.steps.length - 1)) * (this.width - LEFT - RIGHT);
  }

  /** A line, broken where there is no count. */
  private line(name: Name, y: (count: number) => number): void {
    let path = "";
    let pen = "M";
    const marks: SVGElement[] = [];
    this.steps.forEach((step, index) => {
      const count = step.references[name];
      if (count === null) {
        pen = "M";
        return;
      }
      const at = `${this.x(index).toFixed(1)} ${y(count).toFixed(1)}`;
      path += `${pen}${at}`;
      pen = "L";
      if (this.steps.length <= MOST_MARKS) marks.push(mark(name, this.x(index), y(count)));
    });
    this.image.append(svg("path", { class: `line ${name}`, d: path }), ...marks);
  }
}

function mark(name: Name, x: number, y: number): SVGElement {
  if (name === "hash_func") return svg("circle", { class: `mark ${name}`, cx: x, cy: y, r: 4 });
  const points =
    name === "key"
      ? `${x - 4},${y - 4} ${x + 4},${y - 4} ${x + 4},${y + 4} ${x - 4},${y + 4}`
      : `${x},${y - 5} ${x + 5},${y + 4} ${x - 5},${y + 4}`;
  return svg("polygon", { class: `mark ${name}`, points });
}
