import type { Value } from "./value";
import { Unknown } from "./value";

/** More items are not made, of one value with all that is in it: a mistake must not fill the memory. */
export const MOST_ITEMS = 250_000;
/** Longer texts are not made: a repeated `join` must not fill the memory. */
export const LONGEST_TEXT = 10_000_000;
/** More rounds of for-expressions are not gone through, for one value. */
const MOST_ROUNDS = 250_000;

/** What is more than is worked out: the value is unknown, and somebody is told. */
export class TooMuch extends Error {}

/** So many characters weigh as much as an item. */
const CHARACTERS = 16;

/** How many items a value has, with all that is in it. A part that stands in several places counts in each. */
const SIZES = new WeakMap<object, number>();

function sizeOf(value: Value): number {
  if (typeof value === "string") return 1 + Math.floor(value.length / CHARACTERS);
  if (typeof value !== "object" || value === null || value instanceof Unknown) return 1;
  const known = SIZES.get(value);
  if (known !== undefined) return known;
  const parts: readonly Value[] = Array.isArray(value) ? value : Object.values(value);
  const size = parts.reduce<number>((sum, part) => sum + sizeOf(part), 1);
  SIZES.set(value, size);
  return size;
}

/** A value that was made of others. @throws TooMuch */
export function bounded<T extends Value>(value: T, what: string): T {
  if (typeof value === "string") checkText(value.length, what);
  else checkItems(sizeOf(value), what);
  return value;
}

/** @throws TooMuch */
export function checkItems(items: number, what: string): void {
  if (items > MOST_ITEMS) throw new TooMuch(`${what} makes more than ${MOST_ITEMS} items`);
}

/** @throws TooMuch */
export function checkText(length: number, what: string): void {
  if (length > LONGEST_TEXT)
    throw new TooMuch(`${what} makes a text of more than ${LONGEST_TEXT} characters`);
}

/** Counts the rounds of for-expressions, also of those in others, while one value is worked out. */
let rounds = 0;

/** @throws TooMuch */
export function countRounds(more: number): void {
  rounds += more;
  if (rounds > MOST_ROUNDS)
    throw new TooMuch(`its for-expressions go through more than ${MOST_ROUNDS} rounds`);
}

/** Works a value out, with rounds of its own: what it asks for besides has its own, too. */
export function withOwnRounds<T>(compute: () => T): T {
  const outer = rounds;
  rounds = 0;
  try {
    return compute();
  } finally {
    rounds = outer;
  }
}
