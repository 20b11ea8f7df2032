import assert from "node:assert/strict";
import { test } from "node:test";
import { BadProgram, decoded, encoded, parsed, validated, written } from "../src/program.ts";
import { TOURS } from "../src/tours.ts";
import { waysOn } from "../src/views/message.ts";

const FIRST = {
  code: "def hash_func(key):\n    return len(key)\n",
  size: 8,
  max_load: 0.75,
  specimen: null,
  operations: [
    ["set", "'spam'", "1"],
    ["set", "'eggs'", "2"],
    ["set", "'bacon'", "3"],
    ["get", "'spam'"],
  ],
  watch: "'spam'",
};
const ODD = {
  ...FIRST,
  code: "# <img src=x onerror=alert(1)> é 🐍\n",
  max_load: null,
  specimen: "segfault",
  operations: [["fill", "random", 7], ["pop", "'</script>'"], ["clear"], ["list"], ["new"]],
};

test("a program comes out of a link as it went in", async () => {
  for (const program of [FIRST, ODD, ...TOURS.flatMap(({ stops }) => stops.map((stop) => stop.program))]) {
    const part = await encoded(program);
    assert.match(part, /^[A-Za-z0-9_-]+$/);
    assert.deepEqual(await decoded(part), program);
    assert.deepEqual(await decoded(`http://127.0.0.1:1/#p=${part}`), program);
  }
});

test("a link that was cut off, or is none, is refused in a sentence", async () => {
  const part = await encoded(FIRST);
  for (const link of [part.slice(0, -9), "", "#", "#p=", "http://127.0.0.1/", "#p=!!", `${part}A`.slice(3)]) {
    await assert.rejects(decoded(link), BadProgram, link);
  }
});

test("a small link that is a large text is refused", async () => {
  const bomb = await encoded({ ...FIRST, code: "x".repeat(50_000_000) });
  assert.ok(bomb.length < 100_000);
  await assert.rejects(decoded(bomb), /too large/);
});

test("what is no program is refused, and what is too much is left out", () => {
  const wrong = [
    null,
    7,
    [],
    "x",
    {},
    { ...FIRST, code: 7 },
    { ...FIRST, size: 0 },
    { ...FIRST, size: 1.5 },
    { ...FIRST, max_load: "1" },
    { ...FIRST, max_load: -1 },
    { ...FIRST, specimen: "../x" },
    { ...FIRST, operations: {} },
    { ...FIRST, operations: [["eval", "1"]] },
    { ...FIRST, operations: [["set", "1"]] },
    { ...FIRST, operations: [["get", 1]] },
    { ...FIRST, operations: [["fill", "random", "7"]] },
    { ...FIRST, operations: ["set"] },
    { ...FIRST, watch: 1 },
  ];
  for (const each of wrong) assert.throws(() => validated(each), BadProgram, JSON.stringify(each));
  assert.deepEqual(validated({ ...FIRST, more: 1, __proto__: { x: 1 } }), FIRST);
  assert.throws(() => parsed("{"), /no JSON/);
});

test("after a death one goes on without the operation that it was", () => {
  const ended = { how: "died", words: "", step: 2, verdict: null };
  const [without, mended] = waysOn({ ...FIRST, specimen: "segfault" }, ended);
  assert.deepEqual(
    without.program.operations,
    FIRST.operations.filter((_, index) => index !== 1),
  );
  assert.equal(without.program.specimen, "segfault");
  assert.deepEqual(mended.program, FIRST);
  assert.deepEqual(waysOn({ ...FIRST, operations: [] }, ended), []);
  assert.equal(waysOn(FIRST, { ...ended, step: null })[0].program.operations.length, 3);
});

test("after a death before all operations one goes on with all of them, and another hash function", () => {
  const ended = { how: "died", words: "", step: 0, verdict: null };
  for (const ways of [waysOn(FIRST, ended), waysOn(FIRST, { ...ended, step: null }, false)]) {
    assert.deepEqual(
      ways.map(({ program }) => program),
      [{ ...FIRST, code: "hash_func = hash\n" }],
    );
  }
});

test("an operation is written as it is called", () => {
  assert.equal(written(["set", "'a'", "1"]), "set('a', 1)");
  assert.equal(written(["fill", "random", 3]), "fill with 3 random");
  assert.equal(written(["clear"]), "clear()");
});
