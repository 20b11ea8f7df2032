// The statistics, each beside what a perfect hash function would have, and what a dict has.

import type { Picture } from "../contract";
import { el } from "../dom";

export class Figures {
  private readonly body = el("tbody");
  private picture: Picture | null = null;

  constructor(parent: HTMLElement) {
    const heads = ["", "here", "ideal", "dict"].map((head) =>
      head ? el("th", { scope: "col" }, head) : el("td"),
    );
    parent.append(
      el("table", { class: "figures" }, el("thead", {}, el("tr", {}, ...heads)), this.body),
      el(
        "p",
        { class: "faint small" },
        "Ideal: what is to be expected of a hash function that is as good as chance. dict: Python's own, with as many keys.",
      ),
    );
  }

  show(picture: Picture | undefined): void {
    if (!picture || picture === this.picture) return;
    this.picture = picture;
    const { stats, dict, load, size } = picture;
    this.body.replaceChildren(
      row("entries", whole(load), "", whole(load)),
      row("bins (dict: slots)", whole(size), "", whole(dict?.size)),
      row("load factor", share(stats.load_proportion), "", dict?.size ? share(load / dict.size) : "–"),
      row("longest chain", whole(stats.longest_chain), rounded(stats.ideal_longest), ""),
      row("bins in use", whole(stats.occupied_bins), "", ""),
      row(
        "looks for a key that is in",
        rounded(stats.hit_probes),
        rounded(stats.ideal_hit_probes),
        "",
        far(stats.hit_probes, stats.ideal_hit_probes),
      ),
      row("looks for one that is not", rounded(stats.miss_probes), "", ""),
      row("looks for this key", "", "", whole(dict?.probes)),
      row("resizes", whole(stats.resizes), "", ""),
    );
  }
}

function row(name: string, here: string, ideal: string, dict: string, note = ""): HTMLElement {
  return el(
    "tr",
    {},
    el("th", { scope: "row" }, name),
    el("td", {}, here, note ? el("span", { class: "note" }, note) : null),
    el("td", {}, ideal),
    el("td", {}, dict),
  );
}

function whole(number: number | null | undefined): string {
  return typeof number === "number" ? number.toLocaleString("en") : "–";
}

function rounded(number: number | null | undefined): string {
  return typeof number === "number" ? number.toLocaleString("en", { maximumFractionDigits: 2 }) : "–";
}

function share(number: number | null | undefined): string {
  return typeof number === "number" ? `${Math.round(number * 100)} %` : "–";
}

/** How many times more than the ideal, where that is worth a word. */
function far(here: number | null, ideal: number | null): string {
  return here && ideal && here / ideal >= 1.5 ? `(${(here / ideal).toFixed(1)} × the ideal)` : "";
}
