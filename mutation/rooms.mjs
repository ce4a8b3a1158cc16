/**
 * The rooms whose code is mutated, each with the tests that must notice, the quick ones first. A mutant that only a test
 * of another room would notice counts as survived.
 */
export const ROOMS = {
  network: ["__tests__/network"],
  "verify/judge": ["__tests__/verify/judge"],
  "verify/inventory": ["__tests__/verify/inventory", "__tests__/verify/checks"],
  "verify/checks": ["__tests__/verify/checks"],
  modules: ["__tests__/modules", "__tests__/synth/check-values.test.ts"],
};

/** Tests that start processes or read what was committed: they see the source as it is, not as it is mutated. */
export const BLIND = ["__tests__/modules/data.test.ts"];

/** Tests of thousands of random cases, which look at what others leave. */
export const LAST = ["oracle", "advice", "workload", "connect", "rule-forms"].map(
  (name) => `/${name}.test.ts`,
);

/** A cache, which is given up while mutants are tried: it would keep the result of another one. */
export const CACHE = "verify/inventory/once.ts";
