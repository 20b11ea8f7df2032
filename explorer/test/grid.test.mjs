import assert from "node:assert/strict";
import { test } from "node:test";
import { Grid } from "../src/grid.ts";

test("all bins have room, and each is found where it is", () => {
  for (const bins of [1, 65, 100, 1000, 131_072]) {
    for (const [width, height] of [
      [700, 420],
      [340, 420],
    ]) {
      const grid = new Grid(bins, width, height);
      const view = grid.fit();
      assert.ok(grid.columns * grid.rows >= bins);
      assert.ok(view.cell * grid.rows <= height + 1e-6 && view.cell * grid.columns <= width + 1e-6);
      for (const bin of [0, bins - 1, bins >> 1]) {
        const [x, y] = grid.corner(view, bin);
        assert.equal(grid.binAt(view, x + view.cell / 2, y + view.cell / 2), bin);
      }
    }
  }
});

test("where no bin is, none is found", () => {
  const grid = new Grid(65, 700, 420);
  const view = grid.fit();
  assert.equal(grid.binAt(view, view.x - 1, 5), null);
  assert.equal(grid.binAt(view, 5, 10_000), null);
  assert.equal(grid.binAt(view, 5, -1), null);
});

test("zooming keeps what is under the pointer, and ends", () => {
  const grid = new Grid(10_000, 700, 420);
  let view = grid.fit();
  const bin = grid.binAt(view, 333, 222);
  for (let time = 0; time < 3; time++) view = grid.zoomed(view, 1.5, 333, 222);
  assert.equal(grid.binAt(view, 333, 222), bin);
  for (let time = 0; time < 99; time++) view = grid.zoomed(view, 2, 333, 222);
  assert.equal(view.cell, 160);
  for (let time = 0; time < 99; time++) view = grid.zoomed(view, 0.5, 1, 1);
  assert.equal(view.cell, grid.fit().cell);
  assert.ok(Math.abs(view.y) < 1e-6);
});

test("a bin that is looked for is in sight", () => {
  const grid = new Grid(10_000, 700, 420);
  const near = grid.zoomed(grid.fit(), 20, 0, 0);
  for (const bin of [0, 1, 5000, 9999]) {
    const view = grid.seeing(near, bin);
    const [x, y] = grid.corner(view, bin);
    assert.ok(
      x >= -1e-6 && y >= -1e-6 && x + view.cell <= 700 + 1e-6 && y + view.cell <= 420 + 1e-6,
      `bin ${bin}`,
    );
  }
});
