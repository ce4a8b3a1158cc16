import { clusterAccessFlows, IS_ADDRESS } from "../shared/cluster-access/flows";
import { REQUIREMENTS } from "./rules";

/** Stated of TCP and UDP: a type and a code of ICMP, which may be left out, make no traffic in words. */
const HAS_PORTS = [IS_ADDRESS, "each.value.ports != null"];

export const flows = clusterAccessFlows({
  own: "pods",
  group: "aws_security_group.pods",
  unless: "var.on_baseline",
  more: {
    SELF: {
      forEach: "var.self_ports",
      description: REQUIREMENTS.SELF,
      verdict: "allow",
      from: "pods",
      to: "pods",
      traffic: "TCP ${each.value}",
    },
    "MORE-sources": {
      forEach: "var.ingress_sources",
      when: HAS_PORTS,
      description: "${each.key} reaches the pods.",
      verdict: "allow",
      from: "peer",
      to: "pods",
      traffic: "${each.value.protocol} ${each.value.ports}",
    },
    "MORE-targets": {
      forEach: "var.egress_targets",
      when: HAS_PORTS,
      description: "The pods reach ${each.key}.",
      verdict: "allow",
      from: "pods",
      to: "peer",
      traffic: "${each.value.protocol} ${each.value.ports}",
    },
  },
  opensMore: { ingress: "length(var.ingress_sources) > 0", egress: "length(var.egress_targets) > 0" },
});
