/** A JSON object. */
export interface Json {
  [key: string]: unknown;
}

/** Whether a value is an object with keys: neither null nor an array. */
export function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** JSON as it is committed: keys in code-unit order, two spaces, a newline at the end. Arrays keep their order. */
export function stringify(value: unknown): string {
  return `${JSON.stringify(sorted(value), null, 2)}\n`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isJson(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}
