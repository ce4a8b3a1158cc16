#!/usr/bin/env node
// Starts the command. Installed, it runs what the package has in `dist`; in a clone it is built first where that was not done of
// the sources that are there.
const { existsSync } = require("node:fs");
const { enableCompileCache } = require("node:module");
const { join } = require("node:path");

// Node 22 keeps what it has compiled for the next run. For node 20 a clone does.
enableCompileCache?.();
const { NODE_DISABLE_COMPILE_CACHE: isWithoutCache } = process.env;

const root = join(__dirname, "..");
const build = join(root, "build/command.cjs");
const isClone = existsSync(build);
const command = isClone ? require(build).ensureBuilt() : join(root, "dist/command.js");
if (!existsSync(command)) {
  console.error("This package was packed without being built: `npm run package` builds and packs it.");
  process.exit(2);
}

const words = process.argv.slice(2);
const { npm_lifecycle_event: script, npm_package_json: manifest, INIT_CWD: cwd } = process.env;
// `npm run verify` starts in the project's folder, wherever it is called: paths are meant from there.
const isScript = isClone && script === words[0] && manifest === join(root, "package.json");
if (isScript && cwd) process.chdir(cwd);

const isKept = isClone && !enableCompileCache && !isWithoutCache;
const { start } = isKept ? require(join(root, "build/load.cjs")).load(command, words) : require(command);
start(words, { root, ...(isScript && { home: root }) });
