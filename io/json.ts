/** A JSON object. */
export interface Json {
  [key: string]: unknown;
}

/** Whether a value is an object with keys: neither null nor an array. */
export function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * JSON as it is committed: keys in code-unit order, two spaces, a newline at the end. Arrays keep their order.
 *
 * @throws TypeError for what JSON cannot hold: a BigInt, an object that holds itself
 */
export function stringify(value: unknown): string {
  // Parsed first, because sorting would follow an object that holds itself for ever.
  return `${JSON.stringify(sorted(JSON.parse(JSON.stringify(value))), null, 2)}\n`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isJson(value)) return value;
  const result: Json = {};
  for (const key of Object.keys(value).sort()) {
    const item = sorted(value[key]);
    // As an assignment it would set the prototype.
    if (key === "__proto__") Object.defineProperty(result, key, { value: item, enumerable: true });
    else result[key] = item;
  }
  return result;
}
