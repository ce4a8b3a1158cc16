import { spawnSync } from "node:child_process";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { appHere } from "./here";
import { PROJECT } from "./project";

/** A root of an example that Terraform runs. */
export interface ExampleRoot {
  /** Its folder in the project; of an app in TypeScript, after it was synthesized. */
  readonly folder: string;
  /** What it needs to be validated. */
  readonly provider: "aws" | "kubernetes";
}

/** The apps, by their folders. */
export const APPS = ["one-workload", "baseline", "two-roots"].map((name) => `examples/typescript/${name}`);

const aws = (folder: string): ExampleRoot => ({ folder: `examples/${folder}`, provider: "aws" });
const kubernetes = (folder: string): ExampleRoot => ({
  folder: `examples/${folder}`,
  provider: "kubernetes",
});

export const ROOTS: readonly ExampleRoot[] = [
  aws("typescript/one-workload/cdktf.out/stacks/shop"),
  aws("typescript/baseline/cdktf.out/stacks/shop"),
  aws("typescript/two-roots/cdktf.out/stacks/shop-aws"),
  kubernetes("typescript/two-roots/cdktf.out/stacks/shop-kubernetes"),
  aws("terraform/one-workload"),
  aws("terraform/baseline"),
  aws("terraform/two-roots/aws"),
  kubernetes("terraform/two-roots/kubernetes"),
];

/** What the README and its pages show the verifier's words of: Terraform accepts each, and each has faults. */
export const FAULTS: readonly ExampleRoot[] = [
  aws("faults/leak"),
  kubernetes("faults/pods"),
  kubernetes("faults/shop"),
];

/** Runs every app in a copy of the project's examples, so that it is synthesized beside its `main.ts`. */
export function synthesizeApps(copy: string): void {
  for (const app of APPS) {
    const args = ["--require", join(PROJECT, "register.cjs"), join(copy, app, "main.ts")];
    // From the project's folder, whose tsconfig.json says what the package's name means.
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: PROJECT, encoding: "utf8" });
    if (status !== 0) throw new Error(`${app}/main.ts exited with ${status}\n${stdout}${stderr}`);
  }
}

/** Copies the examples and the modules that they call to an empty folder, with what the apps write beside them. */
export async function synthesizedExamples(folder: string): Promise<void> {
  const isSource = (path: string) => !path.includes(".terraform");
  for (const name of ["examples", "cdktf.out"]) {
    cpSync(join(PROJECT, name), join(folder, name), { recursive: true, filter: isSource });
  }
  for (const app of APPS) {
    const { status, stderr } = await appHere(join(PROJECT, app, "main.ts"), join(folder, app, "cdktf.out"));
    if (status !== 0) throw new Error(`${app}/main.ts ended with ${status}\n${stderr}`);
  }
}
