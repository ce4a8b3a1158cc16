import { createRequire } from "node:module";
import { join } from "node:path";
import { InputError } from "../../io/errors";
import { peerDependencies } from "../../package.json";
import type { Run } from "../model";
import { PROGRAM } from "../words";

/** Writes the stacks of this project. What they are made with is loaded here, and nowhere else in the program. */
export const run: Run = async ({ values }, { root, home = "." }) => {
  const missing = missingPackages();
  if (missing.length > 0) {
    throw new InputError([
      `synth needs packages that are not installed next to ${PROGRAM}: ${missing.join(", ")}. To install it:`,
      `  npm install ${missing.map((name) => `${name}@${developedWith(name)}`).join(" ")}`,
    ]);
  }
  const { synthesizeProject } = await import("../../main.js");
  const outdir = values.outdir ?? join(home, "cdktf.out");
  synthesizeProject({ root, outdir, isQuiet: values.quiet === true });
  return Number(process.exitCode ?? 0);
};

type Peer = keyof typeof peerDependencies;

/** The first of the versions that a package may have: what this project is developed with. */
function developedWith(name: Peer): string {
  return peerDependencies[name].split(" || ")[0] ?? "";
}

function missingPackages(): Peer[] {
  const { resolve } = createRequire(__filename);
  return (Object.keys(peerDependencies) as Peer[]).filter((name) => {
    try {
      resolve(`${name}/package.json`);
      return false;
    } catch {
      return true;
    }
  });
}
