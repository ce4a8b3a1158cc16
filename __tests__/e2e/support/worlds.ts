import fc from "fast-check";

/*
 * Generated configurations of security groups: worlds, each with the groups `a`, `b` and `c` and rules of the first two in
 * one form per group. They are written so that AWS takes them: no rule twice, no inline blocks in a circle.
 */

export const FLOWS_OF_A_WORLD = 10;
export const FORMS = ["block", "attribute", "dynamic", "classic", "per-rule"] as const;
export const REPEATS = ["none", "count", "for_each"] as const;
export const PLACES = ["root", "module", "module for_each"] as const;
/** Protocols as people write them, with the number that each means. */
export const PROTOCOLS = {
  "6": 6,
  tcp: 6,
  TCP: 6,
  "17": 17,
  udp: 17,
  "-1": -1,
  all: -1,
  icmp: 1,
  icmpv6: 58,
  "58": 58,
} as const;

type Form = (typeof FORMS)[number];
type Protocol = keyof typeof PROTOCOLS;
type Group = "a" | "b";
type Ports = readonly [from: number, to: number];

interface Rule {
  readonly group: Group;
  readonly direction: "ingress" | "egress";
  readonly protocol: Protocol;
  readonly ports: readonly Ports[];
  readonly repeat: (typeof REPEATS)[number];
  readonly groups: readonly string[];
  /** Addresses as HCL: text in quotes, or a variable. */
  readonly ipv4: readonly string[];
  readonly ipv6: readonly string[];
  readonly self: boolean;
}

export interface World {
  readonly place: (typeof PLACES)[number];
  readonly forms: Readonly<Record<Group, Form>>;
  readonly rules: readonly Rule[];
  readonly flows: readonly { readonly from: string; readonly to: string; readonly words: string }[];
}

const IPV4 = ['"192.0.2.0/24"', '"10.1.0.0/16"'];
/** What only the plan and the state know. */
export const OFFICE = { variable: "var.office", value: "192.0.2.0/25" };
const IPV6 = ['"2001:DB8::/32"', '"2001:db8:0:0::/48"'];

const ports = fc.uniqueArray(fc.constantFrom<Ports>([80, 80], [443, 443], [1, 100]), {
  minLength: 1,
  maxLength: 2,
  selector: String,
});

const rule: fc.Arbitrary<Rule> = fc.record({
  group: fc.constantFrom<Group>("a", "b"),
  direction: fc.constantFrom("ingress" as const, "ingress" as const, "egress" as const),
  protocol: fc.constantFrom(...(Object.keys(PROTOCOLS) as Protocol[])),
  ports,
  repeat: fc.constantFrom(...REPEATS),
  groups: fc.subarray(["a", "b", "c"], { minLength: 1, maxLength: 2 }),
  ipv4: fc.oneof(
    { weight: 3, arbitrary: fc.subarray(IPV4) },
    { weight: 1, arbitrary: fc.constant([OFFICE.variable]) },
  ),
  ipv6: fc.subarray(IPV6, { maxLength: 1 }),
  self: fc.boolean(),
});

const flow = fc
  .record({
    expect: fc.constantFrom("allow", "deny"),
    from: fc.constantFrom("c", "c", "a", "b", "home", "six"),
    to: fc.constantFrom("a", "b"),
    traffic: fc.constantFrom("TCP 80", "TCP 443", "UDP 80", "all", "ICMP"),
  })
  .filter(({ from, to }) => from !== to)
  .map(({ expect, from, to, traffic }) => ({ from, to, words: `${expect} FROM -> TO ${traffic}` }));

export const world: fc.Arbitrary<World> = fc
  .record({
    place: fc.constantFrom(...PLACES),
    forms: fc.record({ a: fc.constantFrom(...FORMS), b: fc.constantFrom(...FORMS) }),
    rules: fc.array(rule, { minLength: 3, maxLength: 6 }),
    flows: fc.uniqueArray(flow, {
      minLength: FLOWS_OF_A_WORLD,
      maxLength: FLOWS_OF_A_WORLD,
      selector: (one) => JSON.stringify(one),
    }),
  })
  .map((drawn) => ({ ...drawn, rules: accepted(drawn) }));

/** The rules as AWS and Terraform take them all together. */
function accepted({ rules, forms }: Pick<World, "rules" | "forms">): Rule[] {
  const seen = new Set<string>();
  return rules.flatMap((one) => {
    const number = PROTOCOLS[one.protocol];
    const hasPorts = number === 6 || number === 17;
    const all: readonly Ports[] = hasPorts ? one.ports : [number === -1 ? [0, 0] : [-1, -1]];
    const isNew = (peer: string) => {
      const meanings = all.map(
        (range) => `${one.group} ${one.direction} ${number} ${range} ${peer.toLowerCase()}`,
      );
      if (meanings.some((meaning) => seen.has(meaning))) return false;
      for (const meaning of meanings) seen.add(meaning);
      return true;
    };
    // Blocks of two groups that name each other are a circle to Terraform.
    const isInline = !["classic", "per-rule"].includes(forms[one.group]);
    const groups = one.groups.filter(
      (peer) => peer !== one.group && !(isInline && one.group === "a" && peer === "b") && isNew(peer),
    );
    const ipv4 = one.ipv4.filter(isNew);
    const ipv6 = one.ipv6.filter(isNew);
    const self = one.self && isNew("self");
    const hasPeer = groups.length + ipv4.length + ipv6.length > 0 || self;
    return hasPeer ? [{ ...one, ports: all, groups, ipv4, ipv6, self }] : [];
  });
}

/** The world as HCL, with a prefix for the names of its resources. */
export function worldHcl({ forms, rules }: World, prefix: string, name: string): string {
  const id = (group: string) => `aws_security_group.${prefix}${group}.id`;
  const own = (group: Group) => rules.filter((one) => one.group === group);
  const groupHcl = (group: Group) => {
    const inline = (["ingress", "egress"] as const).map((direction) =>
      inlineHcl(
        forms[group],
        own(group).filter((one) => one.direction === direction),
        direction,
        id,
      ),
    );
    return `resource "aws_security_group" "${prefix}${group}" {\n  name = "${name}-${group}"\n${inline.join("")}}\n`;
  };
  const separate = rules.flatMap((one, index) => {
    const form = forms[one.group];
    if (form === "classic") return classicHcl(one, `${prefix}r${index}`, id);
    return form === "per-rule" ? perRuleHcl(one, `${prefix}r${index}`, id) : [];
  });
  return [
    groupHcl("a"),
    groupHcl("b"),
    `resource "aws_security_group" "${prefix}c" {\n  name = "${name}-c"\n}\n`,
    `resource "aws_vpc_security_group_egress_rule" "${prefix}c" {
  security_group_id = ${id("c")}
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}\n`,
    ...separate,
  ].join("\n");
}

type Id = (group: string) => string;

const list = (items: readonly string[]) => `[${items.join(", ")}]`;

function inlineHcl(form: Form, rules: readonly Rule[], direction: string, id: Id): string {
  if (form === "classic" || form === "per-rule" || rules.length === 0) return "";
  if (form === "dynamic") {
    return rules
      .map(
        (rule) => `  dynamic "${direction}" {
    for_each = ${list(rule.ports.map((range) => list(range.map(String))))}
    content {
${blockBody(rule, id, `${direction}.value[0]`, `${direction}.value[1]`)}
    }
  }\n`,
      )
      .join("");
  }
  const all = rules.flatMap((rule) => rule.ports.map(([from, to]) => ({ rule, from, to })));
  if (form === "block") {
    return all
      .map(({ rule, from, to }) => `  ${direction} {\n${blockBody(rule, id, `"${from}"`, String(to))}\n  }\n`)
      .join("");
  }
  // Attributes must all be there; what is not wanted is null or empty.
  const objects = all.map(({ rule, from, to }, index) => {
    const absent = index % 2 === 0 ? "null" : "[]";
    const or = (items: readonly string[]) => (items.length > 0 ? list(items) : absent);
    return `{
    protocol = "${rule.protocol}", from_port = ${from}, to_port = "${to}", description = null
    cidr_blocks = ${or(rule.ipv4)}, ipv6_cidr_blocks = ${or(rule.ipv6)}, prefix_list_ids = ${absent}
    security_groups = ${or(rule.groups.map(id))}, self = ${rule.self || "null"}
  }`;
  });
  return `  ${direction} = [${objects.join(", ")}]\n`;
}

function blockBody(rule: Rule, id: Id, from: string, to: string): string {
  return [
    `protocol = "${rule.protocol}"`,
    `from_port = ${from}`,
    `to_port = ${to}`,
    ...(rule.groups.length > 0 ? [`security_groups = ${list(rule.groups.map(id))}`] : []),
    ...(rule.ipv4.length > 0 ? [`cidr_blocks = ${list(rule.ipv4)}`] : []),
    ...(rule.ipv6.length > 0 ? [`ipv6_cidr_blocks = ${list(rule.ipv6)}`] : []),
    ...(rule.self ? ["self = true"] : []),
  ].join("\n");
}

function classicHcl(rule: Rule, name: string, id: Id): string[] {
  const addresses = [
    ...(rule.ipv4.length > 0 ? [`cidr_blocks = ${list(rule.ipv4)}`] : []),
    ...(rule.ipv6.length > 0 ? [`ipv6_cidr_blocks = ${list(rule.ipv6)}`] : []),
  ];
  const peers = [
    ...(addresses.length > 0 ? [addresses.join("\n  ")] : []),
    ...(rule.self ? ["self = true"] : []),
  ];
  const own = `type = "${rule.direction}"\n  protocol = "${rule.protocol}"\n  security_group_id = ${id(rule.group)}`;
  return separateHcl("aws_security_group_rule", rule, name, own, peers, "source_security_group_id", id, true);
}

function perRuleHcl(rule: Rule, name: string, id: Id): string[] {
  const peers = [
    ...rule.ipv4.map((cidr) => `cidr_ipv4 = ${cidr}`),
    ...rule.ipv6.map((cidr) => `cidr_ipv6 = ${cidr}`),
    ...(rule.self ? [`referenced_security_group_id = ${id(rule.group)}`] : []),
  ];
  const own = `ip_protocol = "${rule.protocol}"\n  security_group_id = ${id(rule.group)}`;
  const type = `aws_vpc_security_group_${rule.direction}_rule`;
  // The emulator wants ports beside "all", which AWS ignores.
  const hasPorts = rule.protocol !== "-1";
  return separateHcl(type, rule, name, own, peers, "referenced_security_group_id", id, hasPorts);
}

/** Resources for one rule: over its ports by `count` or `for_each`, over its groups by a map of ids. */
function separateHcl(
  type: string,
  { ports, repeat, groups }: Rule,
  name: string,
  own: string,
  peers: readonly string[],
  groupArgument: string,
  id: Id,
  hasPorts: boolean,
): string[] {
  const resource = (suffix: string, ...lines: string[]) =>
    `resource "${type}" "${name}${suffix}" {\n  ${[own, ...lines].join("\n  ")}\n}\n`;
  const portLines = (from: unknown, to: unknown) =>
    hasPorts ? [`from_port = ${from}`, `to_port = ${to}`] : [];
  const ranges = list(ports.map((range) => list(range.map(String))));
  const overPorts = (suffix: string, peer: string): string[] => {
    if (repeat === "count") {
      const range = `${ranges}[count.index]`;
      return [resource(suffix, `count = ${ports.length}`, ...portLines(`${range}[0]`, `${range}[1]`), peer)];
    }
    if (repeat === "for_each") {
      const entries = ports.map(([from, to]) => `p${from + 1} = [${from}, ${to}]`);
      const forEach = `for_each = { ${entries.join(", ")} }`;
      return [resource(suffix, forEach, ...portLines("each.value[0]", "each.value[1]"), peer)];
    }
    return ports.map(([from, to], index) => resource(`${suffix}_${index}`, ...portLines(from, to), peer));
  };
  if (repeat === "for_each" && groups.length > 0) {
    const ids = `for_each = { ${groups.map((group) => `${group} = ${id(group)}`).join(", ")} }`;
    return [
      ...ports.map(([from, to], index) =>
        resource(`_groups_${index}`, ids, ...portLines(from, to), `${groupArgument} = each.value`),
      ),
      ...peers.flatMap((peer, index) => overPorts(`_${index}`, peer)),
    ];
  }
  return [...peers, ...groups.map((group) => `${groupArgument} = ${id(group)}`)].flatMap((peer, index) =>
    overPorts(`_${index}`, peer),
  );
}
