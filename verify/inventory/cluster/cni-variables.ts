import type { Value } from "../../../expression/value";

/** The container that runs on every node, and the one that prepares the node for it. */
export const AWS_NODE = "aws-node";
export const CNI_INIT = "aws-vpc-cni-init";

/** An environment variable of the CNI that the input sets. */
export interface CniSetting {
  readonly container: string;
  readonly name: string;
  /** Unknown where the input does not determine it. */
  readonly value: Value;
}

/** Variables of the CNI's containers, as far as something determines them. */
export interface CniVariables {
  readonly settings: readonly CniSetting[];
  /** The containers of which more may be set. */
  readonly unknown: ReadonlySet<string>;
}
