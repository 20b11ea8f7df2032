// What the program, the module and the table say in a step: three lanes, and time goes down.

import type { Layer, Step } from "../contract";
import { el } from "../dom";
import { written } from "../program";

const LANES: [Layer, string][] = [
  ["python", "Python"],
  ["module", "Module"],
  ["table", "Table"],
];

export class Lanes {
  private step: Step | null = null;
  private now = -1;
  private readonly list = el("ol", {
    class: "events",
    tabindex: 0,
    "aria-label": "Events of this operation",
  });
  private readonly result = el("p", { class: "result" });

  /** `seek`: to this event of the step. */
  constructor(parent: HTMLElement, seek: (event: number) => void, by: (events: number) => void) {
    const heads = LANES.map(([layer, name]) => el("span", { class: `lane ${layer}` }, name));
    parent.append(el("div", { class: "heads", "aria-hidden": "true" }, ...heads), this.list, this.result);
    this.list.addEventListener("click", (event) => {
      const row = (event.target as Element).closest("li");
      if (row) seek([...this.list.children].indexOf(row));
    });
    this.list.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      by(step);
    });
  }

  show(step: Step | undefined, event: number): void {
    if (!step) return;
    if (step !== this.step) {
      this.step = step;
      this.list.replaceChildren(
        ...step.events.map(({ layer, text }, index) => {
          const lane = LANES.find(([name]) => name === layer);
          const said = el("span", { class: "unseen" }, lane ? `${lane[1]}: ` : "");
          const row = el("li", { class: lane ? `lane ${layer}` : "lane rest" }, said, text);
          // Two events are never beside one another: one was first.
          row.style.gridRow = String(index + 1);
          return row;
        }),
      );
      if (!step.events.length) this.list.append(el("li", { class: "lane rest" }, "nothing was traced"));
      this.result.replaceChildren(...outcome(step));
      this.now = -1;
    }
    this.list.children[this.now]?.removeAttribute("aria-current");
    this.now = event;
    const rows = this.list.children;
    for (let index = 0; index < rows.length; index++)
      rows[index]!.classList.toggle("to-come", index > event && event >= 0);
    const row = rows[event];
    if (!(row instanceof HTMLElement)) return;
    row.setAttribute("aria-current", "step");
    const { list } = this;
    const top = row.offsetTop - list.offsetTop;
    if (top < list.scrollTop) list.scrollTop = top - 4;
    else if (top + row.offsetHeight > list.scrollTop + list.clientHeight)
      list.scrollTop = top + row.offsetHeight - list.clientHeight + 4;
  }
}

function outcome(step: Step): Node[] {
  const what = el("code", {}, written(step.operation));
  if (step.error !== null)
    return [what, document.createTextNode(" raises "), el("code", { class: "raised" }, step.error)];
  if (step.result !== null) return [what, document.createTextNode(" returns "), el("code", {}, step.result)];
  return [what];
}
