// What happened when it did not end well, in words; and how to go on.

import type { Answer, Ended, Program, Specimen } from "../contract";
import { button, el } from "../dom";
import { written } from "../program";

const TITLES: Record<Ended["how"], string> = {
  well: "",
  exception: "The program raised an exception",
  died: "The child process died",
  timeout: "It took too long",
  memory: "It took too much memory",
};

const BUILTIN = "hash_func = hash\n";

/** The programs to go on with: without the operation at which it ended, without the specimen, without its code.
 *  `ran`: whether there was any step. */
export function waysOn(program: Program, ended: Ended, ran = true): { label: string; program: Program }[] {
  const ways = [];
  const { operations } = program;
  // Step 0 is the making of the table, and the code is run before it: no operation is to blame then.
  const early = ended.step === 0 || !ran;
  if (operations.length && !early) {
    const guilty = Math.min((ended.step ?? operations.length) - 1, operations.length - 1);
    const without = operations.filter((_, index) => index !== guilty);
    ways.push({
      label: `Go on without ${written(operations[guilty]!)}`,
      program: { ...program, operations: without },
    });
  }
  if (program.specimen)
    ways.push({ label: "Go on with the line mended", program: { ...program, specimen: null } });
  if (early && program.code !== BUILTIN)
    ways.push({ label: "Go on with Python's own hash function", program: { ...program, code: BUILTIN } });
  return ways;
}

export class Message {
  specimens: readonly Specimen[] = [];

  constructor(
    private readonly parent: HTMLElement,
    private readonly goOn: (program: Program) => void,
  ) {}

  hide(): void {
    this.parent.replaceChildren();
  }

  show(program: Program, { steps, ended, truncated }: Answer): void {
    const ran = steps.length > 0;
    const parts: Node[] = [];
    const { verdict } = ended;
    if (ended.how !== "well" || verdict) {
      const box = el("div", { class: "message", "data-how": ended.how });
      box.append(el("h3", {}, TITLES[ended.how] || "The ledger does not balance"));
      box.append(el("p", {}, ...prose(ended.words)));
      if (verdict) {
        box.append(el("p", { class: "verdict" }, ...prose(verdict.sentence)));
        if (verdict.place && !verdict.sentence.includes(verdict.place))
          box.append(el("p", {}, el("code", {}, verdict.place)));
        if (verdict.why) box.append(el("p", {}, ...prose(verdict.why)));
        if (verdict.diff) box.append(diff(verdict.diff));
      }
      const ways =
        ended.how === "well"
          ? waysOn(program, ended).filter((way) => way.program.specimen !== program.specimen)
          : waysOn(program, ended, ran);
      box.append(
        el(
          "div",
          { class: "row" },
          ...ways.map((way) => button(way.label, () => this.goOn(way.program), { class: "go-on" })),
        ),
      );
      parts.push(box);
    }
    if (program.specimen && ended.how === "well" && !verdict) {
      const found = this.specimens.find(({ name }) => name === program.specimen);
      const box = el("div", { class: "message", "data-how": "not-reached" });
      box.append(el("h3", {}, "The broken line was not reached"), el("p", {}, ...prose(ended.words)));
      if (found) {
        const { code, operations } = found;
        const other = { ...program, code, operations, watch: null };
        box.append(
          el("div", { class: "row" }, button("Open a program that does", () => this.goOn(other), { class: "go-on" })),
        );
      }
      parts.push(box);
    }
    if (truncated)
      parts.push(el("p", { class: "faint" }, "This is not all of it: the answer would have been too long."));
    this.parent.replaceChildren(...parts);
  }

  /** The server is not there, or not ours. */
  failed(text: string, again: () => void): void {
    this.parent.replaceChildren(
      el(
        "div",
        { class: "message" },
        el("h3", {}, "No answer"),
        el("p", {}, text),
        el("div", { class: "row" }, button("Try again", again)),
      ),
    );
  }
}

/** A sentence in which what is between backticks is code. */
function prose(text: string): Node[] {
  return text
    .split("`")
    .map((part, index) => (index % 2 ? el("code", {}, part) : document.createTextNode(part)));
}

function diff(text: string): HTMLElement {
  const lines = text
    .trimEnd()
    .split("\n")
    .map((line) =>
      el(
        "span",
        { class: /^[-+](?![-+]{2} )/.test(line) ? (line[0] === "+" ? "added" : "removed") : "" },
        `${line}\n`,
      ),
    );
  return el(
    "pre",
    { class: "diff", tabindex: 0, "aria-label": "The line that mends it, as a diff" },
    ...lines,
  );
}
