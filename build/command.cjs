/** Builds the command: for a clone in `.build`, beside the key of what it was built of; for the package in `dist`. */
const { createHash } = require("node:crypto");
const { readdirSync, readFileSync } = require("node:fs");
const { join } = require("node:path");
const { bundle, replace, ROOT } = require("./bundle.cjs");

const ENTRY = "cli/main.ts";
/** Not in `dist`: what is packed was built for it, so that it is never older than the sources. */
const BUILT = ".build/command.js";
const KEY = ".build/command.key";

/** The folders and files that the command is built of. A source that is none of these is an error when building. */
const SOURCES = [
  ...["adopt", "aws", "cli", "clusters", "compose", "expression", "io", "modules", "network", "synth", "verify"],
  ...["build", "main.ts", "package.json", "package-lock.json", "tsconfig.json"],
];

/** The paths of all sources, in one order on every machine. */
function sources() {
  return SOURCES.flatMap((name) => (name.includes(".") ? [name] : filesIn(name))).sort();
}

/** The paths of the files in a folder. By hand: it takes half of what `recursive` takes, at each start. */
function filesIn(folder) {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesIn(path) : [path];
  });
}

/** What tells these sources from any others: a hash of their paths and contents. */
function keyOfSources() {
  const hash = createHash("sha256");
  for (const path of sources())
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(ROOT, path)))
      .update("\0");
  return hash.digest("hex");
}

function keyOfBuilt() {
  try {
    return readFileSync(join(ROOT, KEY), "utf8");
  } catch {
    return undefined;
  }
}

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
  if (strange.length > 0) throw new Error(`build/command.cjs: SOURCES has no ${strange.join(", ")}`);
  return inputs;
}

/** Builds the command of a clone unless it was built of the sources as they are. @returns its path */
function ensureBuilt() {
  // Before: what changes while it is built is built again.
  const key = keyOfSources();
  if (keyOfBuilt() !== key) {
    buildCommand(BUILT);
    replace(KEY, key);
  }
  return join(ROOT, BUILT);
}

module.exports = { buildCommand, ensureBuilt };
