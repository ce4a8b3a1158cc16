import type { Value } from "../../../expression/value";
import { isList, isObject, toBoolean, type ValueObject } from "../../../expression/values";
import { canonicalCidr, hasHostBits } from "../../../network/cidr";
import { protocolName, wholeNumber } from "../../../network/protocols";
import type { Resource } from "../model";

/*
 * What the AWS provider or AWS itself writes otherwise than a configuration may. A configuration that says "6" is
 * planned as "tcp", as a block and as `aws_security_group_rule`, and as "6" by the resources for single rules; a state
 * has what AWS returns. Seen in plans of hashicorp/aws 5.100.0; CIDRs:
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroupRuleRequest.html
 */

/** One spelling of a value; what has none stays as it is, for the message that says so. */
type Spelling = (value: Value) => Value;

/** The name of a protocol that has one in AWS's answers, else its number, as text. */
const protocol: Spelling = (value) => protocolName(value) ?? value;

const number: Spelling = (value) => wholeNumber(value) ?? value;
const boolean: Spelling = (value) => toBoolean(value) ?? value;
/** Host bits stay: the provider refuses them. */
const cidr: Spelling = (value) =>
  typeof value === "string" && !hasHostBits(value) ? (canonicalCidr(value) ?? value) : value;
const cidrs: Spelling = (value) => (isList(value) ? value.map(cidr) : cidr(value));

type Spellings = Readonly<Record<string, Spelling>>;

/** The arguments of a block and of `aws_security_group_rule`. */
const RULE: Spellings = {
  protocol,
  from_port: number,
  to_port: number,
  cidr_blocks: cidrs,
  ipv6_cidr_blocks: cidrs,
  self: boolean,
};

const PER_RULE: Spellings = {
  ip_protocol: protocol,
  from_port: number,
  to_port: number,
  cidr_ipv4: cidr,
  cidr_ipv6: cidr,
};

const blocks: Spelling = (value) =>
  isList(value) ? value.map((block) => (isObject(block) ? spelledAs(RULE, block) : block)) : value;

const GROUP: Spellings = { ingress: blocks, egress: blocks };

const BY_TYPE: Readonly<Record<string, Spellings>> = {
  aws_default_security_group: GROUP,
  aws_security_group: GROUP,
  aws_security_group_rule: RULE,
  aws_vpc_security_group_egress_rule: PER_RULE,
  aws_vpc_security_group_ingress_rule: PER_RULE,
};

/** What the provider writes for an argument that a block of a group does not give. */
const ABSENT_IN_BLOCK: ValueObject = {
  cidr_blocks: [],
  description: "",
  ipv6_cidr_blocks: [],
  prefix_list_ids: [],
  security_groups: [],
  self: false,
};

/** All traffic has no ports: the provider asks for 0, and takes null for it. */
const ABSENT_OF_ALL_TRAFFIC: ValueObject = { from_port: 0, to_port: 0 };

/**
 * A security group or a rule as every input has it: protocols as `tcp`, `udp`, `icmp`, `icmpv6`, `-1` or a number as
 * text, CIDRs in canonical form, ports as numbers. Any other resource as it is.
 */
export function normalized<R extends Pick<Resource, "mode" | "type" | "values">>(resource: R): R {
  const { mode, type, values } = resource;
  const spellings = mode === "managed" && Object.hasOwn(BY_TYPE, type) ? BY_TYPE[type] : undefined;
  return spellings === undefined ? resource : { ...resource, values: spelledAs(spellings, values) };
}

/** A block of a resource with the arguments that it does not give as the provider writes them. */
export function withAbsent(type: string, block: ValueObject): ValueObject {
  if (BY_TYPE[type] !== GROUP) return block;
  return { ...ABSENT_IN_BLOCK, ...(block["protocol"] === "-1" && ABSENT_OF_ALL_TRAFFIC), ...block };
}

function spelledAs(spellings: Spellings, values: ValueObject): ValueObject {
  const entries = Object.entries(spellings).flatMap(([name, spelling]): [string, Value][] => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return value === undefined ? [] : [[name, spelling(value)]];
  });
  // In the order in which they are given.
  return { ...values, ...Object.fromEntries(entries) };
}
