import { clusters } from "../inventory/cluster/clusters";
import { AWS_NODE, cniSources } from "../inventory/cluster/cni";
import { liveNodes } from "../inventory/cluster/live-nodes";
import type { Inventory } from "../inventory/model";
import { field } from "../inventory/values";
import type { CheckContext } from "./check";
import { listed } from "./words";

/**
 * A note where policies give pods groups, and nothing in the input configures the CNI of its one cluster: EKS installs the
 * CNI without ENABLE_POD_ENI (https://docs.aws.amazon.com/eks/latest/userguide/security-groups-pods-deployment.html). No
 * finding, because what sets it may stand elsewhere. Empty where something in the input may set it in a way that is not read,
 * where `cni` in flows.yaml says how the CNI is run, and with Fargate, whose pods need no such variable.
 */
export function noteOfUntouchedCni({ inventory, cni }: CheckContext): string[] {
  const policies = inventory.policies.filter(({ groups, isUncertain }) => groups.length > 0 && !isUncertain);
  const [cluster, ...others] = clusters(inventory);
  if (cni !== undefined || policies.length === 0 || cluster === undefined || others.length > 0) return [];
  const { autoMode, resource } = cluster;
  const isLeftAlone = autoMode === false && resource.values["bootstrap_self_managed_addons"] !== false;
  if (!isLeftAlone || resource.isUncertain || cniSources(inventory).length > 0 || mayTouch(inventory))
    return [];
  const pods = listed(policies.map(({ address }) => address));
  return [
    `nothing here configures the CNI of ${resource.address}, which EKS installs without ENABLE_POD_ENI: unless something else, such as kubectl set env, sets it to "true", the pods of ${pods} keep the groups of their nodes`,
  ];
}

/** Whether something in the input may set the CNI's variables in a way that is not read, or run the pods on Fargate. */
function mayTouch(inventory: Inventory): boolean {
  const { input, objects, releases } = inventory;
  const isUnread = input.modules.some(({ passed }) => passed !== undefined);
  const isOther = input.resources.some(({ mode, type }) => mode === "managed" && OTHER_WAYS.includes(type));
  const mayBeCni = objects.some(({ body }) => {
    const name = field(body, "metadata", "name");
    return !NEVER_CNI.has(String(field(body, "kind"))) && (typeof name !== "string" || name === AWS_NODE);
  });
  const isShown = liveNodes(inventory).some(({ hasTrunk, asksForTrunk }) => hasTrunk || asksForTrunk);
  return (
    isUnread ||
    isOther ||
    isShown ||
    mayBeCni ||
    releases.some(({ chart }) => /cni|cilium|calico/.test(chart))
  );
}

const NEVER_CNI: ReadonlySet<string> = new Set(["Namespace", "SecurityGroupPolicy"]);

const OTHER_WAYS = ["aws_cloudformation_stack", "aws_eks_fargate_profile", "null_resource", "terraform_data"];
