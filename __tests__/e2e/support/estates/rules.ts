import fc from "fast-check";
import type { Json } from "../../../../io/json";
import { type Block, type Form, resource } from "./model";

export const FORMS: readonly Form[] = ["classic", "per-rule", "inline"];

export type Direction = "ingress" | "egress";

/** Protocols as people write them, with what each means. */
const PROTOCOLS = {
  tcp: "tcp",
  "6": "tcp",
  udp: "udp",
  "17": "udp",
  icmp: "icmp",
  icmpv6: "icmpv6",
  "-1": "all",
} as const;

/** What groups and lists rules may name, besides addresses and their own group. */
export const PEERS = ["nodes", "ingress"] as const;
export type PeerName = (typeof PEERS)[number] | "list";

export interface DrawnRule {
  readonly direction: Direction;
  readonly protocol: keyof typeof PROTOCOLS;
  readonly ports: readonly (readonly [from: number, to: number])[];
  /** Whether its ranges of ports are instances of one resource. */
  readonly repeat: "none" | "count" | "for_each";
  readonly ipv4: readonly string[];
  readonly ipv6: readonly string[];
  readonly peers: readonly PeerName[];
  readonly self: boolean;
  readonly description: string | undefined;
  /** Only rules of their own resource have them. */
  readonly tags: Json | undefined;
}

/** Words that Terraform or a shell would read as something else, as AWS takes them in descriptions and names. */
export const ODD = "a & b: $$" + "{c} (d)=#1!*;";

const IPV4 = ["10.0.0.0/8", "10.1.0.0/16", "192.0.2.7/32", "0.0.0.0/0"];
/** Two spellings of one range: the emulator, other than AWS, takes them for two rules. */
const IPV6 = ["2001:db8::/32", "::/0", "2001:db8:0:0::/48"];

export const tags: fc.Arbitrary<Json | undefined> = fc.constantFrom(
  undefined,
  { Team: "orders" },
  { Name: "own", "cost/centre é": '$${x} %%{y} "z" \\' },
);

export const rule: fc.Arbitrary<DrawnRule> = fc.record({
  direction: fc.constantFrom<Direction[]>("ingress", "ingress", "egress"),
  protocol: fc.constantFrom(...(Object.keys(PROTOCOLS) as (keyof typeof PROTOCOLS)[])),
  ports: fc.uniqueArray(fc.constantFrom([443, 443] as const, [8000, 8100] as const, [0, 65535] as const), {
    minLength: 1,
    maxLength: 2,
    selector: String,
  }),
  repeat: fc.constantFrom("none" as const, "count" as const, "for_each" as const),
  ipv4: fc.subarray(IPV4, { maxLength: 2 }),
  ipv6: fc.subarray(IPV6, { maxLength: 1 }),
  peers: fc.subarray<PeerName>([...PEERS, "list"], { maxLength: 2 }),
  self: fc.boolean(),
  description: fc.constantFrom(undefined, "Metrics", ODD),
  tags,
});

/** The rules of one group as AWS takes them all together: none twice, and none without a peer. */
export function accepted(rules: readonly DrawnRule[]): DrawnRule[] {
  const seen = new Set<string>();
  return rules.flatMap((one) => {
    const protocol = PROTOCOLS[one.protocol];
    const ports = {
      tcp: one.ports,
      udp: one.ports,
      // Types and codes.
      icmp: [[8, 0] as const],
      icmpv6: [[-1, -1] as const],
      all: [[0, 0] as const],
    }[protocol];
    const isNew = (peer: unknown) => {
      const meanings = ports.map((range) => [one.direction, protocol, range, peer].join(" "));
      if (meanings.some((meaning) => seen.has(meaning))) return false;
      for (const meaning of meanings) seen.add(meaning);
      return true;
    };
    const own = {
      ipv4: protocol === "icmpv6" ? [] : one.ipv4.filter(isNew),
      ipv6: protocol === "icmp" ? [] : one.ipv6.filter(isNew),
      peers: one.peers.filter(isNew),
      self: one.self && isNew("self"),
    };
    const hasPeer = own.ipv4.length + own.ipv6.length + own.peers.length > 0 || own.self;
    return hasPeer ? [{ ...one, ...own, ports }] : [];
  });
}

/** How the place of a group names what is around it, as expressions without `${}`. */
export interface Place {
  readonly name: string;
  /** The group's id; where the group has instances, that of the instance with the same key. */
  readonly id: string;
  readonly idOf: (peer: PeerName) => string;
  /** `count` or `for_each` of the group itself. */
  readonly instances: Json;
}

const reference = (expression: string) => `\${${expression}}`;

/** The rules of one direction as blocks of their group; Terraform's JSON must have all of their arguments. */
export function blocksOf(rules: readonly DrawnRule[], direction: Direction, { idOf }: Place): Json[] {
  return rules
    .filter((one) => one.direction === direction)
    .flatMap(({ protocol, ports, ipv4, ipv6, peers, self, description = null }) => {
      const addresses = { cidr_blocks: ipv4, ipv6_cidr_blocks: ipv6 };
      const others = {
        security_groups: peers.filter((peer) => peer !== "list").map((peer) => reference(idOf(peer))),
        prefix_list_ids: peers.includes("list") ? [reference(idOf("list"))] : [],
        self,
      };
      const none = {
        cidr_blocks: [],
        ipv6_cidr_blocks: [],
        security_groups: [],
        prefix_list_ids: [],
        self: false,
      };
      // The emulator drops descriptions of rules whose source is no address.
      const parts = [
        ...(ipv4.length + ipv6.length > 0 ? [{ ...none, ...addresses, description }] : []),
        ...(peers.length > 0 || self ? [{ ...none, ...others, description: null }] : []),
      ];
      return ports.flatMap(([from, to]) =>
        parts.map((part) => ({ protocol, from_port: from, to_port: to, ...part })),
      );
    });
}

/** Rules as resources of their own. */
export function resourcesOf(
  rules: readonly DrawnRule[],
  form: "classic" | "per-rule",
  place: Place,
): Block[] {
  // Port -1 makes an import take all rules of the group as classic ones.
  const becomesClassic = form === "per-rule" && rules.some(({ protocol }) => protocol === "icmpv6");
  // The emulator, other than AWS, keeps addresses as they were written, and an import reads them so.
  const canonical = (cidr: string) =>
    form === "per-rule" ? cidr.replace("2001:db8:0:0::", "2001:db8::") : cidr;
  return rules
    .map((one) => ({ ...one, ipv6: one.ipv6.map(canonical) }))
    .flatMap((one, index) =>
      (form === "classic" ? classicPeers(one, place) : ownPeers(one, place)).flatMap((peer, at) =>
        overPorts(one, { form, becomesClassic }, `${place.name}_${index}_${at}`, peer, place),
      ),
    );
}

/** A classic rule has several addresses and lists, or one group, or its own. */
function classicPeers({ ipv4, ipv6, peers, self }: DrawnRule, { idOf }: Place): Json[] {
  const isList = peers.includes("list");
  return [
    ...(ipv4.length + ipv6.length > 0 || isList
      ? [
          {
            ...(ipv4.length > 0 && { cidr_blocks: ipv4 }),
            ...(ipv6.length > 0 && { ipv6_cidr_blocks: ipv6 }),
            ...(isList && { prefix_list_ids: [reference(idOf("list"))] }),
          },
        ]
      : []),
    ...(self ? [{ self: true }] : []),
    ...peers
      .filter((peer) => peer !== "list")
      .map((peer) => ({ source_security_group_id: reference(idOf(peer)) })),
  ];
}

function ownPeers({ ipv4, ipv6, peers, self }: DrawnRule, { id, idOf }: Place): Json[] {
  return [
    ...ipv4.map((cidr_ipv4) => ({ cidr_ipv4 })),
    ...ipv6.map((cidr_ipv6) => ({ cidr_ipv6 })),
    ...peers.map((peer) => ({
      [peer === "list" ? "prefix_list_id" : "referenced_security_group_id"]: reference(idOf(peer)),
    })),
    ...(self ? [{ referenced_security_group_id: reference(id) }] : []),
  ];
}

/** One resource over the ranges of ports, or one for each range. */
function overPorts(
  { direction, protocol, ports, repeat, description, tags }: DrawnRule,
  { form, becomesClassic }: { readonly form: "classic" | "per-rule"; readonly becomesClassic: boolean },
  name: string,
  peer: Json,
  { id, instances }: Place,
): Block[] {
  const isClassic = form === "classic";
  const type = isClassic ? "aws_security_group_rule" : `aws_vpc_security_group_${direction}_rule`;
  // The emulator drops the description of a rule whose source is no address, and fails to set it where the rule has no ports.
  const isSetLater =
    !isClassic &&
    description !== undefined &&
    ("referenced_security_group_id" in peer || "prefix_list_id" in peer);
  const isLost = isSetLater && (protocol === "-1" || becomesClassic);
  // Where it sets a description, it keeps the protocol as it was written, and AWS answers with the name.
  const named = isSetLater && /^\d/.test(protocol) ? PROTOCOLS[protocol] : protocol;
  const values = (from: unknown, to: unknown): Json => ({
    security_group_id: reference(id),
    ...(isClassic ? { type: direction, protocol } : { ip_protocol: named }),
    ...((isClassic || protocol !== "-1") && { from_port: from, to_port: to }),
    ...peer,
    ...(description !== undefined && !isLost && { description }),
    ...(!isClassic && tags !== undefined && { tags }),
  });
  if (repeat === "none" || Object.keys(instances).length > 0) {
    return ports.map(([from, to], index) =>
      resource(type, `${name}_${index}`, { ...instances, ...values(from, to) }),
    );
  }
  if (repeat === "count") {
    const range = `${JSON.stringify(ports)}[count.index]`;
    const repeated = values(reference(`${range}[0]`), reference(`${range}[1]`));
    return [resource(type, name, { count: ports.length, ...repeated })];
  }
  // Keys that are no names.
  const elements = Object.fromEntries(ports.map(([from, to]) => [`port ${from}/$$${"{to}"}`, { from, to }]));
  const repeated = values("${each.value.from}", "${each.value.to}");
  return [resource(type, name, { for_each: elements, ...repeated })];
}
