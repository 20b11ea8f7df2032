import assert from "node:assert/strict";
import { test } from "node:test";
import { binsAt, binsOf, Player, Timeline } from "../src/timeline.ts";
import { event, step, STEPS } from "./steps.mjs";

const timeline = new Timeline(STEPS);

test("every event is a moment, and a step without events is one", () => {
  assert.equal(timeline.length, 1 + 4 + 2 + 3 + 1);
  const moments = Array.from({ length: timeline.length }, (_, number) => timeline.at(number));
  assert.deepEqual(
    moments.map(({ step }) => step),
    [0, 1, 1, 1, 1, 2, 2, 3, 3, 3, 4],
  );
  assert.deepEqual(
    moments.map((moment) => moment.event),
    [-1, 0, 1, 2, 3, 0, 1, 0, 1, 2, -1],
  );
});

test("a number out of the timeline is its beginning or its end", () => {
  assert.equal(timeline.at(-5).number, 0);
  assert.equal(timeline.at(1e9).number, timeline.last);
  assert.deepEqual(new Timeline([]).at(3), { number: 0, step: 0, event: -1 });
});

test("going back by steps visits the steps that going on visits", () => {
  const on = [0];
  while (on.at(-1) < timeline.last) on.push(timeline.stepOn(on.at(-1)));
  const back = [timeline.last];
  while (back.at(-1) > 0) back.push(timeline.stepBack(back.at(-1)));
  assert.deepEqual(on, back.reverse());
  assert.equal(on.length, STEPS.length);
});

test("the table changes with the event that changes it", () => {
  const shown = Array.from({ length: timeline.length }, (_, number) => timeline.shown(timeline.at(number)));
  assert.deepEqual(shown, [0, 0, 0, 1, 1, 1, 2, 3, 3, 3, 4]);
});

test("within a fill the table changes with each of the events that change it", () => {
  const set = (slot) => [
    event("module", "set"),
    event("table", `puts slot ${slot} at the end of bin 0`),
    event("module", "set returns"),
  ];
  const events = [...set(0), ...set(1), event("module", "... and the same with 7 more keys")];
  const frames = [
    { ...step({ load: 1 }), event: 2 },
    { ...step({ load: 2 }), event: 5 },
  ];
  const fill = step({ operation: ["fill", "random", 9], load: 9, events, frames });
  const filled = new Timeline([STEPS[0], fill, step({ operation: ["list"], load: 9 })]);
  assert.deepEqual(
    filled.pictures.map(({ load }) => load),
    [0, 1, 2, 9, 9],
  );
  const shown = Array.from({ length: filled.length }, (_, number) => filled.shown(filled.at(number)));
  assert.deepEqual(shown, [0, 0, 1, 1, 1, 2, 2, 3, 4]);
});

test("an event's bins are those it names, and what Python says names none", () => {
  assert.deepEqual(binsOf(event("table", "slot 0 moves from bin 1 to bin 5")), [1, 5]);
  assert.deepEqual(binsOf(event("python", "bin 7")), []);
  assert.deepEqual(binsOf(event("table", "hash 7 is of bin 3 of 4")), [3]);
  assert.deepEqual(binsOf(null), []);
});

test("after its last bin an operation is still about that bin", () => {
  assert.deepEqual(binsAt(timeline, timeline.at(4)), [1]);
  assert.deepEqual(binsAt(timeline, timeline.at(1)), []);
});

test("a player goes on as fast as it is told, and does not catch up on an hour", () => {
  const player = new Player(10);
  player.start();
  assert.equal(player.tick(1000), 0);
  assert.equal(player.tick(1500), 5);
  assert.equal(player.tick(1550), 0);
  assert.equal(player.tick(1600), 1);
  assert.equal(player.tick(3_600_000), 10);
});
