import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { ref, TerraformLocal, Token } from "cdktf";
import type { Construct } from "constructs";
import { isNull } from "../../expression/conditions";
import { variablesOf } from "../../expression/variables";
import { expression } from "../../synth/text";
import { descriptionOf, EXISTING_LOCALS, type ExistingRuleVariables } from "./existing";
import { ownTags, TAG_LOCALS } from "./tags";

/** Tags of a resource, as a token. */
export type Tags = Record<string, string>;

/** The tags of a resource by its name, and further ones: keys and values are templates of Terraform. */
export type TagsOf = (
  name: string,
  further?: Readonly<Record<string, string>>,
  /** A variable for this resource alone that replaces them, as an expression; null where the caller gives none. */
  replaced?: string,
) => Tags;

const RULE_TAGS = variablesOf<ExistingRuleVariables>()("rule_tags");
const TAGS = variablesOf<{ tags: unknown }>()("tags");

/**
 * Reads the region once for a module, as `data.aws_region.current`, and adds the locals of its tags and descriptions.
 *
 * @returns the article's tags of a resource over those of the caller
 */
export function tagsOf(scope: Construct): TagsOf {
  new DataAwsRegion(scope, "current");
  for (const [name, code] of Object.entries({ ...TAG_LOCALS, ...EXISTING_LOCALS })) {
    new TerraformLocal(scope, name, expression(code)).overrideLogicalId(name);
  }
  return (name, further = {}, replaced) => {
    const own = ownTags(entries(name, further));
    return Token.asStringMap(
      ref(replaced === undefined ? own : `${isNull(replaced)} ? ${own} : merge(${TAGS}, ${replaced})`),
    );
  };
}

function entries(name: string, further: Readonly<Record<string, string>> = {}): string {
  const own = Object.entries(further).map(([key, value]) => `, "${key}" = "${value}"`);
  return `Name = "${name}"${own.join("")}`;
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

/** Adds a security group with the article's description. Name, description and VPC force a replacement. */
export function addSecurityGroup(
  scope: Construct,
  address: string,
  { name, vpcId, tags }: { readonly name: string; readonly vpcId: string; readonly tags: Tags },
): SecurityGroup {
  return new SecurityGroup(scope, address, {
    name,
    description: expression(descriptionOf(address, `Default security group for ${name}.`)),
    vpcId,
    tags,
  });
}

/**
 * Adds a local with the name of a group: what the caller gives, else the module's.
 *
 * @param variable the caller's, as an expression
 * @param name the module's, a template of Terraform
 * @returns the reference, as a template
 */
export function groupName(scope: Construct, variable: string, name: string): string {
  const local = variable.replace(/^var\./, "");
  new TerraformLocal(
    scope,
    local,
    expression(`${isNull(variable)} ? "${name}" : ${variable}`),
  ).overrideLogicalId(local);
  return `\${local.${local}}`;
}
