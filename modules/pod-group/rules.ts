import { isNull } from "../../expression/conditions";
import { portsIn, type Rules } from "../../network/rules";
import { CLUSTER_REQUIREMENTS, type ClusterGroup, clusterAccessRules } from "../shared/cluster-access/rules";
import { icmpCode } from "../shared/peers";
import { firstPort, lastPort } from "../shared/ports";
import { variable } from "./variables";

export const REQUIREMENTS = {
  ...CLUSTER_REQUIREMENTS,
  SELF: "The pods reach each other on self_ports.",
  MORE: "The pods are reached from ingress_sources and reach egress_targets.",
} as const;

const PORTS = "each.value.ports";

/** What an element of `ingress_sources` or `egress_targets` admits. */
const EACH = {
  peer: { expression: "each.value" },
  protocol: { expression: "each.value.protocol" },
  ports: {
    from: `${isNull(PORTS)} ? each.value.icmp_type : ${firstPort(PORTS)}`,
    to: `${isNull(PORTS)} ? ${icmpCode("each.value")} : ${lastPort(PORTS)}`,
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
    forEach: variable("self_ports"),
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
      forEach: variable("ingress_sources"),
      description: "Ingress: Allow access from ${each.key}.",
    },
    pods_egress_to_targets: {
      group: "pods",
      direction: "egress",
      ...EACH,
      forEach: variable("egress_targets"),
      description: "Egress: Allow access to ${each.key}.",
    },
  };
}
