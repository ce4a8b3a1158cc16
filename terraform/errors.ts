import type { z } from "zod";

/** Input that cannot be used. `problems` holds one sentence for each; the message is all of them. */
export class InputError extends Error {
  override readonly name = "InputError";

  constructor(readonly problems: readonly string[]) {
    super(problems.join("\n"));
  }
}

/** What was given, short enough for a message. */
export function given(value: unknown): string {
  if (value === undefined) return "nothing was given";
  const json = JSON.stringify(value) ?? String(value);
  return `given: ${json.length > 100 ? `${json.slice(0, 100)}…` : json}`;
}

/**
 * Parses input by a schema.
 *
 * @param what the words for the input as a whole; each problem starts with them and the path inside it
 * @throws InputError naming every problem, with what was given
 */
export function parseInput<T>(what: string, schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const at = (path: readonly PropertyKey[]) =>
    path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], input);
  throw new InputError(
    result.error.issues.map((issue) => {
      const where = [what, ...issue.path.map(String)].join(".");
      return `${where}: ${issue.message} (${given(at(issue.path))})`;
    }),
  );
}
