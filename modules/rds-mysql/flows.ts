import type { ModuleFlows } from "../../synth/flows";
import { REQUIREMENTS } from "./rules";
import { INGRESS_GROUP, WORKER_GROUP } from "./variables";

type Endpoint = "pods" | "database" | "worker" | "ingress";

/** Written apart from the rules on purpose: it says what they are for, not what they are. */
export const flows: ModuleFlows<Endpoint> = {
  nodes: "worker",
  endpoints: {
    pods: { group: "aws_security_group.pods", isOnNodes: true },
    database: { group: "aws_security_group.rds" },
    worker: { group: WORKER_GROUP, isOnNodes: true },
    ingress: { group: INGRESS_GROUP, isOnNodes: true },
  },
  flows: [
    {
      RQ1: {
        description: REQUIREMENTS.RQ1,
        verdict: "allow",
        from: "pods",
        to: "internet",
        traffic: "TCP 80, 443",
      },
      RQ2: {
        description: REQUIREMENTS.RQ2,
        verdict: "allow",
        from: "ingress",
        to: "pods",
        traffic: "all TCP",
      },
      RQ3: {
        description: REQUIREMENTS.RQ3,
        verdict: "allow",
        from: "pods",
        to: "database",
        traffic: "TCP 3306",
      },
      RQ4: {
        description: REQUIREMENTS.RQ4,
        verdict: "allow",
        from: "pods",
        to: "worker",
        traffic: "TCP 53, UDP 53",
        required: "worker",
        requiredNote:
          "Both the egress and the ingress rule are in this module, including the nodes' rules for DNS.",
      },
      RQ5: {
        description: REQUIREMENTS.RQ5,
        verdict: "allow",
        from: "worker",
        to: "pods",
        traffic: "all TCP",
      },
    },
    {
      "worker-not-to-database": { verdict: "deny", from: "worker", to: "database", traffic: "all" },
      "ingress-not-to-database": { verdict: "deny", from: "ingress", to: "database", traffic: "all" },
      "internet-not-to-pods": { verdict: "deny", from: "internet", to: "pods", traffic: "all" },
      "internet-not-to-database": { verdict: "deny", from: "internet", to: "database", traffic: "all" },
      "pods-not-to-other-internet": {
        verdict: "deny",
        from: "pods",
        to: "internet",
        traffic: "all except TCP 80, 443",
      },
    },
  ],
  suppress: [
    {
      check: "dead-rule",
      address: "aws_security_group_rule.rds_ingress_to_self",
      reason: "Kept from the article: the database security group has no egress, so this rule opens nothing.",
    },
  ],
};
