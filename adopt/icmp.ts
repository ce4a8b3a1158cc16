/** Whether a protocol, as AWS or Terraform writes it, is one whose rules have a type and a code in the place of ports. */
export function isIcmp(protocol: unknown): boolean {
  return ["icmp", "icmpv6", "1", "58"].includes(String(protocol));
}

/**
 * Whether the import of a rule as `aws_vpc_security_group_*_rule` loses its type or its code: the provider does not read -1, and shows
 * a change. The import of `aws_security_group_rule` does not, and since two forms on one group conflict, the whole group is imported so.
 * https://github.com/hashicorp/terraform-provider-aws/issues/44935
 */
export function importLoses(protocol: unknown, from: unknown, to: unknown): boolean {
  return isIcmp(protocol) && (from === -1 || to === -1);
}
