/**
 * `npm run package`: builds all that the package has in `dist`, packs it and takes `dist` away again, so that `npm pack` by itself
 * never packs what was built of older sources. What is given goes to `npm pack`; `--only-build` stops before.
 */
const { spawnSync } = require("node:child_process");
const { rmSync } = require("node:fs");
const { join } = require("node:path");
const { bundleDependencies } = require("../package.json");
const { bundle, replace, ROOT } = require("./bundle.cjs");
const { buildCommand } = require("./command.cjs");
const { licences } = require("./licenses.cjs");

const dist = join(ROOT, "dist");
const clear = () => rmSync(dist, { recursive: true, force: true });

clear();
const inputs = [...buildCommand("dist/command.js"), ...bundle("index.ts", "dist/index.js")];
replace("dist/THIRD-PARTY-LICENSES.txt", licences(inputs, bundleDependencies));

// What the users of the constructs compile against.
const types = [require.resolve("typescript/bin/tsc"), "-p", "tsconfig.build.json"];
const run = (command, words) => spawnSync(command, words, { cwd: ROOT, stdio: "inherit" }).status ?? 1;
const given = process.argv.slice(2);
process.exitCode = run(process.execPath, types);
if (!given.includes("--only-build")) {
  // npm may be a script of a shell, which node starts by no name on every system: the one that started this is known.
  const { npm_execpath: npm } = process.env;
  if (process.exitCode === 0) {
    process.exitCode = npm ? run(process.execPath, [npm, "pack", ...given]) : run("npm", ["pack", ...given]);
  }
  clear();
}
