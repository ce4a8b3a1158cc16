/**
 * Attributes that a resource of AWS has only when it is made, whatever its type, unless the configuration gives them: from the
 * schema of hashicorp/aws 5.100.0, in which each of them is computed or required wherever it is found. An end-to-end test
 * holds the list against the schema.
 */
export const COMPUTED_ATTRIBUTES: ReadonlySet<string> = new Set([
  "arn",
  "arn_suffix",
  "association_id",
  "bucket_domain_name",
  "bucket_regional_domain_name",
  "certificate_authority",
  "configuration_endpoint_address",
  "created_at",
  "default_network_acl_id",
  "default_route_table_id",
  "default_security_group_id",
  "dns_entry",
  "dns_name",
  "endpoint",
  "execution_arn",
  "hosted_zone_id",
  "id",
  "identity",
  "invoke_arn",
  "invoke_url",
  "latest_version",
  "main_route_table_id",
  "name_servers",
  "network_interface_ids",
  "owner_id",
  "primary_endpoint_address",
  "primary_network_interface_id",
  "private_dns",
  "private_ip",
  "public_dns",
  "public_ip",
  "qualified_arn",
  "reader_endpoint",
  "reader_endpoint_address",
  "security_group_rule_id",
  "unique_id",
  "zone_id",
]);

/** Of some types, what is made up where neither it nor a prefix is given. */
export const MADE_UP_ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  aws_db_instance: ["address", "identifier"],
  aws_iam_role: ["name"],
  aws_lb: ["name"],
  aws_s3_bucket: ["bucket"],
  aws_security_group: ["name", "vpc_id"],
};

/**
 * Whether an attribute that the configuration does not give is certainly known only when the resource is there.
 *
 * @param isGiven whether the configuration gives an argument of the resource
 */
export function isComputed(type: string, name: string, isGiven: (argument: string) => boolean): boolean {
  // Every resource of every provider has an id; other names mean something else elsewhere.
  if (name === "id") return true;
  if (!type.startsWith("aws_")) return false;
  if (COMPUTED_ATTRIBUTES.has(name) || (MADE_UP_ATTRIBUTES[type] ?? []).includes(name)) return true;
  // Wherever there is an argument for the prefix of a name, the provider makes the name of it.
  return isGiven(`${name}_prefix`);
}
