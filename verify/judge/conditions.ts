import { partition } from "../../network/partition";
import type { Traffic } from "../../network/traffic";
import { type TrafficSet, trafficOf } from "../../network/traffic";
import type { Condition, Fact } from "./model";

/** Traffic that is admitted if all of these facts are true. */
export interface Option {
  /** What they say of traffic is filled in when it is known which is in question. */
  readonly facts: readonly Fact[];
  readonly traffic: TrafficSet;
}

/** How a condition names the traffic that it is about. */
type Named = (traffic: TrafficSet) => TrafficSet;

/**
 * What must be true for a half to admit traffic that it does not admit for certain: for each part of it, one of the
 * options that it has.
 */
export function conditionsToAdmit(
  options: readonly Option[],
  traffic: TrafficSet,
  named: Named,
): Condition[] {
  return partition(entries(options), traffic).map((piece) => {
    const about = trafficOf(named(piece.traffic));
    return any(alternatives(piece.values).map(({ facts }) => all(facts.map((fact) => is(fact, about)))));
  });
}

/**
 * What must be true for one of two halves to refuse traffic that both may admit. The options of a half are empty where
 * it admits all of it for certain.
 */
export function conditionsToRefuse(
  out: { readonly options: readonly Option[]; readonly certain: TrafficSet },
  into: { readonly options: readonly Option[]; readonly certain: TrafficSet },
  traffic: TrafficSet,
  named: Named,
): Condition[] {
  const halves = [out, into].map(({ options, certain }) => [
    ...entries(options),
    { traffic: certain, value: CERTAIN },
  ]);
  const [egress = [], ingress = []] = halves;
  return partition(egress, traffic).flatMap((piece) =>
    partition(ingress, piece.traffic).flatMap((common) => {
      const about = trafficOf(named(common.traffic));
      const sides = [piece.values, common.values].filter((values) => !values.includes(CERTAIN));
      const refusals = sides.map((values) => alternatives(values).map((option) => refused(option, about)));
      const [first = [], second] = refusals;
      // None of a half's options may be so: each of them is a condition of its own where the other half is open.
      return second === undefined ? first : [any([all(first), all(second)])];
    }),
  );
}

/** Conditions without those that say the same. */
export function distinct(conditions: readonly Condition[]): Condition[] {
  if (conditions.length < 2) return [...conditions];
  return [...new Map(conditions.map((condition) => [JSON.stringify(condition), condition])).values()];
}

/** Marks traffic that needs no option. */
const CERTAIN: Option = { facts: [], traffic: [] };

function entries(options: readonly Option[]): { traffic: TrafficSet; value: Option }[] {
  return options.map((value) => ({ traffic: value.traffic, value }));
}

/** Options without those that ask for more than another one. */
function alternatives(options: readonly Option[]): readonly Option[] {
  if (options.length < 2) return options;
  const keys = options.map(({ facts }) => new Set(facts.map((fact) => JSON.stringify(fact))));
  return options.filter((_, index) => {
    const own = keys[index] as Set<string>;
    return !keys.some(
      (other, at) =>
        at !== index && [...other].every((key) => own.has(key)) && (other.size < own.size || at < index),
    );
  });
}

function refused({ facts }: Option, traffic: readonly Traffic[]): Condition {
  return any(facts.map((fact) => ({ ...is(fact, traffic), kind: "not" as const })));
}

function is(fact: Fact, traffic: readonly Traffic[]): Condition & { kind: "is" } {
  return { kind: "is", fact: "traffic" in fact ? { ...fact, traffic } : fact };
}

function any(of: readonly Condition[]): Condition {
  return of.length === 1 ? (of[0] as Condition) : { kind: "any", of };
}

function all(of: readonly Condition[]): Condition {
  return of.length === 1 ? (of[0] as Condition) : { kind: "all", of };
}
