import { canTrunk } from "../../aws/instance-types";
import { groupedBy } from "../../io/lists";
import { plural } from "../../io/plural";
import { trunklessIn } from "../inventory/cluster/karpenter";
import { liveNodes } from "../inventory/cluster/live-nodes";
import { defaultTypeOf, nodeTypes } from "../inventory/cluster/nodes";
import { elements } from "../inventory/values";
import { hasPodGroups } from "../needs/interfaces";
import { hidingNodes } from "../needs/nodes";
import type { Resource } from "../read/model";
import type { Check, CheckContext, Observation } from "./check";
import { listed } from "./words";

export const check: Check = {
  id: "instance-type-without-trunk",
  severity: "warning",
  about: "pods with groups",
  title: "An instance type cannot run pods with their own security groups",
  why: "Pods with their own security groups need branch interfaces on a trunk interface. Older families and the burstable t2, t3, t3a and t4g have none: such pods stay pending there. A managed node group that names no types, neither itself nor by its launch template, gets t3.medium. Launch templates count if the input shows that it is about EKS. Of the types that a NodePool of Karpenter allows, Karpenter starts one that fits the pods: a pool is named if it allows no other, and no other nodes of the input can run such pods.",
  reference: "https://github.com/aws/amazon-vpc-resource-controller-k8s/blob/master/pkg/aws/vpc/limits.go",
  run: (context) => {
    return [...ofNamedTypes(context), ...ofPools(context), ...ofLiveNodes(context)];
  },
};

function ofNamedTypes(context: CheckContext): Observation[] {
  return nodeTypes(context.inventory, hasPodGroups(context)).flatMap((resource) => {
    const types = typesOf(resource);
    const byDefault = defaultTypeOf(context.inventory, resource);
    const unfit = byDefault ? [byDefault] : types.filter((type) => !canTrunk(type));
    if (unfit.length === 0) return [];
    const { address, source } = resource;
    const rest = !byDefault && unfit.length < new Set(types).size ? " The other types can." : "";
    const names = byDefault ? "names no instance types, so that EKS starts" : "names";
    const message = `${address} ${names} ${listed(unfit)}, which ${CANNOT}.${rest} Use types of other families, such as m5, c5 or r5.`;
    return [{ address, source, about: unfit, message }];
  });
}

/** Pools, where nothing that the input shows runs pods with groups of their own. */
function ofPools(context: CheckContext): Observation[] {
  const { nodePools } = context.inventory;
  const others = nodeTypes(context.inventory, hasPodGroups(context));
  const canOthers = others.some((resource) => {
    const types = typesOf(resource);
    return types.length === 0
      ? defaultTypeOf(context.inventory, resource) === undefined
      : types.some(canTrunk);
  });
  const mayOthers =
    canOthers ||
    liveNodes(context.inventory).some(({ hasTrunk }) => hasTrunk) ||
    hidingNodes(context.inventory).length > 0;
  if (mayOthers || nodePools.some((pool) => trunklessIn(pool).length === 0)) return [];
  return nodePools.map((pool) => {
    const { address, source } = pool;
    const unfit = trunklessIn(pool);
    const message = `${address} allows only ${listed(unfit)}, which ${CANNOT}. Allow other families, such as m5, c5 or r5.`;
    return { address, source, about: unfit, message };
  });
}

/** Nodes that run, where none of them has a trunk interface: by their types, those that nothing else in the input names. */
function ofLiveNodes(context: CheckContext): Observation[] {
  const nodes = liveNodes(context.inventory);
  if (nodes.some(({ hasTrunk }) => hasTrunk) || !hasPodGroups(context)) return [];
  const named = new Set(nodeTypes(context.inventory, true).flatMap(typesOf));
  const unfit = groupedBy(nodes, ({ type }) =>
    type === undefined || canTrunk(type) || named.has(type) ? undefined : type,
  );
  return [...unfit].flatMap(([type, [first, ...others]]) => {
    if (first === undefined) return [];
    const { address, source } = first;
    const more = others.length > 0 ? ` and ${plural(others.length, "other node")} are` : " is";
    const message = `${address}${more} of type ${type}, which ${CANNOT}. Use types of other families, such as m5, c5 or r5.`;
    return [{ address, source, about: [type], message }];
  });
}

const CANNOT = "cannot have branch interfaces: pods with their own security groups cannot run there";

function typesOf({ values }: Resource): string[] {
  return [...elements(values["instance_types"]), ...elements(values["instance_type"])].filter(
    (type) => typeof type === "string",
  );
}
