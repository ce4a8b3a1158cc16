import { pathToFileURL } from "node:url";
import { vi } from "vitest";
import { main } from "../../cli/program";
import { PROJECT } from "./project";

/*
 * Programs of the project, run in this process: a process of its own takes a second to load what is loaded here already.
 * That they are programs is for the tests of the project `processes`.
 */

/** What a program said, and its exit code. */
export interface Said {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  /** The working directory. Default: this process's own. */
  readonly cwd?: string;
  /** Variables of the environment, besides those of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs something that prints and gives its exit code, or sets the one of the process. */
export async function here(
  program: () => unknown,
  { cwd = process.cwd(), env = {} }: Surroundings = {},
): Promise<Said> {
  const said = { stdout: "", stderr: "" };
  const spies = [
    vi.spyOn(process.stdout, "write").mockImplementation((text) => {
      said.stdout += text;
      return true;
    }),
    vi.spyOn(console, "log").mockImplementation((text) => {
      said.stdout += `${text}\n`;
    }),
    vi.spyOn(console, "error").mockImplementation((text) => {
      said.stderr += `${text}\n`;
    }),
  ];
  const before = { cwd: process.cwd(), exitCode: process.exitCode };
  // The width of whoever runs the tests is not theirs.
  for (const [name, value] of Object.entries({ COLUMNS: "", ...env })) vi.stubEnv(name, value);
  process.chdir(cwd);
  process.exitCode = undefined;
  try {
    const result = await program();
    return { status: Number(result ?? process.exitCode ?? 0), ...said };
  } finally {
    process.exitCode = before.exitCode;
    process.chdir(before.cwd);
    vi.unstubAllEnvs();
    for (const spy of spies) spy.mockRestore();
  }
}

/** Runs the command with the words after its name, as `npm run` does in this project. */
export function commandHere(words: readonly string[], cwd?: string): Promise<Said> {
  return here(() => main(words, { root: PROJECT, home: PROJECT }), cwd === undefined ? {} : { cwd });
}

/** Runs the verifier with the words after `npm run verify --`. */
export function verifyHere(args: readonly string[], cwd?: string): Promise<Said> {
  return commandHere(["verify", ...args], cwd);
}

let runs = 0;

/** Runs an app's `main.ts`, as often as it is asked to. */
export function appHere(path: string, outdir: string, cwd?: string): Promise<Said> {
  runs += 1;
  const url = `${pathToFileURL(path).href}?run=${runs}`;
  return here(
    async () => {
      await import(/* @vite-ignore */ url);
    },
    { env: { CDKTF_OUTDIR: outdir }, ...(cwd !== undefined && { cwd }) },
  );
}
