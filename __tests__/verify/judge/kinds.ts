/** Of which kinds a world is: tests count them, so that what they are meant to look at does come up. */

import type { RulePeer } from "../../../network/peers";
import type { Endpoint, Flow } from "../../../verify/expect/model";
import {
  cellsOf,
  type Direction,
  endsOf,
  familiesFor,
  impossibilityOf,
  isForeign,
  statedFamilies,
  statusOf,
  type World,
} from "./oracle";
import { FAMILIES, familyOf } from "./space";

export type FamiliesOfEnd = "ipv4" | "ipv6" | "dual-stack" | "unknown";

export function familiesOfEnd(end: Endpoint): FamiliesOfEnd {
  const stated = statedFamilies(end);
  if (!stated) return "unknown";
  return stated.length > 1 ? "dual-stack" : (stated[0] as FamiliesOfEnd);
}

// ── Ranges that are covered together ──────────────────────────────────────────────────────────────────────

/** A CIDR of a rule that may be the near end's: its own, or an entry of its prefix list. */
interface Piece {
  readonly rule: number;
  /** Undefined for the rule's own. */
  readonly entry?: number;
  readonly cidr: string;
  readonly direction: Direction;
}

function piecesOf({ rules, flow }: World): Piece[] {
  return rules.flatMap(({ group, peer, direction }, rule): Piece[] => {
    if (group !== undefined && !endsOf(flow, direction).near.groups.includes(group)) return [];
    if (peer.kind === "cidr") return [{ rule, cidr: peer.cidr, direction }];
    if (peer.kind !== "prefix-list") return [];
    return (peer.entries ?? []).map((cidr, entry) => ({ rule, entry, cidr, direction }));
  });
}

function without(world: World, pieces: readonly Piece[]): World {
  const isCut = (rule: number, entry?: number) =>
    pieces.some((piece) => piece.rule === rule && piece.entry === entry);
  const rules = world.rules.flatMap((rule, index) => {
    const { peer } = rule;
    if (peer.kind !== "prefix-list" || !peer.entries) return isCut(index) ? [] : [rule];
    return [{ ...rule, peer: { ...peer, entries: peer.entries.filter((_, entry) => !isCut(index, entry)) } }];
  });
  return { ...world, rules };
}

/**
 * Two CIDRs of one family and one half such that the verdict needs both, already for a single kind of packet: neither
 * covers the far end alone.
 */
function decidedTogether(world: World): readonly [Piece, Piece] | undefined {
  const cells = cellsOf(world);
  const status = statusOf(world);
  const differs = (less: World) => statusOf(less, undefined, cells) !== status;
  for (const direction of ["egress", "ingress"] as const) {
    for (const family of FAMILIES) {
      const pieces = piecesOf(world).filter(
        (piece) => piece.direction === direction && familyOf(piece.cidr) === family,
      );
      // What does not matter all together does not matter one by one.
      if (pieces.length < 2 || !differs(without(world, pieces))) continue;
      const needed = pieces
        .map((piece) => ({ piece, less: without(world, [piece]) }))
        .filter(({ less }) => differs(less));
      if (needed.length < 2) continue;
      for (const cell of cells) {
        const ofCell = statusOf(world, undefined, [cell]);
        const [one, other] = needed.filter(({ less }) => statusOf(less, undefined, [cell]) !== ofCell);
        if (one && other) return [one.piece, other.piece];
      }
    }
  }
  return undefined;
}

// ── All kinds ─────────────────────────────────────────────────────────────────────────────────────────────

const END_KINDS: readonly FamiliesOfEnd[] = ["ipv4", "ipv6", "dual-stack", "unknown"];
const FLOW_STATUSES = ["allow", "deny"].flatMap((expect) =>
  ["holds", "broken", "holds-if"].map((status) => `${expect} ${status}`),
);

export const KINDS: readonly string[] = [
  ...END_KINDS.flatMap((from) => END_KINDS.map((to) => `${from} to ${to}`)),
  ...FLOW_STATUSES,
  "an end of unknown address",
  "an end of unknown address and stated families",
  "an end that is the internet",
  "an end without groups",
  "several rules cover a range together",
  "entries of a prefix list cover a range together",
  "both ends share a group",
  "a foreign group, required",
  "a foreign group, not required",
  "a rule of an unknown owner",
  "a rule for an unknown peer",
  "a rule for an unknown prefix list",
  "a rule of unknown traffic",
  "a rule with a doubt",
  ...["icmp", "icmpv6"].flatMap((protocol) => [
    ...FAMILIES.map((family) => `${protocol} in ${family}, of a flow`),
    ...FAMILIES.map((family) => `${protocol} in ${family}, of a rule by address`),
    `${protocol} of a rule for a group`,
  ]),
  "all protocols beside ICMPv6",
  "impossible: no-common-family",
  "impossible: traffic-of-other-family",
];

function cidrsOf(peer: RulePeer): readonly string[] {
  if (peer.kind === "cidr") return [peer.cidr];
  return peer.kind === "prefix-list" ? (peer.entries ?? []) : [];
}

/** A flow of ICMP or ICMPv6 is of each family that its ends have, also of one where the message does not exist. */
function messagesOf(flow: Flow): string[] {
  return flow.traffic.flatMap((part) =>
    "type" in part ? familiesFor(flow, part).map((family) => `${part.protocol} in ${family}, of a flow`) : [],
  );
}

export function kindsOf(world: World): ReadonlySet<string> {
  const { flow, rules } = world;
  const ends = [flow.from, flow.to];
  const foreign = ends
    .flatMap((end) => end.groups)
    .filter((key) => world.groups.get(key)?.knowledge !== "all");
  const together = decidedTogether(world);
  const impossible = impossibilityOf(world);
  const own = rules.filter((rule) => {
    const { near } = endsOf(flow, rule.direction);
    return near.groups.length > 0 && (rule.group === undefined || near.groups.includes(rule.group));
  });
  const messages = own.flatMap(({ traffic, peer }) => {
    if (!traffic || !("type" in traffic)) return [];
    if (peer.kind === "group") return [`${traffic.protocol} of a rule for a group`];
    return cidrsOf(peer).map((cidr) => `${traffic.protocol} in ${familyOf(cidr)}, of a rule by address`);
  });
  const found: readonly (readonly [string, boolean])[] = [
    [
      "all protocols beside ICMPv6",
      ["all", "icmpv6"].every((protocol) => flow.traffic.some((part) => part.protocol === protocol)),
    ],
    ["an end of unknown address", ends.some((end) => !end.cidrs && !end.families)],
    ["an end of unknown address and stated families", ends.some((end) => end.families !== undefined)],
    ["an end that is the internet", ends.some((end) => end.cidrs?.includes("internet"))],
    ["an end without groups", ends.some((end) => end.groups.length === 0)],
    ["several rules cover a range together", !!together && together[0].rule !== together[1].rule],
    ["entries of a prefix list cover a range together", !!together && together[0].rule === together[1].rule],
    ["both ends share a group", flow.from.groups.some((group) => flow.to.groups.includes(group))],
    ["a foreign group, required", foreign.some((group) => !isForeign(world, group))],
    ["a foreign group, not required", foreign.some((group) => isForeign(world, group))],
    ["a rule of an unknown owner", own.some((rule) => rule.group === undefined)],
    ["a rule for an unknown peer", own.some(({ peer }) => peer.kind === "unknown")],
    [
      "a rule for an unknown prefix list",
      own.some(({ peer }) => peer.kind === "prefix-list" && !peer.entries),
    ],
    ["a rule of unknown traffic", own.some(({ traffic }) => !traffic)],
    ["a rule with a doubt", own.some(({ doubts = [] }) => doubts.length > 0)],
  ];
  return new Set([
    `${familiesOfEnd(flow.from)} to ${familiesOfEnd(flow.to)}`,
    `${flow.expect} ${statusOf(world)}`,
    ...found.flatMap(([kind, isSo]) => (isSo ? [kind] : [])),
    ...messagesOf(flow),
    ...messages,
    ...(impossible ? [`impossible: ${impossible.kind}`] : []),
  ]);
}
