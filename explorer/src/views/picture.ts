// The table: as rows while they can be taken in at a glance, as a map beyond.

import { counted, el, words } from "../dom";
import type { Table } from "../table";
import { BinMap } from "./map";
import { MOST_ROWS, Rows } from "./rows";

const SHADES = ["0", "1", "2", "3", "4 and more"];
const MOST_KEYS = 30;

export class Picture {
  private readonly rows = new Rows();
  private readonly map: BinMap;
  private readonly summary = el("p", { class: "summary" });
  private readonly legend = el("ul", {
    class: "legend",
    "aria-label": "How many bins have how many entries",
  });
  private readonly details = el("p", { class: "details" });
  private readonly counts: HTMLElement[] = [];
  private table: Table | null = null;

  constructor(parent: HTMLElement) {
    this.map = new BinMap(
      (bin) => this.said(bin),
      (text) => words(this.details, text),
    );
    for (const [shade, label] of SHADES.entries()) {
      const count = el("b");
      this.counts.push(count);
      this.legend.append(
        el(
          "li",
          {},
          el("span", { class: `swatch shade-${shade}`, "aria-hidden": "true" }, shade === 4 ? "4+" : label),
          count,
          el("span", { class: "unseen" }, ` with ${label} entries`),
        ),
      );
    }
    parent.append(this.summary, this.legend, this.rows.element, this.map.element, this.details);
    this.map.element.hidden = this.details.hidden = true;
  }

  /** `now`: the bins that the current event is about. `lively`: what is new may be seen to come. */
  show(table: Table, now: readonly number[], lively: boolean): void {
    const small = table.size <= MOST_ROWS;
    this.rows.element.hidden = !small;
    this.map.element.hidden = this.details.hidden = small;
    const anew = this.table?.lengths !== table.lengths;
    this.table = table;
    if (small) this.rows.show(table, now, lively);
    else this.map.show(table, now);
    if (!anew) return;
    const longest = table.lengths.reduce((most, length) => Math.max(most, length), 0);
    const number = (count: number): string => count.toLocaleString("en");
    words(
      this.summary,
      `${counted(table.size, "bin")}, ${counted(table.load, "entry", "entries")}, the longest chain ${number(longest)}`,
    );
    table.counts().forEach((count, shade) => words(this.counts[shade]!, number(count)));
  }

  recolour(): void {
    this.map.recolour();
  }

  private said(bin: number): string {
    const length = this.table?.lengths[bin] ?? 0;
    const chain = this.table?.chains[bin];
    if (!length) return `bin ${bin}: empty`;
    const keys = chain
      ? `: ${chain.slice(0, MOST_KEYS).join(" → ")}${chain.length > MOST_KEYS ? " → …" : ""}`
      : "";
    return `bin ${bin}: ${counted(length, "entry", "entries")}${keys}`;
  }
}
