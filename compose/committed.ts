import { relative } from "node:path";
import { difference } from "../io/difference";
import { given, InputError } from "../io/errors";
import type { Stacks } from "../synth/synthesize";
import { comparedWith } from "../synth/write";
import { type AppOptions, render } from "./app";

/** Lines of a difference, of each file and at most of so many files. */
const LINES = 30;
const FILES = 5;

/**
 * Compares what an app would write with what a folder holds, for a test: that the committed output is what the code
 * says. Needs no test framework: it throws where they differ.
 *
 * @param folder the folder that `run` writes to, such as `cdktf.out`; relative to the working directory
 * @param options those that `run` is given
 * @throws Error with what differs, what is missing and what is too much, and what to do about it
 * @throws InputError if the app cannot be synthesized
 */
export function expectCommitted(folder: string, stacks: Stacks, options?: AppOptions): void {
  if (typeof folder !== "string" || folder === "") {
    throw new InputError([
      `expectCommitted: needs the folder of the output, such as "cdktf.out" (${given(folder)})`,
    ]);
  }
  const files = render(stacks, options);
  const { missing, different, stale } = comparedWith(folder, files);
  const count = missing.length + different.length + stale.length;
  if (count === 0) return;
  const shown = different.slice(0, FILES).map(({ path, content }) => {
    const lines = difference(content, files[path] ?? "", LINES);
    return `${path} differs (- committed, + synthesized):\n${lines}`;
  });
  const parts = [
    `${relative(process.cwd(), folder) || "."} differs from the stacks: ${count === 1 ? "1 path differs" : `${count} paths differ`}.`,
    ...missing.map((path) => `${path} is missing.`),
    ...stale.map((path) => `${path} is left over: no stack writes it.`),
    ...different.slice(FILES).map(({ path }) => `${path} differs.`),
    ...shown,
    "If the change is intended, synthesize again (`npx cdktf synth`, or run your app) and commit the folder.",
  ];
  const error = new Error(parts.join("\n"));
  // So that a test shows its own line.
  Error.captureStackTrace(error, expectCommitted);
  throw error;
}
