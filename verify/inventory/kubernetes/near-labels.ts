import { Unknown, type Value } from "../../../expression/value";
import { isSlip } from "../../../io/nearest";
import type { Policy, Selector } from "../model";
import { labelsOf } from "./policies";
import { matchedBy, matchesLabels, type Requirement } from "./selectors";
import type { Labels, Workload } from "./workloads";

/** A label that a policy asks for, and what pods or their service account have instead. */
export interface NearLabel {
  readonly whose: "pods" | "service account";
  readonly asked: string;
  readonly has: string;
}

/**
 * The one label for which a policy does not match the pods of a workload, where that is a slip: one letter of its value or its key is
 * another, or the value stands under another key. Undefined where there is more to it.
 */
export function nearLabel(policy: Policy, workload: Workload): NearLabel | undefined {
  const { podSelector, serviceAccountSelector } = policy;
  const { account, labels } = workload;
  const ofAccount = account.state === "declared" ? account.labels : undefined;
  const isRightOf = (selector: Selector, own: Labels | undefined, kind: string) =>
    selector.state === "absent" ||
    (selector.state === "given" && own !== undefined && isMet(selector.requirements, kind, workload));
  if (isRightOf(serviceAccountSelector, ofAccount, ACCOUNT)) {
    const slip = slipIn(podSelector, labels, "pod", workload);
    if (slip) return { whose: "pods", ...slip };
  }
  if (ofAccount && isRightOf(podSelector, labels, "pod")) {
    const slip = slipIn(serviceAccountSelector, ofAccount, ACCOUNT, workload);
    if (slip) return { whose: "service account", ...slip };
  }
  return undefined;
}

const ACCOUNT = "service account";

function isMet(requirements: readonly Requirement[], kind: string, workload: Workload): boolean {
  const matched = matchedBy(requirements, kind);
  return matched !== undefined && matchesLabels(matched, labelsOf(workload));
}

function slipIn(
  selector: Selector,
  labels: Labels,
  kind: string,
  workload: Workload,
): Omit<NearLabel, "whose"> | undefined {
  if (selector.state !== "given") return undefined;
  const unmet = selector.requirements.filter((one) => !isMet([one], kind, workload));
  const [one, ...more] = unmet;
  if (one === undefined || more.length > 0 || one.operator !== "In" || typeof one.key !== "string")
    return undefined;
  const { key, values = [] } = one;
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
