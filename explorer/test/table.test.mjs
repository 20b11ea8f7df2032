import assert from "node:assert/strict";
import { test } from "node:test";
import { History } from "../src/table.ts";
import { step, STEPS } from "./steps.mjs";

const AFTER = [
  [[], [], [], []],
  [[], ["'a'"], [], []],
  [[], ["'a'"], [], []],
  [[], [], [], [], [], ["'a'"], ["'b'"], []],
  [[], [], [], [], [], [], ["'b'"], []],
];

test("the table after a step is the same from whichever step one comes", () => {
  const history = new History(STEPS);
  for (let from = 0; from < STEPS.length; from++) {
    for (let to = 0; to < STEPS.length; to++) {
      history.at(from);
      const { chains, lengths } = history.at(to);
      assert.deepEqual(chains, AFTER[to], `from ${from} to ${to}`);
      assert.deepEqual(
        [...lengths],
        AFTER[to].map((chain) => chain.length),
      );
    }
  }
});

test("a table that was shown stays as it was", () => {
  const history = new History(STEPS);
  const empty = history.at(0);
  history.at(1);
  assert.deepEqual(empty.chains, AFTER[0]);
  assert.deepEqual([...empty.lengths], [0, 0, 0, 0]);
});

test("where keys are not sent, their number is known, and the keys of what changes later", () => {
  const steps = [
    step({ bins: [[], []], size: 2 }),
    step({ lengths: [9000, 12000], size: 2, load: 21000 }),
    step({
      changed: [
        [0, ["'a'"]],
        [7, []],
      ],
      size: 2,
    }),
  ];
  const { chains, lengths } = new History(steps).at(2);
  assert.deepEqual(chains, [["'a'"], null]);
  assert.deepEqual([...lengths], [1, 12000]);
});

test("bins are counted by the length of their chain, from four up together", () => {
  const table = new History([step({ lengths: [0, 0, 1, 2, 3, 4, 99] })]).at(0);
  assert.deepEqual(table.counts(), [2, 1, 1, 1, 2]);
});

test("nothing is a table without bins", () => {
  assert.equal(new History([]).at(0).size, 0);
});
