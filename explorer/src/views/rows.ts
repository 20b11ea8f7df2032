// A small table: every bin with its chain.

import type { Chain } from "../contract";
import { el } from "../dom";
import type { Table } from "../table";

export const MOST_ROWS = 64;
const MOST_ENTRIES = 12;

export class Rows {
  readonly element = el("ol", { class: "bins", "aria-label": "Bins", start: 0 });
  private drawn: (Chain | null)[] = [];
  private lengths: Table["lengths"] = new Int32Array(0);
  private now: number[] = [];

  show(table: Table, now: readonly number[], lively: boolean): void {
    const fresh = table.size !== this.drawn.length;
    if (fresh) this.element.replaceChildren();
    table.chains.forEach((chain, bin) => {
      const length = table.lengths[bin]!;
      if (!fresh && chain === this.drawn[bin] && length === this.lengths[bin]) return;
      const row = drawn(bin, chain, length, fresh || !lively ? null : (this.drawn[bin] ?? []));
      if (fresh) this.element.append(row);
      else this.element.children[bin]!.replaceWith(row);
    });
    this.drawn = table.chains;
    this.lengths = table.lengths;
    for (const bin of this.now) this.element.children[bin]?.removeAttribute("data-now");
    for (const bin of now) this.element.children[bin]?.setAttribute("data-now", "");
    this.now = [...now];
  }
}

/** `before`: the chain that was there; what is new in it is seen to come. */
function drawn(bin: number, chain: Chain | null, length: number, before: Chain | null): HTMLLIElement {
  const row = el(
    "li",
    { "data-bin": bin, "data-length": length },
    el("span", { class: `bin shade-${Math.min(length, 4)}` }, String(bin)),
  );
  for (const key of (chain ?? []).slice(0, MOST_ENTRIES)) {
    const isNew = before !== null && !before.includes(key);
    row.append(
      el("span", { class: "link", "aria-hidden": "true" }),
      el("span", { class: isNew ? "entry new" : "entry", title: key }, key),
    );
  }
  const left = length - Math.min(chain?.length ?? 0, MOST_ENTRIES);
  if (left > 0) {
    const more = chain ? `and ${left.toLocaleString("en")} more` : `${left.toLocaleString("en")} entries`;
    row.append(el("span", { class: "link", "aria-hidden": "true" }), el("span", { class: "more" }, more));
  }
  if (!length) row.append(el("span", { class: "unseen" }, "empty"));
  return row;
}
