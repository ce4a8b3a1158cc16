import type { SecurityGroupRule } from "../inventory/model";
import { type Check, type CheckContext, run } from "./check";
import { check as dataServiceClosedToPods } from "./data-service-closed-to-pods";
import { check as deadRule } from "./dead-rule";
import { check as dnsHalfOpen } from "./dns-half-open";
import type { Finding } from "./model";
import { check as noDnsPath } from "./no-dns-path";
import { check as noProbePath } from "./no-probe-path";

/** Checks that find rules which are missing, as a broken flow does. */
const MISSING_RULES: readonly Check[] = [
  dataServiceClosedToPods,
  deadRule,
  dnsHalfOpen,
  noDnsPath,
  noProbePath,
];

/**
 * One cause is one entry: a finding about a missing rule is left out where a broken flow proposes a rule that settles it. What
 * the flow does not say is left, such as the half of a protocol that no flow is about.
 */
export function withoutWhatFlowsSay(findings: Finding[], context: CheckContext): Finding[] {
  const ids = new Set(MISSING_RULES.map(({ id }) => id));
  const cures = curesOf(context);
  if (cures.length === 0 || !findings.some(({ check }) => ids.has(check))) return findings;
  const { inventory } = context;
  const cured = { ...context, inventory: { ...inventory, rules: [...inventory.rules, ...cures] } };
  const left = new Set(run(MISSING_RULES, cured).map(keyOf));
  return findings.filter((finding) => !ids.has(finding.check) || left.has(keyOf(finding)));
}

/** The rules that broken flows propose, as if they were there. */
function curesOf({ verdicts }: CheckContext): SecurityGroupRule[] {
  return verdicts
    .flatMap(({ cures }) => cures)
    .map(({ group, direction, traffic, peer }, index) => ({
      address: `cure ${index}`,
      form: "per-rule" as const,
      group,
      direction,
      traffic,
      peer,
      source: { file: "" },
    }));
}

function keyOf({ check, address }: Finding): string {
  return `${check} ${address}`;
}
