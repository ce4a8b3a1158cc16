import { any, equals, every, isGiven, isOneOf, matches, orFalse, those } from "../../expression/conditions";
import { variableNamed } from "../../expression/variables";
import type { Validation, VariableSpec } from "../../synth/contract";
import { EXAMPLE } from "../shared/ids";
import { listed } from "../shared/words";
import {
  type ClassicRuleInput,
  type InlineRuleInput,
  PEER_LISTS,
  PEERS,
  type SecurityGroupRuleInput,
  type SecurityGroupVariables,
} from "./variables";

/*
 * The variables for rules, in the three forms. They take what the resources take, because the module must be able to hold
 * any rule that there is; what AWS rejects beyond that, the provider says when it plans.
 */

type Name = keyof SecurityGroupVariables & string;

/** Longer than those of other modules: they may come from the addresses of resources that are adopted. */
const KEY = "^[a-z0-9_][a-z0-9_-]{0,127}$";

const object = (types: Readonly<Record<string, string>>) =>
  `object({ ${Object.entries(types)
    .map(([name, type]) => `${name} = ${type}`)
    .join(", ")} })`;

const optional = (type: string) => `optional(${type})`;

const all = (names: readonly string[], type: string) => Object.fromEntries(names.map((name) => [name, type]));

function keysOf<T>(name: Name, rule: T): Validation<Readonly<Record<string, T>>> {
  return {
    condition: every("key", `keys(${variableNamed(name)})`, (key) => matches(key, KEY)),
    message: `The keys of ${name} must match ${KEY}: they become part of resource addresses.`,
    refused: { [`an_upper_case_key_in_${name}`]: { A: rule }, [`an_empty_key_in_${name}`]: { "": rule } },
  };
}

/** Rules of one direction, each its own resource. */
export function perRuleVariable(
  name: "ingress" | "egress",
): VariableSpec<Readonly<Record<string, SecurityGroupRuleInput>>> {
  const https = { ip_protocol: "tcp", from_port: 443, to_port: 443 };
  const rule = { ...https, cidr_ipv4: "10.0.0.0/16", description: "HTTPS" };
  return {
    type: `map(${object({
      ip_protocol: "string",
      from_port: optional("number"),
      to_port: optional("number"),
      ...all(PEERS, optional("string")),
      description: optional("string"),
      tags: optional("map(string)"),
      security_group_id: optional("string"),
    })})`,
    description: `Rules by keys of your choice, each with the arguments of \`aws_vpc_security_group_${name}_rule\`. \`security_group_id\` puts a rule on another group.`,
    default: {},
    example: { https: rule },
    accepted: {
      [`every_peer_in_${name}`]: {
        a: rule,
        b: { ...https, cidr_ipv6: "2001:db8::/32" },
        c: { ...https, prefix_list_id: "pl-0a1b2c3d" },
        d: { ...https, referenced_security_group_id: EXAMPLE.other, tags: { Team: "orders" } },
      },
      [`all_protocols_in_${name}`]: { all: { ip_protocol: "-1", cidr_ipv4: "0.0.0.0/0" } },
      [`a_rule_of_another_group_in_${name}`]: { a: { ...rule, security_group_id: EXAMPLE.other } },
    },
    validations: [
      {
        condition: every("rule", `values(${variableNamed(name)})`, (one) => {
          const given = those("peer", `[${PEERS.map((peer) => `${one}.${peer}`).join(", ")}]`, isGiven);
          return orFalse(equals(`length(${given})`, "1"));
        }),
        message: `Each of ${name} must have exactly one of ${listed(PEERS)}.`,
        refused: {
          [`no_peer_in_${name}`]: { a: https },
          [`two_peers_in_${name}`]: { a: { ...rule, cidr_ipv6: "2001:db8::/32" } },
          [`a_null_rule_in_${name}`]: { a: null as never },
        },
      },
      keysOf<SecurityGroupRuleInput>(name, rule),
    ],
  };
}

/** Rules of both directions in the classic form. */
export function classicVariable(): VariableSpec<Readonly<Record<string, ClassicRuleInput>>> {
  const name = "classic_rules";
  const https = { type: "ingress", protocol: "tcp", from_port: 443, to_port: 443 } as const;
  const rule = { ...https, cidr_blocks: ["10.0.0.0/16"], description: "HTTPS" };
  const values = `values(${variableNamed(name)})`;
  return {
    type: `map(${object({
      type: "string",
      protocol: "string",
      from_port: "number",
      to_port: "number",
      ...all(PEER_LISTS, optional("list(string)")),
      source_security_group_id: optional("string"),
      self: optional("bool"),
      description: optional("string"),
      security_group_id: optional("string"),
    })})`,
    description:
      "Rules by keys of your choice, each with the arguments of `aws_security_group_rule`. Not on a group that has rules of ingress or egress.",
    default: {},
    example: { https: rule },
    accepted: {
      [`every_peer_in_${name}`]: {
        a: { ...rule, ipv6_cidr_blocks: ["2001:db8::/32"], prefix_list_ids: ["pl-0a1b2c3d"] },
        b: { ...https, type: "egress", source_security_group_id: EXAMPLE.other },
        c: { ...https, self: true },
      },
    },
    validations: [
      {
        condition: every("rule", values, (one) => orFalse(isOneOf(`${one}.type`, "ingress", "egress"))),
        message: `The type of each of ${name} must be ingress or egress.`,
        refused: { [`no_direction_in_${name}`]: { a: { ...rule, type: "in" as "ingress" } } },
      },
      {
        condition: every("rule", those("one", values, isGiven), (one) =>
          any(
            ...PEER_LISTS.map((list) => `try(length(${one}.${list}), 0) > 0`),
            isGiven(`${one}.source_security_group_id`),
            `coalesce(${one}.self, false)`,
          ),
        ),
        message: `Each of ${name} must have at least one of ${PEER_LISTS.join(", ")}, source_security_group_id or self.`,
        refused: { [`no_peer_in_${name}`]: { a: https } },
      },
      keysOf<ClassicRuleInput>(name, rule),
    ],
  };
}

/** The rules of one direction as blocks of the group itself: all that it has, or null. */
export function inlineVariable(
  name: "inline_ingress" | "inline_egress",
): VariableSpec<readonly InlineRuleInput[] | null> {
  const direction = name.replace("inline_", "");
  return {
    type: `list(${object({
      protocol: "string",
      from_port: "number",
      to_port: "number",
      ...all([...PEER_LISTS, "security_groups"], "optional(list(string), [])"),
      self: "optional(bool, false)",
      description: 'optional(string, "")',
    })})`,
    description: `All ${direction} rules, as blocks \`${direction}\` of the group itself: Terraform removes what is not in the list. Null (the default): no blocks. Not together with other rules of this direction.`,
    default: null,
    example: [{ protocol: "tcp", from_port: 443, to_port: 443, cidr_blocks: ["10.0.0.0/16"] }],
    accepted: { [`no_rules_at_all_in_${name}`]: [] },
  };
}
