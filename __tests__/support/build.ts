import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { inject } from "vitest";
import { PROJECT } from "./project";

/** What deploying, synthesizing and older builds may have left in a project's folder. */
const LEFTOVERS = [
  ...[
    ".terraform/providers/x",
    ".terraform.lock.hcl",
    "terraform.tfstate",
    "terraform.tfstate.backup",
    "terraform.tfstate.d/prod/terraform.tfstate",
    "plan",
    "prod.auto.tfvars.json",
    "cdk.tf.json.old.7.tmp",
  ].map((path) => `cdktf.out/stacks/rds-mysql/${path}`),
  "dist/removed-long-ago.js",
  "terraform.example-aws.tfstate",
];

/** Longer than any build takes. */
const PATIENCE_MS = 110_000;

/**
 * A copy of the project with leftovers in it, in which `npm run build` ran. It is made once in a run of tests, by
 * the first that asks; others wait for it. Nobody may write into it.
 *
 * @throws Error with the output of a build that failed
 */
export function builtProject(): string {
  const folder = inject("buildFolder");
  const built = join(folder, "built");
  try {
    mkdirSync(join(folder, "claimed"));
  } catch {
    const end = Date.now() + PATIENCE_MS;
    while (!existsSync(built) && !existsSync(join(folder, "failed")) && Date.now() < end) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    }
    if (!existsSync(built)) throw new Error("the build failed for another test, which says why");
    return built;
  }
  try {
    const building = join(folder, "building");
    copyProject(building);
    run(building, "npm", "run", "build");
    renameSync(building, built);
    return built;
  } catch (error) {
    mkdirSync(join(folder, "failed"));
    throw error;
  }
}

function copyProject(folder: string): void {
  const others = [".git", "node_modules", "dist", "coverage"].map((name) => join(PROJECT, name));
  cpSync(PROJECT, folder, { recursive: true, filter: (path) => !others.includes(path) });
  symlinkSync(join(PROJECT, "node_modules"), join(folder, "node_modules"));
  for (const path of LEFTOVERS) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), "secret");
  }
}

/** Puts the built package into the `node_modules` of a folder, beside the libraries that it asks for. */
export function installPackage(folder: string): void {
  const libraries = join(PROJECT, "node_modules");
  const installed = join(folder, "node_modules/eks-pod-security-groups");
  mkdirSync(installed, { recursive: true });
  for (const name of ["dist", "package.json"]) {
    cpSync(join(builtProject(), name), join(installed, name), { recursive: true });
  }
  for (const name of readdirSync(libraries)) {
    symlinkSync(join(libraries, name), join(folder, "node_modules", name));
  }
}

/**
 * Runs a command and gives what it says.
 *
 * @throws Error with all that it said when it fails
 */
export function run(cwd: string, command: string, ...args: string[]): string {
  // Otherwise npm leaves its logs in the user's home.
  const env = { ...process.env, npm_config_cache: join(cwd, ".npm") };
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8", env });
  if (status !== 0)
    throw new Error(`${command} ${args.join(" ")} exited with ${status}\n${stdout}\n${stderr}`);
  return stdout;
}
