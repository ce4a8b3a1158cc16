import type { Json } from "../io/json";
import type { FoundGroup, FoundRule } from "./model";

/** Groups that a module may be made for, with the values that its call would have. */
export interface Candidate {
  readonly module: string;
  /** By the names of the module's resources. The first is what the call is named after. */
  readonly groups: Readonly<Record<string, FoundGroup>>;
  /** The values, with ids of groups as they are. What tags and descriptions they need, the comparison says. */
  readonly inputs: Json;
}

/** A group that a module is made for, and why it cannot hold it. */
export interface Refused {
  readonly module: string;
  readonly group: FoundGroup;
  readonly reason: string;
}

/** Rules that no other call holds. */
export type IsFree = (rule: FoundRule) => boolean;

/** Whether a rule is in a form, or nothing fixes that it is in another one. */
export function mayBe(form: FoundRule["form"], { form: own, other }: FoundRule): boolean {
  return own === form || other?.form === form;
}

/** The form in which the modules other than the article's have their rules. */
const FORM = "aws_vpc_security_group_*_rule";

const CONVERT = "--rules per-rule gives them that form";

/** Why the rules of a group are not in the form of the modules, or not readable; undefined if they are. */
export function formProblem(group: FoundGroup, rules: readonly FoundRule[]): string | undefined {
  if (Object.keys(group.inline).length > 0)
    return `the rules of ${group.address} are blocks of the group, and the module's are ${FORM}: ${CONVERT}`;
  const classic = rules.find((rule) => !mayBe("per-rule", rule));
  if (classic !== undefined)
    return `${classic.address} is ${classic.type}, and the module's rules are ${FORM}: ${CONVERT}`;
  return undefined;
}
