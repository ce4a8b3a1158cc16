/** `npm run build`: all that the package has in `dist`. */
const { spawnSync } = require("node:child_process");
const { rmSync } = require("node:fs");
const { join } = require("node:path");
const { bundleDependencies } = require("../package.json");
const { bundle, replace, ROOT } = require("./bundle.cjs");
const { buildCommand } = require("./command.cjs");
const { licences } = require("./licenses.cjs");

rmSync(join(ROOT, "dist"), { recursive: true, force: true });
const inputs = [...buildCommand(), ...bundle("index.ts", "dist/index.js")];
replace("dist/THIRD-PARTY-LICENSES.txt", licences(inputs, bundleDependencies));

// What the users of the constructs compile against.
const types = [require.resolve("typescript/bin/tsc"), "-p", "tsconfig.build.json"];
const { status } = spawnSync(process.execPath, types, { cwd: ROOT, stdio: "inherit" });
process.exitCode = status ?? 1;
