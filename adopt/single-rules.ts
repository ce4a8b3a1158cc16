import { canonicalCidr } from "../network/cidr";
import { protocolName } from "../network/protocols";
import type { Direction } from "../network/rules";
import type { Form } from "./forms";
import type { ListedRule, PeerArgument } from "./listings";
import type { Arguments, Found, FoundGroup, FoundRule, Plain } from "./model";

/** A rule as AWS has it: of one direction, for one kind of traffic and one peer. */
export interface SingleRule {
  /** The id of the group that it is on. */
  readonly group: string;
  readonly direction: Direction;
  /** `tcp`, `udp`, `icmp`, `icmpv6`, `-1` for all, else a number. */
  readonly protocol: string;
  /** Ports, or type and code; undefined where the protocol has none. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  /** The group itself is a peer by its own id. */
  readonly peer: { readonly kind: PeerKind; readonly value: string };
  /** Empty for none. */
  readonly description: string;
}

type PeerKind = "ipv4" | "ipv6" | "prefix-list" | "group";

/** A single rule of what is there, with what declares it. */
export interface DeclaredRule extends SingleRule {
  readonly origin: Found;
  /** `sgr-…`, where the state has it. */
  readonly ruleId?: string;
}

/** A rule that AWS lists, in this shape. */
export function singleOf({
  group,
  direction,
  protocol,
  from,
  to,
  peer,
  description,
}: ListedRule): SingleRule {
  const { kind } = PEERS.find(({ perRule }) => perRule === peer.argument) as (typeof PEERS)[number];
  return { group, direction, protocol, from, to, description, peer: { kind, value: peer.value } };
}

/** Protocols that rules have ports of, or types and codes; of others AWS keeps none. */
const WITH_PORTS = ["tcp", "udp", "icmp", "icmpv6"];

/**
 * What a rule means to AWS, which has it once: its group, direction, traffic and peer. Two rules with the same key are one. A group
 * of another account is named with it or without it.
 */
export function singleKey({ group, direction, protocol, from, to, peer }: SingleRule): string {
  const value = peer.kind === "ipv4" || peer.kind === "ipv6" ? canonicalCidr(peer.value) : undefined;
  return [
    group,
    direction,
    protocol,
    from ?? "",
    to ?? "",
    peer.kind,
    value ?? peer.value.replace(/^\d+\//, ""),
  ].join(" ");
}

/** The single rules that a resource declares: of the classic form one for each peer. */
export function singlesOfRule(rule: FoundRule): DeclaredRule[] {
  const { values, group, direction, ruleId } = rule;
  const protocol = protocolOf(values[rule.form === "classic" ? "protocol" : "ip_protocol"]);
  const peers = [
    ...PEERS.flatMap(({ kind, classic, perRule }) =>
      texts(values[rule.form === "classic" ? classic : perRule]).map((value) => peerOf(kind, value)),
    ),
    ...(values["self"] === true ? [{ kind: "group" as const, value: group }] : []),
  ];
  return peers.map((peer) => ({
    ...trafficOf(protocol, values),
    group,
    direction,
    peer,
    description: textOf(values["description"]),
    origin: rule,
    ...(ruleId !== undefined && peers.length === 1 && { ruleId }),
  }));
}

/** The single rules of the blocks of a group. */
export function singlesOfBlocks(group: FoundGroup, direction: Direction): DeclaredRule[] {
  return (group.inline[direction] ?? []).flatMap((block) =>
    [
      ...PEERS.flatMap(({ kind, block: argument }) =>
        texts(block[argument]).map((value) => peerOf(kind, value)),
      ),
      ...(block["self"] === true ? [{ kind: "group" as const, value: group.id }] : []),
    ].map((peer) => ({
      ...trafficOf(protocolOf(block["protocol"]), block),
      group: group.id,
      direction,
      peer,
      description: textOf(block["description"]),
      origin: group,
    })),
  );
}

/** Protocols as AWS writes them, which have one name each. */
function protocolOf(value: Plain | undefined): string {
  return protocolName(value) ?? String(value ?? "");
}

/** A CIDR as AWS writes it; anything else as it is. */
function peerOf(kind: PeerKind, value: string): SingleRule["peer"] {
  const isCidr = kind === "ipv4" || kind === "ipv6";
  return { kind, value: (isCidr ? canonicalCidr(value) : undefined) ?? value };
}

function trafficOf(protocol: string, values: Arguments): Pick<SingleRule, "protocol" | "from" | "to"> {
  const port = (name: string) => (typeof values[name] === "number" ? values[name] : undefined);
  const hasPorts = WITH_PORTS.includes(protocol);
  return {
    protocol,
    from: hasPorts ? port("from_port") : undefined,
    to: hasPorts ? port("to_port") : undefined,
  };
}

/** The arguments that peers of each kind have in the three forms. */
const PEERS: readonly {
  readonly kind: PeerKind;
  readonly classic: string;
  readonly perRule: PeerArgument;
  readonly block: string;
}[] = [
  { kind: "ipv4", classic: "cidr_blocks", perRule: "cidr_ipv4", block: "cidr_blocks" },
  { kind: "ipv6", classic: "ipv6_cidr_blocks", perRule: "cidr_ipv6", block: "ipv6_cidr_blocks" },
  { kind: "prefix-list", classic: "prefix_list_ids", perRule: "prefix_list_id", block: "prefix_list_ids" },
  {
    kind: "group",
    classic: "source_security_group_id",
    perRule: "referenced_security_group_id",
    block: "security_groups",
  },
];

/** The arguments of a single rule as a resource of its own. */
export function asResource(rule: SingleRule, form: Exclude<Form, "inline">): Arguments {
  const { direction, protocol, from, to, peer, description, group } = rule;
  const names = PEERS.find(({ kind }) => kind === peer.kind);
  const described = description === "" ? {} : { description };
  if (form === "per-rule")
    return {
      ip_protocol: protocol,
      ...(from !== undefined && { from_port: from }),
      ...(to !== undefined && { to_port: to }),
      [names?.perRule ?? ""]: peer.value,
      ...described,
    };
  const isSelf = peer.kind === "group" && peer.value === group;
  return {
    type: direction,
    protocol,
    // The resource asks for ports of protocols that have none as well.
    from_port: from ?? 0,
    to_port: to ?? 0,
    ...(isSelf
      ? { self: true }
      : { [names?.classic ?? ""]: peer.kind === "group" ? peer.value : [peer.value] }),
    ...described,
  };
}

/**
 * Single rules of one group and direction as its blocks: one for each traffic and description, because the provider reads them
 * so from AWS, and would show a change for any other division.
 */
export function asBlocks(rules: readonly SingleRule[]): Arguments[] {
  const blocks = new Map<string, Record<string, Plain>>();
  for (const { protocol, from, to, peer, description, group } of rules) {
    const key = [protocol, from, to, description].join(" ");
    const block = blocks.get(key) ?? {
      protocol,
      from_port: from ?? 0,
      to_port: to ?? 0,
      ...(description !== "" && { description }),
    };
    blocks.set(key, block);
    const argument = PEERS.find(({ kind }) => kind === peer.kind)?.block ?? "";
    if (peer.kind === "group" && peer.value === group) block["self"] = true;
    else block[argument] = [...texts(block[argument]), peer.value];
  }
  return [...blocks.values()];
}

function texts(value: Plain | undefined): string[] {
  const items = Array.isArray(value) ? (value as readonly Plain[]) : [value];
  return items.filter((item): item is string => typeof item === "string" && item !== "");
}

function textOf(value: Plain | undefined): string {
  return typeof value === "string" ? value : "";
}
