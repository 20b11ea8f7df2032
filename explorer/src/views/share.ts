// The program, and not what came of it, as a link or a file; and from there.

import type { Program } from "../contract";
import { button, el, words } from "../dom";
import { BadProgram, decoded, encoded, MOST_LINK, parsed } from "../program";

export class Share {
  private readonly link = el("input", { id: "link", readonly: true, onfocus: () => this.link.select() });
  private readonly theirs = el("input", { id: "theirs", autocomplete: "off", spellcheck: "false" });
  private readonly file = el("input", { id: "file", type: "file", accept: ".json,application/json" });
  private readonly said = el("p", { role: "status", id: "shared" });

  /** `links`: whether the page has an address of its own, which can be sent to somebody. */
  constructor(
    private readonly panel: HTMLElement,
    private readonly toggle: HTMLElement,
    private readonly links: boolean,
    private readonly current: () => Program,
    private readonly open: (program: Program) => void,
  ) {
    if (links) {
      panel.append(
        el(
          "div",
          { class: "row" },
          el("label", { class: "wide" }, "This program as a link ", this.link),
          button("Copy", () => void this.copy(), { id: "copy" }),
        ),
        el(
          "p",
          { class: "faint small" },
          "What is behind the # is the program. Whoever runs htlab explore can open it here, too.",
        ),
      );
    }
    panel.append(
      el(
        "form",
        { class: "row", onsubmit: (event: SubmitEvent) => void this.openLink(event) },
        el("label", { class: "wide" }, "A link that you were given ", this.theirs),
        el("button", {}, "Open"),
      ),
      el(
        "div",
        { class: "row" },
        button("Download as a file", () => this.download(), { id: "download" }),
        el("label", {}, "Open a file ", this.file),
      ),
      this.said,
    );
    this.file.addEventListener("change", () => void this.openFile());
    toggle.addEventListener("click", () => {
      this.show(panel.hidden);
      if (!panel.hidden) void this.refresh().then(() => panel.querySelector("input")?.focus());
    });
  }

  /** The program into the address and the panel. */
  async refresh(): Promise<void> {
    if (!this.links) return;
    const part = `#p=${await encoded(this.current())}`;
    const fits = part.length <= MOST_LINK;
    history.replaceState(null, "", location.pathname + location.search + (fits ? part : ""));
    this.link.value = fits ? location.href : "";
    if (!fits) this.say("This program is too long for a link: share it as a file.");
  }

  /** The program of the address, if there is one. */
  async arrived(): Promise<Program | null> {
    if (!location.hash.startsWith("#p=")) return null;
    return this.tried(() => decoded(location.hash));
  }

  private show(there: boolean): void {
    this.panel.hidden = !there;
    this.toggle.setAttribute("aria-expanded", String(there));
  }

  private say(text: string): void {
    words(this.said, text);
  }

  private async tried(read: () => Promise<Program>): Promise<Program | null> {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof BadProgram)) throw error;
      this.say(error.message);
      this.show(true);
      return null;
    }
  }

  private opened(program: Program | null, what: string): void {
    if (!program) return;
    this.open(program);
    this.say(`The program of the ${what} is here.`);
  }

  private async openLink(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    this.opened(await this.tried(() => decoded(this.theirs.value)), "link");
  }

  private async openFile(): Promise<void> {
    const [file] = this.file.files ?? [];
    if (file)
      this.opened(await this.tried(async () => parsed(await file.slice(0, 1024 * 1024).text())), "file");
    this.file.value = "";
  }

  private async copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.link.value);
      this.say("Copied.");
    } catch {
      this.link.select();
      this.say("Select it and copy it yourself: the browser does not let the page do that.");
    }
  }

  private download(): void {
    const text = `${JSON.stringify(this.current(), null, 1)}\n`;
    const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    el("a", { href: url, download: "hashtable-program.json" }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
    this.say("Downloaded as hashtable-program.json.");
  }
}
