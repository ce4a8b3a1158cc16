/** What an input holds and what is found in it: tests of findings look at both, and `--init` says names of groups. */
const FINDINGS = [
  "__tests__/verify/checks",
  "__tests__/verify/inventory",
  "__tests__/verify/ask/init.test.ts",
  ...["refusals", "outage", "uncertain"].map((name) => `__tests__/verify/${name}.test.ts`),
];

/**
 * The rooms whose code is mutated, each with the tests that must notice. A mutant that only a test of another room would
 * notice counts as survived.
 */
export const ROOMS = {
  network: ["__tests__/network"],
  "verify/judge": ["__tests__/verify/judge"],
  "verify/inventory": FINDINGS,
  "verify/needs": FINDINGS,
  "verify/checks": FINDINGS,
  modules: ["__tests__/modules", "__tests__/synth/check-values.test.ts"],
};

/**
 * Tests that try no mutants: those that start processes or read what was committed see the source as it is, and one makes
 * random estates, which takes seconds for each mutant.
 */
export const BLIND = ["__tests__/modules/data.test.ts", "__tests__/verify/checks/advice.test.ts"];

/** Tests of thousands of random cases, which look at what others leave. */
export const LAST = ["oracle", "workload", "connect", "rule-forms"].map((name) => `/${name}.test.ts`);

/** A cache, which is given up while mutants are tried: it would keep the result of another one. */
export const CACHE = "verify/inventory/once.ts";
