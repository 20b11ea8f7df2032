// The server. The token is in the address that `htlab explore` prints; it goes out of the address bar, so that
// it gets into no screenshot and no link, and is kept for this tab alone, so that the page can be reloaded.

import type { About, Answer, Program, Refusal } from "./contract";

let token = "";

export function takeToken(): void {
  const address = new URL(location.href);
  token = address.searchParams.get("token") ?? "";
  try {
    if (token) sessionStorage.setItem("token", token);
    else token = sessionStorage.getItem("token") ?? "";
  } catch {
    // A browser may keep nothing: then a page that is reloaded says that it has no token.
  }
  address.searchParams.delete("token");
  history.replaceState(null, "", address.pathname + address.search + address.hash);
}

/** The server refuses the program, and says what is wrong with it. */
export class Refused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.error);
  }
}

/** There is no server, or it is not ours. */
export class Unreachable extends Error {}

async function ask(path: string, init: RequestInit): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(path, { ...init, headers: { ...init.headers, "X-Token": token } });
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
  throw new Refused({
    error: typeof said.error === "string" ? said.error : `The server answers with ${response.status}.`,
    where: said.where ?? null,
    line: said.line ?? null,
  });
}

export async function about(): Promise<About> {
  return (await ask("api/about", {})) as About;
}

export async function run(program: Program, signal: AbortSignal): Promise<Answer> {
  const body = JSON.stringify(program);
  const headers = { "Content-Type": "application/json" };
  return (await ask("api/run", { method: "POST", body, headers, signal })) as Answer;
}
