import { spawnSync } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "./folders";
import { PROJECT } from "./project";

export interface SynthRun {
  /** What to run. Default: the project's own app. */
  readonly main?: string;
  readonly outdir: string;
  /** Where to run it. Default: an empty folder, so that no mistake can write into the repository. */
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** A module to load first. */
  readonly preload?: string;
}

/** Runs an app as `npm run synth` does, in a process of its own; throws with its output when it fails. */
export function runSynth(run: SynthRun): { stdout: string; stderr: string } {
  const { status, stdout, stderr } = trySynth(run);
  if (status !== 0) throw new Error(`synthesis exited with ${status}\n${stdout}\n${stderr}`);
  return { stdout, stderr };
}

/** As `runSynth`, for runs that are expected to fail. */
export function trySynth({ main = projectMain(), outdir, cwd = temporaryFolder(), env, preload }: SynthRun): {
  status: number | null;
  stdout: string;
  stderr: string;
} {
  const register = join(PROJECT, "register.cjs");
  const preloads = preload ? ["--require", preload] : [];
  return spawnSync(process.execPath, [...preloads, "--require", register, main], {
    cwd,
    encoding: "utf8",
    env: { ...process.env, CDKTF_OUTDIR: outdir, ...env },
  });
}

/**
 * The project's `main.ts` at another place, with the committed files that it reads: what it writes beside itself is not
 * written into the repository.
 *
 * @param folder an empty folder
 */
export function projectMain(folder = temporaryFolder()): string {
  for (const path of ["CHANGELOG.md", "cdktf.out/contract.json"])
    cpSync(join(PROJECT, path), join(folder, path));
  const main = join(folder, "main.ts");
  const source = readFileSync(join(PROJECT, "main.ts"), "utf8");
  writeFileSync(main, source.replaceAll('from "./', `from "${PROJECT.replaceAll("\\", "/")}/`));
  return main;
}
