import type { Family } from "../../network/addresses";
import { cidrsOf, familyOf } from "../../network/addresses";
import { subtract, union } from "../../network/intervals";
import type { RulePeer } from "../../network/peers";
import { trafficOf, trafficSet } from "../../network/traffic";
import type { Flow } from "../expect/model";
import { showsAllRules } from "../inventory/groups";
import type { RuleIndex } from "../inventory/rule-index";
import { partsToAdd } from "./cure-traffic";
import { withoutGap } from "./families";
import { type JudgedHalf, lackOf } from "./halves";
import type { Cure } from "./model";

/** The rules that are missing on the near side of a half. */
export function curesFor(index: RuleIndex, flow: Flow, half: JudgedHalf): Cure[] {
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
export function distinctCures(cures: readonly Cure[]): Cure[] {
  return [...new Map(cures.map((cure) => [JSON.stringify(cure), cure])).values()];
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
