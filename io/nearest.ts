/**
 * The word that a misspelt one is nearest to, where it is near enough to be meant: a third of its letters at most are
 * others. Case, underscores and hyphens do not count. Time: the product of the lengths, for each word.
 */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const [best] = words
    .map((candidate) => ({ candidate, distance: distance(letters(word), letters(candidate)) }))
    .filter((one) => one.distance * 3 <= letters(one.candidate).length)
    .sort((a, b) => a.distance - b.distance);
  return best?.candidate;
}

/** Shorter words differ in one letter by intent as often as not, such as `v1a` and `v1b`. */
const SHORTEST_SLIP = 4;

/**
 * Whether one word is the other with a slip: in the case of letters, or with one letter put in, left out, changed or swapped.
 * Words that differ in a digit are two words, such as `web1` and `web2`.
 */
export function isSlip(one: string, other: string): boolean {
  if (one === other) return false;
  if (one.toLowerCase() === other.toLowerCase()) return true;
  if (Math.min(one.length, other.length) < SHORTEST_SLIP || Math.max(one.length, other.length) > LONGEST)
    return false;
  const [left, right] = differing(one, other);
  const isSwapped = left.length === 2 && left === [...right].reverse().join("");
  const isOneLetter = left.length < 2 && right.length < 2;
  return (isOneLetter || isSwapped) && !/\d/.test(left + right);
}

/** What is left of two words without how both begin and end. */
function differing(one: string, other: string): readonly [string, string] {
  const shorter = Math.min(one.length, other.length);
  let start = 0;
  while (start < shorter && one[start] === other[start]) start += 1;
  let end = 0;
  while (end < shorter - start && one.at(-1 - end) === other.at(-1 - end)) end += 1;
  return [one.slice(start, one.length - end), other.slice(start, other.length - end)];
}

/** Longer words are nobody's mistake. */
const LONGEST = 60;

function letters(word: string): string {
  return word.toLowerCase().replace(/[_-]/g, "").slice(0, LONGEST);
}

/** How many letters must be put in, left out, changed or swapped with the next one (optimal string alignment). */
function distance(from: string, to: string): number {
  let before: readonly number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (let at = 0; at < to.length; at += 1) {
      const changed = (row[at] as number) + (to[at] === letter ? 0 : 1);
      const isSwapped = at > 0 && to[at] === from[index - 1] && to[at - 1] === letter;
      const swapped = isSwapped ? (before[at - 1] as number) + 1 : changed;
      next.push(Math.min(changed, swapped, (row[at + 1] as number) + 1, (next[at] as number) + 1));
    }
    before = row;
    row = next;
  }
  return row[to.length] as number;
}
