// Guided tours, for the talk's scenes: each stop loads a program and says what to look at.

import type { Operation, Program } from "./contract";

/** The parts of the page that there is something to look at in. */
export const LOOKS = ["picture", "lanes", "transport", "figures", "chart", "message", "editor"] as const;
export type Look = (typeof LOOKS)[number];

export interface Stop {
  words: string;
  look: Look;
  program: Program;
  /** The step to begin at, at its first event; the end, if there is none. */
  step?: number;
}

export interface Tour {
  name: string;
  title: string;
  stops: Stop[];
}

const LENGTH = "def hash_func(key):\n    return len(key)\n";
const LETTERS = "def hash_func(key):\n    return sum(ord(letter) for letter in key)\n";
const BUILTIN = "hash_func = hash\n";
const HIGH = "def hash_func(key):\n    return (hash(key) * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF) >> 32\n";

function program(
  code: string,
  size: number,
  max_load: number | null,
  operations: Operation[],
  specimen: string | null = null,
): Program {
  return { code, size, max_load, specimen, operations, watch: null };
}

const spam: Operation = ["set", "'spam'", "1"];
const eggs: Operation = ["set", "'eggs'", "2"];
const maps: Operation = ["set", "'maps'", "3"];

export const TOURS: Tour[] = [
  {
    name: "collision",
    title: "Collision",
    stops: [
      {
        words:
          "A table with four bins. The hash function gives a number for a key, and what is left of it when it is divided by four says which bin the key goes to. 'spam' went to the bin that is marked.",
        look: "picture",
        program: program(LETTERS, 4, null, [spam]),
      },
      {
        words:
          "'maps' has the same letters as 'spam', so it has the same sum, and goes to the same bin: a collision. Nothing is lost: the two are a chain.",
        look: "picture",
        program: program(LETTERS, 4, null, [spam, eggs, maps]),
      },
      {
        words:
          "To find 'spam', the table walks the chain: it looks at every key until one is the right one. Press Play, and watch the lane of the table.",
        look: "lanes",
        program: program(LETTERS, 4, null, [spam, eggs, maps, ["get", "'spam'"]]),
        step: 4,
      },
      {
        words:
          "A hash function that says the same for all keys makes one chain of them. See how many looks a search takes, and how many it should take.",
        look: "figures",
        program: program("def hash_func(key):\n    return 42\n", 64, null, [["fill", "sequential", 60]]),
      },
      {
        words:
          "Keys that are 4096 apart, hashed by Python itself: in all of them the low bits are the same, and the low bits are what the table looks at. One hash function is as good as its table lets it be.",
        look: "picture",
        program: program(BUILTIN, 256, null, [["fill", "strided:4096", 200]]),
      },
      {
        words:
          "The same keys, multiplied by a large odd number, and of that the high bits. Change the function, and see what becomes of the map.",
        look: "editor",
        program: program(HIGH, 256, null, [["fill", "strided:4096", 200]]),
      },
    ],
  },
  {
    name: "resize",
    title: "Resize",
    stops: [
      {
        words: "Four bins, and a maximum load of 0.75: three entries are as many as there may be.",
        look: "picture",
        program: program(LETTERS, 4, 0.75, [spam, eggs, ["set", "'talk'", "3"]]),
      },
      {
        words:
          "The fourth entry is too much: four bins become eight, and each entry is looked at again: it stays, or it moves. Go on event by event, and watch the lane of the table.",
        look: "lanes",
        program: program(LETTERS, 4, 0.75, [spam, eggs, ["set", "'talk'", "3"], ["set", "'rust'", "4"]]),
        step: 4,
      },
      {
        words:
          "A thousand entries, and the table has grown eight times. The marks on the timeline are where it did.",
        look: "transport",
        program: program(BUILTIN, 4, 0.75, [
          ["fill", "random", 4],
          ["fill", "sequential", 10],
          ["fill", "sequential", 100],
          ["fill", "sequential", 1000],
        ]),
      },
      {
        words:
          "Without a maximum load the table never grows, and its chains do: compare what is here with the ideal, which knows how many bins there are.",
        look: "figures",
        program: program(BUILTIN, 4, null, [["fill", "random", 1000]]),
      },
    ],
  },
  {
    name: "crash",
    title: "The crash",
    stops: [
      {
        words:
          "This is the talk's table with one line broken: set returns the table itself, and forgets to count that. Whoever called it throws the result away, and with it a reference that there never was. The next use of the table finds freed memory, and the process dies. Yours does not: the program runs in a child.",
        look: "message",
        program: program(LENGTH, 4, 0.75, [spam, ["get", "'spam'"]], "segfault"),
      },
      {
        words:
          "What was traced until then: the last thing in the lanes is the last thing that the child did.",
        look: "lanes",
        program: program(LENGTH, 4, 0.75, [spam, ["get", "'spam'"]], "segfault"),
      },
      {
        words: "The same program with the line mended. set returns None, and all is well.",
        look: "lanes",
        program: program(LENGTH, 4, 0.75, [spam, ["get", "'spam'"]]),
      },
    ],
  },
  {
    name: "leak",
    title: "The leak",
    stops: [
      {
        words:
          "A table owns a reference to its hash function, and gives it back when it dies. Here a new table takes the old one's place, again and again. The count of the hash function stays where it is.",
        look: "chart",
        program: program(LENGTH, 4, 0.75, [spam, ["new"], spam, ["new"], spam, ["new"]]),
      },
      {
        words:
          "The line that gives it back is gone. Each table that dies leaves a reference behind: the count climbs, and the function can never be freed. Nothing crashes, and no test that only looks at results will see it.",
        look: "chart",
        program: program(LENGTH, 4, 0.75, [spam, ["new"], spam, ["new"], spam, ["new"]], "leak"),
      },
      {
        words:
          "The ledger has written down every reference that was taken and given back, and who did it. It names the line.",
        look: "message",
        program: program(LENGTH, 4, 0.75, [spam, ["new"], spam, ["new"], spam, ["new"]], "leak"),
      },
    ],
  },
];
