// Who runs programs: the server of `htlab explore`, or a notebook's kernel.

import type { About, Answer, Program, Refusal } from "./contract";

export interface Api {
  about(): Promise<About>;
  /** Rejects with Refused, Unreachable, or the signal's AbortError. */
  run(program: Program, signal: AbortSignal): Promise<Answer>;
}

/** The program is refused, and it is said what is wrong with it. */
export class Refused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.error);
  }
}

/** There is nobody who runs it, or it is not ours. */
export class Unreachable extends Error {}

/** What was answered with a status other than 200: a refusal, if it looks like one. */
export function refused(said: Partial<Refusal>, status: number): Refused {
  return new Refused({
    error: typeof said.error === "string" ? said.error : `The answer is an error, ${status}.`,
    where: said.where ?? null,
    line: said.line ?? null,
  });
}
