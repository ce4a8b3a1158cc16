import { describe } from "../io/errors";

/** Set in the environment, it adds where a bug is to what is said of it. */
const TRACE = "VERIFY_STACK_TRACE";

/** What to say when everything else failed to say something: that it is a bug, and how to report it. */
export function lastWords(error: unknown): string {
  const isTraceWanted = Boolean(process.env[TRACE]);
  return [
    `This is a bug in the verifier, not in your input: ${describe(error, isTraceWanted)}`,
    `Nothing was judged. Please report it in the project's issues, with the command${
      isTraceWanted ? ", what is above" : `, what it says with ${TRACE}=1 set`
    } and the input, as far as you may share it.`,
  ].join("\n");
}
