import { isNull } from "../../../expression/conditions";
import type { Rules } from "../../../network/rules";
import { icmpCode } from "../peers";
import { firstPort, lastPort } from "../ports";
import { variable } from "./variables";

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

/**
 * The rules of `ingress_sources` and of `egress_targets`.
 *
 * @param group the key of the group that they are on
 * @param own what the names of the rules start with
 */
export function moreTrafficRules<Group extends string>(group: Group, own: string = group): Rules<Group> {
  return {
    [`${own}_ingress_from_sources`]: {
      group,
      direction: "ingress",
      ...EACH,
      forEach: variable("ingress_sources"),
      description: "Ingress: Allow access from ${each.key}.",
    },
    [`${own}_egress_to_targets`]: {
      group,
      direction: "egress",
      ...EACH,
      forEach: variable("egress_targets"),
      description: "Egress: Allow access to ${each.key}.",
    },
  };
}
