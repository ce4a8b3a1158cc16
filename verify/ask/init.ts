import { wordsOf } from "../../expression/resource-reference";
import { canonicalCidr } from "../../network/cidr";
import { intersect, union } from "../../network/intervals";
import { describePeer, type GroupKey } from "../../network/peers";
import type { Traffic } from "../../network/traffic";
import { ALL_TRAFFIC, describeTraffic, type TrafficSet, trafficOf } from "../../network/traffic";
import type { Endpoint } from "../expect/model";
import { Endpoints } from "../expect/stated/endpoints";
import { showsAllRules } from "../inventory/groups";
import type { Inventory, SecurityGroupRule } from "../inventory/model";
import { ruleIndex } from "../inventory/rule-index";
import { admit, cellsOf, rulesFor } from "../judge/admission";
import { packetsOf, withoutGap } from "../judge/families";

/**
 * A `flows.yaml` with today's truth: an endpoint for each group and address that the rules speak of, and a flow for
 * all that both of its halves admit, or the one half that the input knows.
 */
export async function initialFlows(inventory: Inventory): Promise<string> {
  const { stringify } = await import("yaml");
  const names = endpointNames(inventory);
  const endpointOf = reading(names, inventory);
  const pairs = pairsOf(inventory.rules);
  const index = ruleIndex(inventory);
  const flows: Record<string, string> = {};
  for (const { from, to } of pairs) {
    const [source, target] = [endpointOf(from), endpointOf(to)];
    if (source === undefined || target === undefined) continue;
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
    const meant = !out.isKnown && out.admitted.length === 0 ? into.admitted : traffic;
    if (meant.length === 0) continue;
    const said = withoutGap(withoutGap(meant, "ipv4", ALL_TRAFFIC), "ipv6", ALL_TRAFFIC);
    flows[`${source.name}-to-${target.name}`] = `allow ${source.name} -> ${target.name} ${words(said)}`;
  }
  const endpoints = Object.fromEntries(
    [...names].filter(([, name]) => name !== "internet").map(([key, name]) => [name, key]),
  );
  const comments = [
    "What the rules admit today. Keep what is meant, and add what must stay closed: deny a -> b all",
    ...withoutFlows(inventory.rules),
  ].map((line) => `# ${line}\n`);
  return `${comments.join("")}${stringify({ format: 1, endpoints, flows }, { lineWidth: 0 })}`;
}

/** The rules of which no flow can be written, since the input does not say whose they are, for whom or for what. */
function withoutFlows(rules: readonly SecurityGroupRule[]): string[] {
  const lines = rules.flatMap(({ address, unknownGroup, unknownTraffic, peer }) => {
    const unknown = [
      unknownGroup === undefined ? [] : `its group is ${unknownGroup}`,
      unknownTraffic === undefined ? [] : `its ${unknownTraffic.argument} is ${unknownTraffic.expression}`,
      partyOf(peer) === undefined ? `its peer is ${describePeer(peer)}` : [],
    ].flat();
    // What stands for several lines in the configuration is one comment.
    return unknown.length === 0 ? [] : `  ${address}: ${unknown.join("; ")}`.replace(/\s*\n\s*/g, " ");
  });
  return lines.length === 0
    ? []
    : ["No flow is written for these rules, because something in them is not known here:", ...new Set(lines)];
}

/** All traffic, and ICMPv6 by itself: only then it is asked for where the endpoints do not say their families. */
const ASKED: readonly (readonly Traffic[])[] = [
  [{ protocol: "all" }],
  [{ protocol: "icmpv6", type: -1, code: -1 }],
];

/** Endpoint names by group key or CIDR: of all groups that are declared, and of what else the rules speak of. */
function endpointNames({ groups, rules }: Inventory): Map<string, string> {
  const names = new Map<string, string>(Object.entries(INTERNET));
  const taken = new Set(names.values());
  const declared = [...groups.values()].flatMap(({ key, declaredAt }) => (declaredAt ? [key] : []));
  const spokenOf = rules.flatMap(({ group, peer }) => [group ?? [], partyOf(peer) ?? []].flat());
  for (const key of [...new Set([...declared, ...spokenOf])].sort()) {
    if (names.has(key)) continue;
    const base = nameOf(key);
    let name = base;
    for (let number = 2; taken.has(name); number += 1) name = `${base}-${number}`;
    taken.add(name);
    names.set(key, name);
  }
  return new Map([...names].filter(([key]) => spokenOf.includes(key) || declared.includes(key)));
}

/** All addresses of a family. `internet` needs no declaration. */
const INTERNET = { "0.0.0.0/0": "internet", "::/0": "internet-ipv6" };

/** `net-10-0-0-0-8` for a CIDR; of a group the last word of its address or expression: `module.a.aws_security_group.pods` is `pods`. */
function nameOf(key: string): string {
  if (isCidr(key)) return `net-${key.replace(/[^0-9a-f]+/g, "-")}`;
  const words = wordsOf(key) ?? [key];
  const last = words.filter((word) => word !== "id").at(-1) ?? "";
  const name = last.match(/[A-Za-z0-9_-]+/g)?.at(-1) ?? "endpoint";
  return /^[A-Za-z]/.test(name) ? name : `g-${name}`;
}

function isCidr(key: string): boolean {
  return canonicalCidr(key) !== undefined;
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

/** The group or the addresses on the other side of a rule. */
function partyOf(peer: SecurityGroupRule["peer"]): string | undefined {
  return peer.kind === "group" ? peer.group : peer.kind === "cidr" ? peer.cidr : undefined;
}

/** What the next run reads in the endpoints that are written: nothing where it finds no group at its place. */
function reading(names: ReadonlyMap<string, string>, inventory: Inventory) {
  const specs = [...names].flatMap(([key, name]) =>
    name === "internet"
      ? []
      : [[name, isCidr(key) ? { groups: [], cidrs: [key] } : { groups: [key], cidrs: [] }] as const],
  );
  const endpoints = new Endpoints(Object.fromEntries(specs), "flows.yaml", inventory, "", undefined, []);
  return (key: string): Endpoint | undefined => {
    const meaning = endpoints.meaning(names.get(key) as string, undefined);
    return "value" in meaning ? meaning.value : undefined;
  };
}

/** Traffic as `flows.yaml` writes it. */
function words(traffic: TrafficSet): string {
  return trafficOf(traffic)
    .map((part) => {
      if (part.protocol === "all") return "all";
      if (part.protocol === "other") return `protocol ${part.number}`;
      return describeTraffic(part).replace(" type ", " ").replace(" code ", " ");
    })
    .join(", ");
}
