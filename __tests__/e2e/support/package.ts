import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect } from "vitest";
import { PROJECT } from "../../support/project";
import { buildProject, run } from "./build";

/** The project as a release packs it. */
export interface PackedProject {
  /** A folder that is gone after all tests of the file. */
  readonly folder: string;
  /** The copy in it that was built. */
  readonly built: string;
  /** The path of the tarball. */
  readonly tarball: string;
}

/** Builds and packs the project, as a release does. */
export function packProject(): PackedProject {
  const folder = mkdtempSync(join(tmpdir(), "eks-pod-security-groups-package-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const built = join(folder, "built");
  buildProject(built);
  const packed = run(built, "npm", "pack", "--ignore-scripts", "--pack-destination", folder);
  return { folder, built, tarball: join(folder, packed.trim().split("\n").at(-1) ?? "") };
}

/** The environment of npm in a folder, where no registry answers. */
export const offline = (folder: string): NodeJS.ProcessEnv => ({
  ...process.env,
  npm_config_cache: join(folder, ".npm"),
  npm_config_registry: "http://127.0.0.1:9",
});

/** Installs the tarball in an empty folder, without a registry. */
export function installOffline(tarball: string, folder: string): void {
  const words = ["install", "--offline", "--no-audit", "--no-fund", tarball];
  const { status, stderr } = spawnSync("npm", words, { cwd: folder, encoding: "utf8", env: offline(folder) });
  expect(stderr).toBe("");
  expect(status).toBe(0);
}

/** Puts the project's own libraries beside what is installed in a folder: its peers, and the tools. */
export function linkLibraries(folder: string): void {
  const own = join(PROJECT, "node_modules");
  const link = (name: string) => {
    try {
      symlinkSync(join(own, name), join(folder, "node_modules", name));
    } catch (error) {
      // Installed already.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  };
  mkdirSync(join(folder, "node_modules/.bin"), { recursive: true });
  for (const name of readdirSync(own)) if (!name.startsWith(".")) link(name);
  for (const name of readdirSync(join(own, ".bin"))) link(join(".bin", name));
}

/** What is in npm's cache is taken from there; a registry that does not answer is not waited for. */
const FROM_REGISTRY = {
  npm_config_prefer_offline: "true",
  npm_config_fetch_retries: "0",
  npm_config_fetch_timeout: "60000",
  npm_config_logs_max: "0",
  npm_config_audit: "false",
  npm_config_fund: "false",
  npm_config_ignore_scripts: "true",
};

/** What npm says when packages do not go together. Whatever else it says, it did not get them. */
const CONFLICT = /npm (?:error|ERR!) code (?:ERESOLVE|EOVERRIDE)/;

/**
 * Runs a command of npm that needs a registry.
 *
 * @param cwd its working directory
 * @param command the program and its words
 * @returns why npm cannot get the packages, in one line, where it cannot
 * @throws Error with npm's words when they do not go together
 */
export function fromRegistry(cwd: string, ...[command = "", ...words]: string[]): string | undefined {
  const { status, stderr } = spawnSync(command, words, {
    cwd,
    encoding: "utf8",
    env: { ...process.env, ...FROM_REGISTRY },
  });
  if (status === 0) return undefined;
  if (CONFLICT.test(stderr))
    throw new Error(`${command} ${words.join(" ")} exited with ${status}\n${stderr}`);
  const [, code = "no code"] = /npm (?:error|ERR!) code (\S+)/.exec(stderr) ?? [];
  return `npm cannot install the packages (${code})`;
}
