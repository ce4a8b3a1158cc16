import * as z from "zod";
import { parseInput, strictly } from "../../io/errors";

/**
 * How a module writes its rules, with the same names in both forms: as `aws_security_group_rule`, the article's, or as
 * `aws_vpc_security_group_ingress_rule` and `aws_vpc_security_group_egress_rule`, which the provider recommends: one
 * request for each rule instead of two, ports that change in place, tags. Never both on one group.
 */
export type RuleForm = "classic" | "per-rule";

/** For the document of a module that adds rules to groups of others. */
export const FORM_NOTE =
  '- Each rule is its own resource (`aws_vpc_security_group_*_rule`), unless the module was synthesized with `ruleForm: "classic"`. The provider advises against both types on one group, because a rule that is in both conflicts. So do not add rules of this type to the groups of module `rds-mysql`, which uses `aws_security_group_rule`. On the node security group both types can coexist, because the rules of two modules differ there.';

/** What is fixed when a module is synthesized. */
export interface RuleFormOptions {
  /** Default: per-rule. A change replaces every rule. */
  readonly ruleForm?: RuleForm | undefined;
}

const ruleFormSchema: z.ZodType<RuleFormOptions> = z.strictObject(
  { ruleForm: z.enum(["classic", "per-rule"], { error: 'must be "classic" or "per-rule"' }).optional() },
  strictly("ruleForm"),
);

/**
 * The form of the rules that options say.
 *
 * @throws InputError naming every wrong option
 */
export function ruleFormOf(options: RuleFormOptions = {}): RuleForm {
  return parseInput("options", ruleFormSchema, options).ruleForm ?? "per-rule";
}
