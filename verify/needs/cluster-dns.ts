import type { Certainty } from "../inventory/certainty";
import { clusters } from "../inventory/cluster/clusters";
import { AWS_NODE, cniSources, isSwitchedOn } from "../inventory/cluster/cni";
import { type CoreDns, coreDns, SYSTEM } from "../inventory/cluster/coredns";
import { eniConfigsIn } from "../inventory/cluster/eni-configs";
import { fargateProfiles, isOnFargate } from "../inventory/cluster/fargate";
import { showsCustomNetworking } from "../inventory/cluster/live-nodes";
import { mayRunAt } from "../inventory/cluster/nodes";
import { maySelect, policiesOn } from "../inventory/kubernetes/policies";
import { openPlaceholders } from "../inventory/kubernetes/policy-shape";
import { type AllLabels, matchesLabels, mayMatchLabels } from "../inventory/kubernetes/selectors";
import type { Inventory, Policy } from "../inventory/model";
import { once } from "../inventory/once";
import { interfaces, party } from "./interfaces";
import { unmappedIn } from "./mapping";
import type { Estate, Party } from "./model";
import { distinctParties, nodeParties, partyKey, unknownNodes } from "./nodes";
import { isFargate } from "./probes";

/** Who answers, each of whom must be reached; or why that is not known, as a part of a sentence. */
export type Answering = { readonly parties: readonly Party[] } | { readonly unknown: string };

const NAME = "dns";

/**
 * The pods of the cluster's DNS: by the groups that a policy gives them, else by those of every node that may run them, with
 * custom networking by those of the ENIConfigs, on Fargate by the group that EKS makes.
 */
export const clusterDns: (of: Estate) => Answering = once((estate) => {
  const { inventory } = estate;
  const own = byPolicies(estate);
  if (own !== undefined) return own;
  if (clusters(inventory).some(({ autoMode }) => autoMode !== false)) {
    return { unknown: "in Auto Mode, EKS runs the cluster's DNS on the nodes by itself" };
  }
  if (hasSeveralClusters(inventory)) {
    return { unknown: "the input has several clusters, and does not say which of them runs it" };
  }
  const dns = coreDns(inventory);
  const { labels, compute } = dns;
  const selected = isOnFargate(inventory, { namespace: SYSTEM, labels });
  if (selected === "unknown") return { unknown: "whether a Fargate profile selects CoreDNS is not known" };
  const onFargate = selected && compute !== "ec2" ? fargateParties(estate) : [];
  if (selected && compute === "fargate") return onFargate.length > 0 ? { parties: onFargate } : NOT_SEEN;
  const onNodes = byNodes(estate, dns);
  if ("unknown" in onNodes) return onNodes;
  const parties = [...onNodes.parties, ...onFargate];
  return parties.length > 0 ? { parties: distinctParties(parties) } : NOT_SEEN;
});

const NOT_SEEN = {
  unknown: "the input shows neither the groups of the cluster's nodes nor a rule for port 53",
};

/** Whether what an input has may belong to one of several clusters. */
export function hasSeveralClusters(inventory: Inventory): boolean {
  return clusters(inventory).length > 1;
}

/** Undefined where certainly no policy gives groups to the pods of the cluster's DNS. */
function byPolicies(estate: Estate): Answering | undefined {
  const { inventory } = estate;
  const { workload, labels, hasOpenLabels } = coreDns(inventory);
  const all: AllLabels = { pod: { labels, open: hasOpenLabels ? ["?"] : [] } };
  const found = workload
    ? policiesOn(inventory, workload)
    : {
        certain: inventory.policies.filter((policy) => certainlySelects(policy, all)),
        possible: inventory.policies.filter((policy) => mayGive(policy, all, hasOpenLabels)),
      };
  const certain = found.certain.filter(({ groups, isUncertain }) => groups.length > 0 && !isUncertain);
  const possible = [...found.possible, ...found.certain].filter(
    (policy) => policy.groups.length > 0 && !certain.includes(policy),
  );
  if (possible.length > 0) {
    const policies = possible.map(({ address }) => address).join(" and ");
    return { unknown: `whether ${policies} selects its pods is not known` };
  }
  if (certain.length === 0) return undefined;
  if (certain.some(({ groupIds }) => groupIds === undefined)) {
    return { unknown: "the groups that its policy gives are not known" };
  }
  const unmapped = certain.flatMap((policy) => unmappedIn(inventory, policy));
  if (unmapped.length > 0)
    return { unknown: `the group that ${unmapped.join(", ")} stands for is not known` };
  const [first] = certain;
  const groups = [...new Set(certain.flatMap((policy) => policy.groups))];
  const name = typeof first?.name === "string" ? `${first.name}-pods` : "pods";
  return { parties: [party(estate, groups, name)] };
}

function certainlySelects({ namespace, matched }: Policy, labels: AllLabels): boolean {
  return namespace === SYSTEM && matched !== undefined && matchesLabels(matched, labels);
}

function mayGive(policy: Policy, labels: AllLabels, isOpen: boolean): boolean {
  const { namespace, matched } = policy;
  if (typeof namespace === "string" && namespace !== SYSTEM) return false;
  return matched === undefined || isOpen ? maySelect(policy) : mayMatchLabels(matched, labels);
}

/** The group that EKS makes for the cluster, which its pods on Fargate carry where no policy gives them others. */
function fargateParties(estate: Estate): Party[] {
  const profiles = new Set(fargateProfiles(estate.inventory).map(({ address }) => address));
  return interfaces(estate)
    .filter(({ address }) => profiles.has(address))
    .map(({ groups }) => party(estate, groups, NAME));
}

function byNodes(estate: Estate, dns: CoreDns): Answering {
  const { inventory } = estate;
  const why = unknownNodes(inventory);
  if (why !== undefined) return { unknown: why };
  const certain = nodeParties(estate, (address) => mayRun(inventory, dns, address) === true);
  const possible = nodeParties(estate, (address) => mayRun(inventory, dns, address) !== false);
  const isKnown = keysOf(certain) === keysOf(possible);
  if (!isKnown) return { unknown: "on which nodes CoreDNS runs is not known" };
  return dns.workload?.passedOver === "host network"
    ? { parties: certain }
    : withCustomNetworking(estate, certain);
}

function keysOf(parties: readonly Party[]): string {
  return parties.map(partyKey).sort().join("\n");
}

function mayRun(inventory: Inventory, dns: CoreDns, address: string): Certainty {
  if (isFargate(address)) return false;
  const may = mayRunAt(inventory, address, dns);
  return may !== false && dns.isPlacedOtherwise ? "unknown" : may;
}

/** Pods without a policy have the groups of the interface that they are on. */
function withCustomNetworking(estate: Estate, nodes: readonly Party[]): Answering {
  const { inventory } = estate;
  const sources = cniSources(inventory);
  const isSet = isSwitchedOn(sources, AWS_NODE, "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG");
  const isOn = isSet !== false || sources.length > 0 ? isSet : showsCustomNetworking(inventory);
  const configs = eniConfigsIn(inventory.objects, inventory.input.resources);
  if (configs.length === 0) {
    return isOn === true
      ? { unknown: "with custom networking it carries the groups of an ENIConfig, and the input shows none" }
      : { parties: nodes };
  }
  if (sources.length > 0 && isOn === false) return { parties: nodes };
  if (isOn !== true || configs.some(({ isUncertain }) => isUncertain)) {
    return { unknown: "whether custom networking gives it the groups of an ENIConfig is not known" };
  }
  const placeholders = configs.flatMap(({ groups, isManifest }) =>
    isManifest ? openPlaceholders(groups, inventory.input) : [],
  );
  if (placeholders.length > 0) {
    return { unknown: `the group that ${placeholders.join(", ")} of an ENIConfig stands for is not known` };
  }
  const ofConfigs = interfaces(estate)
    .filter(({ isForPods }) => isForPods)
    .map(({ groups }) => party(estate, groups, NAME));
  const isOneOfNodes = configs.some(({ groups }) => groups.length === 0);
  return { parties: distinctParties([...ofConfigs, ...(isOneOfNodes ? nodes : [])]) };
}
