/**
 * Loads the built command of a clone together with what V8 compiled of it before, as node 22 does by itself. Node 20 would
 * compile it anew at each start.
 */
const { createHash } = require("node:crypto");
const { readFileSync } = require("node:fs");
const { createRequire, Module } = require("node:module");
const { dirname, relative } = require("node:path");
const { Script } = require("node:vm");
const { replace, ROOT } = require("./bundle.cjs");
const { attempt } = require("./sources.cjs");

/**
 * @param path the built command
 * @param words what the command is called with: each command compiles other functions, so each has its own file
 * @returns what it exports
 */
function load(path, words) {
  const [command = ""] = words;
  // Help compiles next to nothing of what it is about.
  const isKept = /^[a-z]+$/.test(command) && !words.includes("--help") && !words.includes("-h");
  const source = readFileSync(path, "utf8");
  const file = path.replace(/js$/, `${command}.cache`);
  const cached = isKept ? attempt(() => intact(source, readFileSync(file))) : undefined;
  const [before] = Module.wrapper;
  const script = new Script(Module.wrap(source), {
    filename: path,
    // So that a trace names the columns of the file.
    columnOffset: -before.length,
    ...(cached && { cachedData: cached }),
  });
  if (isKept && (!cached || script.cachedDataRejected)) keepAtExit(script, source, file);

  const loaded = new Module(path, module);
  loaded.filename = path;
  script.runInThisContext()(loaded.exports, createRequire(path), loaded, path, dirname(path));
  return loaded.exports;
}

/** At the end, because a function is compiled when it is called. Not after words that were wrong. */
function keepAtExit(script, source, file) {
  process.on("exit", (code) => {
    if (code !== 0 && code !== 1) return;
    const data = script.createCachedData();
    attempt(() => replace(relative(ROOT, file), Buffer.concat([digestOf(source, data), data])));
  });
}

/** What was kept, where it is of this source and whole: V8 compares no more than the length of the source and its own version. */
function intact(source, kept) {
  const data = kept.subarray(DIGEST_BYTES);
  return kept.subarray(0, DIGEST_BYTES).equals(digestOf(source, data)) ? data : undefined;
}

const DIGEST_BYTES = 32;

function digestOf(source, data) {
  return createHash("sha256").update(source).update(data).digest();
}

module.exports = { load };
