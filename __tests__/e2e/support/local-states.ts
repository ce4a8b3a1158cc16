import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { backendBlock, remoteStateOf } from "../../../synth/backend";

const LOCAL = { type: "local" } as const;

/**
 * Gives every root of a copy of the project a local state, and every other state that it reads, whatever backend
 * they are committed with: by an override file, which Terraform merges over what is there.
 *
 * @param stacks the folder of the stacks
 */
export function keepStatesLocal(stacks: string): void {
  const names = readdirSync(stacks).filter((name) => existsSync(join(stacks, name, "cdk.tf.json")));
  for (const name of names) {
    const { terraform = {}, data = {} } = JSON.parse(readFileSync(join(stacks, name, "cdk.tf.json"), "utf8"));
    const isElsewhere = "cloud" in terraform || ("backend" in terraform && !("local" in terraform.backend));
    const remote = Object.entries<{ backend?: unknown }>(data.terraform_remote_state ?? {}).filter(
      ([, { backend }]) => backend !== "local",
    );
    const states = remote.map(([address]) => {
      const root = names.find((other) => other.replaceAll("-", "_") === address) ?? address;
      return [address, remoteStateOf(root, LOCAL)];
    });
    const override = {
      ...(isElsewhere && { terraform: backendBlock(name, LOCAL).block }),
      ...(states.length > 0 && { data: { terraform_remote_state: Object.fromEntries(states) } }),
    };
    if (Object.keys(override).length === 0) continue;
    writeFileSync(join(stacks, name, "states_override.tf.json"), `${JSON.stringify(override, null, 2)}\n`);
  }
}
