/**
 * The rooms whose code is mutated, each with the tests that must notice. A mutant that only a test of another room would
 * notice counts as survived.
 */
export const ROOMS = {
  network: ["__tests__/network"],
  "verify/judge": ["__tests__/verify/judge"],
  "verify/inventory": ["__tests__/verify/inventory", "__tests__/verify/checks"],
  "verify/needs": ["__tests__/verify/checks", "__tests__/verify/ask"],
  "verify/checks": ["__tests__/verify/checks"],
  modules: ["__tests__/modules", "__tests__/synth/check-values.test.ts"],
};

/** Tests that start processes or read what was committed: they see the source as it is, not as it is mutated. */
export const BLIND = ["__tests__/modules/data.test.ts"];
