import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import type { Construct } from "constructs";

/** The article's tags of a resource. */
export interface Tags {
  readonly Name: string;
  readonly Region: string;
  readonly Platform: string;
  readonly CreatedBy: string;
  readonly [further: string]: string;
}

/**
 * Reads the region once for a module, as `data.aws_region.current`.
 *
 * @param platform value of the tag `Platform`
 * @returns the tags of a resource by its name
 */
export function tagsOf(scope: Construct, platform: string): (name: string) => Tags {
  const region = new DataAwsRegion(scope, "current");
  // The provider's 5.x has no attribute `region` here.
  return (name) => ({ Name: name, Region: region.name, Platform: platform, CreatedBy: "Terraform" });
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
