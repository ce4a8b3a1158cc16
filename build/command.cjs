/** Builds the command: for a clone in `.build`, under the key of what it was built of; for the package in `dist`. */
const { existsSync, readdirSync, rmSync, statSync } = require("node:fs");
const { join } = require("node:path");
const { bundle, ROOT } = require("./bundle.cjs");
const { attempt, keyOfSources, sources } = require("./sources.cjs");

const ENTRY = "cli/main.ts";
/** Not in `dist`: what is packed was built for it, so that it is never older than the sources. */
const FOLDER = ".build";
/** What was built longer ago, in ms, and of other sources: no process is about to load it. */
const OLD = 3_600_000;

/**
 * Builds the command of the sources as they are.
 *
 * @param outfile what it is written to
 * @returns the paths of what went into it
 */
function buildCommand(outfile) {
  const inputs = bundle(ENTRY, outfile);
  const known = new Set(sources());
  const strange = inputs.filter((path) => !path.includes("node_modules/") && !known.has(path));
  if (strange.length > 0) throw new Error(`build/sources.cjs: SOURCES has no ${strange.join(", ")}`);
  return inputs;
}

/** Builds the command of a clone unless it was built of the sources as they are. @returns its path */
function ensureBuilt() {
  // Before: what changes while it is built is built again.
  const path = `${FOLDER}/command-${keyOfSources()}.js`;
  if (!existsSync(join(ROOT, path))) {
    buildCommand(path);
    removeOld(Date.now() - OLD);
  }
  return join(ROOT, path);
}

function removeOld(before) {
  for (const name of readdirSync(join(ROOT, FOLDER))) {
    const path = join(ROOT, FOLDER, name);
    attempt(() => statSync(path).mtimeMs < before && rmSync(path));
  }
}

module.exports = { buildCommand, ensureBuilt };
