import { refusalWords } from "../io/files";
import { lastWords } from "./bug";
import type { Surroundings } from "./model";
import { main } from "./program";

/** Ends with 2, whatever else comes: nobody can rely on what was said so far. */
function failed(words: string): void {
  if (process.exitCode !== 2) console.error(words);
  process.exitCode = 2;
}

/** Runs the program as a process of its own. */
export function start(words: readonly string[], surroundings: Surroundings): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // A reader such as `head` may have enough before the end.
    if (error.code !== "EPIPE") failed(`standard output: ${refusalWords(error) ?? error.message}.`);
  });
  // Nobody is left to be told.
  process.stderr.on("error", () => {});
  process.on("uncaughtException", (error) => failed(lastWords(error)));
  main(words, surroundings).then((code) => {
    process.exitCode ??= code;
  });
}
