// A notebook's kernel, by way of the messages of a widget (hashtable_lab/explore/widget.py). An answer comes
// deflated: what a notebook's server lets through in a second is less than a large picture.

import { type Api, refused, Unreachable } from "./api";
import type { About, Answer, Program, Refusal } from "./contract";
import { piped } from "./program";

/** What anywidget hands to a widget: the part of it that we use. */
export interface Model {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  save_changes(): void;
  send(content: unknown): void;
  on(name: string, heard: (...told: never[]) => void): void;
  off(name: string, heard: (...told: never[]) => void): void;
}

/** So long after a question, in ms, nobody is there: a program is given less. */
const PATIENCE = 30_000;
// Of an answer.
const MOST_BYTES = 256 * 1024 * 1024;

interface Told {
  id: string;
  status: number;
}

export class Kernel implements Api {
  private asked = 0;
  /** Of one widget there can be several views, whose questions go the same way. */
  private readonly view = Math.random().toString(36).slice(2);

  constructor(private readonly model: Model) {}

  about(): Promise<About> {
    return Promise.resolve(this.model.get("_about") as About);
  }

  async run(program: Program, signal: AbortSignal): Promise<Answer> {
    const { model } = this;
    const id = `${this.view}-${++this.asked}`;
    const { status, bytes } = await new Promise<{ status: number; bytes: Uint8Array }>((resolve, reject) => {
      const heard = (told: Told, buffers: DataView[]): void => {
        if (told.id !== id || !buffers[0]) return;
        const { buffer, byteOffset, byteLength } = buffers[0];
        done();
        resolve({ status: told.status, bytes: new Uint8Array(buffer, byteOffset, byteLength) });
      };
      const aborted = (): void => {
        done();
        model.send({ id, stop: true });
        reject(signal.reason as Error);
      };
      const late = (): void => {
        done();
        reject(new Unreachable("The kernel does not answer: it is busy with another cell, or it is gone."));
      };
      const timer = setTimeout(late, PATIENCE);
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", aborted);
        model.off("msg:custom", heard);
      };
      signal.addEventListener("abort", aborted);
      model.on("msg:custom", heard);
      model.send({ id, program });
    });
    const text = new TextDecoder().decode(
      await piped(bytes, new DecompressionStream("deflate"), MOST_BYTES),
    );
    signal.throwIfAborted();
    const answer = JSON.parse(text) as unknown;
    if (status !== 200) throw refused(answer as Partial<Refusal>, status);
    return answer as Answer;
  }
}
