/** Builds the command, `dist/command.js`, beside the key of what it was built of. */
const { createHash } = require("node:crypto");
const { readdirSync, readFileSync } = require("node:fs");
const { join } = require("node:path");
const { bundle, replace, ROOT } = require("./bundle.cjs");

const BUILT = "dist/command.js";
const KEY = "dist/command.key";

/** The folders and files that the command is built of. A source that is none of these is an error when building. */
const SOURCES = [
  ...["aws", "cli", "clusters", "compose", "expression", "io", "modules", "network", "synth", "verify"],
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
  for (const path of sources()) hash.update(`${path}\0${readFileSync(join(ROOT, path), "utf8")}\0`);
  return hash.digest("hex");
}

function keyOfBuilt() {
  try {
    return readFileSync(join(ROOT, KEY), "utf8");
  } catch {
    return undefined;
  }
}

/** Builds the command of the sources as they are. @returns the paths of what went into it */
function buildCommand() {
  // Before: what changes while it is built is built again.
  const key = keyOfSources();
  const inputs = bundle("cli/main.ts", BUILT);
  const known = new Set(sources());
  const strange = inputs.filter((path) => !path.includes("node_modules/") && !known.has(path));
  if (strange.length > 0) throw new Error(`build/command.cjs: SOURCES has no ${strange.join(", ")}`);
  replace(KEY, key);
  return inputs;
}

/** Builds the command unless it was built of the sources as they are. */
function ensureBuilt() {
  if (keyOfBuilt() !== keyOfSources()) buildCommand();
}

module.exports = { buildCommand, ensureBuilt };
