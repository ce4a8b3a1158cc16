import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { PROJECT } from "./project";

export interface SynthRun {
  /** What to run. Default: the project's own app. */
  readonly main?: string;
  readonly outdir: string;
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
export function trySynth({
  main = join(PROJECT, "main.ts"),
  outdir,
  cwd = PROJECT,
  env,
  preload,
}: SynthRun): {
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
