import type { Direction } from "../../network/rules";
import type { Cure, Endpoint, EnforcingMode, Flow, Half, Inventory, RulePeer, Verdict } from "../model";
import { cidrsOf, cidrsOverlap } from "./addresses";
import { cureTerraform, partsToAdd } from "./cure";
import { type Admission, admit, type Cell, cellsOf, indexRules, type RuleIndex, rulesFor } from "./half";
import { intersect, subtract, union } from "./intervals";
import { describeAll, type TrafficSet, trafficOf, trafficSet } from "./traffic";

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
  const index = indexRules(inventory);
  return sets.flatMap(({ flows, nodes }) =>
    flows.map((flow) => judgeFlow(index, flow, { mode, ...(nodes && { nodes }) })),
  );
}

interface JudgedHalf {
  readonly direction: Direction;
  readonly near: Endpoint;
  readonly far: Endpoint;
  /** The cells of the far endpoint, with what is admitted for each. */
  readonly admissions: readonly { readonly cell: Cell; readonly admission: Admission }[];
}

function judgeFlow(index: RuleIndex, flow: Flow, { mode, nodes }: JudgeOptions): Verdict {
  const own = judgeBetween(index, flow, flow.from);
  if (mode === "strict") return own;
  const leaving = leavesVpc(flow);
  if (leaving === "no") return insideNode(own, nodes);
  const byNodes = nodes ? judgeBetween(index, flow, nodes) : withoutNodes(own);
  if (leaving === "yes") return byNodes;
  return wherever(own, byNodes, nodes?.name ?? "the worker nodes");
}

function judgeBetween(index: RuleIndex, flow: Flow, from: Endpoint): Verdict {
  const halves = [
    judgeHalf(index, flow, "egress", from, flow.to),
    judgeHalf(index, flow, "ingress", flow.to, from),
  ];
  const traffic = trafficSet(flow.traffic);
  return flow.expect === "allow"
    ? judgeAllow(index, flow, halves, traffic)
    : judgeDeny(flow, halves, traffic);
}

/** Private space: what a VPC uses, and what it may be peered with. */
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"];

/** Whether what pods send leaves the VPC, as far as the addresses say: then it goes through the node. */
function leavesVpc({ from, to }: Flow): "yes" | "no" | "maybe" {
  if (!from.isOnNodes || to.groups.length > 0 || to.cidrs === undefined) return "no";
  const isPublic = to.cidrs.every(
    (cidr) => cidr === "internet" || !PRIVATE.some((range) => cidrsOverlap(range, cidr)),
  );
  return isPublic ? "yes" : "maybe";
}

function withoutNodes(own: Verdict): Verdict {
  const unknown = `the groups of the worker nodes ${own.flow.expect === "allow" ? "admit" : "refuse"} it: in the mode standard, traffic that leaves the VPC carries them, and flows.yaml names no nodes`;
  return { ...own, status: "holds-if", conditions: [unknown], cures: [], openedBy: [] };
}

/** The verdict for an endpoint of which nobody knows whether it lies inside the VPC. */
function wherever(own: Verdict, byNodes: Verdict, nodes: string): Verdict {
  if (own.status === byNodes.status && own.status !== "holds-if") return own;
  const { from, to } = own.flow;
  const inside = `${to.name} lies inside the VPC, where the groups of ${from.name} decide, and not outside of it, where those of ${nodes} do`;
  const outside = `${to.name} lies outside the VPC, where the groups of ${nodes} decide, and not inside of it, where those of ${from.name} do`;
  const common = new Set(own.conditions.filter((condition) => byNodes.conditions.includes(condition)));
  const only = ({ conditions }: Verdict, place: string) =>
    conditions.map((one) => (common.has(one) ? one : `${one}, should ${to.name} lie ${place} the VPC`));
  const conditions =
    byNodes.status === "broken"
      ? [inside, ...own.conditions]
      : own.status === "broken"
        ? [outside, ...byNodes.conditions]
        : [...only(own, "inside"), ...only(byNodes, "outside")];
  const { halves } = own.status === "broken" ? byNodes : own;
  return {
    flow: own.flow,
    status: "holds-if",
    halves,
    conditions: unique(conditions),
    cures: [],
    openedBy: [],
  };
}

/** In the mode `standard`, traffic between pods of one node meets no filter. */
function insideNode(verdict: Verdict, nodes: Endpoint | undefined): Verdict {
  const { flow, status } = verdict;
  const isOnNodes = ({ groups, isOnNodes: said }: Endpoint) =>
    said === true || groups.some((group) => nodes?.groups.includes(group));
  if (flow.expect === "allow" || status === "broken" || !isOnNodes(flow.from) || !isOnNodes(flow.to))
    return verdict;
  const sameNode = `${flow.from.name} and ${flow.to.name} are never on one node: in the mode standard, traffic inside a node is not filtered`;
  return { ...verdict, status: "holds-if", conditions: [...verdict.conditions, sameNode] };
}

function judgeHalf(
  index: RuleIndex,
  flow: Flow,
  direction: Direction,
  near: Endpoint,
  far: Endpoint,
): JudgedHalf {
  const rules = rulesFor(index, near, direction, far);
  const admissions = cellsOf(far, rules, flow.expect).map((cell) => ({
    cell,
    admission: admit(index, near, direction, far, cell, rules, flow.required),
  }));
  return { direction, near, far, admissions };
}

/** Every packet of the flow must be admitted by both halves. */
function judgeAllow(
  index: RuleIndex,
  flow: Flow,
  halves: readonly JudgedHalf[],
  traffic: TrafficSet,
): Verdict {
  const conditions: string[] = [];
  const cures: Cure[] = [];
  const judged: Half[] = [];
  let isBroken = false;
  for (const half of halves) {
    const missing = union(
      half.admissions.flatMap(({ admission }) => [...subtract(traffic, admission.certain)]),
    );
    const refused = union(
      half.admissions.flatMap(({ admission }) => [...subtract(traffic, admission.possible)]),
    );
    judged.push(describeHalf(half, traffic, trafficOf(missing)));
    conditions.push(...conditionsFor(half, missing));
    if (refused.length === 0) continue;
    isBroken = true;
    cures.push(...curesFor(index, flow, half, traffic));
  }
  const status = isBroken ? "broken" : conditions.length > 0 ? "holds-if" : "holds";
  return { flow, status, halves: judged, conditions: unique(conditions), cures, openedBy: [] };
}

/** Every packet of the flow must be refused by a half. */
function judgeDeny(flow: Flow, halves: readonly JudgedHalf[], traffic: TrafficSet): Verdict {
  const [egress, ingress] = halves as [JudgedHalf, JudgedHalf];
  const openedBy: string[] = [];
  const conditions: string[] = [];
  let isOpen = false;
  for (const { admission: out } of egress.admissions) {
    for (const { admission: into } of ingress.admissions) {
      const certain = intersect(traffic, intersect(out.certain, into.certain));
      const possible = intersect(traffic, intersect(out.possible, into.possible));
      if (certain.length > 0) {
        isOpen = true;
        openedBy.push(...rulesAdmitting(out, certain), ...rulesAdmitting(into, certain));
      } else if (possible.length > 0) {
        conditions.push(...textsFor([...out.conditions, ...into.conditions], possible, "refused"));
      }
    }
  }
  const judged = halves.map((half) => describeHalf(half, traffic, []));
  if (isOpen)
    return { flow, status: "broken", halves: judged, conditions: [], cures: [], openedBy: unique(openedBy) };
  const status = conditions.length > 0 ? "holds-if" : "holds";
  return { flow, status, halves: judged, conditions: unique(conditions), cures: [], openedBy: [] };
}

function describeHalf(half: JudgedHalf, traffic: TrafficSet, missing: Half["missing"]): Half {
  const admittedBy = half.admissions.flatMap(({ admission }) => rulesAdmitting(admission, traffic));
  const isClosed = half.admissions.every(
    ({ admission }) => intersect(admission.possible, traffic).length === 0,
  );
  return {
    direction: half.direction,
    endpoint: half.near,
    admittedBy: unique(admittedBy),
    missing,
    isClosed,
  };
}

function rulesAdmitting({ by }: Admission, traffic: TrafficSet): string[] {
  return by.filter((entry) => intersect(entry.traffic, traffic).length > 0).map(({ rule }) => rule.address);
}

/** What it takes for traffic that is not certainly admitted. */
function conditionsFor(half: JudgedHalf, missing: TrafficSet): string[] {
  return half.admissions.flatMap(({ admission }) =>
    textsFor(admission.conditions, subtract(missing, admission.certain), "admitted"),
  );
}

function textsFor(
  conditions: Admission["conditions"],
  traffic: TrafficSet,
  wanted: "admitted" | "refused",
): string[] {
  return conditions.flatMap((condition) => {
    const concerned = intersect(condition.traffic, traffic);
    if (concerned.length === 0) return [];
    return [condition[wanted].replace("%TRAFFIC%", describeAll(trafficOf(concerned)))];
  });
}

/** The rules that are missing on the near side of a half. */
function curesFor(index: RuleIndex, flow: Flow, half: JudgedHalf, traffic: TrafficSet): Cure[] {
  const group = half.near.groups.find((key) => index.groups.get(key)?.isDeclared || flow.required.has(key));
  if (group === undefined) return [];
  const missing = union(
    half.admissions.flatMap(({ admission }) => [...subtract(traffic, admission.certain)]),
  );
  return peersOf(half.far, lackingAddresses(half, traffic)).flatMap((peer) =>
    partsToAdd(trafficOf(missing), peer).map((part) => {
      const cure = { group, direction: half.direction, traffic: part, peer };
      return { ...cure, terraform: cureTerraform(index.groups, cure, half.near.name, half.far.name) };
    }),
  );
}

/** More single CIDRs are not worth naming: then the endpoint's own are. */
const MOST_CIDRS = 8;

/** The addresses of the far endpoint that something is missing for, where that is only a part of them. */
function lackingAddresses(half: JudgedHalf, traffic: TrafficSet): string[] | undefined {
  const lacking = half.admissions.filter(({ admission }) => subtract(traffic, admission.certain).length > 0);
  if (lacking.length === half.admissions.length) return undefined;
  const cidrs = cidrsOf(
    union(lacking.flatMap(({ cell }) => ("addresses" in cell ? [...cell.addresses] : []))),
  );
  return cidrs.length > 0 && cidrs.length <= MOST_CIDRS ? cidrs : undefined;
}

/** How a rule names an endpoint: by its first group, else by its addresses, or the given part of them. */
function peersOf(endpoint: Endpoint, part: readonly string[] | undefined): RulePeer[] {
  const [group] = endpoint.groups;
  if (group !== undefined) return [{ kind: "group", group }];
  if (part !== undefined) return part.map((cidr) => ({ kind: "cidr", cidr }));
  if (endpoint.cidrs === undefined) return [{ kind: "unknown", expression: endpoint.name, candidates: [] }];
  return endpoint.cidrs.map((cidr) => ({ kind: "cidr", cidr: cidr === "internet" ? "0.0.0.0/0" : cidr }));
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
