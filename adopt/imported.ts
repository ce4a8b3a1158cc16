import { isJson } from "../io/json";
import { providersOf } from "./blocks";
import { isIcmp } from "./icmp";
import { ownerOf } from "./left";
import { ownTags } from "./live";
import type { Arguments, Estate, FoundGroup, FoundRule } from "./model";

type Tags = Readonly<Record<string, string>>;

/**
 * An estate as an import reads it, and not as its state has it: any difference would be a change.
 *
 * - Rules of the per-rule form are spelled as AWS does: "tcp" for "6", and no ports for port -1, which a protocol without ports may have
 *   been given.
 * - Tags that the provider adds are none of the object's own, also where its configuration has the same: seen in plans of
 *   hashicorp/aws 5.100.0.
 */
export function asImported(estate: Estate): Estate {
  const own = estate.groups.filter((group) => ownerOf(group) === undefined);
  const defaults = new Map(
    providersOf(own).flatMap(({ groups, defaultTags = {} }) =>
      groups.map(({ id }): [string, Tags] => [id, defaultTags]),
    ),
  );
  const defaultsOf = (id: string): Tags => defaults.get(id) ?? {};
  return {
    ...estate,
    groups: estate.groups.map((group) => withTags(group, defaultsOf(group.id))),
    rules: estate.rules.map((rule): FoundRule => {
      if (rule.form !== "per-rule") return rule;
      const { spelled: _, values, ...others } = rule;
      const ported = isIcmp(values["ip_protocol"]) ? values : withoutPorts(values);
      return { ...others, values: withRuleTags(ported, defaultsOf(rule.group)) };
    }),
  };
}

function withTags(group: FoundGroup, defaults: Tags): FoundGroup {
  const added = Object.entries(defaults).filter(([key, value]) => group.tags[key] === value);
  if (added.length === 0) return group;
  const others = Object.entries(group.tags).filter(([key, value]) => defaults[key] !== value);
  return {
    ...group,
    tags: Object.fromEntries(others),
    defaultTags: { ...group.defaultTags, ...Object.fromEntries(added) },
  };
}

function withRuleTags({ tags, ...values }: Arguments, defaults: Tags): Arguments {
  if (!isJson(tags)) return tags === undefined ? values : { ...values, tags };
  const own = ownTags(tags as Tags, defaults);
  return Object.keys(own).length === 0 ? values : { ...values, tags: own };
}

/** Without ports that are -1. */
function withoutPorts(values: Arguments): Arguments {
  return Object.fromEntries(
    Object.entries(values).filter(([name, value]) => !/^(from|to)_port$/.test(name) || value !== -1),
  );
}
