import { PRIVATE } from "../../aws/address-ranges";
import type { Family } from "../../network/addresses";
import { cidrsOf, cidrsOverlap, familyOf } from "../../network/addresses";
import type { EnforcingMode } from "../../network/cni";
import { intersect, subtract, union } from "../../network/intervals";
import type { RulePeer } from "../../network/peers";
import type { Direction } from "../../network/rules";
import { type TrafficSet, trafficOf, trafficSet } from "../../network/traffic";
import type { Endpoint, Flow } from "../expect/model";
import { showsAllRules } from "../inventory/groups";
import type { Inventory } from "../inventory/model";
import { type RuleIndex, ruleIndex } from "../inventory/rule-index";
import { conditionsToAdmit, conditionsToRefuse, distinct } from "./conditions";
import { partsToAdd } from "./cure";
import { type Packets, packetsOf, statedFamilies, withoutGap } from "./families";
import { type Admission, admit, type Cell, cellsOf, rulesFor } from "./half";
import type { Condition, Cure, Fact, Half, Impossible, Verdict } from "./model";

export interface JudgeOptions {
  readonly mode: EnforcingMode;
  /** The worker nodes: in the mode `standard`, what pods send beyond the VPC carries their groups. */
  readonly nodes?: Endpoint;
}

/** Judges flows on the groups and rules of an input. Time: linear in flows and in the rules that they meet. */
export function judge(
  inventory: Pick<Inventory, "groups" | "rules">,
  flows: readonly Flow[],
  options: JudgeOptions,
): Verdict[] {
  return judgeAll(inventory, [{ flows, nodes: options.nodes }], options.mode);
}

/** The same for several sets of flows, each with worker nodes of its own. */
export function judgeAll(
  inventory: Pick<Inventory, "groups" | "rules">,
  sets: readonly { readonly flows: readonly Flow[]; readonly nodes: Endpoint | undefined }[],
  mode: EnforcingMode,
): Verdict[] {
  const index = ruleIndex(inventory);
  return sets.flatMap(({ flows, nodes }) =>
    flows.map((flow) => judgeFlow(index, flow, { mode, ...(nodes && { nodes }) })),
  );
}

/** A half of a flow, for packets of one family. */
interface JudgedHalf {
  readonly direction: Direction;
  readonly near: Endpoint;
  readonly far: Endpoint;
  readonly packets: Packets;
  /** The cells of the far endpoint, with what is admitted for each. */
  readonly admissions: readonly { readonly cell: Cell; readonly admission: Admission }[];
}

function judgeFlow(index: RuleIndex, flow: Flow, { mode, nodes }: JudgeOptions): Verdict {
  const own = judgeBetween(index, flow, flow.from);
  const translated = throughNode(own);
  if (translated) return translated;
  if (mode === "strict") return own;
  const leaving = isTranslated(flow) ? leavesVpc(flow) : "no";
  if (leaving === "no") return insideNode(own, nodes);
  const byNodes = nodes ? judgeBetween(index, flow, inPlaceOf(flow.from, nodes)) : withoutNodes(own);
  if (leaving === "yes") return byNodes;
  return wherever(own, byNodes, nodes?.name ?? "the worker nodes");
}

/** The worker nodes as they pass on what a pod sends: a packet keeps its family on the way. */
function inPlaceOf(pod: Endpoint, nodes: Endpoint): Endpoint {
  const families = statedFamilies(pod);
  return statedFamilies(nodes) || !families ? nodes : { ...nodes, families };
}

/** Judges a flow as if this endpoint sent it. */
function judgeBetween(index: RuleIndex, flow: Flow, from: Endpoint): Verdict {
  const families = packetsOf(flow, from, flow.to);
  if ("kind" in families) return impossibleVerdict(flow, from, families);
  const parts = families.map(
    (packets): Part => ({
      packets,
      egress: judgeHalf(index, flow, "egress", from, flow.to, packets),
      ingress: judgeHalf(index, flow, "ingress", flow.to, from, packets),
    }),
  );
  return flow.expect === "allow" ? judgeAllow(index, flow, parts) : judgeDeny(flow, parts);
}

/** Both halves of a flow, for packets of one family. */
interface Part {
  readonly packets: Packets;
  readonly egress: JudgedHalf;
  readonly ingress: JudgedHalf;
}

/** No packet gets through that cannot exist. */
function impossibleVerdict(flow: Flow, from: Endpoint, impossible: Impossible): Verdict {
  const half = (direction: Direction, endpoint: Endpoint): Half => ({
    direction,
    endpoint,
    admittedBy: [],
    missing: [],
    isClosed: false,
  });
  return {
    flow,
    status: flow.expect === "allow" ? "broken" : "holds",
    halves: [half("egress", from), half("ingress", flow.to)],
    conditions: [],
    impossible,
    cures: [],
    openedBy: [],
  };
}

/**
 * In a cluster with `ip_family = "ipv6"` the CNI gives pods an IPv4 address that is valid on their node alone, and
 * translates it to that of the node (https://docs.aws.amazon.com/eks/latest/userguide/cni-ipv6.html): what pods send to
 * IPv4 carries the groups of the node, in either mode. Undefined for what is sent to IPv6 in any case.
 */
function throughNode(verdict: Verdict): Verdict | undefined {
  const { flow, impossible, status } = verdict;
  const { from, to } = flow;
  if (!from.isIpv6Pod) return undefined;
  const isToIpv4 = impossible?.kind === "no-common-family" && impossible.to.includes("ipv4");
  // An address that is not known may be one of IPv4.
  const isUnknown = to.cidrs === undefined && to.families === undefined;
  const mayBeToIpv4 = status === "broken" && flow.expect === "allow" && isUnknown;
  if (!isToIpv4 && !mayBeToIpv4) return undefined;
  const fact: Fact = { kind: "node-ipv4", from: from.name, to: to.name, traffic: flow.traffic };
  const { impossible: _, ...possible } = verdict;
  return {
    ...possible,
    status: "holds-if",
    conditions: [{ kind: flow.expect === "allow" ? "is" : "not", fact }],
    cures: [],
    openedBy: [],
  };
}

/** IPv6 addresses are not translated: https://docs.aws.amazon.com/eks/latest/userguide/external-snat.html */
function isTranslated(flow: Flow): boolean {
  const packets = packetsOf(flow, flow.from, flow.to);
  return "kind" in packets || packets.some(({ family }) => family === "ipv4");
}

/** Whether what pods send leaves the VPC, as far as the addresses say: then it goes through the node. */
function leavesVpc({ from, to }: Flow): "yes" | "no" | "maybe" {
  if (!from.isOnNodes || to.groups.length > 0 || to.cidrs === undefined) return "no";
  const isPublic = to.cidrs.every(
    (cidr) => cidr === "internet" || !PRIVATE.some((range) => cidrsOverlap(range, cidr)),
  );
  return isPublic ? "yes" : "maybe";
}

function withoutNodes(own: Verdict): Verdict {
  const condition: Condition = {
    kind: own.flow.expect === "allow" ? "is" : "not",
    fact: { kind: "nodes" },
  };
  const { impossible: _, ...possible } = own;
  return { ...possible, status: "holds-if", conditions: [condition], cures: [], openedBy: [] };
}

/** The verdict for an endpoint of which nobody knows whether it lies inside the VPC. */
function wherever(own: Verdict, byNodes: Verdict, nodes: string): Verdict {
  if (own.status === byNodes.status && own.status !== "holds-if") return own;
  const { from, to } = own.flow;
  const lies = (isInside: boolean): Condition => ({
    kind: "is",
    fact: {
      kind: "place",
      endpoint: to.name,
      isInside,
      decide: isInside ? from.name : nodes,
      others: isInside ? nodes : from.name,
    },
  });
  const common = new Set(own.conditions.map(keyOf));
  const shared = new Set(byNodes.conditions.map(keyOf).filter((key) => common.has(key)));
  const only = ({ conditions }: Verdict, isInside: boolean) =>
    conditions.map((one): Condition => {
      return shared.has(keyOf(one)) ? one : { kind: "should", endpoint: to.name, isInside, condition: one };
    });
  const conditions =
    byNodes.status === "broken"
      ? [lies(true), ...own.conditions]
      : own.status === "broken"
        ? [lies(false), ...byNodes.conditions]
        : [...only(own, true), ...only(byNodes, false)];
  const { halves } = own.status === "broken" ? byNodes : own;
  return {
    flow: own.flow,
    status: "holds-if",
    halves,
    conditions: distinct(conditions),
    cures: [],
    openedBy: [],
  };
}

/** In the mode `standard`, traffic between pods of one node meets no filter. */
function insideNode(verdict: Verdict, nodes: Endpoint | undefined): Verdict {
  const { flow, status, impossible } = verdict;
  const isOnNodes = ({ groups, isOnNodes: said }: Endpoint) =>
    said === true || groups.some((group) => nodes?.groups.includes(group));
  if (flow.expect === "allow" || status === "broken" || impossible) return verdict;
  if (!isOnNodes(flow.from) || !isOnNodes(flow.to)) return verdict;
  const fact: Fact = { kind: "same-node", from: flow.from.name, to: flow.to.name };
  return { ...verdict, status: "holds-if", conditions: [...verdict.conditions, { kind: "not", fact }] };
}

function judgeHalf(
  index: RuleIndex,
  flow: Flow,
  direction: Direction,
  near: Endpoint,
  far: Endpoint,
  packets: Packets,
): JudgedHalf {
  const rules = rulesFor(index, near, direction, far);
  const admissions = cellsOf(far, rules, packets).map((cell) => ({
    cell,
    admission: admit(index, near, direction, far, cell, rules, flow.required, packets.traffic),
  }));
  return { direction, near, far, packets, admissions };
}

/** Every packet of the flow must be admitted by both halves. */
function judgeAllow(index: RuleIndex, flow: Flow, parts: readonly Part[]): Verdict {
  const conditions: Condition[] = [];
  const cures: Cure[] = [];
  const halves: Half[] = [];
  let isBroken = false;
  for (const direction of ["egress", "ingress"] as const) {
    const ofFamilies = parts.map((part) => part[direction]);
    halves.push({ ...describeHalf(flow, ofFamilies), ...missingOf(flow, ofFamilies) });
    if (ofFamilies.every((half) => lackOf(half, "possible").length === 0)) {
      conditions.push(...ofFamilies.flatMap((half) => conditionsFor(flow, half)));
      continue;
    }
    isBroken = true;
    // With what is refused for certain they also cure what is in doubt, so that nothing remains to be true.
    cures.push(...ofFamilies.flatMap((half) => curesFor(index, flow, half)));
  }
  const status = isBroken ? "broken" : conditions.length > 0 ? "holds-if" : "holds";
  return {
    flow,
    status,
    halves,
    conditions: distinct(conditions),
    cures: distinctCures(cures),
    openedBy: [],
  };
}

/** What a half does not admit for some address: for certain, or not even possibly. */
function lackOf({ admissions, packets }: JudgedHalf, what: "certain" | "possible"): TrafficSet {
  return union(admissions.flatMap(({ admission }) => [...subtract(packets.traffic, admission[what])]));
}

/** What a half does not admit for certain, in the words of the flow: all of it where nothing is admitted. */
function missingOf(flow: Flow, halves: readonly JudgedHalf[]): Pick<Half, "missing" | "missingFamily"> {
  const lacking = halves.filter((half) => lackOf(half, "certain").length > 0);
  const missing = union(lacking.flatMap((half) => [...lackOf(half, "certain")]));
  const asked = union(lacking.flatMap(({ packets }) => [...packets.traffic]));
  const stated = trafficSet(flow.traffic);
  const [only] = lacking;
  // That IPv4 is meant goes without saying, unless IPv6 gets through.
  const isPartial = only && (only.packets.family === "ipv6" || halves.length > 1) && lacking.length === 1;
  return {
    missing: trafficOf(
      lacking.length > 0 && subtract(asked, missing).length === 0
        ? stated
        : lacking.reduce((part, { packets }) => withoutGap(part, packets.family, stated), missing),
    ),
    ...(isPartial && { missingFamily: only.packets.family }),
  };
}

/** Every packet of the flow must be refused by a half. */
function judgeDeny(flow: Flow, parts: readonly Part[]): Verdict {
  const openedBy: string[] = [];
  const conditions: Condition[] = [];
  let isOpen = false;
  for (const { packets, egress, ingress } of parts) {
    const { traffic } = packets;
    for (const { admission: out } of egress.admissions) {
      for (const { admission: into } of ingress.admissions) {
        const certain = intersect(traffic, intersect(out.certain, into.certain));
        const possible = intersect(traffic, intersect(out.possible, into.possible));
        if (certain.length > 0) {
          isOpen = true;
          openedBy.push(...rulesAdmitting(out, certain), ...rulesAdmitting(into, certain));
        } else if (possible.length > 0) {
          conditions.push(...conditionsToRefuse(out, into, possible, (part) => part));
        }
      }
    }
  }
  const halves = (["egress", "ingress"] as const).map((direction) =>
    describeHalf(
      flow,
      parts.map((part) => part[direction]),
    ),
  );
  if (isOpen)
    return { flow, status: "broken", halves, conditions: [], cures: [], openedBy: unique(openedBy) };
  const status = conditions.length > 0 ? "holds-if" : "holds";
  return { flow, status, halves, conditions: distinct(conditions), cures: [], openedBy: [] };
}

function describeHalf(flow: Flow, halves: readonly JudgedHalf[]): Half {
  const [first] = halves as [JudgedHalf];
  const traffic = trafficSet(flow.traffic);
  const admissions = halves.flatMap((half) => half.admissions.map(({ admission }) => admission));
  const closed = halves.filter(isClosed);
  return {
    direction: first.direction,
    endpoint: first.near,
    admittedBy: unique(admissions.flatMap((admission) => rulesAdmitting(admission, traffic))),
    missing: [],
    isClosed: closed.length === halves.length,
    ...(closed[0] && closed.length < halves.length && { closedFamily: closed[0].packets.family }),
  };
}

function isClosed({ admissions, packets }: JudgedHalf): boolean {
  return admissions.every(({ admission }) => intersect(admission.possible, packets.traffic).length === 0);
}

function rulesAdmitting({ by }: Admission, traffic: TrafficSet): string[] {
  return by
    .filter((entry) => intersect(entry.traffic, traffic).length > 0)
    .flatMap(({ rules }) => rules.map(({ address }) => address));
}

/** What it takes for traffic that is not certainly admitted. */
function conditionsFor(flow: Flow, { admissions, packets }: JudgedHalf): Condition[] {
  const { family, traffic } = packets;
  const named = (part: TrafficSet) => withoutGap(part, family, trafficSet(flow.traffic));
  return admissions.flatMap(({ admission }) =>
    conditionsToAdmit(admission.options, subtract(traffic, admission.certain), named),
  );
}

/** The rules that are missing on the near side of a half. */
function curesFor(index: RuleIndex, flow: Flow, half: JudgedHalf): Cure[] {
  const group = half.near.groups.find((key) => showsAllRules(index, key) || flow.required.has(key));
  if (group === undefined) return [];
  const missing = withoutGap(lackOf(half, "certain"), half.packets.family, trafficSet(flow.traffic));
  return peersOf(half).flatMap((peer) =>
    partsToAdd(trafficOf(missing), peer, flow.traffic).map((part) => ({
      group,
      direction: half.direction,
      traffic: part,
      peer,
      near: half.near.name,
      far: half.far.name,
    })),
  );
}

/** For a peer that is a group, the rule for one family is that for the other. */
function distinctCures(cures: readonly Cure[]): Cure[] {
  return [...new Map(cures.map((cure) => [JSON.stringify(cure), cure])).values()];
}

/** More single CIDRs are not worth naming: then the endpoint's own are. */
const MOST_CIDRS = 8;

/** The addresses of the far endpoint that something is missing for, where that is only a part of them. */
function lackingAddresses({ admissions, packets }: JudgedHalf): string[] | undefined {
  const lacking = admissions.filter(
    ({ admission }) => subtract(packets.traffic, admission.certain).length > 0,
  );
  if (lacking.length === admissions.length) return undefined;
  const cidrs = cidrsOf(
    union(lacking.flatMap(({ cell }) => ("addresses" in cell ? [...cell.addresses] : []))),
  );
  return cidrs.length > 0 && cidrs.length <= MOST_CIDRS ? cidrs : undefined;
}

/** Every address of a family, as a rule names it. */
const ANYWHERE: Readonly<Record<Family, string>> = { ipv4: "0.0.0.0/0", ipv6: "::/0" };

/** How a rule names the far endpoint of a half: by its first group, else by its addresses, or by what lacks of them. */
function peersOf(half: JudgedHalf): RulePeer[] {
  const { groups, cidrs, name } = half.far;
  const { family } = half.packets;
  const [group] = groups;
  if (group !== undefined) return [{ kind: "group", group }];
  if (cidrs === undefined) return [{ kind: "unknown", expression: name, candidates: [] }];
  const own = cidrs.filter((cidr) => (familyOf(cidr) ?? family) === family);
  return (lackingAddresses(half) ?? own).map((cidr) => ({
    kind: "cidr",
    cidr: cidr === "internet" ? ANYWHERE[family] : cidr,
  }));
}

function keyOf(condition: Condition): string {
  return JSON.stringify(condition);
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
