/** As many results as are kept before all are forgotten. */
const MOST = 10_000;

/** The same function of a text, worked out once for each: texts recur in every instance of a module or a resource. */
export function remembered<T>(compute: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined || known.has(text)) return found as T;
    const result = compute(text);
    if (known.size >= MOST) known.clear();
    known.set(text, result);
    return result;
  };
}
