import type { EnforcingMode } from "../../../network/cni";
import type { Traffic } from "../../../network/traffic";
import type { CheckContext } from "../../../verify/checks/check";
import type { Flow } from "../../../verify/expect/model";
import { takeInventory } from "../../../verify/inventory";
import { judge } from "../../../verify/judge/judge";
import type { Input } from "../../../verify/read/model";

/** A flow in short: from, to, traffic. An endpoint is groups by their expressions, or a CIDR. */
export interface ShortFlow {
  readonly expect?: Flow["expect"];
  readonly from: {
    readonly name: string;
    readonly groups?: readonly string[];
    readonly cidrs?: readonly string[];
  };
  readonly to: ShortFlow["from"];
  readonly traffic: readonly Traffic[];
}

export interface ContextOptions {
  readonly mode?: EnforcingMode;
  readonly flows?: Readonly<Record<string, ShortFlow>>;
  readonly cni?: NonNullable<CheckContext["cni"]>;
  readonly groupsPerInterface?: number;
}

/** What checks see of an input and its flows. */
export function contextOf(
  input: Input,
  { mode = "strict", flows: short = {}, cni, groupsPerInterface }: ContextOptions = {},
): CheckContext {
  const inventory = takeInventory(input);
  const endpoint = ({ name, groups = [], cidrs }: ShortFlow["from"]) => ({
    name,
    groups: groups.flatMap((group) => inventory.resolveGroup(group) ?? []),
    ...(cidrs && { cidrs }),
  });
  const flows = Object.entries(short).map(([id, { expect = "allow", from, to, traffic }]): Flow => {
    return {
      id: { module: "", name: id },
      expect,
      from: endpoint(from),
      to: endpoint(to),
      traffic,
      required: new Set(),
    };
  });
  return {
    inventory,
    flows,
    verdicts: judge(inventory, flows, { mode }),
    mode,
    ...(cni && { cni }),
    ...(groupsPerInterface && { groupsPerInterface }),
  };
}
