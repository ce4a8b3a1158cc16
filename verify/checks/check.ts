import type { CniManagement, EnforcingMode } from "../../network/cni";
import type { GroupKey } from "../../network/peers";
import type { Flow } from "../expect/model";
import type { Inventory } from "../inventory/model";
import type { Verdict } from "../judge/model";
import type { Source } from "../read/model";
import type { Advice, Finding, Severity } from "./model";
import { compareFindings } from "./order";

/** All that a check can look at. */
export interface CheckContext {
  readonly inventory: Inventory;
  readonly flows: readonly Flow[];
  readonly verdicts: readonly Verdict[];
  readonly mode: EnforcingMode;
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
  /** What the message advises to take away: it waits while a flow is broken (`advice.ts`). */
  readonly advice?: Advice;
  readonly source?: Source | undefined;
}

/** One thing that can be wrong. A check whose subject is not in the input observes nothing. */
export interface Check {
  /** Short, in kebab-case; suppressions name it. */
  readonly id: string;
  /** What its worst case weighs. */
  readonly severity: Severity;
  /** What is wrong, in a few words. */
  readonly title: string;
  /** Why it matters, and when it weighs less, in full sentences. */
  readonly why: string;
  /** The address of a document that says so. */
  readonly reference: string;
  readonly run: (context: CheckContext) => readonly Observation[];
}

/** Runs checks: their findings in order. */
export function run(checks: readonly Check[], context: CheckContext): Finding[] {
  const findings = checks.flatMap((check) =>
    check.run(context).map(({ source, ...observed }): Finding => {
      return { check: check.id, severity: check.severity, ...observed, ...(source && { source }) };
    }),
  );
  return findings.sort(compareFindings);
}
