/** Compares by code units: the same order on every machine, whatever its language. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Each text once, in order. */
export function sortedOnce(texts: Iterable<string>): string[] {
  return [...new Set(texts)].sort(byText);
}

/** Items by a key, in the order in which the keys come first; items without a key are left out. */
export function groupedBy<T>(items: Iterable<T>, key: (item: T) => string | undefined): Map<string, T[]> {
  const result = new Map<string, T[]>();
  for (const item of items) {
    const name = key(item);
    if (name === undefined) continue;
    const list = result.get(name);
    if (list) list.push(item);
    else result.set(name, [item]);
  }
  return result;
}
