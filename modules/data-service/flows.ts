import { isEmpty } from "../../expression/conditions";
import type { ModuleFlows } from "../../synth/flows";
import { moreTrafficFlows } from "../shared/more-traffic/flows";
import { EACH_PEER } from "../shared/peers";
import { variable } from "./variables";

const SOURCES = variable("ingress_sources");
const TARGETS = variable("egress_targets");

/** Written apart from the rules on purpose: it says what they are for, not what they are. */
export function flows(key: string, title: string): ModuleFlows {
  const closed = { verdict: "deny", traffic: "all" } as const;
  return {
    endpoints: {
      pods: { group: variable("pods_security_group_id"), isOnNodes: true },
      [key]: { group: `aws_security_group.${key}` },
      peer: EACH_PEER,
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
        ...moreTrafficFlows(key, { reached: title, reaching: "The service reaches" }),
      },
      {
        [`internet-not-to-${key}`]: { ...closed, when: [isEmpty(SOURCES)], from: "internet", to: key },
        [`${key}-not-to-internet`]: { ...closed, when: [isEmpty(TARGETS)], from: key, to: "internet" },
        [`${key}-not-to-pods`]: { ...closed, when: [isEmpty(TARGETS)], from: key, to: "pods" },
      },
    ],
  };
}
