import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Interval, intersect, subtract, union } from "../../network/intervals";

const LARGEST = 12;

/** Intervals of small numbers, in any order, which may overlap. */
const intervals = fc.array(
  fc
    .tuple(fc.nat(LARGEST), fc.nat(LARGEST))
    .map(([a, b]): Interval<number> => ({ first: Math.min(a, b), last: Math.max(a, b) })),
  { maxLength: 5 },
);

/** The numbers of intervals, one by one. */
function numbersIn(set: readonly Interval<number>[]): Set<number> {
  return new Set(
    set.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, index) => first + index)),
  );
}

/** Numbers as the only set that has them: each interval as long as it can be. */
function setOf(numbers: ReadonlySet<number>): Interval<number>[] {
  const set: Interval<number>[] = [];
  for (let number = 0; number <= LARGEST; number += 1) {
    if (!numbers.has(number)) continue;
    const last = set.at(-1);
    if (last?.last === number - 1) set[set.length - 1] = { ...last, last: number };
    else set.push({ first: number, last: number });
  }
  return set;
}

const wide = (set: readonly Interval<number>[]): Interval<bigint>[] =>
  set.map(({ first, last }) => ({ first: BigInt(first), last: BigInt(last) }));

const every = (a: ReadonlySet<number>, condition: (number: number) => boolean) =>
  new Set([...a].filter(condition));

describe("a set of numbers", () => {
  test("is the same as its numbers one by one, whichever question is asked", () => {
    fc.assert(
      fc.property(intervals, intervals, (some, others) => {
        const [a, b] = [union(some), union(others)];
        const [inA, inB] = [numbersIn(some), numbersIn(others)];
        expect(a).toStrictEqual(setOf(inA));
        expect(union([...a, ...b])).toStrictEqual(setOf(new Set([...inA, ...inB])));
        expect(subtract(a, b)).toStrictEqual(setOf(every(inA, (number) => !inB.has(number))));
        expect(intersect(a, b)).toStrictEqual(setOf(every(inA, (number) => inB.has(number))));
      }),
      { numRuns: 500 },
    );
  });

  test("is the same whether its numbers are small or large", () => {
    fc.assert(
      fc.property(intervals, intervals, (some, others) => {
        const [a, b] = [union(some), union(others)];
        expect(union(wide(some))).toStrictEqual(wide(a));
        expect(subtract(wide(a), wide(b))).toStrictEqual(wide(subtract(a, b)));
        expect(intersect(wide(a), wide(b))).toStrictEqual(wide(intersect(a, b)));
      }),
    );
  });

  test.each<[what: string, given: Interval<number>[], united: Interval<number>[]]>([
    ["nothing", [], []],
    ["one", [{ first: 3, last: 5 }], [{ first: 3, last: 5 }]],
    [
      "neighbours are one",
      [
        { first: 4, last: 6 },
        { first: 1, last: 3 },
      ],
      [{ first: 1, last: 6 }],
    ],
    [
      "with one number between them they are two",
      [
        { first: 5, last: 6 },
        { first: 1, last: 3 },
      ],
      [
        { first: 1, last: 3 },
        { first: 5, last: 6 },
      ],
    ],
    [
      "one inside the other",
      [
        { first: 1, last: 9 },
        { first: 1, last: 3 },
        { first: 2, last: 4 },
      ],
      [{ first: 1, last: 9 }],
    ],
  ])("united: %s", (_, given, united) => {
    expect(union(given)).toStrictEqual(united);
  });
});
