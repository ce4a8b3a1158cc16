import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { ref, TerraformLocal, Token } from "cdktf";
import type { Construct } from "constructs";
import { expression } from "../../synth/text";
import { TAG_LOCALS } from "./tags";

/** Tags of a resource, as a token. */
export type Tags = Record<string, string>;

/** The tags of a resource by its name, and further ones: keys and values are templates of Terraform. */
export type TagsOf = (name: string, further?: Readonly<Record<string, string>>) => Tags;

/**
 * Reads the region once for a module, as `data.aws_region.current`, and adds the locals of its tags.
 *
 * @returns the article's tags of a resource over those of the caller
 */
export function tagsOf(scope: Construct): TagsOf {
  new DataAwsRegion(scope, "current");
  for (const [name, code] of Object.entries(TAG_LOCALS)) {
    new TerraformLocal(scope, name, expression(code)).overrideLogicalId(name);
  }
  return (name, further = {}) => {
    const own = Object.entries(further).map(([key, value]) => `, "${key}" = "${value}"`);
    return Token.asStringMap(ref(`merge(local.tags, { Name = "${name}"${own.join("")} })`));
  };
}

/** Adds a security group with the article's description. Name, description and VPC force a replacement. */
export function addSecurityGroup(
  scope: Construct,
  address: string,
  { name, vpcId, tags }: { readonly name: string; readonly vpcId: string; readonly tags: Tags },
): SecurityGroup {
  return new SecurityGroup(scope, address, {
    name,
    description: `Default security group for ${name}.`,
    vpcId,
    tags,
  });
}
