import { join } from "node:path";
import { refusalWords } from "../io/files";
import { lastWords } from "./bug";
import { main } from "./verify";

/** Ends with 2, whatever else comes: nobody can rely on what was said so far. */
function failed(words: string): void {
  if (process.exitCode !== 2) console.error(words);
  process.exitCode = 2;
}

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // A reader such as `head` may have enough before the end.
  if (error.code !== "EPIPE") failed(`standard output: ${refusalWords(error) ?? error.message}.`);
});
// Nobody is left to be told.
process.stderr.on("error", () => {});
process.on("uncaughtException", (error) => failed(lastWords(error)));

main(process.argv.slice(2), join(__dirname, "../cdktf.out/stacks")).then((code) => {
  process.exitCode ??= code;
});
