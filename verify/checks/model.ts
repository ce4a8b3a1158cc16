import type { CniManagement, EnforcingMode } from "../../network/cni";
import type { GroupKey, RulePeer } from "../../network/peers";
import type { Traffic } from "../../network/traffic";
import type { WorkloadTable } from "../derive/model";
import type { Group, GroupNames, SecurityGroupRule } from "../inventory/model";
import type { Verdict } from "../judge/model";
import type { Input, ModuleInput, Source } from "../read/model";

export type Severity = "error" | "warning" | "information";

/** What a finding says to do with a rule that admits more than is needed. Addresses are of rules. */
export type Advice =
  /** The whole rule can go, or of a rule for several peers these alone, as long as those that cover it stay as they are. */
  | {
      readonly kind: "remove";
      readonly rule: string;
      readonly peers?: readonly RulePeer[];
      readonly coveredBy?: readonly string[];
    }
  /** Of the rule's traffic only this is needed. */
  | { readonly kind: "narrow"; readonly rule: string; readonly to: readonly Traffic[] }
  /** The rule must be written anew by who knows what is needed of it: nothing may rely on what it admits now. */
  | { readonly kind: "rewrite"; readonly rule: string };

export interface Finding {
  /** The id of the check. */
  readonly check: string;
  readonly severity: Severity;
  /** The resource or group that it is about; suppressions name it. */
  readonly address: string;
  /** What is wrong and what to do, in full sentences. */
  readonly message: string;
  readonly source?: Source;
  /** Whether it matters only to pods with groups of their own, which the input does not show. */
  readonly isOfUnusedFeature?: true;
  /** Of a policy: the groups that it gives. Suppressions for those of them that say so count, too. */
  readonly groups?: readonly GroupKey[];
  readonly advice?: Advice;
  /**
   * What of the address it is about, in words that stay while the fault does: what is known is told apart by them. Default: the
   * rules at the address.
   */
  readonly about?: readonly string[];
}

export interface SuppressedFinding extends Finding {
  readonly reason: string;
}

/** What was found in one input. */
export interface Report {
  readonly path: string;
  readonly kind: Input["kind"];
  readonly mode: EnforcingMode;
  /** What sets the mode for the CNI of the input, where nobody states one: its address. */
  readonly modeFrom?: string;
  /** As `flows.yaml` says; absent where it does not. */
  readonly cni?: CniManagement;
  readonly groups: readonly Group[];
  /** How its groups are named in the files of its modules, for the rules to add. */
  readonly names: GroupNames;
  /** The modules that it calls, in every instance. */
  readonly modules: readonly ModuleInput[];
  /** The file that states flows for it, where there is one. */
  readonly flowsFile?: string;
  /** How many databases and caches carry groups, and how many policies give some to pods. */
  readonly seen?: { readonly databases: number; readonly caches: number; readonly policies: number };
  /** What else it holds that checks know, such as the CNI, in words. */
  readonly lookedAt?: readonly string[];
  readonly rules: readonly SecurityGroupRule[];
  /** Its workloads, where it has some. */
  readonly workloads?: WorkloadTable;
  readonly verdicts: readonly Verdict[];
  /** Whether flows that workloads need are told and do not count. */
  readonly areDerivedIdle?: true;
  readonly findings: readonly Finding[];
  readonly suppressed: readonly SuppressedFinding[];
  /** The ids of the checks that were not run, in their order; absent where all were. */
  readonly checksNotRun?: readonly string[];
  /** Advice that is not told while a flow is broken. */
  readonly waiting?: readonly Finding[];
  /** What was known before, where that is asked for: only the rest counts. */
  readonly known?: {
    /** The file that says what is known. */
    readonly file: string;
    /** Those that are known, which `findings` then does not have. */
    readonly findings: readonly Finding[];
    /** The ids of flows, as texts, that are known not to be as they should. */
    readonly flows: ReadonlySet<string>;
    /** What is known and was not found, in words. */
    readonly gone: readonly string[];
  };
  readonly notes: readonly string[];
  /** Folders of the local modules that the input calls. */
  readonly calls: readonly string[];
}
