import { parseAddress } from "../expression/address";
import type { Json } from "../io/json";
import { literal } from "./literal";
import type { Arguments, Call, FoundGroup, FoundRule, Plain, Taken } from "./model";
import { Names } from "./names";
import { ownKey } from "./own-calls";

/** The module that holds any group unchanged. */
export const GENERIC = "security-group";

/** How calls name the id of a group: a reference to the call that holds it, or the id itself. */
export type IdOf = (id: string) => string;

/**
 * The call that holds a group as it is, with its rules in their forms.
 *
 * @param rules those on the group, and those on groups that are not taken over and name this one
 */
export function genericCall(
  name: string,
  group: FoundGroup,
  rules: readonly FoundRule[],
  idOf: IdOf,
  hasInline: (id: string) => boolean,
): Call {
  const keys = new Names();
  const maps: Record<"ingress" | "egress" | "classic_rules", Record<string, Arguments>> = {
    ingress: {},
    egress: {},
    classic_rules: {},
  };
  const takes: Taken[] = [{ from: group, to: `module.${name}.aws_security_group.this` }];
  // A call cannot refer to itself.
  const other: IdOf = (id) => (id === group.id ? id : idOf(id));
  for (const rule of rules) {
    const key = keys.next(rule.name ?? ruleName(rule.address));
    const map = rule.form === "classic" ? "classic_rules" : rule.direction;
    maps[map][key] = {
      ...withReferences(rule.spelled ?? rule.values, other),
      ...(rule.group !== group.id && { security_group_id: other(rule.group) }),
    };
    const resource = rule.form === "classic" ? "classic" : rule.direction;
    takes.push({ from: rule, to: `module.${name}.${rule.type}.${resource}["${key}"]` });
  }
  // Groups whose blocks name each other would need each other in a circle: such a one is named by its id.
  const inline = (blocks: readonly Arguments[] | undefined) =>
    blocks?.map((block) => withReferences(block, (id) => (hasInline(id) ? id : other(id))));
  const inputs = {
    ...groupInputs(group),
    ...(group.revokesRulesOnDelete && { revoke_rules_on_delete: true }),
    ...maps,
    inline_ingress: inline(group.inline.ingress),
    inline_egress: inline(group.inline.egress),
  };
  return {
    name,
    module: GENERIC,
    inputs: Object.fromEntries(
      Object.entries(inputs).filter(([, value]) => value !== undefined && !isEmptyObject(value)),
    ),
    ...(group.provider !== undefined && { provider: group.provider }),
    takes,
  };
}

/** The values that a group alone comes to, without its rules. */
export function groupInputs({ name, description, vpcId, tags }: FoundGroup): Json {
  return { name: literal(name), description: literal(description), vpc_id: vpcId, tags: literal(tags) };
}

const GROUP_ARGUMENTS = ["source_security_group_id", "referenced_security_group_id", "security_groups"];

/** Arguments with the ids of groups as calls name them. */
function withReferences(values: Arguments, idOf: IdOf): Arguments {
  const named = (value: Plain): Plain =>
    typeof value === "string" ? idOf(value) : Array.isArray(value) ? value.map(named) : value;
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      GROUP_ARGUMENTS.includes(name) ? named(value) : (literal(value) as Plain),
    ]),
  );
}

/** The name of a rule's resource, with the key of its instance. */
export function ruleName(address: string): string {
  const key = ownKey(address);
  if (key !== undefined) return key;
  const resource = parseAddress(address)?.resource;
  if (resource === undefined) return address;
  return resource.key === undefined ? resource.name : `${resource.name}_${resource.key}`;
}

function isEmptyObject(value: unknown): boolean {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length === 0
  );
}
