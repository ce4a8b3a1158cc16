/** Computes something once for each object that it is asked of, such as an inventory. */
export function once<K extends object, T>(compute: (of: K) => T): (of: K) => T {
  const known = new WeakMap<K, { readonly value: T }>();
  return (of) => {
    const entry = known.get(of) ?? { value: compute(of) };
    known.set(of, entry);
    return entry.value;
  };
}

/** Items in lists by a key; items without one are left out. */
export function groupBy<T>(
  items: readonly T[],
  key: (item: T) => string | undefined,
): ReadonlyMap<string, readonly T[]> {
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
