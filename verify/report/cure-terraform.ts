import { moduleOf, relativeTo } from "../../expression/address";
import { hclBlock, Verbatim } from "../../expression/hcl";
import type { GroupKey, RulePeer } from "../../network/peers";
import type { Traffic } from "../../network/traffic";
import type { Report } from "../checks/model";
import type { RuleForm } from "../inventory/model";
import type { Cure } from "../judge/model";
import { UNKNOWN_KEY } from "../read/model";
import { formChooser } from "./cure-form";
import { freeName, moduleName, type Place, type Placed, type Placing, placeOf } from "./cure-place";

/** A rule that is missing as it is written: where, after what else, and in HCL. */
export interface WrittenCure extends Placing {
  readonly cure: Cure;
  /** The rule, in the form that its group already uses. */
  readonly terraform: string;
  /** What must be done before it can be added, which the HCL has as a comment. */
  readonly first?: string;
}

/** Writes missing rules for a report. Those that are written together have different names, and none that is taken. */
export type CureWriter = (cures: readonly Cure[], takenNames?: Iterable<string>) => WrittenCure[];

/** The rules to add to the configuration of a report. */
export function cureWriter(report: Report): CureWriter {
  const { kind, groups, names, modules } = report;
  const choose = formChooser(report);
  const input = {
    kind,
    groups: new Map(groups.map((group) => [group.key, group])),
    names,
    modules: new Map(modules.map((module) => [module.address, module])),
  };
  return (cures, takenNames = []) => {
    const taken = new Set(takenNames);
    return cures.map((cure) => {
      const { form, first } = choose(cure);
      const placing = placeOf(input, cure, form);
      const name = freeName(ruleName(input, cure, placing.place.module), (one) => taken.has(one));
      taken.add(name);
      const rule = ruleTerraform(cure, form, name, placing.nameOf);
      if (first === undefined) return { ...placing, cure, terraform: rule };
      return { ...placing, cure, first, terraform: `# ${first}\n${rule}` };
    });
  };
}

/** All that is to be added for some missing rules, in HCL, with where it belongs as comments; each thing once. */
export function cureTerraform(written: readonly WrittenCure[]): string[] {
  const pieces = written.flatMap(({ needs, place, terraform }) => [
    ...needs.map((need) => [
      `# ${need.why}`,
      ...placeComment(need),
      ...keyComment(need.terraform),
      need.terraform,
    ]),
    [...placeComment(place), ...keyComment(terraform), terraform],
  ]);
  return [...new Set(pieces.map((lines) => lines.join("\n")))];
}

function keyComment(terraform: string): string[] {
  return terraform.includes(`["${UNKNOWN_KEY}"]`)
    ? [`# ${UNKNOWN_KEY} is a placeholder: replace it with the key, which is not known here`]
    : [];
}

/** `# in module web (modules/web)`, `# in aws_security_group.db`; nothing for what stands by itself in the root. */
function placeComment({ module, folder, block }: Place): string[] {
  const words = [
    ...(block === undefined ? [] : [block]),
    ...(module === "" ? [] : [`module ${moduleName(module)}${folder === undefined ? "" : ` (${folder})`}`]),
  ];
  return words.length === 0 ? [] : [`# in ${words.join(" of ")}`];
}

/** The name of the resource of a rule; of groups inside of other modules with the names of these. */
function ruleName(
  { groups }: Placed,
  { near, far, group, peer, direction, traffic }: Cure,
  module: string,
): string {
  const named = (key: GroupKey, name: string) => {
    const inner = groups.get(key)?.declaredAt ? relativeTo(module, moduleOf(key)) : "";
    if (inner === module) return name;
    const words = inner
      .replaceAll("module.", "")
      .split(/[^A-Za-z0-9]+/)
      .filter(Boolean);
    return [...words, name].join("_");
  };
  const way = direction === "ingress" ? "from" : "to";
  const other = peer.kind === "group" ? named(peer.group, far) : far;
  return identifier(`${named(group, near)}_${direction}_${trafficName(traffic)}_${way}_${other}`);
}

function ruleTerraform(placed: Cure, form: RuleForm, name: string, nameOf: Placing["nameOf"]): string {
  const cure = { ...placed, peer: namedPeer(placed.peer, nameOf) };
  const label = (key: GroupKey) => new Verbatim(nameOf(key) ?? `null # ${key}`);
  if (form === "inline") return hclBlock(cure.direction, inlineArguments(cure, label));
  if (form === "classic") {
    return hclBlock(`resource "aws_security_group_rule" "${name}"`, {
      type: cure.direction,
      security_group_id: label(cure.group),
      ...classicPeer(cure.peer, label),
      ...classicTraffic(cure.traffic),
    });
  }
  return hclBlock(`resource "aws_vpc_security_group_${cure.direction}_rule" "${name}"`, {
    security_group_id: label(cure.group),
    ...perRulePeer(cure.peer, label),
    ...perRuleTraffic(cure.traffic),
  });
}

/** A group that no expression names is left open. */
function namedPeer(peer: RulePeer, nameOf: Placing["nameOf"]): RulePeer {
  if (peer.kind !== "group" || nameOf(peer.group) !== undefined) return peer;
  return { kind: "unknown", expression: peer.group, candidates: [] };
}

type Label = (key: GroupKey) => Verbatim;
/** Arguments with their values; expressions are `Verbatim`. */
type Arguments = Record<string, unknown>;

function classicPeer(peer: RulePeer, label: Label): Arguments {
  switch (peer.kind) {
    case "group":
      return { source_security_group_id: label(peer.group) };
    case "cidr":
      return { [peer.cidr.includes(":") ? "ipv6_cidr_blocks" : "cidr_blocks"]: [peer.cidr] };
    case "prefix-list":
      return { prefix_list_ids: [peer.id] };
    case "unknown":
      return { source_security_group_id: new Verbatim(`null # the group of ${peer.expression}`) };
  }
}

function perRulePeer(peer: RulePeer, label: Label): Arguments {
  switch (peer.kind) {
    case "group":
      return { referenced_security_group_id: label(peer.group) };
    case "cidr":
      return { [peer.cidr.includes(":") ? "cidr_ipv6" : "cidr_ipv4"]: peer.cidr };
    case "prefix-list":
      return { prefix_list_id: peer.id };
    case "unknown":
      return { referenced_security_group_id: new Verbatim(`null # the group of ${peer.expression}`) };
  }
}

function inlineArguments({ group, traffic, peer }: Cure, label: Label): Arguments {
  // A group cannot name its own id.
  const isOwn = peer.kind === "group" && peer.group === group;
  return { ...(isOwn ? { self: true } : inlinePeer(peer, label)), ...classicTraffic(traffic) };
}

function inlinePeer(peer: RulePeer, label: Label): Arguments {
  switch (peer.kind) {
    case "group":
      return { security_groups: [label(peer.group)] };
    case "unknown":
      // A comment runs to the end of the line: behind the bracket.
      return { security_groups: new Verbatim(`[] # the group of ${peer.expression}`) };
    default:
      return classicPeer(peer, label);
  }
}

/** Protocol and ports as both the classic resource and inline blocks write them. */
function classicTraffic(traffic: Traffic): Arguments {
  const { ip_protocol, from_port = 0, to_port = 0 } = perRuleTraffic(traffic);
  return { protocol: ip_protocol, from_port, to_port };
}

function perRuleTraffic(traffic: Traffic): Arguments {
  switch (traffic.protocol) {
    case "all":
      return { ip_protocol: "-1" };
    case "other":
      return { ip_protocol: String(traffic.number) };
    case "icmp":
    case "icmpv6":
      return {
        ip_protocol: traffic.protocol,
        from_port: traffic.type,
        to_port: traffic.code,
      };
    default:
      return {
        ip_protocol: traffic.protocol,
        from_port: traffic.ports.from,
        to_port: traffic.ports.to,
      };
  }
}

function trafficName(traffic: Traffic): string {
  if (traffic.protocol === "tcp" || traffic.protocol === "udp") {
    const { from, to } = traffic.ports;
    return `${traffic.protocol}_${from === to ? from : `${from}_${to}`}`;
  }
  return traffic.protocol === "other" ? `protocol_${traffic.number}` : traffic.protocol;
}

function identifier(words: string): string {
  return words.replace(/[^A-Za-z0-9_]+/g, "_").replace(/^([0-9])/, "_$1");
}
