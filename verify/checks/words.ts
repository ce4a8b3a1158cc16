import { describePeer } from "../../network/peers";
import type { Direction } from "../../network/rules";
import { describeTraffic } from "../../network/traffic";
import type { SecurityGroupRule } from "../inventory/model";
import type { Source } from "../read/model";

/** `TCP 3306 from aws_security_group.pods`, of a rule. */
export function describeRule({ direction, traffic, peer }: SecurityGroupRule): string {
  const what = traffic === undefined ? "traffic that is not known" : describeTraffic(traffic);
  return `${what} ${direction === "ingress" ? "from" : "to"} ${describePeer(peer)}`;
}

/** `aws_security_group.db ingress TCP 22 from 0.0.0.0/0`: what a rule says, whatever its address is. */
export function ruleWords(rule: SecurityGroupRule): string {
  const { group, unknownGroup, direction } = rule;
  return `${group ?? unknownGroup ?? "a group that is not known"} ${direction} ${describeRule(rule)}`;
}

export function opposite(direction: Direction): Direction {
  return direction === "ingress" ? "egress" : "ingress";
}

/** `aws_eks_addon.cni (main.tf:12)`, for a finding about two places. */
export function atPlace({ address, source }: { readonly address: string; readonly source: Source }): string {
  return `${address} (${source.file}${source.line === undefined ? "" : `:${source.line}`})`;
}

/** `a`, `a and b`, `a, b and c`: each once, sorted. */
export function listed(items: Iterable<string>): string {
  const sorted = [...new Set(items)].sort();
  return sorted.length < 2 ? (sorted[0] ?? "") : `${sorted.slice(0, -1).join(", ")} and ${sorted.at(-1)}`;
}
