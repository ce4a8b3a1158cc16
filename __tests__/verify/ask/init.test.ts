import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { initialFlows } from "../../../verify/ask/init";
import { initialise } from "../../../verify/initialise";
import { takeInventory } from "../../../verify/inventory";
import type { Cure } from "../../../verify/judge/model";
import { readInput } from "../../../verify/read";
import { verify } from "../../../verify/verify";
import { temporaryFolder } from "../../support/folders";

type Rule = Record<string, unknown>;

/** What --init writes for some rules, and what the verifier then says of it. */
async function initialised(folder: string, rules: readonly Rule[]) {
  const configuration = {
    variable: { nodes: {} },
    resource: {
      aws_security_group: { a: { name: "a" }, b: { name: "b" } },
      ...(rules.length > 0 && {
        aws_security_group_rule: Object.fromEntries(rules.map((rule, index) => [`r${index}`, rule])),
      }),
    },
  };
  writeFileSync(join(folder, "main.tf.json"), JSON.stringify(configuration));
  const text = await initialFlows(takeInventory(await readInput(folder)));
  writeFileSync(join(folder, "flows.yaml"), text);
  return { text, report: await verify(folder) };
}

const A = "${aws_security_group.a.id}";
const B = "${aws_security_group.b.id}";
const ports = (from: number, to = from) => ({ protocol: "tcp", from_port: from, to_port: to });
const out = (cidr: string, traffic: Rule) => ({
  type: "egress",
  security_group_id: A,
  cidr_blocks: [cidr],
  ...traffic,
});

test("says of an address what holds for all of it", async () => {
  const { text } = await initialised(temporaryFolder(), [
    out("10.0.0.0/8", ports(443)),
    out("10.1.0.0/16", ports(80)),
  ]);
  expect(text).toContain("allow a -> net-10-0-0-0-8 TCP 443\n");
  expect(text).toContain("allow a -> net-10-1-0-0-16 TCP 80, TCP 443\n");
});

test("writes protocols without a name by their number", async () => {
  const { text, report } = await initialised(temporaryFolder(), [
    out("10.0.0.0/8", { protocol: "50", from_port: 0, to_port: 0 }),
  ]);
  expect(text).toContain("allow a -> net-10-0-0-0-8 protocol 50\n");
  expect(report.verdicts).toMatchObject([{ status: "holds" }]);
});

const group = fc.constantFrom(A, B, "${var.nodes}");
const peer = fc.oneof(
  group.map((key) => ({ source_security_group_id: key })),
  fc
    .constantFrom("0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "8.8.8.8/32")
    .map((cidr) => ({ cidr_blocks: [cidr] })),
  fc.constantFrom("::/0", "fd00::/8", "fd00:1::/32").map((cidr) => ({ ipv6_cidr_blocks: [cidr] })),
);
const traffic = fc.oneof(
  fc
    .tuple(fc.constantFrom("tcp", "udp"), fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 }))
    .map(([protocol, from, more]) => ({ protocol, from_port: from, to_port: from + more })),
  fc.constantFrom(
    { protocol: "-1", from_port: 0, to_port: 0 },
    { protocol: "tcp", from_port: 0, to_port: 65_535 },
    { protocol: "icmp", from_port: 8, to_port: 0 },
    { protocol: "icmp", from_port: 3, to_port: -1 },
    { protocol: "icmp", from_port: -1, to_port: -1 },
    { protocol: "icmpv6", from_port: 128, to_port: 0 },
    { protocol: "50", from_port: 0, to_port: 0 },
    { protocol: "47", from_port: 0, to_port: 0 },
  ),
);
const rule = fc
  .tuple(fc.constantFrom("ingress", "egress"), group, traffic, peer)
  .map(([type, key, spec, far]): Rule => ({ type, security_group_id: key, ...spec, ...far }));

test("what it writes is never broken", async () => {
  const folder = temporaryFolder();
  let flows = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(rule, { maxLength: 8 }), async (rules) => {
      const { report } = await initialised(folder, rules);
      flows += report.verdicts.length;
      expect(report.verdicts.filter(({ status }) => status === "broken")).toStrictEqual([]);
    }),
    { numRuns: 50 },
  );
  expect(flows).toBeGreaterThan(80);
});

/** An estate of pods, nodes and a database, with rules as they come. */
const estate = (rules: readonly Rule[]) => ({
  resource: {
    aws_security_group: { base: {}, db: {}, nodes: {}, pods: {} },
    aws_launch_template: { nodes: { vpc_security_group_ids: ["${aws_security_group.nodes.id}"] } },
    aws_db_instance: { db: { engine: "postgres", vpc_security_group_ids: ["${aws_security_group.db.id}"] } },
    kubernetes_manifest: {
      policy: {
        manifest: {
          apiVersion: "vpcresources.k8s.aws/v1beta1",
          kind: "SecurityGroupPolicy",
          metadata: { name: "orders", namespace: "shop" },
          spec: {
            podSelector: { matchLabels: { app: "orders" } },
            securityGroups: {
              groupIds: ["${aws_security_group.pods.id}", "${aws_security_group.base.id}"],
            },
          },
        },
      },
    },
    ...(rules.length > 0 && {
      aws_security_group_rule: Object.fromEntries(rules.map((rule, index) => [`r${index}`, rule])),
    }),
  },
});
const key = fc.constantFrom("base", "db", "nodes", "pods").map((name) => `\${aws_security_group.${name}.id}`);
const estateRule = fc
  .tuple(
    fc.constantFrom("ingress", "egress"),
    key,
    fc.oneof(
      fc
        .constantFrom(53, 5432, 8080)
        .chain((port) =>
          fc.constantFrom("tcp", "udp").map((protocol) => ({ protocol, from_port: port, to_port: port })),
        ),
      fc.constant({ protocol: "-1", from_port: 0, to_port: 0 }),
    ),
    fc.oneof(
      key.map((group) => ({ source_security_group_id: group })),
      fc.constantFrom("0.0.0.0/0", "10.0.0.0/16").map((cidr) => ({ cidr_blocks: [cidr] })),
    ),
  )
  .map(([type, group, spec, far]): Rule => ({ type, security_group_id: group, ...spec, ...far }));

test("what is MISSING is broken until its cures are there, and nothing else is", async () => {
  const folder = temporaryFolder();
  let missing = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(estateRule, { maxLength: 12 }), async (rules) => {
      const begin = async (all: readonly Rule[]) => {
        rmSync(join(folder, "flows.yaml"), { force: true });
        writeFileSync(join(folder, "main.tf.json"), JSON.stringify(estate(all)));
        const { text } = await initialise(folder, {});
        writeFileSync(join(folder, "flows.yaml"), text);
        const marked = [...text.matchAll(/^ {2}(\S+): .* # MISSING: /gm)].map(([, name]) => name);
        const broken = (await verify(folder)).verdicts.filter(({ status }) => status === "broken");
        expect(broken.map(({ flow }) => flow.id.name).sort()).toStrictEqual(marked.sort());
        return broken;
      };
      const broken = await begin(rules);
      missing += broken.length;
      const cures = broken.flatMap((verdict) => verdict.cures.map(ruleOf));
      expect(await begin([...rules, ...cures])).toStrictEqual([]);
    }),
    { numRuns: 20 },
  );
  expect(missing).toBeGreaterThan(20);
});

/** A cure as a rule of its own; all of them are for ports. */
function ruleOf({ group, direction, traffic, peer }: Cure): Rule {
  const { from, to } = "ports" in traffic ? traffic.ports : { from: 0, to: 0 };
  return {
    type: direction,
    security_group_id: `\${${group}.id}`,
    ...{ protocol: traffic.protocol, from_port: from, to_port: to },
    ...(peer.kind === "group" && { source_security_group_id: `\${${peer.group}.id}` }),
    ...(peer.kind === "cidr" && { cidr_blocks: [peer.cidr] }),
  };
}
