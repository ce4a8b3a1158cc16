import type * as z from "zod";

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
  const json = firstOf([() => JSON.stringify(value), () => String(value)]) ?? typeof value;
  return `given: ${json.length > 100 ? `${json.slice(0, 100)}…` : json}`;
}

/**
 * What was thrown, in words: the message of an error, or else its name; anything else as text. Throws nothing
 * itself, whatever was thrown.
 *
 * @param withTrace adds where an error comes from
 */
export function describe(thrown: unknown, withTrace = false): string {
  const message =
    firstOf([
      () => (typeof thrown === "string" ? thrown : (thrown as Error).message),
      () => (thrown instanceof Error ? thrown.name : undefined),
      () => JSON.stringify(thrown),
      () => String(thrown),
    ]) ?? "something without a message was thrown";
  const trace = withTrace ? firstOf([() => (thrown as Error).stack]) : undefined;
  if (trace === undefined) return withTrace ? message : withoutCreationStack(message);
  return trace.includes(message) ? trace : `${message}\n${trace}`;
}

/** The first that gives text; those that throw or give none are passed over. */
function firstOf(attempts: readonly (() => unknown)[]): string | undefined {
  for (const attempt of attempts) {
    try {
      const words = attempt();
      if (typeof words === "string" && words !== "") return words;
    } catch {
      // The next one may know.
    }
  }
  return undefined;
}

/** cdktf adds where a token was made to its messages, as absolute paths. */
function withoutCreationStack(message: string): string {
  return message.replace(/\n(Object creation stack|Token created):(\n +at .*)*/g, "");
}

/**
 * Does what may find problems in input, and adds them to those that are known, so that all are said at once.
 *
 * @param where what each problem starts with
 * @returns undefined where there are problems
 */
export function attempt<T>(problems: string[], make: () => T, where = ""): T | undefined {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    problems.push(...error.problems.map((problem) => `${where}${problem}`));
    return undefined;
  }
}

/** The same of what is done later. */
export async function attemptLater<T>(problems: string[], make: () => Promise<T>): Promise<T | undefined> {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}

/**
 * The words for an object that knows these keys alone.
 *
 * @param what how its users call an object
 */
export const strictly = (accepted: string, what = "an object") => ({
  error: (issue: { code?: string; keys?: string[] }) =>
    issue.code === "unrecognized_keys"
      ? `does not know ${issue.keys?.map((key) => `"${key}"`).join(", ")}; accepted: ${accepted}`
      : `must be ${what} with ${accepted}`,
});

/** What an issue is about: of an object with keys that nobody knows, these. */
function withKeys(issue: z.core.$ZodIssue, value: unknown): unknown {
  if (issue.code !== "unrecognized_keys") return value;
  return Object.fromEntries(issue.keys.map((key) => [key, (value as Record<string, unknown>)[key]]));
}

/**
 * Parses input by a schema.
 *
 * @param what the words for the input as a whole; each problem starts with them and the path inside it
 * @throws InputError naming every problem, with what was given
 * @internal Of zod, which the users of the package do not have.
 */
export function parseInput<T>(what: string, schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const at = (path: readonly PropertyKey[]) =>
    path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], input);
  throw new InputError(
    result.error.issues.map((issue) => {
      const where = [what, ...issue.path.map(String)].join(".");
      return `${where}: ${issue.message} (${given(withKeys(issue, at(issue.path)))})`;
    }),
  );
}
