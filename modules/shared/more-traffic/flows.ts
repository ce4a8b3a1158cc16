import { isGiven } from "../../../expression/conditions";
import type { StatedFlow } from "../../../synth/flows";
import { IS_ADDRESS } from "../peers";
import { variable } from "./variables";

/**
 * The flows of `ingress_sources` and of `egress_targets`. Stated of TCP and UDP: a type and a code of ICMP, which may be left out,
 * make no traffic in words.
 *
 * @param own the endpoint that the module's group is
 * @param words what it is: where it is reached, and where it reaches others
 */
export function moreTrafficFlows<Own extends string>(
  own: Own,
  words: { readonly reached: string; readonly reaching: string },
): Readonly<Record<string, StatedFlow<Own | "peer">>> {
  const each = {
    when: [IS_ADDRESS, isGiven("each.value.ports")],
    verdict: "allow",
    traffic: "${each.value.protocol} ${each.value.ports}",
  } as const;
  return {
    "MORE-sources": {
      ...each,
      forEach: variable("ingress_sources"),
      description: `\${each.key} reaches ${words.reached}.`,
      from: "peer",
      to: own,
    },
    "MORE-targets": {
      ...each,
      forEach: variable("egress_targets"),
      description: `${words.reaching} \${each.key}.`,
      from: own,
      to: "peer",
    },
  };
}
