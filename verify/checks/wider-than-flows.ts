import { intersect, subtract } from "../../network/intervals";
import type { Traffic } from "../../network/traffic";
import { describeAll, describeTraffic, trafficOf, trafficSet } from "../../network/traffic";
import { flowIdText } from "../expect/flow-id";
import type { Flow } from "../expect/model";
import { rulesByAddress } from "../inventory/rule-index";
import type { Check, CheckContext } from "./check";
import { listed } from "./words";

export const check: Check = {
  id: "wider-than-flows",
  severity: "information",
  title: "A rule admits more than the flows need",
  why: "Where flows are stated, a rule that carries some of them and admits more than all of them together can be narrowed to their traffic. Rules that carry no flow are not judged here.",
  reference:
    "https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/sec_network_protection_create_layers.html",
  run: (context) =>
    [...carriedFlows(context)].flatMap(([address, flows]) => {
      const [rule] = rulesByAddress(context.inventory).get(address) ?? [];
      if (rule?.traffic === undefined) return [];
      const admitted = trafficSet([rule.traffic]);
      const needed = intersect(
        admitted,
        trafficSet(flows.flatMap((flow): readonly Traffic[] => flow.traffic)),
      );
      if (needed.length === 0 || subtract(admitted, needed).length === 0) return [];
      const ids = listed(flows.map(({ id }) => flowIdText(id)));
      return [
        {
          address,
          source: rule.source,
          message: `${address} admits ${describeTraffic(rule.traffic)}; the flows that it carries (${ids}) need ${describeAll(trafficOf(needed))}. Narrow it to that.`,
        },
      ];
    }),
};

/** The flows that a rule admits or helps to admit, by the rule's address. */
function carriedFlows({ verdicts }: CheckContext): Map<string, Flow[]> {
  const result = new Map<string, Flow[]>();
  for (const { flow, halves } of verdicts) {
    if (flow.expect !== "allow") continue;
    for (const address of new Set(halves.flatMap(({ admittedBy }) => admittedBy))) {
      const flows = result.get(address);
      if (flows) flows.push(flow);
      else result.set(address, [flow]);
    }
  }
  return result;
}
