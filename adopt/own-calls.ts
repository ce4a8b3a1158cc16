import { parseAddress } from "../expression/address";
import { groupedBy } from "../io/lists";
import type { Input } from "../verify/read/model";
import type { FoundGroup } from "./model";

/** What `security-group` holds: its group, and its rules by their keys. */
const GROUP = "aws_security_group.this";
const RULES: readonly string[] = [
  "aws_security_group_rule.classic",
  "aws_vpc_security_group_ingress_rule.ingress",
  "aws_vpc_security_group_egress_rule.egress",
];

/**
 * The calls of the root that already hold a group as `security-group` does, by the ids of groups. The call that takes such a group
 * over has the same name and takes its place, so that nothing moves that stays as it is.
 *
 * @param others the calls of other modules
 */
export function ownCalls(
  groups: readonly FoundGroup[],
  state: Input,
  others: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const byCall = groupedBy(state.resources, ({ module }) => module);
  return new Map(
    groups.flatMap(({ id, address }): [string, string][] => {
      const { calls = [], resource } = parseAddress(address) ?? {};
      const [call] = calls;
      if (resource === undefined || call === undefined || calls.length > 1 || call.key !== undefined)
        return [];
      // Modules of others name their group so, too.
      if (others.has(call.name)) return [];
      const held = byCall.get(`module.${call.name}`) ?? [];
      const isOurs = held.every(
        ({ type, name }) => `${type}.${name}` === GROUP || RULES.includes(`${type}.${name}`),
      );
      return isOurs && address === `module.${call.name}.${GROUP}` ? [[id, call.name]] : [];
    }),
  );
}

/** The key of a rule in such a call: `https` of `module.web.aws_security_group_rule.classic["https"]`. */
export function ownKey(address: string): string | undefined {
  const { calls = [], resource } = parseAddress(address) ?? {};
  if (calls.length !== 1 || calls[0]?.key !== undefined || resource === undefined) return undefined;
  const isOurs = RULES.includes(`${resource.type}.${resource.name}`);
  return isOurs && typeof resource.key === "string" ? resource.key : undefined;
}
