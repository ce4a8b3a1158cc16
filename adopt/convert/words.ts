import { groupedBy } from "../../io/lists";
import { plural } from "../../io/plural";
import { FORM_WORDS } from "../forms";
import type { FoundGroup } from "../model";
import type { SingleRule } from "../single-rules";

/** Groups of a rule of ICMP stay classic: `importLoses`. */
export function icmpWords(group: FoundGroup, rules: readonly SingleRule[]): string {
  return `${shown(group)} cannot become per-rule, because it has ${plural(rules.length, "rule")} of ICMP, which the provider does not import reliably as ${FORM_WORDS["per-rule"]} (terraform-provider-aws#44935), and two forms on one group conflict. Keep it classic as a whole: --rules ${group.id}=classic.`;
}

export function defaultTagsWords(group: FoundGroup): string[] {
  const tags = Object.keys(group.defaultTags);
  if (tags.length === 0) return [];
  return [
    `${shown(group)} cannot become per-rule without a change: its provider adds tags to every resource (default_tags: ${tags.join(", ")}), which rules get in the per-rule form only. --accept tags lets the plan add them in place.`,
  ];
}

/** Asks for the ids of rules, by the command that prints them. */
export function idsMissing(
  missing: readonly SingleRule[],
  converted: readonly FoundGroup[],
  isGiven: boolean,
): string[] {
  if (missing.length === 0) return [];
  const ids = new Set(missing.map(({ group }) => group));
  const groups = converted.filter(({ id }) => ids.has(id));
  const byRegion = groupedBy(groups, ({ region }) => region);
  const commands = [...byRegion].map(
    ([region, own]) =>
      `aws ec2 describe-security-group-rules${region === "" ? "" : ` --region ${region}`} --filters Name=group-id,Values=${own.map(({ id }) => id).join(",")} --output json > rules${byRegion.size > 1 ? `-${region}` : ""}.json`,
  );
  return groups.map((group, index) => {
    const own = missing.filter((rule) => rule.group === group.id);
    const why = isGiven
      ? `the rules that are given have none like ${own.map(ruleWords).join("; ")}. What is declared and what is in force may differ: ask again, and settle what the plan says`
      : `the state has no ids of ${plural(own.length, "rule")} (${own.map(ruleWords).join("; ")}), and import needs them`;
    const how =
      index < groups.length - 1
        ? ""
        : ` Give what this prints beside the state: ${commands.map((command) => `\`${command}\``).join(" and ")}. Or convert to classic first, which needs no ids: once that is applied, the state has them.`;
    return `${shown(group)} cannot become per-rule: ${why}.${how}`;
  });
}

export function ruleWords(rule: SingleRule): string {
  return `${rule.direction} ${trafficWords(rule).join(" ")} ${rule.direction === "ingress" ? "from" : "to"} ${rule.peer.value}`;
}

export function shown({ address, id }: FoundGroup): string {
  return address === id ? id : `${address} (${id})`;
}

/** Traffic in words that names can have: `tcp 443`. */
export function trafficWords({ protocol, from, to }: SingleRule): string[] {
  if (protocol === "-1") return ["all"];
  const name = /^\d/.test(protocol) ? `protocol ${protocol}` : protocol;
  if (from === undefined || to === undefined) return [name];
  if (from === -1) return [name, "all"];
  return from === to ? [name, String(from)] : [name, `${from}-${to}`];
}
