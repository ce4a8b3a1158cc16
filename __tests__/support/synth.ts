import { spawnSync } from "node:child_process";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "./folders";
import { PROJECT } from "./project";

export interface SynthRun {
  /** A user's app. Default: the project, by its command. */
  readonly main?: string;
  readonly outdir: string;
  /** Where to run it. Default: an empty folder, so that no mistake can write into the repository. */
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** A module to load first. */
  readonly preload?: string;
}

/** Synthesizes in a process of its own; throws with its output when it fails. */
export function runSynth(run: SynthRun): { stdout: string; stderr: string } {
  const { status, stdout, stderr } = trySynth(run);
  if (status !== 0) throw new Error(`synthesis exited with ${status}\n${stdout}\n${stderr}`);
  return { stdout, stderr };
}

/** As `runSynth`, for runs that are expected to fail. */
export function trySynth({ main, outdir, cwd = temporaryFolder(), env, preload }: SynthRun): {
  status: number | null;
  stdout: string;
  stderr: string;
} {
  const preloads = preload ? ["--require", preload] : [];
  const words = main ? ["--require", join(PROJECT, "register.cjs"), main] : [COMMAND, "synth"];
  return spawnSync(process.execPath, [...preloads, ...words], {
    cwd,
    encoding: "utf8",
    env: { ...process.env, CDKTF_OUTDIR: outdir, ...env },
  });
}

/** What `npm run` calls in this project. */
export const COMMAND = join(PROJECT, "bin/eks-pod-security-groups.cjs");

/** A folder with the committed files that synthesis reads, to change. */
export function projectRoot(): string {
  const folder = temporaryFolder();
  for (const path of ["CHANGELOG.md", "cdktf.out/contract.json"])
    cpSync(join(PROJECT, path), join(folder, path));
  return folder;
}
