import { moduleOf, relativeTo } from "../../expression/address";
import { hclBlock, Verbatim } from "../../expression/hcl";
import type { GroupKey, RulePeer } from "../../network/peers";
import type { Traffic } from "../../network/traffic";
import type { Group, RuleForm } from "../inventory/model";
import type { Cure } from "../judge/model";

/** A rule that is missing, as Terraform in HCL, in the form that its group already uses. */
export function cureTerraform(groups: ReadonlyMap<GroupKey, Group>, cure: Cure): string {
  const { near, far } = cure;
  const group = groups.get(cure.group);
  const form = formOf(group);
  const way = cure.direction === "ingress" ? "from" : "to";
  const name = identifier(`${near}_${cure.direction}_${trafficName(cure.traffic)}_${way}_${far}`);
  const label = (key: GroupKey) => groupExpression(groups.get(key), key, cure.group);
  if (form === "inline") {
    return hclBlock(cure.direction, inlineArguments(cure, label));
  }
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

/** The form that the group uses already; for one without rules, the one that the provider recommends. */
function formOf(group: Group | undefined): RuleForm {
  const forms = group?.forms ?? new Set();
  return (["classic", "per-rule", "inline"] as const).find((form) => forms.has(form)) ?? "per-rule";
}

/** A group as an expression in the module of another: `aws_security_group.pods.id`, or an id. */
function groupExpression(group: Group | undefined, key: GroupKey, beside: GroupKey): string | Verbatim {
  if (key.startsWith("sg-")) return key;
  const local = relativeTo(moduleOf(beside), key);
  return new Verbatim(group?.declaredAt ? `${local}.id` : local);
}

type Label = (key: GroupKey) => string | Verbatim;
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

function inlineArguments({ traffic, peer }: Cure, label: Label): Arguments {
  return { ...inlinePeer(peer, label), ...classicTraffic(traffic) };
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
