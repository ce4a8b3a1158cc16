import { nodeLocalDns } from "../inventory/cluster/node-local-dns";
import { policiesOn } from "../inventory/kubernetes/policies";
import { type Workload, workloads } from "../inventory/kubernetes/workloads";
import { asksItsNode } from "../needs/node-dns";
import type { Check, CheckContext, Observation } from "./check";
import { listed } from "./words";

export const check: Check = {
  id: "node-local-dns-unreachable",
  severity: "error",
  title: "Pods query a DNS cache that strict mode does not let them reach",
  why: "In strict mode everything that a pod with its own security groups sends leaves through its branch interface into the VPC, also what is for its own node. NodeLocal DNSCache answers at a link-local address of the node (169.254.20.10), and mostly at the address of the cluster DNS as well, so such pods cannot resolve names, whatever the rules allow. It works in standard mode. Pods query it if the DaemonSet node-local-dns has the address of the cluster DNS in -localip, if the kubelets hand out a link-local address (clusterDNS), or if the pods name one (dnsConfig.nameservers). Pods on Fargate and with dnsPolicy Default do not.",
  reference: "https://docs.aws.amazon.com/eks/latest/best-practices/sgpp.html",
  run: (context) => {
    if (context.mode !== "strict") return [];
    const { inventory } = context;
    const affected = workloads(inventory).filter(
      (workload) => hasOwnGroups(context, workload) && asksItsNode(inventory, workload) === true,
    );
    const byThemselves = affected.filter(({ dnsPolicy }) => dnsPolicy === "None");
    const others = affected.filter((workload) => !byThemselves.includes(workload));
    return [...ofCache(context, others), ...byThemselves.map(ofWorkload)];
  },
};

function hasOwnGroups({ inventory }: CheckContext, workload: Workload): boolean {
  return policiesOn(inventory, workload).certain.some(
    ({ groups, isUncertain }) => groups.length > 0 && !isUncertain,
  );
}

const FIX =
  "Run the CNI in standard mode (POD_SECURITY_GROUP_ENFORCING_MODE = standard), or let these pods query CoreDNS itself: dnsPolicy: None with the address of a Service that leads to CoreDNS, such as kube-dns-upstream.";

function ofCache({ inventory }: CheckContext, affected: readonly Workload[]): Observation[] {
  const [first] = affected;
  if (first === undefined) return [];
  const cache = nodeLocalDns(inventory)?.object;
  const { address, source } = cache ?? first;
  const what =
    cache === undefined
      ? "the kubelets hand out a link-local address for DNS"
      : `${address} answers DNS on each node`;
  const pods = listed(affected.map((one) => one.address));
  return [
    {
      address,
      source,
      about: affected.map((one) => one.address),
      message: `${what}, which the pods of ${pods} cannot reach in strict mode: they cannot resolve names. ${FIX}`,
    },
  ];
}

function ofWorkload({ address, source }: Workload): Observation {
  return {
    address,
    source,
    about: ["dnsConfig.nameservers"],
    message: `${address} names a link-local address in dnsConfig.nameservers, which its pods cannot reach in strict mode: they cannot resolve names. Run the CNI in standard mode (POD_SECURITY_GROUP_ENFORCING_MODE = standard), or name the address of the cluster DNS.`,
  };
}
