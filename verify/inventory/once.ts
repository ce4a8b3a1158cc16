/** Computes something once for each object that it is asked of, such as an inventory. */
export function once<K extends object, T>(compute: (of: K) => T): (of: K) => T {
  const known = new WeakMap<K, { readonly value: T }>();
  return (of) => {
    const before = known.get(of);
    if (before !== undefined) return before.value;
    const value = compute(of);
    known.set(of, { value });
    return value;
  };
}
