import type { Form, FormChoice } from "../forms";
import type { FoundGroup, FoundRule } from "../model";
import type { SingleRule } from "../single-rules";

/** The id of a rule in AWS (`sgr-…`), where it is known. */
export type RuleIds = (rule: SingleRule) => string | undefined;

export interface ConvertOptions {
  /** By the ids of groups; see `formChoices`. */
  readonly choices: ReadonlyMap<string, FormChoice>;
  /** Absent where nothing was given to read ids from. */
  readonly ruleIds?: RuleIds;
  /** Whether rules may get the tags that the provider adds to every resource. */
  readonly acceptsTags?: boolean;
}

/** What becomes of the rules of one group. */
export interface Conversion {
  readonly group: Pick<FoundGroup, "address" | "id">;
  /** Empty where no state has them. */
  readonly from: readonly Form[];
  readonly to: Form;
  /** How many rules get another form, each with one peer. */
  readonly rules: number;
  /** What is to be known, in sentences. */
  readonly notes: readonly string[];
}

/** What a conversion makes of one group and its rules. */
export interface Outcome {
  readonly group: FoundGroup;
  readonly rules: readonly FoundRule[];
  readonly conversion?: Conversion;
  readonly rejected: readonly string[];
  /** Rules whose ids are not known and needed. */
  readonly withoutId: readonly SingleRule[];
}
