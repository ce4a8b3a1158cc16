import { join } from "node:path";
import { ExampleAws, ExampleKubernetes } from "./clusters/example";
import { moduleStacks } from "./modules";
import { COMMITTED_MODULE_NAMES } from "./modules/registry";
import { contractFile } from "./synth/contract-file";
import { run } from "./synth/run";
import type { Stacks } from "./synth/synthesize";

/** Every stack of this project, by the name of its folder in `cdktf.out/stacks`. */
const stacks: Stacks = {
  ...moduleStacks(COMMITTED_MODULE_NAMES),
  "example-aws": (app, id) => new ExampleAws(app, id),
  "example-kubernetes": (app, id) => new ExampleKubernetes(app, id, { aws: "example-aws" }),
};

const OUTPUT = join(__dirname, "cdktf.out");

run(
  stacks,
  OUTPUT,
  contractFile({ committed: join(OUTPUT, "contract.json"), changelog: join(__dirname, "CHANGELOG.md") }),
);
