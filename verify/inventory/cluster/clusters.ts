import { Unknown, type Value } from "../../../expression/value";
import type { Resource } from "../../read/model";
import type { Inventory } from "../model";
import { resources } from "../resources";
import { at, blocks, isTrue, text } from "../values";

/** Whether EKS itself runs the nodes of a cluster (Auto Mode); unknown where the input does not determine it. */
export type AutoMode = boolean | "unknown";

export interface Cluster {
  readonly resource: Resource;
  readonly autoMode: AutoMode;
  /** The minor version of Kubernetes 1, where it is known: 33. */
  readonly minor?: number;
}

/** The clusters of the input, with those that may not exist. */
export function clusters(inventory: Inventory): Cluster[] {
  return resources(inventory, "aws_eks_cluster").map((resource) => {
    const minor = /^1\.(\d+)$/.exec(text(resource.values["version"]) ?? "")?.[1];
    return {
      resource,
      autoMode: autoModeOf(resource.values),
      ...(minor !== undefined && { minor: Number(minor) }),
    };
  });
}

/** https://docs.aws.amazon.com/eks/latest/userguide/automode.html */
function autoModeOf({ compute_config: config }: Resource["values"]): AutoMode {
  const enabled: Value | undefined = at(config, "enabled");
  // How many blocks there are may be unknown.
  if (enabled instanceof Unknown || blocks(config).some(({ dynamic }) => dynamic === true)) return "unknown";
  return isTrue(enabled);
}
