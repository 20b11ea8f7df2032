// The tours: which there are, and the one that is being taken.

import { button, el, words } from "../dom";
import { type Look, LOOKS, type Stop, type Tour, TOURS } from "../tours";

export class Tours {
  private tour: Tour | null = null;
  private stop = 0;
  private readonly title = el("h2", { id: "tour-title" });
  private readonly said = el("p");
  private readonly back = button("Back", () => this.to(this.stop - 1), { id: "tour-back" });
  private readonly next = button("Next", () => this.to(this.stop + 1), { id: "tour-next" });
  private readonly buttons = new Map<Tour, HTMLButtonElement>();

  constructor(
    nav: HTMLElement,
    private readonly panel: HTMLElement,
    private readonly parts: Record<Look, HTMLElement>,
    private readonly load: (stop: Stop) => void,
  ) {
    nav.append(el("span", {}, "Tours:"));
    for (const tour of TOURS) {
      const start = button(tour.title, () => this.start(tour), { id: `tour-${tour.name}` });
      this.buttons.set(tour, start);
      nav.append(start);
    }
    panel.append(
      this.title,
      this.said,
      el(
        "div",
        { class: "row" },
        this.back,
        this.next,
        button("Show me where", () => this.show(), { id: "tour-where" }),
        button("Leave the tour", () => this.leave(), { id: "tour-leave" }),
      ),
    );
    panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.leave();
    });
  }

  private start(tour: Tour): void {
    this.tour = tour;
    for (const [each, start] of this.buttons) start.setAttribute("aria-pressed", String(each === tour));
    this.panel.hidden = false;
    this.to(0);
    this.panel.focus();
  }

  private to(number: number): void {
    const stop = this.tour?.stops[number];
    if (!this.tour || !stop) return;
    this.stop = number;
    words(this.title, `${this.tour.title}: ${number + 1} of ${this.tour.stops.length}`);
    words(this.said, stop.words);
    const last = number === this.tour.stops.length - 1;
    // A button that is disabled loses the focus.
    if ((last && this.next.matches(":focus")) || (number === 0 && this.back.matches(":focus"))) this.panel.focus();
    this.back.disabled = number === 0;
    this.next.disabled = last;
    this.mark(stop.look);
    this.load(stop);
  }

  private mark(look: Look | null): void {
    for (const name of LOOKS) this.parts[name].toggleAttribute("data-look", name === look);
  }

  private show(): void {
    const look = this.tour?.stops[this.stop]?.look;
    if (look) this.parts[look].scrollIntoView({ block: "center" });
  }

  private leave(): void {
    for (const [tour, start] of this.buttons) {
      start.setAttribute("aria-pressed", "false");
      if (tour === this.tour) start.focus();
    }
    this.tour = null;
    this.mark(null);
    this.panel.hidden = true;
  }
}
