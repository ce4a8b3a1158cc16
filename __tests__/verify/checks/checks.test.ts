import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CHECKS, runChecks } from "../../../verify/checks";
import { identitiesOf } from "../../../verify/compare/identity";
import { once } from "../../../verify/inventory/once";
import { contextOf } from "../support/context";
import { inputOf } from "../support/input";
import type { Case, Cases } from "./support/case";

const ids = CHECKS.map(({ id }) => id);

/** The cases of a check, which are found by its name; a check without a file has none. */
async function casesOf(id: string): Promise<Cases> {
  if (!existsSync(join(__dirname, "cases", `${id}.ts`))) return [];
  const { cases } = (await import(`./cases/${id}.ts`)) as { cases: Cases };
  return cases;
}

const allCases = async () => (await Promise.all(ids.map(casesOf))).flat();

/** What is found in a case, which several tests look at. */
const findingsOf = once(({ resources, ...options }: Omit<Case, "what" | "says">) =>
  runChecks(contextOf(inputOf(resources, options), options)),
);

describe.each(ids)("%s", async (id) => {
  const cases = await casesOf(id);

  test.each(cases.filter(({ found }) => found).map((one) => [one.what, one] as const))(
    "finds: %s",
    (_, one) => {
      const found = findingsOf(one).filter(({ check }) => check === id);
      expect(found.map(({ address, severity }) => [address, severity])).toStrictEqual(one.found);
      if (one.says !== undefined) expect(found[0]?.message).toBe(one.says);
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

  test("has its words written out in a case", () => {
    expect(cases.some(({ found, says }) => found && says !== undefined)).toBe(true);
  });
});

describe("the catalogue", () => {
  test("every id is there once, short and in kebab-case", () => {
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });

  test("every check has a file of cases, and every file is a check's", () => {
    expect(readdirSync(join(__dirname, "cases")).sort()).toStrictEqual(ids.map((id) => `${id}.ts`).sort());
  });

  test("no finding weighs more than its check says", async () => {
    const order = ["information", "warning", "error"];
    const worst = new Map(CHECKS.map(({ id, severity }) => [id, order.indexOf(severity)]));
    const seen = new Map<string, number>();
    for (const { check, severity } of (await allCases()).flatMap(findingsOf)) {
      seen.set(check, Math.max(seen.get(check) ?? 0, order.indexOf(severity)));
    }
    expect(seen).toStrictEqual(new Map([...seen.keys()].map((id) => [id, worst.get(id)])));
    expect([...seen.keys()].sort()).toStrictEqual([...ids].sort());
  });

  test("an input without any subject makes no finding", () => {
    expect(findingsOf({ resources: { "aws_vpc.main": { cidr_block: "10.0.0.0/16" } } })).toStrictEqual([]);
  });
});

describe("findings", () => {
  test("are told apart by check, place and what of it, without lines and files", async () => {
    for (const one of await allCases()) {
      const { ofFinding } = identitiesOf(contextOf(inputOf(one.resources, one), one).inventory);
      const said = new Map<string, string>();
      for (const finding of findingsOf(one)) {
        const { of, place, about } = ofFinding(finding);
        const identity = JSON.stringify([of, place, about]);
        expect(identity).not.toMatch(/\.tf\b|\.yaml\b/);
        expect(said.get(identity) ?? finding.message, identity).toBe(finding.message);
        said.set(identity, finding.message);
      }
    }
  });

  test("come by severity, then check, then address, each with its place", async () => {
    const found = (await allCases()).map(findingsOf);
    for (const findings of found) {
      const order = findings.map(({ severity, check, address }) =>
        [["error", "warning", "information"].indexOf(severity), check, address].join("\n"),
      );
      expect(order).toStrictEqual([...order].sort());
    }
  });

  test("do not depend on the order of the resources, but for which of two is named", async () => {
    const [{ resources }] = (await casesOf("database-open-to-nodes")) as [Case];
    const turned = Object.fromEntries(Object.entries(resources).reverse());
    expect(findingsOf({ resources: turned }).map(({ address, check }) => [address, check])).toStrictEqual(
      findingsOf({ resources }).map(({ address, check }) => [address, check]),
    );
  });
});
