import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CHECKS, runChecks } from "../../../verify/checks";
import { checksDocument } from "../../../verify/checks/document";
import { PROJECT } from "../../support/project";
import { contextOf } from "../support/context";
import { inputOf } from "../support/input";
import type { Case } from "./cases";
import { CLUSTER_CASES } from "./cluster-cases";
import { GROUP_CASES } from "./group-cases";
import { POLICY_CASES } from "./policy-cases";
import { RULE_CASES } from "./rule-cases";

const CASES: readonly Case[] = [...RULE_CASES, ...GROUP_CASES, ...CLUSTER_CASES, ...POLICY_CASES];
const ids = CHECKS.map(({ id }) => id);

function findingsOf({ resources, ...options }: Omit<Case, "check" | "what">) {
  return runChecks(contextOf(inputOf(resources, options), options));
}

describe.each(ids)("%s", (id) => {
  const cases = CASES.filter(({ check }) => check === id);

  test.each(cases.filter(({ found }) => found).map((one) => [one.what, one] as const))(
    "finds: %s",
    (_, one) => {
      const found = findingsOf(one).filter(({ check }) => check === id);
      expect(found.map(({ address, severity }) => [address, severity])).toStrictEqual(one.found);
      for (const { message, source } of found) {
        expect(message).toMatch(/^\S.*\.$/);
        expect(message).not.toMatch(/undefined|null|\[object|\bNaN\b/);
        expect(source?.file).toBe("main.tf.json");
      }
    },
  );

  test.each(cases.filter(({ found }) => !found).map((one) => [one.what, one] as const))(
    "silent: %s",
    (_, one) => {
      expect(findingsOf(one).filter(({ check }) => check === id)).toStrictEqual([]);
    },
  );

  test("is tried on something that it finds and on a near miss", () => {
    expect(cases.some(({ found }) => found)).toBe(true);
    expect(cases.some(({ found }) => !found)).toBe(true);
  });
});

describe("the catalogue", () => {
  test("every id is there once, short and in kebab-case", () => {
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });

  test("every case is for a check that exists", () => {
    expect(CASES.map(({ check }) => check).filter((check) => !ids.includes(check))).toStrictEqual([]);
  });

  test("no finding weighs more than its check says", () => {
    const order = ["information", "warning", "error"];
    const worst = new Map(CHECKS.map(({ id, severity }) => [id, order.indexOf(severity)]));
    const seen = new Map<string, number>();
    for (const { check, severity } of CASES.flatMap(findingsOf)) {
      seen.set(check, Math.max(seen.get(check) ?? 0, order.indexOf(severity)));
    }
    expect(seen).toStrictEqual(new Map([...seen.keys()].map((id) => [id, worst.get(id)])));
    expect([...seen.keys()].sort()).toStrictEqual([...ids].sort());
  });

  test("an input without any subject makes no finding", () => {
    expect(findingsOf({ resources: { "aws_vpc.main": { cidr_block: "10.0.0.0/16" } } })).toStrictEqual([]);
  });

  test("docs/checks.md is what the checks say", () => {
    expect(readFileSync(join(PROJECT, "docs/checks.md"), "utf8")).toBe(checksDocument());
  });
});

describe("findings", () => {
  test("come by severity, then check, then address, each with its place", () => {
    const found = CASES.map(findingsOf);
    for (const findings of found) {
      const order = findings.map(({ severity, check, address }) =>
        [["error", "warning", "information"].indexOf(severity), check, address].join("\n"),
      );
      expect(order).toStrictEqual([...order].sort());
    }
  });

  test("do not depend on the order of the resources, but for which of two is named", () => {
    const { resources } = RULE_CASES.find(({ check }) => check === "database-open-to-nodes") as Case;
    const turned = Object.fromEntries(Object.entries(resources).reverse());
    expect(findingsOf({ resources: turned }).map(({ address, check }) => [address, check])).toStrictEqual(
      findingsOf({ resources }).map(({ address, check }) => [address, check]),
    );
  });
});
