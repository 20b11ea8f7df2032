// Answers as the server gives them, made by hand.

export const stats = {
  longest_chain: 0,
  occupied_bins: 0,
  hit_probes: 0,
  miss_probes: 0,
  load_proportion: 0,
  resizes: 0,
  ideal_hit_probes: 1,
  ideal_longest: 1,
};

export function step(more = {}) {
  return {
    operation: ["new"],
    result: null,
    error: null,
    events: [],
    frames: [],
    size: 4,
    load: 0,
    changed: null,
    bins: null,
    lengths: null,
    stats,
    references: { hash_func: 3, key: null, value: null },
    dict: { size: 8, probes: null },
    ...more,
  };
}

export const event = (layer, text) => ({ layer, text });

export const STEPS = [
  step({ bins: [[], [], [], []] }),
  step({
    operation: ["set", "'a'", "1"],
    result: "None",
    load: 1,
    changed: [[1, ["'a'"]]],
    events: [
      event("module", "set of a HashTable"),
      event("table", "hash 5 is of bin 1 of 4"),
      event("table", "puts slot 0 at the end of bin 1; the load is now 1"),
      event("module", "set returns"),
    ],
  }),
  step({
    operation: ["get", "'a'"],
    result: "1",
    load: 1,
    changed: [],
    events: [event("module", "get of a HashTable"), event("table", "hash 5 is of bin 1 of 4")],
  }),
  step({
    operation: ["set", "'b'", "1"],
    size: 8,
    load: 2,
    bins: [[], [], [], [], [], ["'a'"], ["'b'"], []],
    events: [
      event("table", "4 bins become 8"),
      event("table", "slot 0 moves from bin 1 to bin 5"),
      event("table", "puts slot 1 at the end of bin 6; the load is now 2"),
    ],
  }),
  step({ operation: ["pop", "'a'"], size: 8, load: 1, changed: [[5, []]] }),
];
