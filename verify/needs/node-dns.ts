import { Unknown } from "../../expression/value";
import { isOnFargate } from "../inventory/cluster/fargate";
import { isLinkLocal, kubeletsAskLinkLocal, nodeLocalDns } from "../inventory/cluster/node-local-dns";
import type { Workload } from "../inventory/kubernetes/workloads";
import type { Inventory } from "../inventory/model";
import { elements, field } from "../inventory/values";

/** The name servers that pods have of their own (`dnsPolicy: None`), as far as they are known. */
export function nameserversOf({ spec }: Workload): string[] {
  return elements(field(spec, "dnsConfig", "nameservers")).filter((one) => typeof one === "string");
}

/**
 * Whether pods ask DNS of their own node, at a link-local address or at that of the cluster's DNS which a cache on the node
 * answers: in standard mode no group filters that, and in strict mode it reaches nobody.
 * https://github.com/aws/amazon-vpc-cni-k8s/issues/1384
 */
export function asksItsNode(inventory: Inventory, workload: Workload): boolean | "unknown" {
  const { dnsPolicy = "ClusterFirst" } = workload;
  const onFargate = isOnFargate(inventory, workload);
  if (onFargate === true || dnsPolicy === "Default") return false;
  if (dnsPolicy instanceof Unknown) return "unknown";
  const own = nameserversOf(workload);
  const asks =
    dnsPolicy === "None"
      ? own.length > 0 && own.every(isLinkLocal)
      : kubeletsAskLinkLocal(inventory) || (nodeLocalDns(inventory)?.answersForAll ?? false);
  return asks === true && onFargate === "unknown" ? "unknown" : asks;
}
