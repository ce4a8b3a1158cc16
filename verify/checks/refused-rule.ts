import { groupedBy } from "../../io/lists";
import { mayBeRight } from "../inventory/refused-places";
import type { Check } from "./check";
import { refusalWords } from "./refusal-words";

export const check: Check = {
  id: "refused-rule",
  severity: "error",
  title: "Terraform or AWS refuses a rule",
  why: "A protocol by the name of a service, ports that are none, an address with host bits, no peer or two that exclude each other, all protocols with ports, a name where the id of a group belongs: Terraform refuses a part of that when it plans, and AWS the rest when it is applied, where half of a change is made already. Flows that need the rule, or the group that holds it as a block, hold only if it is fixed. In a plan, which Terraform has accepted, only what AWS refuses is looked for. A warning for what the input does not tell: groups of two VPCs that it makes, which another configuration may join, and a count or for_each by what is known only after apply where the state is elsewhere and may hold it already.",
  reference: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html",
  run: ({ inventory }) =>
    [...groupedBy(inventory.refusals, ({ address }) => address)].flatMap(([address, refusals]) => {
      const words = [...new Set(refusals.map(({ refused }) => refusalWords(refused)))];
      return [
        {
          address,
          source: refusals[0]?.source,
          ...(refusals.every(({ refused }) => mayBeRight(refused)) && { severity: "warning" as const }),
          about: words,
          message: `${address} cannot be applied: ${words.join(" Besides: ")}`,
        },
      ];
    }),
};
