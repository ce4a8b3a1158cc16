import type { EnforcingMode } from "../../network/cni";
import type { GroupKey } from "../../network/peers";
import type { Traffic } from "../../network/traffic";
import type { Flow } from "../expect/model";
import type { Inventory } from "../inventory/model";

/** What is seen of an estate: what an input holds, the flows that are stated of it, and the mode of its CNI. */
export interface Estate {
  readonly inventory: Inventory;
  readonly flows: readonly Flow[];
  readonly mode: EnforcingMode;
}

/** An end of what is needed: groups that are together on an interface, or addresses. */
export type Party =
  | {
      readonly groups: readonly GroupKey[];
      /** Those, and all others that may be on the interface with them. */
      readonly mayCarry: readonly GroupKey[];
      /** What it may be called where it has several groups. */
      readonly name?: string;
    }
  | { readonly cidr: string };

/** Traffic that pods cannot do without. The rules may admit it or not: judging is not what this says. */
export interface Need {
  readonly what: "dns" | "data" | "probes";
  /** Any pair of these will do. */
  readonly from: readonly Party[];
  readonly to: readonly Party[];
  /** Each of them is needed. */
  readonly traffic: readonly Traffic[];
}
