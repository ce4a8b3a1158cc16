/**
 * Random small worlds: two ends, the rules of their groups, a flow. Rules are made for the flow more often than not,
 * else it would hardly ever hold; and an uncertainty of each kind is there often enough to matter.
 */
import fc from "fast-check";
import type { Family } from "../../../network/addresses";
import type { RulePeer } from "../../../network/peers";
import type { Traffic } from "../../../network/traffic";
import type { Endpoint, Flow } from "../../../verify/expect/model";
import type { Doubt, Group, SecurityGroupRule } from "../../../verify/inventory/model";
import { type Direction, endsOf, statedFamilies, type World } from "./oracle";
import { canonical, FAMILIES, familyOf, oncePerCidr, split, WHOLE } from "./space";

const DECLARED = ["a", "b"];
const FOREIGN = ["foreign", "elsewhere"];
const KEYS = [...DECLARED, ...FOREIGN];

const GROUPS: ReadonlyMap<string, Group> = new Map(
  KEYS.map((key) => [
    key,
    {
      key,
      label: key,
      knowledge: DECLARED.includes(key) ? "all" : "some",
      tags: {},
      forms: new Set(),
      roles: new Set(),
    },
  ]),
);

function weighted<T>(...choices: readonly (readonly [number, fc.Arbitrary<T>])[]): fc.Arbitrary<T> {
  return fc.oneof(...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })));
}

// ── Addresses ─────────────────────────────────────────────────────────────────────────────────────────────

/** The CIDR, its halves, their halves … */
function parts(cidr: string, depth: number): readonly string[] {
  return depth === 0 ? [cidr] : [cidr, ...split(cidr).flatMap((half) => parts(half, depth - 1))];
}

/** Where known ends are: eight addresses of a private subnet, which are no part of the internet. */
const SUBNET: Readonly<Record<Family, string>> = { ipv4: "10.0.0.0/29", ipv6: "fd00::/125" };
const NEAR = {
  ipv4: parts(SUBNET.ipv4, 3),
  ipv6: parts(SUBNET.ipv6, 3),
};
/** The whole space and its large parts: an eighth of IPv4 is no unicast, and an eighth of IPv6 is all of it. */
const WIDE = {
  ipv4: parts(WHOLE.ipv4, 3),
  ipv6: parts(WHOLE.ipv6, 3),
};

const nearCidr = (family: Family) => fc.constantFrom(...NEAR[family]);
const wideCidr = (family: Family) => fc.constantFrom(...WIDE[family]);
const anyCidr = (family: Family) => weighted([3, nearCidr(family)], [1, wideCidr(family)]);
const eitherFamily = fc.constantFrom<Family>("ipv4", "ipv6");

/** CIDRs that cover another one together, or all of it but one part. */
const cover = oncePerCidr((cidr): fc.Arbitrary<readonly string[]> => {
  const [one = cidr, other = cidr] = split(cidr);
  const shapes = [
    [cidr],
    [cidr],
    [one, other],
    [one, other],
    [one, ...split(other)],
    [...split(one), other],
    [...split(one), ...split(other)],
  ];
  return fc
    .tuple(fc.constantFrom(...shapes), fc.nat({ max: 30 }))
    .map(([shape, hole]) => (shape.length > 1 ? shape.filter((_, index) => index !== hole) : shape));
});

// ── Ends ──────────────────────────────────────────────────────────────────────────────────────────────────

const groups = (minLength: number) =>
  fc.uniqueArray(fc.constantFrom("a", "a", "b", "foreign"), { minLength, maxLength: 2 });

/** What an author of flows may write of an end: not in canonical form, or an address alone. */
const AS_WRITTEN: Readonly<Record<Family, readonly string[]>> = {
  ipv4: ["10.0.0.5/30", "10.0.0.3"],
  ipv6: ["fd00::5/126", "fd00::3"],
};

const cidrsOf = (family: Family) =>
  weighted<readonly string[]>(
    [8, fc.uniqueArray(nearCidr(family), { minLength: 1, maxLength: 2 })],
    [1, fc.tuple(wideCidr(family))],
    [1, fc.tuple(fc.constantFrom(...AS_WRITTEN[family]))],
  );

type Nameless = Omit<Endpoint, "name">;

/** In CIDRs, with groups or without; or carrying groups, in subnets of these families. */
function known(families: readonly Family[]): fc.Arbitrary<Nameless> {
  const cidrs = fc.tuple(...families.map(cidrsOf)).map((each) => each.flat());
  return weighted<Nameless>(
    [4, fc.record({ groups: groups(1), cidrs })],
    [1, fc.record({ groups: fc.constant([]), cidrs })],
    [2, groups(1).map((carried) => ({ groups: carried, families }))],
  );
}

const unknown = weighted<Nameless>(
  [3, groups(1).map((carried) => ({ groups: carried }))],
  [1, fc.constant({ groups: [], cidrs: ["internet"] })],
);

/** Each of the four kinds of families is as frequent as the others. */
const end = (name: string): fc.Arbitrary<Endpoint> =>
  fc
    .oneof(known(["ipv4"]), known(["ipv6"]), known(["ipv4", "ipv6"]), unknown)
    .map((nameless) => ({ name, ...nameless }));

// ── Traffic ───────────────────────────────────────────────────────────────────────────────────────────────

const ranged = fc
  .tuple(
    fc.constantFrom("tcp" as const, "udp" as const),
    fc.integer({ min: 0, max: 5 }),
    fc.integer({ min: 0, max: 5 }),
  )
  .map(([protocol, one, other]) => ({
    protocol,
    ports: { from: Math.min(one, other), to: Math.max(one, other) },
  }));

/** A type is given with a code or with all of them; all types are so with all codes. */
const messages = (protocol: "icmp" | "icmpv6", types: readonly number[]) =>
  fc
    .tuple(fc.constantFrom(-1, ...types), fc.constantFrom(-1, 0, 1))
    .map(([type, code]) => ({ protocol, type, code: type === -1 ? -1 : code }));
const icmp = messages("icmp", [3, 8]);
const icmpv6 = messages("icmpv6", [1, 128]);
const other = fc.constantFrom(47, 50).map((number) => ({ protocol: "other" as const, number }));
const all = fc.constant<Traffic>({ protocol: "all" });

const traffic = weighted<Traffic>([8, ranged], [3, icmp], [3, icmpv6], [1, other], [2, all]);

/** Traffic of a rule for the flow: what it needs, exactly or with more. */
function trafficFor(flow: Flow): fc.Arbitrary<Traffic> {
  const wide = flow.traffic.map((part): Traffic => {
    if ("ports" in part) return { ...part, ports: { from: 0, to: 65535 } };
    return "type" in part ? { ...part, type: -1, code: -1 } : part;
  });
  return weighted<Traffic>(
    [3, all],
    [2, fc.constantFrom(...wide)],
    [2, fc.constantFrom(...flow.traffic)],
    [1, traffic],
  );
}

// ── Rules ─────────────────────────────────────────────────────────────────────────────────────────────────

type UnknownPeer = Extract<RulePeer, { kind: "unknown" }>;

/** What is said of an expression is said wherever it stands. `foreign` is the key of a group, too. */
const UNKNOWN_PEERS: readonly UnknownPeer[] = [
  { kind: "unknown", expression: "var.anything", candidates: [] },
  { kind: "unknown", expression: "var.group", candidates: [], isGroup: true },
  { kind: "unknown", expression: "var.one_of", candidates: ["a", "b"], isGroup: true },
  { kind: "unknown", expression: "var.elsewhere", candidates: ["elsewhere"] },
  { kind: "unknown", expression: "foreign", candidates: [], isGroup: true },
];
const unknownPeer = fc.constantFrom<RulePeer>(...UNKNOWN_PEERS);
const unknownList = fc.constantFrom("pl-1", "pl-2").map((id): RulePeer => ({ kind: "prefix-list", id }));
const owner = (group: string) => ({ group });
const unknownOwner = fc
  .constantFrom("var.owner", "var.group", "foreign")
  .map((unknownGroup) => ({ unknownGroup }));

/** A prefix list has entries of one family (EC2, CreateManagedPrefixList: AddressFamily). */
const list = (entries: readonly string[]): RulePeer => ({ kind: "prefix-list", id: "pl-declared", entries });
const listsOf = (cidrs: readonly string[]): RulePeer[] =>
  FAMILIES.map((family) => cidrs.filter((cidr) => familyOf(cidr) === family))
    .filter((entries) => entries.length > 0)
    .map(list);
const cidrPeer = (cidr: string): RulePeer => ({ kind: "cidr", cidr });

const anyPeer = weighted<RulePeer>(
  [3, fc.constantFrom(...KEYS).map((group) => ({ kind: "group", group }))],
  [4, eitherFamily.chain(anyCidr).map(cidrPeer)],
  [1, eitherFamily.chain((family) => fc.array(anyCidr(family), { minLength: 1, maxLength: 3 })).map(list)],
  [1, unknownPeer],
  [1, unknownList],
);

/** One of the CIDRs in which the far end is; of an unknown one the whole space. */
function placesOf(far: Endpoint): readonly string[] {
  const families = statedFamilies(far) ?? ["ipv4", "ipv6"];
  if (far.cidrs?.includes("internet"))
    return ["0.0.0.0/1", "128.0.0.0/1", "0.0.0.0/0", "2000::/3", "2000::/3"];
  return far.cidrs?.map(canonical) ?? families.map((family) => WHOLE[family]);
}

/** Peers of one resource that is made for the far end of a half. */
function peersFor(far: Endpoint): fc.Arbitrary<readonly RulePeer[]> {
  const covered = fc.constantFrom(...placesOf(far)).chain(cover);
  const coveredAll = fc.tuple(...placesOf(far).map(cover)).map((covers) => covers.flat());
  const byAddress = weighted<readonly RulePeer[]>(
    [2, covered.map((cidrs) => cidrs.map(cidrPeer))],
    [8, coveredAll.map((cidrs) => cidrs.map(cidrPeer))],
    [8, coveredAll.map(listsOf)],
    [1, unknownList.map((peer) => [peer])],
    [1, unknownPeer.map((peer) => [peer])],
    [1, anyPeer.map((peer) => [peer])],
  );
  if (far.groups.length === 0) return byAddress;
  const byGroup = fc.constantFrom(...far.groups).map((group): RulePeer[] => [{ kind: "group", group }]);
  return weighted<readonly RulePeer[]>([1, byGroup], [3, byAddress]);
}

/** A resource: rules with one address that differ in nothing but the peer. */
interface RuleResource {
  readonly owner: { readonly group: string } | { readonly unknownGroup: string };
  readonly direction: Direction;
  readonly traffic: Traffic | null;
  readonly inDoubt: readonly ("existence" | "direction")[];
  readonly peers: readonly RulePeer[];
}

function resource(
  owners: fc.Arbitrary<RuleResource["owner"]>,
  direction: fc.Arbitrary<Direction>,
  traffics: fc.Arbitrary<Traffic>,
  peers: fc.Arbitrary<readonly RulePeer[]>,
): fc.Arbitrary<RuleResource> {
  return fc.record({
    owner: weighted<RuleResource["owner"]>([15, owners], [1, unknownOwner]),
    direction,
    traffic: weighted<Traffic | null>([15, traffics], [1, fc.constant(null)]),
    inDoubt: weighted<RuleResource["inDoubt"]>(
      [46, fc.constant([])],
      [2, fc.constant(["existence"])],
      [1, fc.constant(["direction"])],
      [1, fc.constant(["existence", "direction"])],
    ),
    peers,
  });
}

function resourceFor(flow: Flow, direction: Direction): fc.Arbitrary<RuleResource> {
  const { near, far } = endsOf(flow, direction);
  const owners = near.groups.length > 0 ? near.groups : KEYS;
  return resource(
    fc.constantFrom(...owners).map(owner),
    fc.constant(direction),
    trafficFor(flow),
    peersFor(far),
  );
}

const anyResource = resource(
  fc.constantFrom(...KEYS).map(owner),
  fc.constantFrom<Direction>("ingress", "egress"),
  traffic,
  fc.array(anyPeer, { minLength: 1, maxLength: 2 }),
);

function doubt(kind: "existence" | "direction", direction: Direction): Doubt {
  return kind === "existence" ? { kind } : { kind, direction, expression: "var.type" };
}

function rulesOf(resources: readonly RuleResource[], prefix = "rule"): SecurityGroupRule[] {
  return resources.flatMap((made, index) =>
    made.peers.map((peer) => ({
      address: `${prefix}.${index}`,
      form: "classic" as const,
      ...made.owner,
      direction: made.direction,
      ...(made.traffic
        ? { traffic: made.traffic }
        : { unknownTraffic: { argument: "from_port" as const, expression: "var.port" } }),
      ...(made.inDoubt.length > 0 && { doubts: made.inDoubt.map((kind) => doubt(kind, made.direction)) }),
      peer,
      source: { file: "main.tf" },
    })),
  );
}

/** One rule more, of a name that no other has. */
export const anotherRule: fc.Arbitrary<SecurityGroupRule> = anyResource.map(
  (made) => rulesOf([made], "another")[0] as SecurityGroupRule,
);

// ── Worlds ────────────────────────────────────────────────────────────────────────────────────────────────

const flowTraffic = weighted<readonly Traffic[]>(
  [6, fc.array(ranged, { minLength: 1, maxLength: 2 })],
  [3, fc.tuple(icmp)],
  [3, fc.tuple(icmpv6)],
  [3, fc.array(traffic, { minLength: 1, maxLength: 3 })],
  // All protocols are so in the families that the ends have by convention; ICMPv6 asks for IPv6.
  [1, fc.constant([{ protocol: "all" }, { protocol: "icmpv6", type: -1, code: -1 }])],
);

const flow: fc.Arbitrary<Flow> = fc.record({
  id: fc.constant({ module: "", name: "flow" }),
  expect: fc.constantFrom("allow" as const, "deny" as const),
  from: end("from"),
  to: end("to"),
  traffic: flowTraffic,
  required: fc.subarray(FOREIGN).map((keys) => new Set(keys)),
});

export const world: fc.Arbitrary<World> = flow.chain((made) =>
  fc
    .tuple(
      fc.array(resourceFor(made, "egress"), { maxLength: 3 }),
      fc.array(resourceFor(made, "ingress"), { maxLength: 3 }),
      fc.array(anyResource, { maxLength: 2 }),
    )
    .map((resources) => ({ groups: GROUPS, rules: rulesOf(resources.flat()), flow: made })),
);
