import { portsIn, type Rules } from "../../network/rules";
import { CLUSTER_REQUIREMENTS, type ClusterGroup, clusterAccessRules } from "../shared/cluster-access/rules";
import { moreTrafficRules } from "../shared/more-traffic/rules";
import { variable } from "./variables";

export const REQUIREMENTS = {
  ...CLUSTER_REQUIREMENTS,
  SELF: "The pods reach each other on self_ports.",
  MORE: "The pods are reached from ingress_sources and reach egress_targets.",
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
    ...moreTrafficRules("pods"),
  };
}
