/** Whole numbers from the first to the last, both included. */
export interface Interval<N extends number | bigint> {
  readonly first: N;
  readonly last: N;
}

/** A set of whole numbers: intervals in ascending order that neither touch nor overlap. */
export type IntervalSet<N extends number | bigint> = readonly Interval<N>[];

/** The union of intervals in any order. Time: n log n. */
export function union<N extends number | bigint>(intervals: readonly Interval<N>[]): IntervalSet<N> {
  if (intervals.length < 2) return intervals;
  const sorted = [...intervals].sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  const result: Interval<N>[] = [];
  for (const interval of sorted) {
    const previous = result.at(-1);
    if (previous === undefined || interval.first > successor(previous.last)) {
      result.push(interval);
    } else if (interval.last > previous.last) {
      result[result.length - 1] = { first: previous.first, last: interval.last };
    }
  }
  return result;
}

/** What is in the first set and not in the second. */
export function subtract<N extends number | bigint>(
  from: IntervalSet<N>,
  taken: IntervalSet<N>,
): IntervalSet<N> {
  if (from.length === 0 || taken.length === 0) return from;
  const result: Interval<N>[] = [];
  for (const interval of from) {
    let first = interval.first;
    for (const hole of taken) {
      if (hole.last < first) continue;
      if (hole.first > interval.last) break;
      if (hole.first > first) result.push({ first, last: predecessor(hole.first) });
      first = successor(hole.last);
      if (first > interval.last) break;
    }
    if (first <= interval.last) result.push({ first, last: interval.last });
  }
  return result;
}

/** What is in both sets. */
export function intersect<N extends number | bigint>(a: IntervalSet<N>, b: IntervalSet<N>): IntervalSet<N> {
  return a.length === 0 || b.length === 0 ? [] : subtract(a, subtract(a, b));
}

function successor<N extends number | bigint>(value: N): N {
  return (typeof value === "bigint" ? value + 1n : (value as number) + 1) as N;
}

function predecessor<N extends number | bigint>(value: N): N {
  return (typeof value === "bigint" ? value - 1n : (value as number) - 1) as N;
}
