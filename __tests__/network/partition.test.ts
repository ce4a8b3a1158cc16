import fc from "fast-check";
import { expect, test } from "vitest";
import { type Interval, intersect, subtract, union } from "../../network/intervals";
import { partition } from "../../network/partition";

const set = (first: number, last: number) => [{ first, last }];

test("traffic is split at the borders of what applies to it, with the values in their order", () => {
  const entries = [
    { traffic: set(0, 9), value: "a" },
    { traffic: set(5, 14), value: "b" },
    { traffic: set(20, 29), value: "c" },
  ];
  expect(partition(entries, set(0, 24))).toStrictEqual([
    { traffic: set(5, 9), values: ["a", "b"] },
    { traffic: set(0, 4), values: ["a"] },
    { traffic: set(10, 14), values: ["b"] },
    { traffic: set(20, 24), values: ["c"] },
  ]);
});

test("what is outside, and what nothing applies to, is in no piece", () => {
  expect(partition([], set(0, 9))).toStrictEqual([]);
  expect(partition([{ traffic: set(10, 12), value: "a" }], set(0, 9))).toStrictEqual([]);
  expect(partition([{ traffic: [], value: "a" }], set(0, 9))).toStrictEqual([]);
});

test("what applies to all of a piece splits nothing", () => {
  const entries = ["a", "b"].map((value) => ({ traffic: set(0, 9), value }));
  expect(partition(entries, set(0, 9))).toStrictEqual([{ traffic: set(0, 9), values: ["a", "b"] }]);
});

test("every number is in the one piece that has just what applies to it", () => {
  const intervals = fc.array(
    fc
      .tuple(fc.nat(12), fc.nat(12))
      .map(([a, b]): Interval<number> => ({ first: Math.min(a, b), last: Math.max(a, b) })),
    { maxLength: 3 },
  );
  fc.assert(
    fc.property(fc.array(intervals, { maxLength: 5 }), intervals, (sets, all) => {
      const entries = sets.map((one, value) => ({ traffic: union(one), value }));
      const within = union(all);
      const pieces = partition(entries, within);
      for (let number = 0; number <= 12; number += 1) {
        const has = (one: readonly Interval<number>[]) => intersect(one, set(number, number)).length > 0;
        const values = entries.filter(({ traffic }) => has(traffic)).map(({ value }) => value);
        const own = pieces.filter(({ traffic }) => has(traffic));
        expect(own.map((piece) => piece.values)).toStrictEqual(
          has(within) && values.length > 0 ? [values] : [],
        );
      }
      // No piece is empty, or goes beyond what is asked for.
      for (const { traffic } of pieces) {
        expect(traffic.length).toBeGreaterThan(0);
        expect(subtract(traffic, within)).toStrictEqual([]);
      }
    }),
    { numRuns: 200 },
  );
});
