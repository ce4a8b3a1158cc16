import { portsIn, type Rules } from "../../network/rules";
import { moreTrafficRules } from "../shared/more-traffic/rules";
import { variable } from "./variables";

/** The groups of the rules, with the service's by its key. */
export type DataServiceGroup = "service" | "pods";

/**
 * Both halves of the access, and of what members of the service say to each other.
 *
 * @param key the service's short name, which the names of the rules hold
 */
export function rules(key: string): Rules<DataServiceGroup> {
  const access = {
    protocol: "tcp",
    ports: portsIn("each.value"),
    forEach: variable("ports"),
    requirement: "ACCESS",
  } as const;
  const members = {
    group: "service",
    peer: { self: true },
    protocol: "tcp",
    ports: portsIn("each.value"),
    forEach: variable("member_ports"),
    requirement: "MEMBERS",
  } as const;
  return {
    [`${key}_ingress_from_pods`]: {
      group: "service",
      direction: "ingress",
      peer: { group: "pods" },
      ...access,
      description: `Ingress: Allow \${each.key} from the pods of \${${variable("name")}}.`,
    },
    [`pods_egress_to_${key}`]: {
      group: "pods",
      direction: "egress",
      peer: { group: "service" },
      ...access,
      description: `Egress: Allow \${each.key} to \${aws_security_group.${key}.name}.`,
    },
    [`${key}_ingress_from_self`]: {
      direction: "ingress",
      ...members,
      description: "Ingress: Allow ${each.key} among members.",
    },
    [`${key}_egress_to_self`]: {
      direction: "egress",
      ...members,
      description: "Egress: Allow ${each.key} among members.",
    },
    ...moreTrafficRules("service", key),
  };
}
