import type { Value } from "../../../expression/value";
import type { Source } from "../../read/model";
import { OS_LABELS } from "../kubernetes/workloads";
import type { Inventory } from "../model";
import { once } from "../once";
import { elements, field, isObject, text } from "../values";

/** A node of a live dump on which pods with groups of their own may run, as far as its operating system goes. */
export interface LiveNode {
  readonly address: string;
  readonly source: Source;
  /** Such as `m5.large`, where its label says so. */
  readonly type?: string;
  /** Whether it has a trunk interface, so that its pods can have branch interfaces. */
  readonly hasTrunk: boolean;
  /** Whether the CNI has asked for one; absent where the dump does not show the node's CNINode. */
  readonly asksForTrunk?: boolean;
}

/** The controller sets it where a trunk interface is attached, to the number of branch interfaces. */
const POD_ENI = "vpc.amazonaws.com/pod-eni";
/** Written by versions of the CNI before 1.15; `false` is what asks for one. */
const TRUNK_LABEL = "vpc.amazonaws.com/has-trunk-attached";

/**
 * The nodes of a live dump that are instances with Linux and no nodes of Auto Mode; those of which it shows the status.
 * https://github.com/aws/amazon-vpc-resource-controller-k8s/blob/master/docs/sgp/workflow.md
 */
export const liveNodes: (of: Inventory) => readonly LiveNode[] = once(({ objects }) => {
  const features = new Map(
    objects.flatMap(({ body }) =>
      field(body, "kind") === "CNINode"
        ? [[text(field(body, "metadata", "name")), featuresOf(body)] as const]
        : [],
    ),
  );
  return objects.flatMap(({ address, body, source }): LiveNode[] => {
    const labels = field(body, "metadata", "labels") ?? {};
    const allocatable = field(body, "status", "allocatable");
    if (field(body, "kind") !== "Node" || !isObject(labels) || !isObject(allocatable)) return [];
    if (labels["eks.amazonaws.com/compute-type"] !== undefined || !isLinux(labels)) return [];
    const type = text(labels["node.kubernetes.io/instance-type"]);
    const own = features.get(text(field(body, "metadata", "name")));
    const label = labels[TRUNK_LABEL];
    const asks = own?.includes("SecurityGroupsForPods") || label === "true" || label === "false";
    return [
      {
        address,
        source,
        ...(type !== undefined && { type }),
        hasTrunk: Number(allocatable[POD_ENI] ?? 0) > 0 || label === "true",
        ...((own !== undefined || label !== undefined) && { asksForTrunk: asks }),
      },
    ];
  });
});

/** Whether a live dump shows that the CNI runs with custom networking. */
export const showsCustomNetworking: (of: Inventory) => boolean = once(({ objects }) =>
  objects.some(
    ({ body }) => field(body, "kind") === "CNINode" && featuresOf(body).includes("CustomNetworking"),
  ),
);

function featuresOf(body: Value): readonly (string | undefined)[] {
  return elements(field(body, "spec", "features")).map((one) => text(field(one, "name")));
}

function isLinux(labels: { readonly [name: string]: Value }): boolean {
  return OS_LABELS.every((name) => labels[name] === undefined || labels[name] === "linux");
}
