import { absoluteIn } from "../../expression/address";
import { resourceReference } from "../../expression/resource-reference";
import { byText, groupedBy } from "../../io/lists";
import { worstFirst } from "../compare/arrange";
import type { Verdict } from "../judge/model";

/** Flows that belong to one module call, or to the root. */
export interface Scope {
  /** The address of the module call that states the flows, "" for the root. */
  readonly name: string;
  /** Whether nobody states them: workloads need them. */
  readonly isDerived: boolean;
  /** The broken ones first, those that hold last. */
  readonly verdicts: readonly Verdict[];
  /**
   * What the addresses of most of the rules that carry them begin with, up to the resource's type: a report names
   * those by what is left. "" when there are no rules.
   */
  readonly prefix: string;
}

/** The scopes of some flows, those with broken ones first, otherwise in the order in which flows are stated. */
export function scopesOf(verdicts: readonly Verdict[]): Scope[] {
  const scopes = groupedBy(
    worstFirst(verdicts),
    ({ flow }) => `${flow.origins === undefined ? "stated" : "derived"} ${flow.id.module}`,
  );
  return [...scopes.values()].map((own) => ({
    name: own[0]?.flow.id.module ?? "",
    isDerived: own[0]?.flow.origins !== undefined,
    verdicts: own,
    prefix: mostCommon(own.flatMap(prefixes)),
  }));
}

/** The address of a rule without the scope's prefix, or all of it when it has another. */
export function shortName(address: string, { prefix }: Scope): string {
  return typePrefix(address) === prefix ? address.slice(prefix.length) : address;
}

function prefixes({ halves, openedBy }: Verdict): string[] {
  return [...openedBy, ...halves.flatMap((half) => half.admittedBy)].map(typePrefix);
}

/** `module.a["b"].aws_security_group_rule.` of an address. */
function typePrefix(address: string): string {
  const rule = resourceReference(address);
  return rule ? `${absoluteIn(rule.module, rule.type)}.` : "";
}

function mostCommon(texts: readonly string[]): string {
  const groups = [...groupedBy(texts, (text) => text)];
  const [first] = groups.sort(([a, as], [b, bs]) => bs.length - as.length || byText(a, b));
  return first?.[0] ?? "";
}
