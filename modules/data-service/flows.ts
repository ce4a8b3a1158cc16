import type { ModuleFlows } from "../../synth/flows";
import { variable } from "./variables";

/** Written apart from the rules on purpose: it says what they are for, not what they are. */
export function flows(key: string, title: string): ModuleFlows {
  return {
    endpoints: {
      pods: { group: variable("pods_security_group_id"), isOnNodes: true },
      [key]: { group: `aws_security_group.${key}` },
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
      },
      {
        [`internet-not-to-${key}`]: { verdict: "deny", from: "internet", to: key, traffic: "all" },
        [`${key}-not-to-internet`]: { verdict: "deny", from: key, to: "internet", traffic: "all" },
        [`${key}-not-to-pods`]: { verdict: "deny", from: key, to: "pods", traffic: "all" },
      },
    ],
  };
}
