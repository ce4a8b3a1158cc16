const RULE = [
  "cidr_ipv4",
  "cidr_ipv6",
  "description",
  "from_port",
  "ip_protocol",
  "prefix_list_id",
  "referenced_security_group_id",
  "security_group_id",
  "tags",
  "tags_all",
  "to_port",
];

/** What a rule inside a group may give, and must when it is written as an attribute, be it null. */
export const BLOCK_ARGUMENTS: readonly string[] = [
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

/** The arguments of groups and rules: the schema of hashicorp/aws 5.100.0, and `region`, which 6.0 has added to all. */
export const RULE_ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  aws_default_security_group: ["egress", "ingress", "revoke_rules_on_delete", "tags", "tags_all", "vpc_id"],
  aws_security_group: [
    "description",
    "egress",
    "ingress",
    "name",
    "name_prefix",
    "revoke_rules_on_delete",
    "tags",
    "tags_all",
    "timeouts",
    "vpc_id",
  ],
  aws_security_group_rule: [
    "cidr_blocks",
    "description",
    "from_port",
    "ipv6_cidr_blocks",
    "prefix_list_ids",
    "protocol",
    "security_group_id",
    "self",
    "source_security_group_id",
    "timeouts",
    "to_port",
    "type",
  ],
  aws_vpc_security_group_egress_rule: RULE,
  aws_vpc_security_group_ingress_rule: RULE,
};
