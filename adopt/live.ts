import type { Value } from "../expression/value";
import { canonicalCidr } from "../network/cidr";
import type { RulePeer } from "../network/peers";
import type { Direction } from "../network/rules";
import { parseTraffic } from "../verify/inventory/traffic";
import type { ListedRule } from "./listings";
import { meaningKey, meaningOf } from "./listings/meaning";
import type { Arguments, FoundRule, Plain } from "./model";

/*
 * Rules and blocks of a state as AWS has them today.
 */

/**
 * A rule as AWS has it.
 *
 * @param isPart whether some of its sources are gone: the provider then finds no such rule, so that what is left is imported
 */
export function liveRule(
  rule: FoundRule,
  kept: readonly ListedRule[],
  isPart: boolean,
  defaultTags: Readonly<Record<string, string>>,
): FoundRule {
  const [one] = kept;
  const tags = rule.form === "per-rule" && one?.id !== undefined ? ownTags(one.tags, defaultTags) : undefined;
  const own = tags === undefined ? rule.values["tags"] : Object.keys(tags).length > 0 ? tags : undefined;
  const description = one?.description ?? "";
  const live = ({ description: _, tags: __, ...values }: Arguments): Arguments => ({
    ...values,
    ...(description !== "" && { description }),
    ...(own !== undefined && { tags: own }),
  });
  const { spelled, ...others } = rule;
  return {
    ...others,
    values: live(isPart ? withSources(rule, kept) : rule.values),
    // What is imported is spelled as AWS does.
    ...(isPart ? { isListed: true } : spelled !== undefined && { spelled: live(spelled) }),
  };
}

/** The values of a classic rule with those of its sources that AWS has. */
function withSources({ values, group }: FoundRule, kept: readonly ListedRule[]): Arguments {
  const peers = new Set(kept.map((rule) => peerWord(meaningOf(rule).peer)));
  return keptSources(values, group, (peer) => peers.has(peerWord(peer)));
}

/** Blocks with those of their sources that AWS has; one without any is gone. */
export function liveBlocks(
  blocks: readonly Arguments[],
  direction: Direction,
  group: string,
  live: ReadonlyMap<string, ListedRule>,
): Arguments[] {
  return blocks.flatMap((block) => {
    const parsed = parseTraffic({
      protocol: block["protocol"] as Value,
      from: block["from_port"] as Value,
      to: block["to_port"] as Value,
    });
    const traffic = "traffic" in parsed ? parsed.traffic : undefined;
    const byDescription = new Map<string, Set<string>>();
    keptSources(block, group, (peer) => {
      const rule = live.get(meaningKey({ direction, traffic, peer }));
      if (rule === undefined) return false;
      const known = byDescription.get(rule.description) ?? new Set();
      byDescription.set(rule.description, known.add(peerWord(peer)));
      return true;
    });
    const { description: _, ...values } = block;
    return [...byDescription].map(([description, peers]) => ({
      ...keptSources(values, group, (peer) => peers.has(peerWord(peer))),
      ...(description !== "" && { description }),
    }));
  });
}

function peerWord(peer: RulePeer): string {
  return meaningKey({ direction: "ingress", traffic: undefined, peer });
}

/** The arguments of a classic rule or a block that name sources, and what each value of them is. */
const SOURCES: Readonly<Record<string, (value: string) => RulePeer>> = {
  cidr_blocks: (value) => ({ kind: "cidr", cidr: canonicalCidr(value) ?? value }),
  ipv6_cidr_blocks: (value) => ({ kind: "cidr", cidr: canonicalCidr(value) ?? value }),
  prefix_list_ids: (id) => ({ kind: "prefix-list", id }),
  security_groups: (group) => ({ kind: "group", group }),
  source_security_group_id: (group) => ({ kind: "group", group }),
};

/** Arguments with only some of their sources. @param group the id of the group that they are of, which `self` means */
function keptSources(
  values: Arguments,
  group: string,
  isKept: (peer: RulePeer) => boolean,
): Record<string, Plain> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]): [string, Plain][] => {
      if (name === "self") return isKept({ kind: "group", group }) ? [[name, value]] : [];
      const peerOf = Object.hasOwn(SOURCES, name) ? SOURCES[name] : undefined;
      if (peerOf === undefined) return [[name, value]];
      const kept = [value].flat().filter((one) => isKept(peerOf(String(one))));
      return kept.length === 0 ? [] : [[name, Array.isArray(value) ? kept : value]];
    }),
  );
}

/** Whether a tag is one that AWS gives. */
export const isOfAws = (key: string) => key.startsWith("aws:");

/** Tags without those of AWS and those that the provider adds. */
export function ownTags(
  tags: Readonly<Record<string, string>>,
  defaults: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tags).filter(([key, value]) => !isOfAws(key) && defaults[key] !== value),
  );
}
