// First of all: what follows loads cdktf.
import "./synth/cdktf-start";

import { join } from "node:path";
import { ExampleAws, ExampleKubernetes } from "./clusters/example";
import { run } from "./compose/run";
import { moduleStacks } from "./modules";
import { COMMITTED_MODULE_NAMES } from "./modules/registry";
import { contractFile } from "./synth/contract-file";
import type { Stacks } from "./synth/synthesize";

/** Every stack of this project, by the name of its folder in `cdktf.out/stacks`. */
const stacks: Stacks = {
  ...moduleStacks(COMMITTED_MODULE_NAMES),
  "example-aws": ExampleAws,
  "example-kubernetes": (app, id) => new ExampleKubernetes(app, id, { aws: "example-aws" }),
};

interface Places {
  /** The project's folder, with the contract that must be kept and the changelog. */
  readonly root: string;
  readonly outdir: string;
  /** Whether only what is wrong is said. */
  readonly isQuiet?: boolean;
}

/** What `npm run synth` does: `run` says what was written, and sets the exit code. */
export function synthesizeProject({ root, outdir, isQuiet = false }: Places): void {
  const contract = {
    committed: join(root, "cdktf.out/contract.json"),
    changelog: join(root, "CHANGELOG.md"),
  };
  run(stacks, outdir, { further: contractFile(contract), isQuiet });
}
