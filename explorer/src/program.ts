// A program as text: in a link, in a file. What comes from there is looked at before it is believed.

import type { Operation, Program } from "./contract";

export const KEY_SETS = ["sequential", "random", "strided", "zipf", "urls", "uuids", "ipv4", "identifiers"];
/** The operations that name a key. */
export const KEYED: readonly string[] = ["set", "get", "pop"];
// More than this is none that we have made: the server takes no more either.
const MOST_BYTES = 256 * 1024;
// Of an address, browsers and chat programs bear about as much.
export const MOST_LINK = 8 * 1024;

export class BadProgram extends Error {}

/** The program in what was read. Throws BadProgram, with a sentence. */
export function validated(read: unknown): Program {
  const wanted = (right: boolean, words: string): void => {
    if (!right) throw new BadProgram(words);
  };
  wanted(typeof read === "object" && read !== null && !Array.isArray(read), "It is no program of this page.");
  const {
    code,
    size,
    max_load = null,
    specimen = null,
    operations,
    watch = null,
  } = read as Record<string, unknown>;
  wanted(typeof code === "string" && code.length <= 100_000, "Its hash function is no text, or too long.");
  wanted(Number.isSafeInteger(size) && (size as number) >= 1, "Its size is no whole number from 1.");
  wanted(
    max_load === null || (typeof max_load === "number" && max_load > 0),
    "Its max load is no number above 0.",
  );
  wanted(specimen === null || /^[a-z0-9_-]{1,40}$/.test(String(specimen)), "Its specimen has no right name.");
  wanted(
    Array.isArray(operations) && operations.length <= 10_000,
    "Its operations are no list, or too many.",
  );
  wanted(
    watch === null || (typeof watch === "string" && watch.length <= 10_000),
    "The key that is watched is no text.",
  );
  return {
    code: code as string,
    size: size as number,
    max_load: max_load as number | null,
    specimen: specimen === null ? null : String(specimen),
    operations: (operations as unknown[]).map(operation),
    watch: watch as string | null,
  };
}

function operation(read: unknown, index: number): Operation {
  const parts: unknown[] = Array.isArray(read) ? read : [];
  const [kind, first, second] = parts;
  const text = (part: unknown): part is string => typeof part === "string" && part.length <= 10_000;
  if (parts.length === 3 && kind === "set" && text(first) && text(second)) return ["set", first, second];
  if (parts.length === 2 && (kind === "get" || kind === "pop") && text(first)) return [kind, first];
  if (parts.length === 3 && kind === "fill" && text(first) && Number.isSafeInteger(second)) {
    return ["fill", first, second as number];
  }
  if (parts.length === 1 && (kind === "new" || kind === "clear" || kind === "list")) return [kind];
  throw new BadProgram(`Its operation ${index + 1} is none that there is.`);
}

/** An operation as one would write it. */
export function written(operation: readonly (string | number)[]): string {
  const [kind, first, second] = operation;
  if (kind === "set") return `set(${first}, ${second})`;
  if (kind === "fill") return `fill with ${second} ${first}`;
  if (kind === "new") return "make a table";
  return kind === "list" ? "list(table)" : `${kind}(${first ?? ""})`;
}

/** What goes into a link: deflated, in letters that an address may have. */
export async function encoded(program: Program): Promise<string> {
  const bytes = await piped(
    new TextEncoder().encode(JSON.stringify(program)),
    new CompressionStream("deflate-raw"),
  );
  let letters = "";
  for (const byte of bytes) letters += String.fromCharCode(byte);
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** The program of a link, or of the part of it behind the #. Throws BadProgram. */
export async function decoded(link: string): Promise<Program> {
  const found = /(?:^|#|#p=|^p=)([A-Za-z0-9_-]+)$/.exec(link.trim());
  if (!found || link.length > 2 * MOST_BYTES) throw new BadProgram("There is no program in this link.");
  let text: string;
  try {
    const letters = atob(found[1]!.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
    text = new TextDecoder("utf-8", { fatal: true }).decode(
      await piped(bytes, new DecompressionStream("deflate-raw")),
    );
  } catch (error) {
    if (error instanceof BadProgram) throw error;
    throw new BadProgram("This link has been cut off, or is none of this page's.");
  }
  return parsed(text);
}

/** The program of a file. Throws BadProgram. */
export function parsed(text: string): Program {
  if (text.length > MOST_BYTES) throw new BadProgram("It is too large for a program.");
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    throw new BadProgram("It is no JSON.");
  }
  return validated(read);
}

/** Bytes, squeezed or unsqueezed. Throws BadProgram if they become more than `most`. */
export async function piped(
  bytes: Uint8Array,
  through: GenericTransformStream,
  most = MOST_BYTES,
): Promise<Uint8Array> {
  const reader = new Blob([bytes as BlobPart])
    .stream()
    .pipeThrough(through as ReadableWritablePair<Uint8Array, Uint8Array>)
    .getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    // A small link can be a large text.
    if (length > most) {
      await reader.cancel();
      throw new BadProgram("It is too large for a program.");
    }
    parts.push(value);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
