import { intersect, subtract } from "./intervals";
import type { TrafficSet } from "./traffic";

/** Some traffic, with what applies to all of it alike. */
export interface Piece<T> {
  readonly traffic: TrafficSet;
  readonly values: readonly T[];
}

/**
 * Splits traffic at the borders of what applies to parts of it: pieces that do not overlap, with the values in their
 * order. What nothing applies to is left out.
 */
export function partition<T>(
  entries: readonly { readonly traffic: TrafficSet; readonly value: T }[],
  within: TrafficSet,
): Piece<T>[] {
  let pieces: Piece<T>[] = [];
  for (const { traffic, value } of entries) {
    const own = intersect(traffic, within);
    if (own.length === 0) continue;
    const next: Piece<T>[] = [];
    let rest = own;
    for (const piece of pieces) {
      const common = intersect(piece.traffic, rest);
      if (common.length === 0) {
        next.push(piece);
        continue;
      }
      next.push({ traffic: common, values: [...piece.values, value] });
      const outside = subtract(piece.traffic, common);
      if (outside.length > 0) next.push({ traffic: outside, values: piece.values });
      rest = subtract(rest, common);
    }
    if (rest.length > 0) next.push({ traffic: rest, values: [value] });
    pieces = next;
  }
  return pieces;
}
