import { unmappedInAnnotations } from "../inventory/balancers";
import { policies } from "../inventory/kubernetes/policies";
import { freeGroups, unmappedIn } from "../needs/mapping";
import type { Check, CheckContext } from "./check";
import { listed } from "./words";

export const check: Check = {
  id: "group-not-mapped",
  severity: "warning",
  title: "What a manifest writes for a group stands for none that is known",
  why: "The ids of security groups are not known before apply, so manifests have placeholders, values of charts, or ids from another state in their place. Which group is meant decides what the pods reach: until it is said, flows from and to them depend on it.",
  reference: "https://docs.aws.amazon.com/eks/latest/userguide/security-groups-pods-deployment.html",
  run: (context) => {
    const { inventory } = context;
    const ofBalancers = unmappedInAnnotations(inventory).map(({ address, source, words }) => ({
      address,
      source,
      about: words,
      message: `${words.join(", ")} in ${address} ${words.length === 1 ? "stands" : "stand"} for no group that is known here, so what its load balancer sends to pods is not known. ${howToSay(words)}`,
    }));
    const ofPolicies = policies(inventory).flatMap((policy) => {
      const words = unmappedIn(inventory, policy);
      if (words.length === 0) return [];
      const { address, source } = policy;
      const message =
        `${words.join(", ")} in ${address} ${words.length === 1 ? "stands" : "stand"} for no group that is known here, so what its pods ` +
        `reach is not known. ${howToSay(words)}${candidates(context)}`;
      return [{ address, source, message, about: words }];
    });
    return [...ofPolicies, ...ofBalancers];
  },
};

function howToSay([first]: readonly string[]): string {
  return `Say which group is meant: under groups in flows.yaml, or by --group '${first}=ADDRESS'.`;
}

const MOST_CANDIDATES = 5;

/** The declared groups that nothing attaches: one of them is meant, more often than not. */
function candidates({ inventory }: CheckContext): string {
  const free = freeGroups(inventory).slice(0, MOST_CANDIDATES);
  return free.length === 0 ? "" : ` Declared here and attached to nothing: ${listed(free)}.`;
}
