import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { flowIdText } from "../../verify/expect/flow-id";
import { conditionWords } from "../../verify/report/condition-words";
import { verify } from "../../verify/verify";

/*
 * One set of rules can be written as classic resources, as a resource for each rule, or as blocks inside the groups, in
 * JSON or in HCL. All of them mean the same.
 */

interface Rule {
  readonly group: "a" | "b";
  readonly direction: "ingress" | "egress";
  readonly peer: string;
  readonly protocol: "tcp" | "udp" | "icmp" | "-1";
  readonly from: number;
  readonly to: number;
}

type Block = Record<string, unknown>;
type Resources = Record<string, Record<string, Block>>;

/** An expression: in JSON a string in `${}`, in HCL as it is. */
class Expression {
  constructor(readonly code: string) {}
}

const groupId = (peer: string) =>
  new Expression(peer === "var" ? "var.other" : `aws_security_group.${peer}.id`);
const isCidr = (peer: string) => peer.includes("/");
const address = (peer: string, ipv4: string, ipv6: string) => ({
  key: peer.includes(":") ? ipv6 : ipv4,
  peer,
});

function peerOf(rule: Rule, names: { group: string; ipv4: string; ipv6: string }, isList: boolean): Block {
  if (!isCidr(rule.peer)) {
    const id = groupId(rule.peer);
    return { [names.group]: isList && names.group === "security_groups" ? [id] : id };
  }
  const { key, peer } = address(rule.peer, names.ipv4, names.ipv6);
  return { [key]: isList ? [peer] : peer };
}

const CLASSIC = { group: "source_security_group_id", ipv4: "cidr_blocks", ipv6: "ipv6_cidr_blocks" };
const INLINE = { group: "security_groups", ipv4: "cidr_blocks", ipv6: "ipv6_cidr_blocks" };
const PER_RULE = { group: "referenced_security_group_id", ipv4: "cidr_ipv4", ipv6: "cidr_ipv6" };

const groups = (): Resources => ({ aws_security_group: { a: { name: "a" }, b: { name: "b" } } });
const ports = ({ protocol, from, to }: Rule) =>
  protocol === "-1" ? { from_port: 0, to_port: 0 } : { from_port: from, to_port: to };

const FORMS: Record<string, (rules: readonly Rule[]) => Resources> = {
  classic: (rules) => ({
    ...groups(),
    aws_security_group_rule: Object.fromEntries(
      rules.map((rule, index) => [
        `r${index}`,
        {
          type: rule.direction,
          security_group_id: groupId(rule.group),
          protocol: rule.protocol,
          ...ports(rule),
          ...peerOf(rule, CLASSIC, true),
        },
      ]),
    ),
  }),
  "per-rule": (rules) => {
    const resources = groups();
    for (const [index, rule] of rules.entries()) {
      const type = `aws_vpc_security_group_${rule.direction}_rule`;
      resources[type] ??= {};
      resources[type][`r${index}`] = {
        security_group_id: groupId(rule.group),
        ip_protocol: rule.protocol,
        ...(rule.protocol !== "-1" && ports(rule)),
        ...peerOf(rule, PER_RULE, false),
      };
    }
    return resources;
  },
  inline: (rules) => {
    // Blocks of two groups that name each other are a cycle, which Terraform refuses: then one side is a resource.
    const isApart = ({ group, peer }: Rule) => group === "b" && peer === "a";
    const resources = { ...groups(), ...FORMS["classic"]?.(rules.filter(isApart)) };
    for (const rule of rules.filter((one) => !isApart(one))) {
      const group = resources["aws_security_group"]?.[rule.group] as Record<string, Block[]>;
      group[rule.direction] ??= [];
      // A group cannot name its own id.
      const peer = rule.peer === rule.group ? { self: true } : peerOf(rule, INLINE, true);
      group[rule.direction]?.push({ protocol: rule.protocol, ...ports(rule), ...peer });
    }
    return resources;
  },
};

/** Blocks of a group are attributes in JSON, of which none may be left out. */
const WHOLE_BLOCK = {
  description: "",
  cidr_blocks: [],
  ipv6_cidr_blocks: [],
  prefix_list_ids: [],
  security_groups: [],
  self: false,
};
function withWholeBlocks(resources: Resources): Resources {
  const whole = (body: Block): Block =>
    Object.fromEntries(
      Object.entries(body).map(([name, value]) => [
        name,
        name === "ingress" || name === "egress"
          ? (value as Block[]).map((block) => ({ ...WHOLE_BLOCK, ...block }))
          : value,
      ]),
    );
  return Object.fromEntries(
    Object.entries(resources).map(([type, named]) => [
      type,
      Object.fromEntries(Object.entries(named).map(([name, body]) => [name, whole(body)])),
    ]),
  );
}

function json(value: unknown): unknown {
  if (value instanceof Expression) return `\${${value.code}}`;
  if (Array.isArray(value)) return value.map(json);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, json(item)]));
  }
  return value;
}

function hcl(value: unknown): string {
  if (value instanceof Expression) return value.code;
  return Array.isArray(value) ? `[${value.map(hcl).join(", ")}]` : JSON.stringify(value);
}

function hclBody(body: Block): string {
  return Object.entries(body)
    .map(([name, value]) =>
      Array.isArray(value) && typeof value[0] === "object" && !(value[0] instanceof Expression)
        ? value.map((block) => `${name} {\n${hclBody(block)}\n}`).join("\n")
        : `${name} = ${hcl(value)}`,
    )
    .join("\n");
}

const LANGUAGES: Record<string, (resources: Resources) => [file: string, content: string]> = {
  JSON: (resource) => [
    "main.tf.json",
    JSON.stringify({ variable: { other: {} }, resource: json(withWholeBlocks(resource)) }),
  ],
  HCL: (resources) => [
    "main.tf",
    [
      'variable "other" {}',
      ...Object.entries(resources).flatMap(([type, named]) =>
        Object.entries(named).map(([name, body]) => `resource "${type}" "${name}" {\n${hclBody(body)}\n}`),
      ),
    ].join("\n"),
  ],
};

const FLOWS = `format: 1
endpoints:
  a: aws_security_group.a
  b: aws_security_group.b
  other: var.other
  office: 192.0.2.0/25
  six: 2001:db8::/64
flows:
  one: allow a -> b TCP 1-4
  two: allow b -> other UDP 2
  three: { flow: allow a -> other all, required: other }
  four: deny office -> a TCP 1-6
  five: deny six -> b all
  six: allow a -> internet TCP 3
  seven: deny other -> a ICMP
`;

/** What a spelling may not change: the verdict of each flow and what each half lacks. */
async function meaning(file: string, content: string): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), "spelling-"));
  try {
    writeFileSync(join(folder, file), content);
    writeFileSync(join(folder, "flows.yaml"), FLOWS);
    const { verdicts } = await verify(folder);
    return verdicts.map(({ flow, status, halves, conditions }) => ({
      flow: flowIdText(flow.id),
      status,
      missing: halves.map(({ missing }) => missing),
      // Conditions name the rules of their spelling.
      conditions: conditions.map((one) => conditionWords(one).replace(/ \([^)]*\)$/, "")),
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const rule: fc.Arbitrary<Rule> = fc
  .record({
    group: fc.constantFrom("a" as const, "b" as const),
    direction: fc.constantFrom("ingress" as const, "egress" as const),
    peer: fc.constantFrom(
      "a",
      "b",
      "var",
      "0.0.0.0/0",
      "192.0.2.0/24",
      "192.0.2.64/26",
      "::/0",
      "2001:db8::/48",
    ),
    protocol: fc.constantFrom("tcp" as const, "udp" as const, "icmp" as const, "-1" as const),
    ends: fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 })),
  })
  .map(({ ends, protocol, ...rest }) => {
    const isIcmp = protocol === "icmp";
    return { ...rest, protocol, from: isIcmp ? 8 : Math.min(...ends), to: isIcmp ? -1 : Math.max(...ends) };
  });

test("three forms in two languages mean the same, whatever the rules", async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(rule, { minLength: 1, maxLength: 10 }), async (rules) => {
      const spellings = Object.values(FORMS).flatMap((form) =>
        Object.values(LANGUAGES).map((language) => language(form(rules))),
      );
      const meanings = await Promise.all(spellings.map(([file, content]) => meaning(file, content)));
      for (const other of meanings.slice(1)) expect(other).toStrictEqual(meanings[0]);
      for (const { status } of meanings[0] as { status: string }[]) seen.add(status);
    }),
    { numRuns: 18 },
  );
  expect([...seen].sort()).toStrictEqual(["broken", "holds", "holds-if"]);
}, 60_000);
