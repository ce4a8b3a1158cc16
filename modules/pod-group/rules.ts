import { portsIn, type Rules } from "../../network/rules";
import { CLUSTER_REQUIREMENTS, type ClusterGroup, clusterAccessRules } from "../shared/cluster-access/rules";

export const REQUIREMENTS = {
  ...CLUSTER_REQUIREMENTS,
  SELF: "The pods reach each other on self_ports.",
  MORE: "The pods are reached from ingress_sources and reach egress_targets.",
} as const;

/** What an element of `ingress_sources` or `egress_targets` admits. */
const EACH = {
  peer: { expression: "each.value" },
  protocol: { expression: "each.value.protocol" },
  ports: {
    from: 'each.value.ports == null ? each.value.icmp_type : tonumber(split("-", each.value.ports)[0])',
    to: 'each.value.ports == null ? coalesce(each.value.icmp_code, -1) : tonumber(reverse(split("-", each.value.ports))[0])',
  },
  requirement: "MORE",
} as const;

/** @param name the name of the pods' group as descriptions hold it */
export function rules(name: string): Rules<"pods" | ClusterGroup> {
  const self = {
    group: "pods",
    peer: { self: true },
    protocol: "tcp",
    ports: portsIn("each.value"),
    forEach: "var.self_ports",
    requirement: "SELF",
  } as const;
  return {
    ...clusterAccessRules("pods", name),
    pods_ingress_from_self: {
      ...self,
      direction: "ingress",
      description: "Ingress: Allow ${each.key} from the pods themselves.",
    },
    pods_egress_to_self: {
      ...self,
      direction: "egress",
      description: "Egress: Allow ${each.key} to the pods themselves.",
    },
    pods_ingress_from_sources: {
      group: "pods",
      direction: "ingress",
      ...EACH,
      forEach: "var.ingress_sources",
      description: "Ingress: Allow access from ${each.key}.",
    },
    pods_egress_to_targets: {
      group: "pods",
      direction: "egress",
      ...EACH,
      forEach: "var.egress_targets",
      description: "Egress: Allow access to ${each.key}.",
    },
  };
}
