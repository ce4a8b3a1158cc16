import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { Report } from "../../verify/checks/model";
import { flowIdText } from "../../verify/expect/flow-id";
import type { Verdict } from "../../verify/judge/model";
import { conditionWords } from "../../verify/report/condition-words";
import { verify } from "../../verify/verify";
import { awsStage } from "./support/stage";
import { Terraform } from "./support/terraform";
import {
  FLOWS_OF_A_WORLD,
  FORMS,
  OFFICE,
  PLACES,
  PROTOCOLS,
  REPEATS,
  type World,
  world,
  worldHcl,
} from "./support/worlds";

const { copy, reason } = awsStage();

/** Another seed draws other worlds; the counts at the end are those of the first. */
const SEED = Number(process.env["READINGS_SEED"] ?? 1);
const WORLDS = 20;
/** The argument of a rule that a condition is about. */
const UNKNOWN_GROUP = /\.(security_groups|source_security_group_id|referenced_security_group_id)\b/;
const READINGS = [
  "folder",
  "plan",
  "plan with its configuration",
  "state",
  "state as it is kept",
  "state as AWS spells it",
] as const;
type Reading = (typeof READINGS)[number];

describe.skipIf(reason)(`one configuration, read in all ways (seed ${SEED})`, () => {
  const worlds = fc.sample(world, { seed: SEED, numRuns: WORLDS });
  let verdicts: Readonly<Record<Reading, ReadonlyMap<string, Verdict>>>;
  let reports: Readonly<Record<"shown" | "kept", unknown>>;

  beforeAll(async () => {
    // Kept until the emulator goes: hooks have no folder of their own.
    const folder = join(copy, "../readings");
    mkdirSync(folder);
    writeWorlds(folder, worlds);
    const file = (name: string, content: string) => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    const flows = file("all-flows.yaml", flowsOf(worlds));
    const terraform = new Terraform(folder).init();
    terraform.run("plan", "-no-color", `-var=office=${OFFICE.value}`, "-out=tfplan");
    const plan = file("plan.json", terraform.run("show", "-json", "tfplan"));
    terraform.run("apply", "-no-color", "tfplan");
    const content = terraform.run("show", "-json");
    const state = file("state.json", content);
    const kept = join(folder, "terraform.tfstate");
    const awsState = file("aws-state.json", JSON.stringify(asAwsSpells(JSON.parse(content))));

    const byFlow = ({ verdicts }: Report) =>
      new Map(verdicts.map((verdict) => [flowIdText(verdict.flow.id), verdict]));
    const [ofShown, ofKept] = [await verify(state, { flows }), await verify(kept, { flows })];
    const asOneFile = (report: Report) =>
      JSON.parse(JSON.stringify(report).replaceAll(kept, state)) as unknown;
    reports = { shown: asOneFile(ofShown), kept: asOneFile(ofKept) };
    verdicts = {
      folder: byFlow(await verify(folder, { flows })),
      plan: byFlow(await verify(plan, { flows })),
      "plan with its configuration": byFlow(await verify(plan, { flows, config: folder })),
      state: byFlow(ofShown),
      "state as it is kept": byFlow(ofKept),
      "state as AWS spells it": byFlow(await verify(awsState, { flows })),
    };
  });

  test("no reading contradicts another", () => {
    for (const id of verdicts.folder.keys()) {
      const said = READINGS.map((reading) => statusOf(reading, id));
      const certain = new Set(said.filter((status) => status !== "holds-if"));
      expect(certain.size, `${id}: ${said.join(", ")}`).toBeLessThan(2);
    }
  });

  test("a plan with its configuration and a state, however it is spelled, agree on everything", () => {
    for (const id of verdicts.state.keys()) {
      const right = statusOf("state", id);
      expect(statusOf("state as AWS spells it", id), id).toBe(right);
      expect(statusOf("plan with its configuration", id), id).toBe(right);
    }
  });

  test("a state as it is kept says all that `terraform show -json` of it says", () => {
    expect(reports.kept).toStrictEqual(reports.shown);
  });

  test("the folder agrees with them, but for the variable that it does not know", () => {
    for (const [id, { status, conditions }] of verdicts.folder) {
      if (conditions.some((condition) => conditionWords(condition).includes(OFFICE.variable))) continue;
      expect(statusOf("state", id), id).toBe(status);
    }
  });

  test("a plan alone says what it does not know", () => {
    for (const [id, { status, conditions }] of verdicts.plan) {
      if (status === statusOf("state", id)) continue;
      expect(status, id).toBe("holds-if");
      expect(conditions.map(conditionWords), id).toContainEqual(expect.stringMatching(UNKNOWN_GROUP));
    }
  });

  test("and all of that is seen often enough to mean something", () => {
    const often = (values: readonly string[]) => {
      const counts = new Map<string, number>();
      for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
      return (value: string) => counts.get(value) ?? 0;
    };
    const rules = worlds.flatMap((one) => one.rules);
    const protocols = often(rules.map(({ protocol }) => protocol));
    const forms = often(worlds.flatMap((one) => one.rules.map(({ group }) => one.forms[group])));
    const repeats = often(rules.map(({ repeat }) => repeat));
    const places = often(worlds.map(({ place }) => place));
    for (const protocol of Object.keys(PROTOCOLS)) expect(protocols(protocol), protocol).toBeGreaterThan(2);
    for (const form of FORMS) expect(forms(form), form).toBeGreaterThan(4);
    for (const repeat of REPEATS) expect(repeats(repeat), repeat).toBeGreaterThan(4);
    for (const place of PLACES) expect(places(place), place).toBeGreaterThan(2);

    expect(verdicts.folder.size).toBe(WORLDS * FLOWS_OF_A_WORLD);
    for (const reading of READINGS) {
      expect([...verdicts[reading].keys()], reading).toStrictEqual([...verdicts.folder.keys()]);
      const statuses = often([...verdicts[reading].values()].map(({ status }) => status));
      for (const status of ["holds", "broken", "holds-if"]) {
        expect(statuses(status), `${reading}: ${status}`).toBeGreaterThan(4);
      }
    }
    const isWeaker = (id: string) => statusOf("plan", id) !== statusOf("state", id);
    expect([...verdicts.plan.keys()].filter(isWeaker).length, "weaker in the plan alone").toBeGreaterThan(1);
  });

  function statusOf(reading: Reading, id: string): string {
    return verdicts[reading].get(id)?.status ?? "not judged";
  }
});

function writeWorlds(folder: string, worlds: readonly World[]): void {
  const provider = `terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0, < 7.0"
    }
  }
}\n`;
  const office = 'variable "office" {\n  type = string\n}\n';
  const root = worlds.map((one, index) => {
    const name = `w${index}`;
    if (one.place === "root") return worldHcl(one, `${name}_`, name);
    mkdirSync(join(folder, "modules", name), { recursive: true });
    const isRepeated = one.place === "module for_each";
    const own = worldHcl(one, "", isRepeated ? `\${var.name}` : name);
    writeFileSync(
      join(folder, "modules", name, "main.tf"),
      `${office}${isRepeated ? 'variable "name" {}\n' : ""}${own}`,
    );
    const forEach = isRepeated ? `  for_each = toset(["${name}-x", "${name}-y"])\n  name = each.key\n` : "";
    return `module "${name}" {\n  source = "./modules/${name}"\n  office = var.office\n${forEach}}\n`;
  });
  writeFileSync(join(folder, "main.tf"), [provider, office, ...root].join("\n"));
}

/** The address of a group of a world; of a module that is called twice, in the first instance. */
function groupAddress({ place }: World, index: number, group: string): string {
  if (place === "root") return `aws_security_group.w${index}_${group}`;
  const key = place === "module" ? "" : `["w${index}-x"]`;
  return `module.w${index}${key}.aws_security_group.${group}`;
}

function flowsOf(worlds: readonly World[]): string {
  const endpoints = Object.fromEntries(
    worlds.flatMap((one, index) =>
      ["a", "b", "c"].map((group) => [`w${index}-${group}`, groupAddress(one, index, group)]),
    ),
  );
  const addresses = { home: { cidrs: ["192.0.2.0/26"] }, six: { cidrs: ["2001:db8::/64"] } };
  const flows = worlds.flatMap(({ flows }, index) =>
    flows.map(({ from, to, words }, number) => {
      const name = (end: string) => (end in addresses ? end : `w${index}-${end}`);
      return [`w${index}-${number}`, words.replace("FROM", name(from)).replace("TO", name(to))] as const;
    }),
  );
  // JSON is YAML.
  return JSON.stringify({
    format: 1,
    endpoints: { ...endpoints, ...addresses },
    flows: Object.fromEntries(flows),
  });
}

/**
 * The protocols that AWS answers by their names where the emulator keeps what it was given
 * (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroupRule.html).
 */
const AWS_SPELLS: Readonly<Record<string, string>> = {
  "1": "icmp",
  "6": "tcp",
  "17": "udp",
  "58": "icmpv6",
  all: "-1",
};

/** A state with the protocols and CIDRs as AWS has them. */
function asAwsSpells(value: unknown, key = ""): unknown {
  if (Array.isArray(value)) return value.map((item) => asAwsSpells(item, key));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, asAwsSpells(item, name)]));
  }
  if (typeof value !== "string") return value;
  if (/^(ip_)?protocol$/.test(key)) return AWS_SPELLS[value.toLowerCase()] ?? value.toLowerCase();
  return /^(cidr_ipv6|ipv6_cidr_blocks)$/.test(key) ? value.toLowerCase().replace(":0:0::", "::") : value;
}
