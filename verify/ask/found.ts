import { intersect, union } from "../../network/intervals";
import type { GroupKey } from "../../network/peers";
import { ALL_TRAFFIC, type Traffic, type TrafficSet } from "../../network/traffic";
import type { Endpoint } from "../expect/model";
import { showsAllRules } from "../inventory/groups";
import type { Inventory, SecurityGroupRule } from "../inventory/model";
import { ruleIndex } from "../inventory/rule-index";
import { admit, cellsOf, rulesFor } from "../judge/admission";
import { packetsOf, withoutGap } from "../judge/families";
import { partyOf, type WrittenEndpoints } from "./endpoints";
import { trafficWords } from "./traffic-words";

/** What gets through between two ends that a rule names. */
export interface FoundFlow {
  /** The ends by group key or CIDR. */
  readonly from: string;
  readonly to: string;
  readonly name: string;
  readonly words: string;
}

/** A flow for all that both halves of two ends admit, or the one half that the input knows; sorted by the ends. */
export function foundFlows(inventory: Inventory, endpoints: WrittenEndpoints): FoundFlow[] {
  return pairsOf(inventory.rules).flatMap(({ from, to }): FoundFlow[] => {
    const [source, target] = [endpoints.of(from), endpoints.of(to)];
    if (source === undefined || target === undefined) return [];
    const traffic = through(inventory, source.endpoint, target.endpoint);
    if (traffic.length === 0) return [];
    const said = withoutGap(withoutGap(traffic, "ipv4", ALL_TRAFFIC), "ipv6", ALL_TRAFFIC);
    const [a, b] = [source.name, target.name];
    return [{ from, to, name: `${a}-to-${b}`, words: `allow ${a} -> ${b} ${trafficWords(said)}` }];
  });
}

function pairsOf(rules: readonly SecurityGroupRule[]): { from: string; to: string }[] {
  const pairs = new Map<string, { from: string; to: string }>();
  for (const { group, direction, peer } of rules) {
    const far = partyOf(peer);
    if (group === undefined || far === undefined) continue;
    const [from, to] = direction === "egress" ? [group, far] : [far, group];
    pairs.set(`${from} -> ${to}`, { from, to });
  }
  return [...pairs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, pair]) => pair);
}

/** All traffic, and ICMPv6 by itself: only then it is asked for where the endpoints do not say their families. */
const ASKED: readonly (readonly Traffic[])[] = [
  [{ protocol: "all" }],
  [{ protocol: "icmpv6", type: -1, code: -1 }],
];

function through(inventory: Inventory, source: Endpoint, target: Endpoint): TrafficSet {
  const index = ruleIndex(inventory);
  const packets = ASKED.flatMap((traffic) => {
    const found = packetsOf({ expect: "allow", traffic }, source, target);
    return "kind" in found ? [] : found;
  });
  const half = (near: Endpoint, far: Endpoint, direction: "ingress" | "egress") => {
    const isKnown = near.groups.length > 0 && near.groups.every((key) => showsAllRules(inventory, key));
    const rules = rulesFor(index, near, direction, far);
    const none = new Set<GroupKey>();
    const admitted = union(
      packets.flatMap((part) => [
        ...cellsOf(far, rules, part)
          .map((cell) => admit(index, near, direction, far, cell, rules, none, part.traffic).certain)
          .reduce((common, certain) => intersect(common, certain), part.traffic),
      ]),
    );
    return { isKnown, admitted };
  };
  const out = half(source, target, "egress");
  const into = half(target, source, "ingress");
  // A foreign group's rules are a lower bound: what the known half admits is what the team means to have.
  const traffic =
    !into.isKnown && into.admitted.length === 0 ? out.admitted : intersect(out.admitted, into.admitted);
  return !out.isKnown && out.admitted.length === 0 ? into.admitted : traffic;
}
