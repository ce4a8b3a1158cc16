import { isEmpty, isGiven } from "../../expression/conditions";
import type { ModuleFlows } from "../../synth/flows";
import { IS_ADDRESS } from "../shared/cluster-access/flows";
import { variable } from "./variables";

const SOURCES = variable("ingress_sources");
const TARGETS = variable("egress_targets");

/** Stated of TCP and UDP: a type and a code of ICMP, which may be left out, make no traffic in words. */
const HAS_PORTS = [IS_ADDRESS, isGiven("each.value.ports")];

/** Written apart from the rules on purpose: it says what they are for, not what they are. */
export function flows(key: string, title: string): ModuleFlows {
  const closed = { verdict: "deny", traffic: "all" } as const;
  return {
    endpoints: {
      pods: { group: variable("pods_security_group_id"), isOnNodes: true },
      [key]: { group: `aws_security_group.${key}` },
      peer: {
        group: "each.value.security_group_id",
        cidrs: ["${each.value.cidr_ipv4}", "${each.value.cidr_ipv6}"],
        note: "Of flows that are stated for each of a map: a group or an address, whichever the element has.",
      },
    },
    flows: [
      {
        ACCESS: {
          forEach: variable("ports"),
          description: `The pods reach ${title}.`,
          verdict: "allow",
          from: "pods",
          to: key,
          traffic: "TCP ${each.value}",
          required: "pods",
          requiredNote: "Both rules are in this module, including the egress rule on the pod security group.",
        },
        MEMBERS: {
          forEach: variable("member_ports"),
          description: "Members of the service reach each other.",
          verdict: "allow",
          from: key,
          to: key,
          traffic: "TCP ${each.value}",
        },
        "MORE-sources": {
          forEach: SOURCES,
          when: HAS_PORTS,
          description: `\${each.key} reaches ${title}.`,
          verdict: "allow",
          from: "peer",
          to: key,
          traffic: "${each.value.protocol} ${each.value.ports}",
        },
        "MORE-targets": {
          forEach: TARGETS,
          when: HAS_PORTS,
          description: "The service reaches ${each.key}.",
          verdict: "allow",
          from: key,
          to: "peer",
          traffic: "${each.value.protocol} ${each.value.ports}",
        },
      },
      {
        [`internet-not-to-${key}`]: { ...closed, when: [isEmpty(SOURCES)], from: "internet", to: key },
        [`${key}-not-to-internet`]: { ...closed, when: [isEmpty(TARGETS)], from: key, to: "internet" },
        [`${key}-not-to-pods`]: { ...closed, when: [isEmpty(TARGETS)], from: key, to: "pods" },
      },
    ],
  };
}
