import { isGiven, isNotEmpty } from "../../expression/conditions";
import { clusterAccessFlows, IS_ADDRESS } from "../shared/cluster-access/flows";
import { REQUIREMENTS } from "./rules";
import { ON_BASELINE, variable } from "./variables";

/** Stated of TCP and UDP: a type and a code of ICMP, which may be left out, make no traffic in words. */
const HAS_PORTS = [IS_ADDRESS, isGiven("each.value.ports")];

export const flows = clusterAccessFlows({
  own: "pods",
  group: "aws_security_group.pods",
  unless: ON_BASELINE,
  more: {
    SELF: {
      forEach: variable("self_ports"),
      description: REQUIREMENTS.SELF,
      verdict: "allow",
      from: "pods",
      to: "pods",
      traffic: "TCP ${each.value}",
    },
    "MORE-sources": {
      forEach: variable("ingress_sources"),
      when: HAS_PORTS,
      description: "${each.key} reaches the pods.",
      verdict: "allow",
      from: "peer",
      to: "pods",
      traffic: "${each.value.protocol} ${each.value.ports}",
    },
    "MORE-targets": {
      forEach: variable("egress_targets"),
      when: HAS_PORTS,
      description: "The pods reach ${each.key}.",
      verdict: "allow",
      from: "pods",
      to: "peer",
      traffic: "${each.value.protocol} ${each.value.ports}",
    },
  },
  opensMore: {
    ingress: isNotEmpty(variable("ingress_sources")),
    egress: isNotEmpty(variable("egress_targets")),
  },
});
