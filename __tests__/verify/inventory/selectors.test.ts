import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  both,
  implies,
  type Matched,
  matchedBy,
  matchesNothing,
  type Requirement,
} from "../../../verify/inventory/kubernetes/selectors";

type Labels = Readonly<Record<string, string>>;

const KEYS = ["a", "b"];
/** `other` stands for all values that no selector names. */
const VALUES = ["x", "y", "other"];

/** Every pod that these keys and values can make. */
const PODS: readonly Labels[] = KEYS.reduce<Labels[]>(
  (pods, key) => pods.flatMap((pod) => [pod, ...VALUES.map((value) => ({ ...pod, [key]: value }))]),
  [{}],
);

const key = fc.constantFrom(...KEYS);
const values = fc.uniqueArray(fc.constantFrom("x", "y"), { minLength: 1 });
const requirement: fc.Arbitrary<Requirement> = fc.oneof(
  fc.record({ key, operator: fc.constantFrom("In", "NotIn"), values }),
  fc.record({ key, operator: fc.constantFrom("Exists", "DoesNotExist"), values: fc.constant(undefined) }),
);
const selector = fc.array(requirement, { maxLength: 4 });

/** As Kubernetes states the operators. */
function matches(requirements: readonly Requirement[], pod: Labels): boolean {
  return requirements.every(({ key, operator, values = [] }) => {
    const value = pod[key as string];
    if (operator === "Exists") return value !== undefined;
    if (operator === "DoesNotExist") return value === undefined;
    const isIn = value !== undefined && values.includes(value);
    return operator === "In" ? isIn : !isIn;
  });
}

const matched = (requirements: readonly Requirement[]) => matchedBy(requirements, "pod") as Matched;

describe("selectors, against every pod", () => {
  test("one that matches nothing is known as such", () => {
    fc.assert(
      fc.property(selector, (one) => {
        expect(matchesNothing(matched(one))).toBe(!PODS.some((pod) => matches(one, pod)));
      }),
    );
  });

  test("one implies another where all of its pods are the other's", () => {
    fc.assert(
      fc.property(selector, selector, (one, other) => {
        fc.pre(!matchesNothing(matched(one)));
        const isImplied = PODS.filter((pod) => matches(one, pod)).every((pod) => matches(other, pod));
        expect(implies(matched(one), matched(other))).toBe(isImplied);
      }),
      { numRuns: 500 },
    );
  });

  test("several have a pod in common, or none", () => {
    fc.assert(
      fc.property(selector, selector, selector, (one, other, third) => {
        fc.pre([one, other, third].every((selector) => !matchesNothing(matched(selector))));
        const pair = both(matched(one), matched(other));
        const common = pair && both(pair, matched(third));
        const exists = PODS.some((pod) => [one, other, third].every((selector) => matches(selector, pod)));
        expect(common !== undefined).toBe(exists);
      }),
      { numRuns: 500 },
    );
  });
});
