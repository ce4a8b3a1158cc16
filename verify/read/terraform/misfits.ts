import { isSecurityGroupType } from "../../../aws/security-group-types";
import { isJson } from "../../../io/json";
import type { Misfit } from "../model";
import type { Block } from "./module-files";

/** What an item of `ingress` and `egress` must give when they are attributes, be it null: the provider's schema. */
const ATTRIBUTES = [
  "cidr_blocks",
  "description",
  "from_port",
  "ipv6_cidr_blocks",
  "prefix_list_ids",
  "protocol",
  "security_groups",
  "self",
  "to_port",
];

/**
 * What Terraform refuses about the rules inside a security group that are written as an attribute, which they always are in
 * JSON: https://developer.hashicorp.com/terraform/language/attr-as-blocks. What an expression gives is not looked at.
 */
export function misfitsOf({ kind, type, body, isJson: isJsonBlock, attributes }: Block): Misfit[] {
  if (kind !== "resource" || !isSecurityGroupType(type) || !isJson(body)) return [];
  return ["ingress", "egress"].flatMap((argument): Misfit[] => {
    if (!isJsonBlock && !attributes?.has(argument)) return [];
    const written = body[argument];
    if (isJson(written)) return [{ kind: "no-list", argument }];
    return (Array.isArray(written) ? written : []).flatMap((item: unknown, index): Misfit[] => {
      if (!isJson(item)) return [];
      const missing = ATTRIBUTES.filter((name) => !Object.hasOwn(item, name));
      return missing.length > 0 ? [{ kind: "incomplete", argument, index, missing }] : [];
    });
  });
}
