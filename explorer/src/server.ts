// The server of `htlab explore`. The token is in the address that it prints; it goes out of the address bar, so that
// it gets into no screenshot and no link, and is kept for this tab alone, so that the page can be reloaded.

import { type Api, refused, Refused, Unreachable } from "./api";
import type { About, Answer, Program, Refusal } from "./contract";

export class Server implements Api {
  private readonly token: string;

  constructor() {
    const address = new URL(location.href);
    let token = address.searchParams.get("token") ?? "";
    try {
      if (token) sessionStorage.setItem("token", token);
      else token = sessionStorage.getItem("token") ?? "";
    } catch {
      // A browser may keep nothing: then a page that is reloaded says that it has no token.
    }
    this.token = token;
    address.searchParams.delete("token");
    history.replaceState(null, "", address.pathname + address.search + address.hash);
  }

  async about(): Promise<About> {
    return (await this.ask("api/about", {})) as About;
  }

  async run(program: Program, signal: AbortSignal): Promise<Answer> {
    const body = JSON.stringify(program);
    const headers = { "Content-Type": "application/json" };
    return (await this.ask("api/run", { method: "POST", body, headers, signal })) as Answer;
  }

  private async ask(path: string, init: RequestInit): Promise<unknown> {
    let response: Response;
    try {
      response = await fetch(path, { ...init, headers: { ...init.headers, "X-Token": this.token } });
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") throw error;
      throw new Unreachable(
        "The server does not answer. If it was stopped: start htlab explore again, and open the address that it prints.",
      );
    }
    if (response.ok) return response.json();
    if (response.status === 403) {
      throw new Unreachable(
        "The server does not know this page. Open the address that htlab explore prints: its token is part of it.",
      );
    }
    if (response.status === 413)
      throw new Refused({ error: "This program is too large.", where: "operations", line: null });
    const said: Partial<Refusal> = await response.json().catch(() => ({}));
    throw refused(said, response.status);
  }
}
