#!/usr/bin/env node
/**
 * The pre-commit hook: runs `verify` of the release's tarball, which it installs once into its own folder of pre-commit's
 * cache. Its arguments are those of `verify`; `--tarball=PATH|URL` before them names another tarball.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { install, PROGRAM, releaseTarball } from "./tarball.mjs";

const HERE = dirname(dirname(fileURLToPath(import.meta.url)));

/** The web address of the repository that pre-commit has cloned. */
function repository() {
  // Git tells its hooks which repository it works on, which is not this one.
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith("GIT_")));
  const words = ["-C", HERE, "config", "--get", "remote.origin.url"];
  const { stdout } = spawnSync("git", words, { env, encoding: "utf8" });
  return (stdout ?? "")
    .trim()
    .replace(/^(?:ssh:\/\/)?git@([^:/]+)[:/]/, "https://$1/")
    .replace(/\/$|\.git$/, "");
}

/** The command of a tarball, which is installed unless it was. */
function installed(tarball) {
  // A file may be another one under the same name.
  const { mtimeMs, size } = existsSync(tarball) ? statSync(tarball) : { mtimeMs: 0, size: 0 };
  const key = createHash("sha256")
    .update(JSON.stringify([tarball, mtimeMs, size]))
    .digest("hex")
    .slice(0, 16);
  const releases = join(HERE, ".releases");
  const folder = join(releases, key);
  if (!existsSync(folder)) {
    mkdirSync(releases, { recursive: true });
    // Whole or not at all: another hook may run at the same time.
    const prepared = mkdtempSync(join(releases, "new-"));
    try {
      install(tarball, prepared);
      if (!existsSync(folder)) renameSync(prepared, folder);
    } finally {
      rmSync(prepared, { recursive: true, force: true });
    }
  }
  return join(folder, "node_modules", PROGRAM, "bin", `${PROGRAM}.cjs`);
}

const TARBALL = "--tarball=";
const [first = "", ...others] = process.argv.slice(2);
const given = first.startsWith(TARBALL) ? first.slice(TARBALL.length) : undefined;
try {
  const command = installed(given ?? releaseTarball(repository()));
  const words = given === undefined ? process.argv.slice(2) : others;
  const { status } = spawnSync(process.execPath, [command, "verify", ...words], { stdio: "inherit" });
  process.exitCode = status ?? 2;
} catch (error) {
  console.error(`${PROGRAM}: ${error.message}\nThe hook's argument --tarball=PATH|URL names another one.`);
  process.exitCode = 2;
}
