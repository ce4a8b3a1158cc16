/**
 * The release's tarball, which the GitHub action and the pre-commit hook run: the repository itself is never installed, it
 * would bring what it is developed with. Nothing is installed yet where this runs, so that it uses node alone.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const { name, version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

/** The name of the package, and of the command that it has. */
export const PROGRAM = name;

/**
 * Where a repository has the tarball of the release that this revision is of.
 *
 * @param repository the repository's web address
 */
export function releaseTarball(repository) {
  return `${repository}/releases/download/v${version}/${name}-${version}.tgz`;
}

/**
 * Installs a tarball with npm. It brings all that it needs, so that a path is installed without any registry.
 *
 * @param tarball a path or an address (https://…)
 * @param folder where to; it is made, and what it holds is replaced
 * @returns the path of the command, which node runs
 * @throws Error whose message says what was wrong, and what to do
 */
export function install(tarball, folder) {
  const isAddress = /^https?:\/\//.test(tarball);
  const what = isAddress ? tarball : resolve(tarball);
  if (!isAddress && !existsSync(what))
    throw new Error(
      `tarball: ${what}: there is no such file. Give the path or the address of the release's .tgz.`,
    );
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"];
  const words = ["install", "--prefix", folder, ...quiet, ...(isAddress ? [] : ["--offline"]), what];
  const { status, stdout, stderr, error } = spawnSync("npm", words, { encoding: "utf8" });
  if (error) throw new Error(`npm cannot be run (${error.message}). Install node 20 or newer, with npm.`);
  const command = join(folder, "node_modules", name, "bin", `${name}.cjs`);
  if (status !== 0 || !existsSync(command))
    throw new Error(
      `tarball: ${what} cannot be installed: give the path or the address of another one.\n${stderr}${stdout}`.trim(),
    );
  return command;
}
