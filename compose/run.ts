import { relative, resolve } from "node:path";
import { given, InputError } from "../io/errors";
import { isJson, type Json } from "../io/json";
import type { Stacks } from "../synth/synthesize";
import { type AppOptions, synthesize } from "./app";

export interface RunOptions extends AppOptions {
  /** Whether only what is wrong is said. Default: false. */
  readonly isQuiet?: boolean | undefined;
}

/**
 * The body of a `main.ts`: synthesizes, says in a few lines what was written (warnings on standard error), and sets
 * the exit code: 0 when the output folder holds what the stacks say, 1 when anything was wrong and nothing has changed.
 *
 * @param stacks the app's roots. The modules that they call are added, except for those that stand here themselves
 * @param outdir where to write, unless the cdktf CLI says another place (`CDKTF_OUTDIR`); relative to the working directory
 */
export function run(
  stacks: Stacks,
  outdir = "cdktf.out",
  { isQuiet = false, ...options }: RunOptions = {},
): void {
  const say = (line: string) => (isQuiet ? undefined : console.log(line));
  try {
    const folder: unknown = process.env["CDKTF_OUTDIR"] || outdir;
    if (typeof folder !== "string" || folder === "") {
      throw new InputError([`run: needs the folder to write to, such as "cdktf.out" (${given(outdir)})`]);
    }
    const target = resolve(folder);
    if (process.env["SYNTH_HCL_OUTPUT"] === "true") {
      throw new InputError(["--hcl: the stacks are only written as JSON; omit the option"]);
    }
    const { stacks: done, written, unchanged, removed, warnings } = synthesize(stacks, target, options);
    const width = Math.max(...done.map(({ name }) => name.length));
    for (const { name, kind, configuration } of done) {
      say(`${name.padEnd(width)}  ${kind.padEnd(6)}  ${summary(configuration)}`);
    }
    say(
      `${relative(process.cwd(), target) || "."}: ${counted(written.length, "file")} written, ${unchanged.length} unchanged`,
    );
    for (const path of removed) say(`removed ${path}`);
    for (const warning of warnings) console.error(`Warning: ${warning}`);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    console.error(`Nothing was written. Fix:\n${error.problems.map((line) => `- ${line}`).join("\n")}`);
    process.exitCode = 1;
  }
}

function summary(configuration: Json): string {
  const size = (map: unknown) => (isJson(map) ? Object.keys(map).length : 0);
  const resources = Object.values(configuration["resource"] ?? {}).reduce((sum, map) => sum + size(map), 0);
  const counts = {
    resource: resources,
    "module call": size(configuration["module"]),
    variable: size(configuration["variable"]),
    output: size(configuration["output"]),
  };
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([noun, count]) => counted(count, noun))
    .join(", ");
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
