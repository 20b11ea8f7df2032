// The operations: a list to choose from, and one form to write them with.

import type { Operation } from "../contract";
import { button, el, words } from "../dom";
import { KEY_SETS, KEYED, written } from "../program";

const HELP = "Arrows choose; Alt with an arrow moves; Delete removes; Enter edits.";
type Kind = Operation[0];
const KINDS: Kind[] = ["set", "get", "pop", "fill", "clear", "list", "new"];

export class Operations {
  private list: Operation[] = [];
  private chosen = -1;
  private current = -1;
  private limit = 2000;
  private readonly box = el("ol", {
    class: "operations",
    role: "listbox",
    tabindex: 0,
    "aria-labelledby": "operations-heading",
    "aria-describedby": "operations-help",
  });
  private readonly kind = el("select", { id: "kind" });
  private readonly key = el("input", {
    id: "key",
    size: 12,
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
  });
  private readonly value = el("input", {
    id: "value",
    size: 8,
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
  });
  private readonly set = el("select", { id: "set" });
  private readonly many = el("input", { id: "many", type: "number", min: 1, max: 100000, step: 1 });
  private readonly fields: Record<string, HTMLLabelElement>;
  private readonly changing = button("Change", () => this.change(), { id: "change" });
  private readonly moving = [
    button("Move up", () => this.move(-1), { id: "up" }),
    button("Move down", () => this.move(1), { id: "down" }),
    button("Remove", () => this.remove(), { id: "remove" }),
  ];
  private readonly clearing = button("Remove all", () => this.clear(), { id: "clear" });
  private readonly said = el("span", { class: "unseen", role: "status" });

  /** `changed` after every change; `seek` when an operation is chosen by hand. */
  constructor(
    parent: HTMLElement,
    private readonly changed: () => void,
    private readonly seek: (index: number) => void,
  ) {
    for (const kind of KINDS)
      this.kind.append(el("option", { value: kind }, kind === "new" ? "new table" : kind));
    for (const name of KEY_SETS) this.set.append(el("option", {}, name));
    this.key.value = "'spam'";
    this.value.value = "1";
    this.many.value = "100";
    this.fields = {
      kind: el("label", {}, "Operation ", this.kind),
      key: el("label", {}, "Key ", this.key),
      value: el("label", {}, "Value ", this.value),
      set: el("label", {}, "Keys ", this.set),
      many: el("label", {}, "How many ", this.many),
    };
    const form = el(
      "form",
      { class: "row", "aria-label": "An operation", onsubmit: (event: SubmitEvent) => this.submitted(event) },
      ...Object.values(this.fields),
      el("button", { id: "add" }, "Add"),
      this.changing,
    );
    const moving = el(
      "div",
      { class: "row", role: "group", "aria-label": "The chosen operation" },
      ...this.moving,
      this.clearing,
    );
    parent.append(
      this.box,
      form,
      moving,
      el("p", { id: "operations-help", class: "faint small" }, HELP),
      this.said,
    );
    this.kind.addEventListener("change", () => this.fit());
    this.box.addEventListener("keydown", (event) => this.pressed(event));
    this.box.addEventListener("click", (event) => {
      const row = (event.target as Element).closest("li");
      if (row) this.choose([...this.box.children].indexOf(row), true);
    });
    this.fit();
  }

  get operations(): Operation[] {
    return this.list;
  }

  show(operations: readonly Operation[]): void {
    this.list = [...operations];
    this.chosen = Math.min(this.chosen, this.list.length - 1);
    this.draw();
  }

  limits(operations: number, keys: number): void {
    this.limit = operations;
    this.many.max = String(keys);
  }

  /** Marks those that raised an exception; their errors, or null, in the order of the operations. */
  outcomes(errors: readonly (string | null)[]): void {
    [...this.box.children].forEach((row, index) => {
      const error = errors[index] ?? null;
      row.toggleAttribute("data-raised", error !== null);
      if (error === null) row.removeAttribute("title");
      else row.setAttribute("title", error);
    });
  }

  /** Marks the operation that the timeline is at. */
  at(index: number): void {
    if (index === this.current) return;
    this.box.children[this.current]?.removeAttribute("data-now");
    this.current = index;
    const row = this.box.children[index];
    row?.setAttribute("data-now", "");
    if (row instanceof HTMLElement && !this.box.matches(":focus-within")) this.reveal(row);
  }

  private fit(): void {
    const kind = this.kind.value;
    this.fields.key!.hidden = !KEYED.includes(kind);
    this.fields.value!.hidden = kind !== "set";
    this.fields.set!.hidden = this.fields.many!.hidden = kind !== "fill";
  }

  private read(): Operation {
    const kind = this.kind.value as Kind;
    switch (kind) {
      case "set":
        return [kind, this.key.value, this.value.value];
      case "get":
      case "pop":
        return [kind, this.key.value];
      case "fill":
        return [kind, this.set.value, Math.max(1, Math.floor(Number(this.many.value) || 1))];
      default:
        return [kind];
    }
  }

  private write([kind, first, second]: Operation): void {
    this.kind.value = kind;
    if (kind === "fill" && first !== undefined) {
      if (![...this.set.options].some((option) => option.value === first))
        this.set.append(el("option", {}, first));
      this.set.value = first;
      this.many.value = String(second);
    } else if (first !== undefined) {
      this.key.value = first;
      if (kind === "set") this.value.value = String(second);
    }
    this.fit();
  }

  private submitted(event: SubmitEvent): void {
    event.preventDefault();
    if (this.list.length >= this.limit) return this.say(`No more than ${this.limit} operations.`);
    // Behind the chosen one, or at the end.
    const at = this.chosen < 0 ? this.list.length : this.chosen + 1;
    const added = this.read();
    this.list.splice(at, 0, added);
    this.edited(at, `${written(added)} added as operation ${at + 1}`);
  }

  private change(): void {
    if (this.chosen < 0) return this.say("Choose an operation first.");
    this.list[this.chosen] = this.read();
    this.edited(this.chosen, `operation ${this.chosen + 1} is now ${written(this.list[this.chosen]!)}`);
  }

  private move(by: number): void {
    const to = this.chosen + by;
    if (this.chosen < 0 || to < 0 || to >= this.list.length) return;
    const [moved] = this.list.splice(this.chosen, 1);
    this.list.splice(to, 0, moved!);
    this.edited(to, `${written(moved!)} is now operation ${to + 1}`);
  }

  private remove(): void {
    const [gone] = this.chosen < 0 ? [] : this.list.splice(this.chosen, 1);
    const left = this.list[Math.min(this.chosen, this.list.length - 1)];
    if (left) this.write(left);
    if (gone) this.edited(Math.min(this.chosen, this.list.length - 1), `${written(gone)} removed`);
  }

  private clear(): void {
    this.list = [];
    this.edited(-1, "all operations removed");
  }

  private edited(chosen: number, what: string): void {
    this.chosen = chosen;
    this.draw();
    this.say(what);
    this.changed();
  }

  private say(what: string): void {
    words(this.said, what);
  }

  private pressed(event: KeyboardEvent): void {
    const act: Record<string, () => void> = {
      ArrowUp: () => (event.altKey ? this.move(-1) : this.choose(Math.max(0, this.chosen - 1), true)),
      ArrowDown: () =>
        event.altKey ? this.move(1) : this.choose(Math.min(this.list.length - 1, this.chosen + 1), true),
      Home: () => this.choose(0, true),
      End: () => this.choose(this.list.length - 1, true),
      Delete: () => this.remove(),
      Backspace: () => this.remove(),
      Enter: () =>
        (this.kind.value === "fill"
          ? this.many
          : KEYED.includes(this.kind.value)
            ? this.key
            : this.kind
        ).focus(),
      Escape: () => this.choose(-1, false),
    };
    const found = act[event.key];
    if (!found) return;
    event.preventDefault();
    found();
  }

  private choose(index: number, seek: boolean): void {
    if (index >= this.list.length) return;
    this.chosen = index;
    this.mark();
    const operation = this.list[index];
    if (!operation) return;
    this.write(operation);
    if (seek) this.seek(index);
  }

  private draw(): void {
    this.box.replaceChildren(
      ...this.list.map((operation, index) =>
        el(
          "li",
          { role: "option", id: `operation-${index}`, "data-now": index === this.current },
          written(operation),
        ),
      ),
    );
    this.mark();
  }

  private mark(): void {
    for (const row of this.box.querySelectorAll("[aria-selected=true]"))
      row.setAttribute("aria-selected", "false");
    const row = this.box.children[this.chosen];
    row?.setAttribute("aria-selected", "true");
    if (row instanceof HTMLElement) this.reveal(row);
    if (row) this.box.setAttribute("aria-activedescendant", row.id);
    else this.box.removeAttribute("aria-activedescendant");
    for (const each of [this.changing, ...this.moving]) each.disabled = !row;
    this.clearing.disabled = !this.list.length;
  }

  /** Scrolls the list, and not the page. */
  private reveal(row: HTMLElement): void {
    const { box } = this;
    const top = row.offsetTop - box.offsetTop;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (top + row.offsetHeight > box.scrollTop + box.clientHeight)
      box.scrollTop = top + row.offsetHeight - box.clientHeight;
  }
}
