import fc from "fast-check";
import { expect, test } from "vitest";
import type { Endpoint, Flow, Group, RulePeer, SecurityGroupRule, Traffic } from "../../../verify/model";
import { judge } from "../../../verify/reach/judge";

/*
 * A deliberately naive second opinion: it looks at every packet of a small world, one by one, and at every rule for
 * each. It shares nothing with the verifier but the data types.
 */

const IPV4 = Array.from({ length: 8 }, (_, index) => `10.0.0.${index}`);
const IPV6 = Array.from({ length: 4 }, (_, index) => `fd00::${index}`);
const PORTS = Array.from({ length: 8 }, (_, index) => index);

type Answer = "yes" | "no" | "maybe";
/** An address, or that of an endpoint whose address nobody knows, by its family. */
type Address = string | { unknown: "ipv4" | "ipv6" };
interface Packet {
  readonly source: Address;
  readonly target: Address;
  readonly protocol: "tcp" | "udp";
  readonly port: number;
}

function cidrHas(cidr: string, address: Address): Answer {
  const isIpv6 = cidr.includes(":");
  if (typeof address === "object") {
    if (isIpv6 !== (address.unknown === "ipv6")) return "no";
    return cidr === "0.0.0.0/0" ? "yes" : "maybe";
  }
  if (isIpv6 !== address.includes(":")) return "no";
  const [base, length] = cidr.split("/") as [string, string];
  const last = (text: string) => Number.parseInt(text.split(isIpv6 ? ":" : ".").at(-1) as string, 16);
  const width = isIpv6 ? 128 : 32;
  const free = width - Number(length);
  // All addresses of the small world differ in their last three bits alone.
  return free >= 3 || last(base) >> free === last(address) >> free ? "yes" : "no";
}

function peerMatches(peer: RulePeer, far: Endpoint, address: Address): Answer {
  if (peer.kind === "group") return far.groups.includes(peer.group) ? "yes" : "no";
  if (peer.kind === "cidr") return cidrHas(peer.cidr, address);
  if (peer.kind === "unknown") {
    // One expression is one group.
    if (far.groups.includes(peer.expression)) return "yes";
    // A group is no address.
    if (peer.isGroup && far.groups.length === 0) return "no";
    const mayBe = peer.candidates.length === 0 || peer.candidates.some((group) => far.groups.includes(group));
    return mayBe ? "maybe" : "no";
  }
  if (peer.entries === undefined) return "maybe";
  const answers = peer.entries.map((cidr) => cidrHas(cidr, address));
  return answers.includes("yes") ? "yes" : answers.includes("maybe") ? "maybe" : "no";
}

function trafficHas(traffic: Traffic, { protocol, port }: Packet): boolean {
  if (traffic.protocol === "all") return true;
  if (traffic.protocol !== protocol || !("ports" in traffic)) return false;
  return traffic.ports.from <= port && port <= traffic.ports.to;
}

function halfAdmits(
  world: World,
  near: Endpoint,
  direction: "ingress" | "egress",
  far: Endpoint,
  packet: Packet,
): Answer {
  if (near.groups.length === 0) return "yes";
  const address = direction === "ingress" ? packet.source : packet.target;
  let answer: Answer = "no";
  for (const group of near.groups) {
    // Nobody knows all rules of a group that is declared elsewhere.
    if (!world.declared.includes(group) && !world.flow.required.has(group)) answer = "maybe";
  }
  for (const rule of world.rules) {
    const owner = rule.group ?? rule.unknownGroup ?? "";
    const isOwn = near.groups.includes(owner);
    if ((!isOwn && rule.group !== undefined) || rule.direction !== direction) continue;
    if (rule.traffic === undefined || !trafficHas(rule.traffic, packet)) continue;
    const matches = peerMatches(rule.peer, far, address);
    if (matches === "yes" && isOwn) return "yes";
    if (matches !== "no") answer = "maybe";
  }
  return answer;
}

function addressesOf(endpoint: Endpoint, expect: "allow" | "deny"): Address[] {
  if (endpoint.cidrs) {
    return [...IPV4, ...IPV6].filter((address) =>
      endpoint.cidrs?.some((cidr) => cidrHas(cidr, address) === "yes"),
    );
  }
  return expect === "allow" ? [{ unknown: "ipv4" }] : [{ unknown: "ipv4" }, { unknown: "ipv6" }];
}

function secondOpinion(world: World): "holds" | "broken" | "holds-if" {
  const { flow } = world;
  let isHolding = true;
  for (const source of addressesOf(flow.from, flow.expect)) {
    for (const target of addressesOf(flow.to, flow.expect)) {
      for (const protocol of ["tcp", "udp"] as const) {
        for (const port of PORTS) {
          const packet = { source, target, protocol, port };
          if (!flow.traffic.some((traffic) => trafficHas(traffic, packet))) continue;
          const out = halfAdmits(world, flow.from, "egress", flow.to, packet);
          const into = halfAdmits(world, flow.to, "ingress", flow.from, packet);
          if (flow.expect === "allow") {
            if (out === "no" || into === "no") return "broken";
            if (out !== "yes" || into !== "yes") isHolding = false;
          } else {
            if (out === "yes" && into === "yes") return "broken";
            if (out !== "no" && into !== "no") isHolding = false;
          }
        }
      }
    }
  }
  return isHolding ? "holds" : "holds-if";
}

// ── Random small worlds ───────────────────────────────────────────────────────────────────────────────────

interface World {
  readonly declared: readonly string[];
  readonly rules: readonly SecurityGroupRule[];
  readonly flow: Flow;
}

const GROUPS = ["a", "b", "foreign"];
const group = fc.constantFrom(...GROUPS);
const cidr = fc.oneof(
  fc
    .tuple(fc.constantFrom(29, 30, 31, 32), fc.integer({ min: 0, max: 7 }))
    .map(([length, host]) => `10.0.0.${(host >> (32 - length)) << (32 - length)}/${length}`),
  fc.constantFrom("0.0.0.0/0", "fd00::/126", "fd00::2/127", "fd00::1/128"),
);
const ports = fc
  .tuple(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 7 }))
  .map(([one, other]) => ({
    from: Math.min(one, other),
    to: Math.max(one, other),
  }));
const traffic: fc.Arbitrary<Traffic> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom("tcp" as const, "udp" as const), ports)
      .map(([protocol, range]) => ({ protocol, ports: range })),
  },
  { weight: 1, arbitrary: fc.constant({ protocol: "all" as const }) },
  { weight: 1, arbitrary: fc.constant({ protocol: "icmp" as const, type: 8, code: -1 }) },
);
const peer: fc.Arbitrary<RulePeer> = fc.oneof(
  { weight: 4, arbitrary: group.map((key) => ({ kind: "group" as const, group: key })) },
  { weight: 4, arbitrary: cidr.map((text) => ({ kind: "cidr" as const, cidr: text })) },
  {
    weight: 1,
    arbitrary: fc.array(group, { maxLength: 2 }).chain((candidates) =>
      fc.record({
        kind: fc.constant("unknown" as const),
        expression: fc.constantFrom("var.x", "foreign"),
        candidates: fc.constant(candidates),
        isGroup: fc.boolean(),
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .option(fc.array(cidr, { minLength: 1, maxLength: 2 }), { nil: undefined })
      .map((entries) => ({ kind: "prefix-list" as const, id: "pl-1", ...(entries && { entries }) })),
  },
);
const rule: fc.Arbitrary<SecurityGroupRule> = fc
  .tuple(
    fc.oneof(
      { weight: 5, arbitrary: group.map((key) => ({ group: key })) },
      { weight: 1, arbitrary: fc.constantFrom("var.x", "foreign").map((unknownGroup) => ({ unknownGroup })) },
    ),
    fc.constantFrom("ingress" as const, "egress" as const),
    traffic,
    peer,
  )
  .map(([owner, direction, spec, far]) => ({
    address: `rule.${Object.values(owner)[0]}_${direction}`,
    form: "classic",
    ...owner,
    direction,
    traffic: spec,
    peer: far,
    source: { file: "main.tf" },
  }));
const endpoint = (name: string): fc.Arbitrary<Endpoint> =>
  fc.oneof(
    fc.uniqueArray(group, { minLength: 1, maxLength: 2 }).map((groups) => ({ name, groups })),
    fc
      .tuple(
        fc.uniqueArray(group, { minLength: 1, maxLength: 2 }),
        fc.array(cidr, { minLength: 1, maxLength: 2 }),
      )
      .map(([groups, cidrs]) => ({ name, groups, cidrs })),
    fc.array(cidr, { minLength: 1, maxLength: 2 }).map((cidrs) => ({ name, groups: [], cidrs })),
  );
const tcpOrUdp = traffic.filter(({ protocol }) => protocol === "tcp" || protocol === "udp");
const world: fc.Arbitrary<World> = fc
  .record({
    rules: fc.array(rule, { maxLength: 8 }),
    from: endpoint("from"),
    to: endpoint("to"),
    expect: fc.constantFrom("allow" as const, "deny" as const),
    flow: fc.array(tcpOrUdp, { minLength: 1, maxLength: 3 }),
    required: fc.boolean(),
  })
  .map(({ rules, from, to, expect: expected, flow, required }) => ({
    declared: ["a", "b"],
    rules,
    flow: {
      id: "flow",
      expect: expected,
      from,
      to,
      traffic: flow,
      required: new Set(required ? ["foreign"] : []),
    },
  }))
  // An endpoint of the small world has addresses in it.
  .filter(({ flow }) => addressesOf(flow.from, "deny").length > 0 && addressesOf(flow.to, "deny").length > 0)
  // The world is small: /0 as an endpoint's address would hold packets that the naive evaluator never looks at.
  .filter(({ flow }) => ![...(flow.from.cidrs ?? []), ...(flow.to.cidrs ?? [])].includes("0.0.0.0/0"));

function verdictOf({ declared, rules, flow }: World) {
  const groups = new Map<string, Group>(
    GROUPS.map((key) => [
      key,
      { key, label: key, isDeclared: declared.includes(key), tags: {}, forms: new Set(), roles: new Set() },
    ]),
  );
  const [verdict] = judge({ groups, rules }, [flow], { mode: "strict" });
  return verdict;
}

test("agrees with a packet-by-packet look at thousands of random worlds", () => {
  const seen = { holds: 0, broken: 0, "holds-if": 0 };
  fc.assert(
    fc.property(world, (random) => {
      const expected = secondOpinion(random);
      seen[expected] += 1;
      expect(verdictOf(random)?.status).toBe(expected);
    }),
    { numRuns: 5000 },
  );
  // The worlds are worth looking at: each verdict comes up often.
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(250);
});

test("the rules that it proposes for a broken flow cure it, wherever the input may add rules", () => {
  fc.assert(
    fc.property(world, (random) => {
      const verdict = verdictOf(random);
      fc.pre(verdict?.status === "broken" && random.flow.expect === "allow");
      const known = [random.flow.from, random.flow.to].every(({ groups }) => groups.length > 0);
      fc.pre(known);
      const cures = (verdict?.cures ?? []).map(
        (cure, index): SecurityGroupRule => ({
          ...cure,
          address: `cure.${index}`,
          form: "classic",
          source: { file: "x" },
        }),
      );
      expect(cures.length).toBeGreaterThan(0);
      const cured = verdictOf({ ...random, rules: [...random.rules, ...cures] });
      expect(cured?.status).not.toBe("broken");
    }),
    { numRuns: 1000 },
  );
});

test("one rule more never breaks an allowed flow, and never closes an open one", () => {
  const order = { broken: 0, "holds-if": 1, holds: 2 };
  fc.assert(
    fc.property(world, rule, (random, more) => {
      const before = order[verdictOf(random)?.status ?? "broken"];
      const after = order[verdictOf({ ...random, rules: [...random.rules, more] })?.status ?? "broken"];
      if (random.flow.expect === "allow") expect(after).toBeGreaterThanOrEqual(before);
      else expect(after).toBeLessThanOrEqual(before);
    }),
    { numRuns: 1000 },
  );
});
