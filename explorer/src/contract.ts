// What the server answers: see hashtable_lab/explore. Whatever is in here may have been typed by anybody.

export type Operation =
  | ["set", string, string]
  | ["get", string]
  | ["pop", string]
  | ["fill", string, number]
  | ["new"]
  | ["clear"]
  | ["list"];

export interface Program {
  code: string;
  size: number;
  max_load: number | null;
  specimen: string | null;
  operations: Operation[];
  /** The key whose references are counted, with its value's, in every step; null: of each operation its own. */
  watch: string | null;
}

export type Layer = "python" | "module" | "table" | "...";

export interface TraceEvent {
  layer: Layer;
  text: string;
}

export type Chain = readonly string[];

export interface Stats {
  longest_chain: number;
  occupied_bins: number;
  hit_probes: number | null;
  miss_probes: number | null;
  load_proportion: number;
  resizes: number;
  ideal_hit_probes: number | null;
  ideal_longest: number | null;
}

export interface References {
  hash_func: number | null;
  key: number | null;
  value: number | null;
}

/** The table at a moment: whole, or what is not as it was in the picture before. */
export interface Picture {
  size: number;
  load: number;
  changed: [number, Chain][] | null;
  bins: Chain[] | null;
  lengths: number[] | null;
  stats: Stats;
  /** Of a dict with the same keys: its slots, and how many it looks at for the key of this operation. */
  dict: { size: number; probes: number | null };
}

/** As it was within a step, after this event of it. */
export interface Frame extends Picture {
  event: number;
}

export interface Step extends Picture {
  operation: Operation;
  result: string | null;
  error: string | null;
  events: TraceEvent[];
  /** Of a fill, one for each of its first keys, while the table is small. */
  frames: Frame[];
  references: References;
}

export interface Verdict {
  sentence: string;
  place: string | null;
  why: string | null;
  diff: string | null;
}

export interface Ended {
  how: "well" | "exception" | "died" | "timeout" | "memory";
  words: string;
  step: number | null;
  verdict: Verdict | null;
}

export interface Answer {
  steps: Step[];
  ended: Ended;
  truncated: boolean;
}

// Why a program cannot be run, and what is to be changed for it.
export interface Refusal {
  error: string;
  where: string | null;
  line: number | null;
}

export interface Specimen {
  name: string;
  title: string;
  code: string;
  operations: Operation[];
}

export interface About {
  python: string;
  hashtable: string;
  /** Each with a program that comes by its broken line. */
  specimens: Specimen[];
  limits: { seconds: number; megabytes: number; operations: number; keys: number };
  presets: { name: string; title: string; code: string }[];
  /** What a page shows that was given no program. */
  first: Program;
}
