import { join } from "node:path";
import { run } from "eks-pod-security-groups";
import { stacks } from "./stacks";

// Beside this file, wherever it is run from. `cdktf synth` and `cdktf deploy` run it as well.
run(stacks, join(__dirname, "cdktf.out"));
