import { BLOCK_ARGUMENTS, RULE_ARGUMENTS } from "../../../aws/rule-arguments";
import { isSecurityGroupType } from "../../../aws/security-group-types";
import { evaluateData, type Scope } from "../../../expression/evaluate";
import { Unknown, type Value } from "../../../expression/value";
import { expanded, isList, isObject } from "../../../expression/values";
import { isJson, type Json } from "../../../io/json";
import type { Misfit } from "../model";
import { META_ARGUMENTS } from "./blocks";
import { meantArgument } from "./meant-argument";
import { asObjects, type Block, dynamicBlocks } from "./module-files";

/** The names of the rules inside a group. */
const RULES = ["ingress", "egress"];

/** What Terraform refuses about how a group or a rule is written, in one instance. @param hangsOnDefault of an argument */
export function misfitsOf(
  block: Block,
  scope: Scope,
  hangsOnDefault: (argument: string) => boolean,
): Misfit[] {
  const { kind, type, body, isJson: isJsonBlock, attributes } = block;
  const known = RULE_ARGUMENTS[type];
  if (kind !== "resource" || known === undefined || !isJson(body)) return [];
  const strange = Object.keys({ ...body, ...dynamicBlocks(body) })
    .filter((name) => name !== "dynamic" && !META_ARGUMENTS.has(name))
    .flatMap((name) => strangeArgument(name, known));
  if (!isSecurityGroupType(type)) return strange;
  const ofRules = RULES.flatMap((argument): Misfit[] => {
    const isAttribute = isJsonBlock || attributes?.has(argument);
    if (isAttribute) return hangsOnDefault(argument) ? [] : inAttribute(argument, body[argument], scope);
    return inBlocks(argument, body);
  });
  return [...strange, ...ofRules];
}

function strangeArgument(argument: string, known: readonly string[], within?: string): Misfit[] {
  const meant = meantArgument(argument, known);
  return meant === undefined
    ? []
    : [{ kind: "strange-argument", argument, meant, ...(within && { within }) }];
}

/** Blocks in HCL, of which each argument must be known. */
function inBlocks(argument: string, body: Json): Misfit[] {
  const dynamic = asObjects(dynamicBlocks(body)[argument]).flatMap(({ content }) => asObjects(content));
  const names = [...asObjects(body[argument]), ...dynamic].flatMap((one) => Object.keys(one));
  return [...new Set(names)]
    .filter((name) => name !== "dynamic")
    .flatMap((name) => strangeArgument(name, BLOCK_ARGUMENTS, argument));
}

/**
 * Rules that are written as an attribute, which they always are in JSON: a list of objects, each with every argument. See
 * https://developer.hashicorp.com/terraform/language/attr-as-blocks.
 */
function inAttribute(argument: string, written: unknown, scope: Scope): Misfit[] {
  const value = expanded(evaluateData(written ?? null, scope));
  if (isObject(value)) return [{ kind: "no-list", argument }];
  return (isList(value) ? value : []).flatMap((item: Value, index): Misfit[] => {
    const rule = expanded(item);
    if (!isObject(rule) || rule instanceof Unknown) return [];
    const missing = BLOCK_ARGUMENTS.filter((name) => !Object.hasOwn(rule, name));
    if (missing.length === 0) return [];
    // What is there in its place: another name for one of them.
    const meant = Object.keys(rule).flatMap((name): (readonly [string, string])[] => {
      const one = BLOCK_ARGUMENTS.includes(name) ? undefined : meantArgument(name, missing);
      return one === undefined ? [] : [[name, one]];
    });
    return [{ kind: "incomplete", argument, index, missing, ...(meant.length > 0 && { meant }) }];
  });
}

/** The keys of `each.value` that are named nowhere in the body of a resource. */
export function unreadKeys(body: Json, scope: Scope): string[] {
  if (body["for_each"] == null) return [];
  const value = expanded(evaluateData("${each.value}", scope));
  const written = JSON.stringify(body);
  // Whoever takes all of it reads every key.
  if (!isObject(value) || /each\.value\b(?![.[,])/.test(written)) return [];
  return Object.keys(value).filter((key) => !written.includes(key));
}
