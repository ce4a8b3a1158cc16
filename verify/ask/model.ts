import type { Traffic } from "../../network/traffic";
import type { Endpoint } from "../expect/model";
import type { SecurityGroupRule } from "../inventory/model";
import type { Half, Verdict } from "../judge/model";
import type { Source } from "../read/model";

/** What one end of a question was taken for. */
export interface Meant {
  /** As it was asked. */
  readonly words: string;
  /** Such as `Deployment shop/orders`, `aws_db_instance.db`, `aws_security_group.db`. */
  readonly what: string;
  readonly source?: Source;
  /** The policies that give its groups. */
  readonly policies?: readonly string[];
  /** One, or of nodes of several kinds one each. */
  readonly endpoints: readonly Endpoint[];
}

/** A rule of a half that would admit the traffic if one thing of it were different. */
export interface NearRule {
  readonly rule: SecurityGroupRule;
  readonly differs: "peer" | "traffic";
}

/** A half with the rules that speak of what was asked. */
export interface ExplainedHalf {
  readonly half: Half;
  /** Those that allow it, or part of it. */
  readonly rules: readonly SecurityGroupRule[];
  readonly near: readonly NearRule[];
}

/** What came of one question: a verdict for each pair of ends. */
export interface Answer {
  readonly expect: "allow" | "deny";
  readonly traffic: readonly Traffic[];
  readonly from: Meant;
  readonly to: Meant;
  readonly verdicts: readonly { readonly verdict: Verdict; readonly halves: readonly ExplainedHalf[] }[];
}
