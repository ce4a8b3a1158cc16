import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Report } from "../verify/checks/model";
import { flowIdText } from "../verify/expect/flow-id";
import { verify } from "../verify/verify";
import { APPS, FAULTS, ROOTS, synthesizedExamples } from "./support/examples";
import { PROJECT } from "./support/project";

let folder = "";

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "eks-pod-security-groups-examples-"));
  await synthesizedExamples(folder);
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The flows that must get through, by their verdicts. */
interface Allowed {
  readonly holds: readonly string[];
  /** True as far as this root can tell: the groups of the nodes and of the ingress are not in it. */
  readonly holdsIf: readonly string[];
  readonly rules: number;
}

const ONE_WORKLOAD: Allowed = {
  rules: 12,
  holds: ["module.orders/RQ1-http", "module.orders/RQ1-https", "module.orders/RQ4"],
  holdsIf: ['module.orders/RQ2["all_tcp"]', 'module.orders/RQ5["all_tcp"]'],
};
const BASELINE: Allowed = {
  rules: 7,
  holds: ["module.baseline/RQ1-https", "module.baseline/RQ4"],
  holdsIf: ['module.baseline/RQ2["http"]', 'module.baseline/RQ5["http"]'],
};
const and = (allowed: Allowed, rules: number, ...holds: string[]): Allowed => ({
  rules: allowed.rules + rules,
  holds: [...allowed.holds, ...holds].sort(),
  holdsIf: allowed.holdsIf,
});

/** In the mode standard, what leaves the VPC passes the nodes' group, which is not in this root. */
const TWO_ROOTS: Allowed = {
  rules: 10,
  holds: ['module.orders_mysql/ACCESS["mysql"]', "module.orders/RQ4"],
  holdsIf: ["module.orders/RQ1-http", "module.orders/RQ1-https", ...ONE_WORKLOAD.holdsIf],
};

const EXPECTED: Readonly<Record<string, Allowed>> = {
  "examples/typescript/one-workload/cdktf.out/stacks/shop": and(
    ONE_WORKLOAD,
    0,
    'module.orders_mysql/ACCESS["mysql"]',
    'module.orders_redis/ACCESS["redis"]',
  ),
  "examples/terraform/one-workload": and(
    ONE_WORKLOAD,
    0,
    'module.mysql/ACCESS["mysql"]',
    'module.redis/ACCESS["redis"]',
  ),
  "examples/typescript/baseline/cdktf.out/stacks/shop": and(
    BASELINE,
    11,
    'module.orders_events/ACCESS["iam"]',
    'module.orders_postgres/ACCESS["postgres"]',
    'module.orders_to_payments/TCP["http"]',
    'module.payments/MORE-targets["bank"]',
    'module.payments/SELF["gossip"]',
    'module.reports_to_orders/TCP["grpc"]',
  ),
  "examples/terraform/baseline": and(
    BASELINE,
    4,
    'module.orders_postgres/ACCESS["postgres"]',
    'module.orders_to_payments/TCP["http"]',
  ),
  "examples/terraform/two-roots/aws": TWO_ROOTS,
  "examples/typescript/two-roots/cdktf.out/stacks/shop-aws": TWO_ROOTS,
  "examples/typescript/two-roots/cdktf.out/stacks/shop-kubernetes": { rules: 0, holds: [], holdsIf: [] },
  "examples/terraform/two-roots/kubernetes": { rules: 0, holds: [], holdsIf: [] },
};

const ids = ({ verdicts }: Report, status: string) =>
  verdicts
    .filter((verdict) => verdict.status === status && verdict.flow.expect === "allow")
    .map(({ flow }) => flowIdText(flow.id));

describe.each(ROOTS)("$folder", ({ folder: root }) => {
  test("says who reaches whom, and leaves nothing broken", async () => {
    const report = await verify(join(folder, root));
    const { rules, holds, holdsIf } = EXPECTED[root] as Allowed;
    expect(ids(report, "holds").sort()).toStrictEqual([...holds].sort());
    expect(ids(report, "holds-if").sort()).toStrictEqual([...holdsIf].sort());
    expect(report.verdicts.filter(({ status }) => status === "broken")).toStrictEqual([]);
    expect(report.rules).toHaveLength(rules);
    expect(report.findings).toStrictEqual([]);
  });
});

test("the apps name the versions that the project is tested with", () => {
  const versionsIn = (path: string) => JSON.parse(readFileSync(join(PROJECT, path), "utf8"));
  const { dependencies, devDependencies } = versionsIn("examples/typescript/package.json");
  expect(versionsIn("package.json").devDependencies).toMatchObject({ ...dependencies, ...devDependencies });
});

test("every example is tried", () => {
  const apps = readdirSync(join(PROJECT, "examples/typescript"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "node_modules")
    .map(({ name }) => `examples/typescript/${name}`);
  expect(apps.sort()).toStrictEqual([...APPS].sort());
  const roots = readdirSync(join(PROJECT, "examples"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith("main.tf"))
    .map((path) => join("examples", path, ".."));
  expect([...ROOTS, ...FAULTS].map(({ folder }) => folder)).toEqual(expect.arrayContaining(roots));
});
