import { describe, expect, test } from "vitest";
import { flowIdText } from "../../../verify/expect/flow-id";
import { readInput, readPlanWithConfiguration } from "../../../verify/read";
import { verify } from "../../../verify/verify";
import { resource, shown } from "./support/configuration";

/*
 * Plans that once gave other verdicts than the configuration that they were made of. Recorded with Terraform 1.11.4 and
 * hashicorp/aws 5.100.0, before anything was applied.
 */

const CASES = "__tests__/verify/cases";

async function verdicts(path: string, options: Parameters<typeof verify>[1] = {}) {
  const report = await verify(path, options);
  return Object.fromEntries(report.verdicts.map(({ flow, status }) => [flowIdText(flow.id), status]));
}

describe("protocols that the provider spells otherwise than the configuration", () => {
  const folder = `${CASES}/w08-plan-spells-protocols-otherwise`;
  const right = { cache: "holds", db: "holds", "db-closed": "broken" };

  test("the folder", async () => {
    expect(await verdicts(folder)).toStrictEqual(right);
  });

  test("the plan with its configuration", async () => {
    expect(await verdicts(`${folder}/plan.json`, { config: folder })).toStrictEqual(right);
  });

  test("have one spelling, whatever the input", async () => {
    const inputs = [
      await readInput(folder),
      await readInput(`${folder}/plan.json`),
      await readPlanWithConfiguration(`${folder}/plan.json`, folder),
    ];
    for (const input of inputs) {
      const protocol = (address: string) => shown(resource(input, address).values["ingress"]);
      expect(protocol("aws_security_group.db")).toMatchObject([{ protocol: "tcp" }]);
      expect(protocol("aws_security_group.cache")).toMatchObject([{ protocol: "-1" }]);
    }
  });
});

describe("groups beside CIDRs in one block", () => {
  const folder = `${CASES}/w09-plan-loses-groups-beside-cidrs`;
  const right = { closed: "broken", open: "holds" };

  test("the folder", async () => {
    expect(await verdicts(folder)).toStrictEqual(right);
  });

  test("the plan with its configuration", async () => {
    expect(await verdicts(`${folder}/plan.json`, { config: folder })).toStrictEqual(right);
  });

  test("the plan alone", async () => {
    expect(await verdicts(`${folder}/plan.json`, { flows: `${folder}/flows.yaml` })).toStrictEqual(right);
  });
});

describe("groups that are elements of a map", () => {
  const folder = `${CASES}/w10-plan-names-elements`;

  test("the folder, and the plan with its configuration", async () => {
    expect(await verdicts(folder)).toStrictEqual({ open: "holds" });
    expect(await verdicts(`${folder}/plan.json`, { config: folder })).toStrictEqual({ open: "holds" });
  });

  test("the plan alone takes them for no other groups", async () => {
    expect(await verdicts(`${folder}/plan.json`, { flows: `${folder}/flows.yaml` })).toStrictEqual({
      open: "holds-if",
    });
  });
});
