// The parts of the page and where they are, before anything is in them.

import { el, type Child } from "./dom";

export class Layout {
  readonly about = el("p", { id: "about", class: "faint" });
  readonly share = el(
    "button",
    { type: "button", id: "share", "aria-expanded": "false", "aria-controls": "sharing" },
    "Share…",
  );
  readonly theme = el(
    "select",
    { id: "theme" },
    el("option", { value: "" }, "as the system"),
    el("option", { value: "light" }, "light"),
    el("option", { value: "dark" }, "dark"),
  );
  readonly sharing = el("section", { id: "sharing", "aria-label": "Share", hidden: true });
  readonly tours = el("nav", { id: "tours", "aria-label": "Guided tours" });
  readonly tour = el("section", {
    id: "tour",
    "aria-labelledby": "tour-title",
    tabindex: -1,
    hidden: true,
  });

  readonly preset = el("select", { id: "preset" });
  readonly specimen = el("select", { id: "specimen" });
  readonly editor = el("div", { id: "editor" });
  readonly codeError = error("code-error");
  readonly size = el("input", {
    id: "size",
    type: "number",
    min: 1,
    step: 1,
    inputmode: "numeric",
    required: true,
  });
  readonly maxLoad = el("input", {
    id: "max-load",
    type: "number",
    min: 0.05,
    step: 0.05,
    inputmode: "decimal",
    placeholder: "none",
    "aria-describedby": "max-load-hint",
  });
  readonly tableError = error("table-error");
  readonly operations = el("div", { id: "operations" });
  readonly operationsError = error("operations-error");

  readonly running = el("p", { id: "running", role: "status", class: "faint" });
  readonly message = el("div", { id: "message", role: "alert" });
  readonly pictureHeading = el("h2", { id: "picture-heading", tabindex: -1 }, "Table");
  readonly picture = el("div", { id: "picture" });
  readonly seen = el(
    "section",
    { id: "seen", "aria-labelledby": "picture-heading" },
    el("div", { class: "row spread" }, this.pictureHeading, this.running),
    this.message,
    this.picture,
  );
  readonly transport = el("section", { id: "transport", "aria-label": "Timeline" });
  /** What the layers have just said, for those who do not see it. */
  readonly said = el("p", { id: "said", "aria-live": "polite", class: "unseen" });
  readonly lanes = el("div", { id: "lanes" });
  readonly figures = el("div", { id: "figures" });
  readonly chart = el("div", { id: "chart" });
  private readonly time = part("time", "What each layer does", this.said, this.lanes);
  private readonly statistics = part("statistics", "Statistics", this.figures);
  private readonly references = part("references", "Reference counts", this.chart);
  /** What there is to be seen of a run, if it had a step. */
  readonly ofRun = [this.picture, this.references, this.transport, this.time, this.statistics];

  readonly main = el(
    "div",
    {},
    el("div", { class: "parts" }, this.program(), this.seen, this.references),
    this.transport,
    el("div", { class: "parts" }, this.time, this.statistics),
  );
  readonly element = el(
    "div",
    { class: "explorer" },
    el("a", { class: "skip", href: "#picture-heading", onclick: (event: Event) => this.skip(event) }, "To the table"),
    el(
      "header",
      {},
      el("h1", {}, "The hash table, explored"),
      this.about,
      el(
        "div",
        { class: "row", role: "group", "aria-label": "Share and colours" },
        this.share,
        el("label", {}, "Colours ", this.theme),
      ),
    ),
    this.sharing,
    this.tours,
    this.tour,
    this.main,
  );

  /** A notebook's own address is not to be changed. */
  private skip(event: Event): void {
    event.preventDefault();
    this.pictureHeading.focus();
  }

  private program(): HTMLElement {
    return part(
      "program",
      "Program",
      el(
        "div",
        { class: "row" },
        el("label", {}, "Hash function ", this.preset),
        el("label", {}, "Broken line ", this.specimen),
      ),
      this.editor,
      this.codeError,
      el(
        "div",
        { class: "row" },
        el("label", {}, "Size ", this.size),
        el("label", {}, "Max load ", this.maxLoad),
        el("span", { id: "max-load-hint", class: "faint small" }, "empty: never resized"),
      ),
      this.tableError,
      el("h3", { id: "operations-heading" }, "Operations"),
      this.operations,
      this.operationsError,
    );
  }
}

function part(id: string, heading: string, ...children: Child[]): HTMLElement {
  const labelled = { id, "aria-labelledby": `${id}-heading` };
  return el("section", labelled, el("h2", { id: `${id}-heading` }, heading), ...children);
}

function error(id: string): HTMLElement {
  return el("p", { id, class: "error", hidden: true });
}
