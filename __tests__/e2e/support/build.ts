import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { PROJECT } from "../../support/project";

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

/** Makes a copy of the project with leftovers in it, in a folder that is not there yet, and builds in it what is packed. */
export function buildProject(folder: string): void {
  copyProject(folder);
  run(folder, process.execPath, "build/package.cjs", "--only-build");
}

function copyProject(folder: string): void {
  const others = [".git", "node_modules", ".build", "dist", "coverage"].map((name) => join(PROJECT, name));
  cpSync(PROJECT, folder, { recursive: true, filter: (path) => !others.includes(path) });
  linkPackages(folder);
  for (const path of LEFTOVERS) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), "secret");
  }
}

/** Links all packages, but for those that npm packs with this one: these it takes from the folder itself. */
function linkPackages(folder: string): void {
  const { packages } = JSON.parse(readFileSync(join(PROJECT, "package-lock.json"), "utf8"));
  const isPacked = (path: string) => packages[path.replaceAll("\\", "/")]?.inBundle === true;
  const put = (path: string) => {
    if (/[\\/]@[^\\/]+$/.test(path)) {
      mkdirSync(join(folder, path), { recursive: true });
      for (const name of readdirSync(join(PROJECT, path))) put(join(path, name));
    } else if (isPacked(path)) cpSync(join(PROJECT, path), join(folder, path), { recursive: true });
    else symlinkSync(join(PROJECT, path), join(folder, path));
  };
  mkdirSync(join(folder, "node_modules"));
  for (const name of readdirSync(join(PROJECT, "node_modules"))) put(join("node_modules", name));
}

/** Puts a built package into the `node_modules` of a folder, beside the libraries that it asks for. */
export function installPackage(built: string, folder: string): void {
  const libraries = join(PROJECT, "node_modules");
  const installed = join(folder, "node_modules/eks-pod-security-groups");
  mkdirSync(installed, { recursive: true });
  for (const name of ["dist", "package.json"]) {
    cpSync(join(built, name), join(installed, name), { recursive: true });
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
