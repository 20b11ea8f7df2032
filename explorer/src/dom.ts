// Elements, made without HTML: what comes from a program is only ever text.

export type Child = Node | string | null;
type Attributes = Record<string, string | number | boolean | null | ((event: never) => void)>;

/** An element. An attribute that is true is there, one that is false or null is not; onclick and its like listen. */
export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  set(made, attributes);
  made.append(...children.filter((child) => child !== null));
  return made;
}

export function svg(tag: string, attributes: Attributes = {}, ...children: Child[]): SVGElement {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  set(made, attributes);
  made.append(...children.filter((child) => child !== null));
  return made;
}

function set(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value as EventListener);
    else if (value !== false && value !== null)
      element.setAttribute(name, value === true ? "" : String(value));
  }
}

export function words(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** "1 entry", "1,000 entries". */
export function counted(count: number, one: string, several = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : several}`;
}

export function button(label: string, onclick: () => void, attributes: Attributes = {}): HTMLButtonElement {
  return el("button", { type: "button", onclick, ...attributes }, label);
}
