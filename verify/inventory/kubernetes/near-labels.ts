import { Unknown, type Value } from "../../../expression/value";
import { isSlip } from "../../../io/nearest";
import type { Policy, Selector } from "../model";
import { labelsOf } from "./policies";
import { type Matched, matchedBy, matchesLabels, type Requirement } from "./selectors";
import type { Labels, Workload } from "./workloads";

/** A label that a policy asks for, and what pods or their service account have instead. */
export interface NearLabel {
  readonly whose: "pods" | "service account";
  readonly asked: string;
  readonly has: string;
}

/** Beyond so many workloads a slip is no longer looked for: each costs a comparison with each policy that matches nothing. */
const MOST_TRIED = 100;

/**
 * The first of some workloads that a policy does not match for one label alone, where that is a slip: one letter of its value or its
 * key is another, or the value stands under another key for names.
 */
export function nearestWorkload(
  { podSelector, serviceAccountSelector }: Policy,
  among: readonly Workload[],
): { readonly workload: Workload; readonly near: NearLabel } | undefined {
  const ofPods = termsOf(podSelector, "pod");
  const ofAccounts = termsOf(serviceAccountSelector, "service account");
  if (ofPods === undefined || ofAccounts === undefined) return undefined;
  const terms = [...ofPods, ...ofAccounts];
  for (const workload of among.slice(0, MOST_TRIED)) {
    const all = labelsOf(workload);
    const isUnmet = ({ matched }: Term) => matched === undefined || !matchesLabels(matched, all);
    const first = terms.findIndex(isUnmet);
    const unmet = terms[first];
    if (unmet === undefined || terms.slice(first + 1).some(isUnmet)) continue;
    const slip = slipIn(unmet.requirement, all[unmet.whose]?.labels ?? {});
    const whose = unmet.whose === "pod" ? "pods" : unmet.whose;
    if (slip) return { workload, near: { whose, ...slip } };
  }
  return undefined;
}

/** One of the requirements of a selector. */
interface Term {
  readonly whose: "pod" | "service account";
  readonly requirement: Requirement;
  readonly matched: Matched | undefined;
}

/** Undefined where the input does not determine them. */
function termsOf(selector: Selector, whose: Term["whose"]): Term[] | undefined {
  if (selector.state === "unknown") return undefined;
  if (selector.state === "absent") return [];
  return selector.requirements.map((requirement) => ({
    whose,
    requirement,
    matched: matchedBy([requirement], whose),
  }));
}

function slipIn(
  { key, operator, values = [] }: Requirement,
  labels: Labels,
): Omit<NearLabel, "whose"> | undefined {
  if (operator !== "In" || typeof key !== "string") return undefined;
  const found = Object.entries(labels).find(([own, value]) =>
    values.some((asked) => isNear([key, asked], [own, value], Object.hasOwn(labels, key))),
  );
  if (found === undefined) return undefined;
  return { asked: `${key}=${values.map(shown).join("|")}`, has: `${found[0]}=${shown(found[1])}` };
}

function isNear(
  [key, asked]: readonly [string, Value],
  [own, value]: readonly [string, Value],
  hasKey: boolean,
): boolean {
  if (typeof asked !== "string" || typeof value !== "string") return false;
  if (own === key) return isSlip(asked, value);
  // What stands under the key is another label.
  if (hasKey || asked !== value) return false;
  return isSlip(key, own) || (NAME_KEYS.includes(key) && NAME_KEYS.includes(own));
}

/** Keys under which people write what a workload is called: one of them for another is a slip, too. */
const NAME_KEYS: readonly string[] = ["app", "app.kubernetes.io/name", "k8s-app", "name"];

function shown(value: Value): string {
  return value instanceof Unknown ? `\${${value.expression}}` : String(value);
}
