import { intersect, subtract, union } from "../../network/intervals";
import type { Direction } from "../../network/rules";
import { type TrafficSet, trafficOf, trafficSet } from "../../network/traffic";
import type { Endpoint, Flow } from "../expect/model";
import type { RuleIndex } from "../inventory/rule-index";
import { type Admission, admit, type Cell, cellsOf, rulesFor } from "./admission";
import { type Packets, withoutGap } from "./families";
import type { Half } from "./model";

/** A half of a flow, for packets of one family. */
export interface JudgedHalf {
  readonly direction: Direction;
  readonly near: Endpoint;
  readonly far: Endpoint;
  readonly packets: Packets;
  /** The cells of the far endpoint, with what is admitted for each. */
  readonly admissions: readonly { readonly cell: Cell; readonly admission: Admission }[];
}

/** Both halves of a flow, for packets of one family. */
export interface Part {
  readonly packets: Packets;
  readonly egress: JudgedHalf;
  readonly ingress: JudgedHalf;
}

/** What the groups of an endpoint admit of these packets, to or from the far one. */
export function judgeHalf(
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

/** What a half does not admit for some address: for certain, or not even possibly. */
export function lackOf({ admissions, packets }: JudgedHalf, what: "certain" | "possible"): TrafficSet {
  return union(admissions.flatMap(({ admission }) => [...subtract(packets.traffic, admission[what])]));
}

/** A half as a verdict says it, of all families together. What of it is missing is not filled in. */
export function describeHalf(flow: Flow, halves: readonly JudgedHalf[]): Half {
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

/** What a half does not admit for certain, in the words of the flow. */
export function missingOf(
  flow: Flow,
  halves: readonly JudgedHalf[],
): Pick<Half, "missing" | "missingFamily"> {
  const lacking = halves.filter((half) => lackOf(half, "certain").length > 0);
  const missing = union(lacking.flatMap((half) => [...lackOf(half, "certain")]));
  const stated = trafficSet(flow.traffic);
  const [only] = lacking;
  // That IPv4 is meant goes without saying, unless IPv6 gets through.
  const isPartial = only && (only.packets.family === "ipv6" || halves.length > 1) && lacking.length === 1;
  return {
    missing: trafficOf(
      lacking.reduce((part, { packets }) => withoutGap(part, packets.family, stated), missing),
    ),
    ...(isPartial && { missingFamily: only.packets.family }),
  };
}

/** Addresses of the rules that certainly admit a part of the traffic. */
export function rulesAdmitting({ by }: Admission, traffic: TrafficSet): string[] {
  return by
    .filter((entry) => intersect(entry.traffic, traffic).length > 0)
    .flatMap(({ rules }) => rules.map(({ address }) => address));
}

export function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
