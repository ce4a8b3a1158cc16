import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { ref, Token } from "cdktf";
import { isNull } from "../../expression/conditions";
import { variablesOf } from "../../expression/variables";
import type { PlainStack } from "../../synth/stack";
import { expression } from "../../synth/text";
import { descriptionOf, EXISTING_LOCALS, type ExistingRuleVariables } from "./existing";
import { ownTags, TAG_LOCALS } from "./tags";

/** Tags of a resource, as a token. */
type Tags = Record<string, string>;

const RULE_TAGS = variablesOf<ExistingRuleVariables>()("rule_tags");
const TAGS = variablesOf<{ tags: unknown }>()("tags");

/**
 * Reads the region once for a module, as `data.aws_region.current`, and adds the locals of the tags and descriptions that its
 * groups and rules have.
 */
export function addTagLocals(stack: PlainStack): void {
  new DataAwsRegion(stack, "current");
  for (const [name, code] of Object.entries({ ...TAG_LOCALS, ...EXISTING_LOCALS })) {
    stack.addLocal(name, expression(code));
  }
}

interface GroupOptions {
  /** The module's name of it, a template of Terraform. */
  readonly name: string;
  /** The caller's, a variable as an expression; null where the caller gives none. */
  readonly givenName?: string;
  readonly vpcId: string;
  /** Tags of the module besides the article's: keys and values are templates of Terraform. */
  readonly further?: Readonly<Record<string, string>>;
  /** A variable for this group alone that replaces the module's tags, as an expression; null where the caller gives none. */
  readonly givenTags?: string;
}

/**
 * Adds a security group with the article's description, and the article's tags over those of the caller. Name, description and
 * VPC force a replacement.
 */
export function addSecurityGroup(
  stack: PlainStack,
  address: string,
  { name, givenName, vpcId, further, givenTags }: GroupOptions,
): SecurityGroup {
  const groupName = givenName === undefined ? name : addGroupName(stack, givenName, name);
  return new SecurityGroup(stack, address, {
    name: groupName,
    description: expression(descriptionOf(address, `Default security group for ${groupName}.`)),
    vpcId,
    tags: groupTags(groupName, further, givenTags),
  });
}

/** Adds a local with the caller's name of a group, else the module's. @returns the reference, as a template */
function addGroupName(stack: PlainStack, given: string, name: string): string {
  const local = given.replace(/^var\./, "");
  stack.addLocal(local, expression(`${isNull(given)} ? "${name}" : ${given}`));
  return `\${local.${local}}`;
}

function groupTags(name: string, further?: GroupOptions["further"], given?: string): Tags {
  const own = ownTags(entries(name, further));
  return Token.asStringMap(
    ref(given === undefined ? own : `${isNull(given)} ? ${own} : merge(${TAGS}, ${given})`),
  );
}

/**
 * The tags of a rule: those that the caller gives for it, or none where the caller gives some for others; else the
 * module's.
 *
 * @param key its name in `rule_tags`
 * @param name the tag `Name`
 */
export function ruleTags(key: string, name: string): Tags {
  return Token.asStringMap(
    ref(`${isNull(RULE_TAGS)} ? ${ownTags(entries(name))} : lookup(${RULE_TAGS}, "${key}", null)`),
  );
}

function entries(name: string, further: Readonly<Record<string, string>> = {}): string {
  const own = Object.entries(further).map(([key, value]) => `, "${key}" = "${value}"`);
  return `Name = "${name}"${own.join("")}`;
}
