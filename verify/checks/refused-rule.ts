import { groupedBy } from "../../io/lists";
import { mayBeRight } from "../inventory/refused-places";
import type { Check } from "./check";
import { refusalWords } from "./refusal-words";

export const check: Check = {
  id: "refused-rule",
  severity: "error",
  title: "Terraform or AWS rejects a rule",
  why: "A service name as the protocol, invalid ports, an address with host bits, no peer or two that exclude each other, all protocols with ports, a name instead of a group id: Terraform rejects some of these during plan, and AWS the rest during apply, when half of the change is already made. Flows that need the rule, or the group that holds it as a block, hold only if it is fixed. In a plan, which Terraform has accepted, the check looks only for what AWS rejects. A warning if the input does not tell: for groups of two VPCs that it creates, which another configuration may connect, and for a count or for_each that depends on values known only after apply, if the state is elsewhere and may already hold them.",
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
          message: `${address} cannot be applied: ${words.join(" Also: ")}`,
        },
      ];
    }),
};
