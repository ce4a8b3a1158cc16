import { contains } from "../../network/addresses";
import type { GroupKey, RulePeer } from "../../network/peers";
import { describePeer } from "../../network/peers";
import type { Direction } from "../../network/rules";
import { covers } from "../../network/traffic";
import type { Role, SecurityGroupRule } from "../inventory/model";
import { ruleIndex } from "../inventory/rule-index";
import { DNS, type DnsPair, dnsPairs } from "../needs/dns";
import { isClosed, mayFloat, rolesOf, rulesToward, withCompanions } from "../needs/interfaces";
import type { Check, CheckContext, Observation } from "./check";

export const check: Check = {
  id: "dns-half-open",
  severity: "error",
  title: "DNS is only partly open",
  why: "DNS queries use UDP and fall back to TCP for long answers, so port 53 must be open for both, in the egress rules of the pods and in the ingress rules of the DNS server. A missing one is the most frequent reason why pods with their own security groups cannot resolve names. With only UDP, long answers fail: a warning. Also a warning if the missing rule may be outside the input, and with only TCP for clients that the input shows to be neither nodes nor pods, because those may be configured to query over TCP.",
  reference: "https://docs.aws.amazon.com/eks/latest/userguide/security-groups-for-pods.html",
  run: (context) => dnsPairs(context.inventory).flatMap((pair) => observe(context, pair)),
};

const PROTOCOLS = ["udp", "tcp"] as const;

function observe(context: CheckContext, { client, server, rule }: DnsPair): Observation[] {
  const missing = [
    ...missingHalf(context, client, "egress", server),
    ...missingHalf(context, server, "ingress", client),
  ];
  if (missing.length === 0) return [];
  const closed = (protocol: "tcp" | "udp") => missing.filter((half) => half.protocol === protocol);
  const isCertain = closed("udp").some(({ group }) => isClosed(context, group));
  const works =
    closed("udp").length === 0
      ? "works only over UDP"
      : closed("tcp").length === 0
        ? "works only over TCP"
        : "does not work";
  const halves = missing.map(
    ({ group, direction, protocol, far }) =>
      `${direction} ${protocol.toUpperCase()} 53 ${direction === "egress" ? "to" : "from"} ${far} on ${group}`,
  );
  return [
    {
      address: rule.address,
      source: rule.source,
      severity:
        isCertain && !(works === "works only over TCP" && isAppliance(context, client)) ? "error" : "warning",
      about: halves,
      message: `DNS from ${describePeer(client)} to ${describePeer(server)} ${works}: add ${halves.join(", ")}.`,
    },
  ];
}

/** Whether the input shows what asks, and it is neither nodes nor pods. */
function isAppliance(context: CheckContext, client: RulePeer): boolean {
  const roles = client.kind === "group" ? [...rolesOf(context, client.group)] : [];
  return roles.length > 0 && roles.every((role) => OUTSIDE.includes(role));
}

const OUTSIDE: readonly Role[] = ["compute", "endpoint", "instance", "load-balancer"];

interface MissingHalf {
  readonly group: GroupKey;
  readonly direction: Direction;
  readonly protocol: "tcp" | "udp";
  readonly far: string;
}

/** What is missing on one side; nothing where that side has no group, or is a foreign group without any of it. */
function missingHalf(
  context: CheckContext,
  near: RulePeer,
  direction: Direction,
  far: RulePeer,
): MissingHalf[] {
  if (near.kind !== "group") return [];
  const { group } = near;
  const rules =
    far.kind === "group"
      ? rulesToward(context, group, direction, far.group)
      : rulesAt(context, group, direction, far);
  const missing = PROTOCOLS.filter(
    (protocol) =>
      !mayFloat(context, direction, DNS[protocol]) &&
      !rules.some(({ traffic }) => traffic === undefined || covers(traffic, DNS[protocol])),
  );
  if (missing.length === PROTOCOLS.length && !isClosed(context, group)) return [];
  return missing.map((protocol) => ({ group, direction, protocol, far: describePeer(far) }));
}

/** The rules on the interfaces of a group that admit all of a CIDR, or may. */
function rulesAt(
  context: CheckContext,
  group: GroupKey,
  direction: Direction,
  far: RulePeer,
): SecurityGroupRule[] {
  if (far.kind !== "cidr") return [];
  return withCompanions(context, group)
    .flatMap((key) => ruleIndex(context.inventory).others(key, direction))
    .filter(({ peer }) => peer.kind !== "cidr" || contains(peer.cidr, far.cidr));
}
