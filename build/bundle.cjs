/** Bundles of this project's sources with the libraries that they use, each in one file. */
const { mkdirSync, renameSync, writeFileSync } = require("node:fs");
const { dirname, join, resolve } = require("node:path");

const ROOT = resolve(__dirname, "..");

/** What is not built in: it is loaded where it is installed. */
const EXTERNAL = ["cdktf", "cdktf/*", "constructs", "@cdktf/*"];

/**
 * Builds one file.
 *
 * @param entry the source that it begins with
 * @param outfile what it is written to
 * @returns the paths of what went into it
 */
function bundle(entry, outfile) {
  const { outputFiles, metafile } = require("esbuild").buildSync({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    external: EXTERNAL,
    // Less to read at each start. Names stay, for who reads a trace.
    minifySyntax: true,
    minifyWhitespace: true,
    outfile: join(ROOT, outfile),
    write: false,
    metafile: true,
    legalComments: "inline",
    logLevel: "warning",
  });
  replace(outfile, outputFiles[0].contents);
  return Object.keys(metafile.inputs);
}

/** Writes a file whole or not at all: others may build, or run what is built, at the same time. */
function replace(path, content) {
  const target = join(ROOT, path);
  const prepared = `${target}.${process.pid}.tmp`;
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(prepared, content);
  renameSync(prepared, target);
}

module.exports = { bundle, replace, ROOT };
