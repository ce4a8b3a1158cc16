import { Unknown, type Value } from "../../../expression/value";
import { groupedBy } from "../../../io/lists";
import type { Resource } from "../../read/model";
import { allOf, anyOf, type Certainty } from "../certainty";
import { isNameOf } from "../interfaces/purpose";
import { OS_LABELS } from "../kubernetes/workloads";
import type { Inventory } from "../model";
import { once } from "../once";
import { resources } from "../resources";
import { blocks, elements, field, isObject, type ObjectValue, text } from "../values";
import { type NodePool, poolsOf } from "./karpenter";

/**
 * What names the types of a cluster's nodes.
 *
 * @param hasPodGroups whether something else shows that the input is about pods with groups of their own
 */
export function nodeTypes(inventory: Inventory, hasPodGroups: boolean): readonly Resource[] {
  const nodeGroups = resources(inventory, "aws_eks_node_group");
  const isAboutEks = nodeGroups.length > 0 || resources(inventory, "aws_eks_cluster").length > 0;
  const templates = isAboutEks || hasPodGroups ? resources(inventory, "aws_launch_template") : [];
  return [...nodeGroups, ...templates];
}

/**
 * The type of instance that EKS starts for a managed node group if neither it nor its launch template names one; undefined where
 * the input does not show that, and for AMIs that it does not fit.
 * https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateNodegroup.html#AmazonEKS-CreateNodegroup-request-instanceTypes
 */
export function defaultTypeOf(inventory: Inventory, { type, values }: Resource): "t3.medium" | undefined {
  if (type !== "aws_eks_node_group" || isGiven(values["instance_types"])) return undefined;
  const ami = values["ami_type"] ?? "";
  if (typeof ami !== "string" || /ARM|GPU|NVIDIA|NEURON|WINDOWS|CUSTOM/.test(ami)) return undefined;
  const templates = elements(values["launch_template"]).map((named) =>
    isObject(named) ? templatesNamed(inventory, named) : [],
  );
  if (templates.some(({ length }) => length === 0)) return undefined;
  const saysType = ({ values }: Resource) =>
    isGiven(values["instance_type"]) || isGiven(values["instance_requirements"]);
  return templates.flat().some(saysType) ? undefined : "t3.medium";
}

function isGiven(value: Value | undefined): boolean {
  return elements(value).length > 0;
}

function templatesNamed(inventory: Inventory, named: ObjectValue | undefined): Resource[] {
  return resources(inventory, "aws_launch_template").filter(
    (one) => isNameOf(one, named?.["id"]) || isNameOf(one, named?.["name"]),
  );
}

/** What decides about the nodes on which pods may run. */
export interface Placement {
  readonly tolerations: readonly Value[];
  readonly nodeSelector: Readonly<Record<string, Value>>;
}

/**
 * Whether pods may run on the nodes of a managed node group, by its taints and labels.
 * https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/
 */
function mayRunOn({ values }: Resource, { tolerations, nodeSelector }: Placement): Certainty {
  if (/^WINDOWS/.test(text(values["ami_type"]) ?? "")) return false;
  const labels = values["labels"] ?? {};
  const wanted = Object.entries(nodeSelector).map(([key, value]): Certainty => {
    if (key === "kubernetes.io/os") return value === "linux";
    const given = key === "eks.amazonaws.com/nodegroup" ? values["node_group_name"] : field(labels, key);
    if (given === undefined && !WELL_KNOWN.test(key)) return false;
    return typeof given === "string" && typeof value === "string" ? given === value : "unknown";
  });
  return allOf([...elements(values["taint"]).map((taint) => letsIn(taint, tolerations)), ...wanted]);
}

/**
 * Whether pods may run on what a resource or an object starts: a managed node group, the launch template of some, or a class of
 * Karpenter, by its pools. What is none of these may run any.
 */
export function mayRunAt(inventory: Inventory, address: string, pods: Placement): Certainty {
  const started = startedAt(inventory).get(address) ?? [];
  return started.length === 0 || anyOf(started.map(({ mayRun }) => mayRun(pods)));
}

interface Started {
  /** Of what starts the nodes. */
  readonly address: string;
  readonly mayRun: (pods: Placement) => Certainty;
}

const startedAt = once((inventory: Inventory) => {
  const groups = resources(inventory, "aws_eks_node_group").flatMap((nodes): Started[] => {
    const from = templatesNamed(inventory, blocks(nodes.values["launch_template"])[0]);
    return [nodes, ...from].map(({ address }) => ({ address, mayRun: (pods) => mayRunOn(nodes, pods) }));
  });
  const pools = inventory.nodeClasses.flatMap((one) =>
    poolsOf(one, inventory.nodePools).map(
      (pool): Started => ({ address: one.address, mayRun: (pods) => mayRunInPool(pool, pods) }),
    ),
  );
  return groupedBy([...groups, ...pools], ({ address }) => address);
});

/**
 * Whether pods may run on the nodes of a pool: by its taints, and by what its nodes have as labels or may have by its requirements.
 * https://karpenter.sh/docs/concepts/scheduling/
 */
function mayRunInPool(
  { name, taints, labels, requirements }: NodePool,
  { tolerations, nodeSelector }: Placement,
): Certainty {
  const allowed = elements(requirements);
  const wanted = Object.entries(nodeSelector).map(([key, value]): Certainty => {
    const given = key === "karpenter.sh/nodepool" ? name : field(labels, key);
    if (typeof given === "string" && typeof value === "string") return given === value;
    if (given !== undefined) return "unknown";
    const own = allowed.filter((one) => !isObject(one) || one["key"] === key);
    if (own.length === 0) return WELL_KNOWN.test(key) ? "unknown" : false;
    return allOf(own.map((one) => allows(one, value)));
  });
  const aboutOs = allowed.filter((one) => OS_LABELS.some((label) => field(one, "key") === label));
  if (aboutOs.some((one) => allows(one, "linux") === false)) return false;
  return allOf([...elements(taints).map((taint) => letsIn(taint, tolerations)), ...wanted]);
}

/** Labels that Kubernetes, AWS or Karpenter put on nodes. */
const WELL_KNOWN = /(?:^|[.])(?:kubernetes\.io|k8s\.io|k8s\.aws|amazonaws\.com|karpenter\.sh)\//;

/** Whether a requirement leaves a value of its label. */
function allows(requirement: Value, value: Value): Certainty {
  const operator = field(requirement, "operator");
  const values = elements(field(requirement, "values"));
  if (operator === "Exists") return true;
  if (operator === "DoesNotExist") return false;
  if (typeof value !== "string" || values.some((one) => one instanceof Unknown)) return "unknown";
  const isAmong = values.some((one) => String(one) === value);
  if (operator === "In") return isAmong;
  return operator === "NotIn" ? !isAmong : "unknown";
}

/** What the spec of pods says of their nodes. */
export function placementOf(spec: Value): Placement {
  const selector = field(spec, "nodeSelector") ?? {};
  return {
    tolerations: elements(field(spec, "tolerations")),
    nodeSelector: isObject(selector) ? selector : { "?": selector },
  };
}

/** Whether a taint does not keep pods away. */
function letsIn(taint: Value, tolerations: readonly Value[]): Certainty {
  const effect = EFFECTS[String(field(taint, "effect"))];
  if (!isObject(taint) || taint["key"] instanceof Unknown) return "unknown";
  if (effect === undefined) return taint["effect"] instanceof Unknown ? "unknown" : true;
  if (tolerations.some((one) => !isObject(one))) return "unknown";
  return tolerations.some((one) => {
    const { key = null, operator = "Equal", value = "", effect: only = null } = one as ObjectValue;
    if (only !== null && only !== effect) return false;
    if (operator === "Exists") return key === null || key === taint["key"];
    return key === taint["key"] && value === (taint["value"] ?? "");
  });
}

/** Those that keep pods away, as Terraform and Kubernetes write them. */
const EFFECTS: Readonly<Record<string, string>> = {
  NO_SCHEDULE: "NoSchedule",
  NO_EXECUTE: "NoExecute",
  NoSchedule: "NoSchedule",
  NoExecute: "NoExecute",
};
