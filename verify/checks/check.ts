import type { CniManagement } from "../../network/cni";
import type { GroupKey } from "../../network/peers";
import { AWS_NODE, cniSources, isSwitchedOn } from "../inventory/cluster/cni";
import { once } from "../inventory/once";
import type { Verdict } from "../judge/model";
import type { Estate } from "../needs/model";
import type { Source } from "../read/model";
import type { Advice, Finding, Severity } from "./model";
import { compareFindings } from "./order";

/** All that a check can look at. */
export interface CheckContext extends Estate {
  readonly verdicts: readonly Verdict[];
  /** How the cluster's CNI is run, and the file that says so; absent where none does. */
  readonly cni?: { readonly management: CniManagement; readonly file: string };
  /** The quota of groups on one interface, where it was raised. */
  readonly groupsPerInterface?: number;
}

/** What a check has seen at one place. */
export interface Observation {
  /** The resource or group that it is about. */
  readonly address: string;
  /** What is wrong, what follows and what to do, in full sentences. */
  readonly message: string;
  /** Of a policy: the groups that it gives, at which the finding may be suppressed. */
  readonly groups?: readonly GroupKey[];
  /** Where this case weighs less than the check as a whole. */
  readonly severity?: Severity;
  /** What the message advises to do with a rule: to take something away waits while a flow is broken (`advice.ts`). */
  readonly advice?: Advice;
  /** What of the address it is about, where that is not the rules at it: what tells two of its findings apart. */
  readonly about?: readonly string[];
  readonly source?: Source | undefined;
}

/** One thing that can be wrong. A check whose subject is not in the input observes nothing. */
export interface Check {
  /** Short, in kebab-case; suppressions name it. */
  readonly id: string;
  /** What its worst case weighs. */
  readonly severity: Severity;
  /** What it is about where that is a feature that an input may not use: then its findings are information. */
  readonly about?: "pods with groups";
  /** What is wrong, in a few words. */
  readonly title: string;
  /** Why it matters, and when it weighs less, in full sentences. */
  readonly why: string;
  /** The address of a document that says so. */
  readonly reference: string;
  readonly run: (context: CheckContext) => readonly Observation[];
}

/** Whether the input shows that pods get groups of their own, or says what must be true of groups. */
export const usesPodGroups: (context: CheckContext) => boolean = once(
  ({ inventory, flows }: CheckContext) =>
    flows.length > 0 ||
    inventory.policies.length > 0 ||
    isSwitchedOn(cniSources(inventory), AWS_NODE, "ENABLE_POD_ENI") === true,
);

/**
 * Runs checks: their findings in order.
 *
 * @param onCheck called with the id of each check before it runs
 */
export function run(
  checks: readonly Check[],
  context: CheckContext,
  onCheck: (id: string) => void = () => {},
): Finding[] {
  const findings = checks.flatMap((check) => {
    onCheck(check.id);
    return check.run(context).map(({ source, ...observed }): Finding => {
      const finding = { check: check.id, severity: check.severity, ...observed, ...(source && { source }) };
      const isUnused = check.about !== undefined && !usesPodGroups(context);
      return isUnused ? { ...finding, severity: "information", isOfUnusedFeature: true } : finding;
    });
  });
  return findings.sort(compareFindings);
}
