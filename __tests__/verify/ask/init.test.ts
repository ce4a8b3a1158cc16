import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { initialFlows } from "../../../verify/ask/init";
import { takeInventory } from "../../../verify/inventory";
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
    { numRuns: 300 },
  );
  expect(flows).toBeGreaterThan(300);
}, 30_000);
