import type { Cases } from "../support/case";
import { A, GROUPS, PRIVATE, rule, WORLD } from "../support/rules";

export const cases: Cases = [
  {
    what: "all protocols, in the form that others miss",
    resources: {
      ...GROUPS,
      "aws_vpc_security_group_ingress_rule.x": {
        security_group_id: A,
        ip_protocol: "-1",
        cidr_ipv4: "0.0.0.0/0",
      },
    },
    found: [["aws_vpc_security_group_ingress_rule.x", "error"]],
    says: "aws_vpc_security_group_ingress_rule.x opens aws_security_group.a to the world: all traffic from 0.0.0.0/0. Allow only the group or the addresses that need it, or put a load balancer in front.",
  },
  {
    what: "a port, on a group that nothing is known of",
    resources: { ...GROUPS, "aws_security_group_rule.x": rule("ingress", A, { ipv6_cidr_blocks: ["::/0"] }) },
    found: [["aws_security_group_rule.x", "warning"]],
  },
  {
    what: "a port of functions alone",
    resources: {
      ...GROUPS,
      "aws_lambda_function.f": { vpc_config: [{ security_group_ids: [A] }] },
      "aws_security_group_rule.x": rule("ingress", A, WORLD),
    },
    found: [["aws_security_group_rule.x", "information"]],
  },
  {
    what: "a port of functions and of something else",
    resources: {
      ...GROUPS,
      "aws_lambda_function.f": { vpc_config: [{ security_group_ids: [A] }] },
      "aws_instance.i": { vpc_security_group_ids: [A] },
      "aws_security_group_rule.x": rule("ingress", A, WORLD),
    },
    found: [["aws_security_group_rule.x", "warning"]],
  },
  {
    what: "a port of a database",
    resources: {
      ...GROUPS,
      "aws_rds_cluster.d": { vpc_security_group_ids: [A] },
      "aws_security_group_rule.x": rule("ingress", A, WORLD, "tcp", 3306),
    },
    found: [["aws_security_group_rule.x", "error"]],
  },
  ...(
    [
      ["DocumentDB", "aws_docdb_cluster.s", { vpc_security_group_ids: [A] }, 27017],
      ["OpenSearch", "aws_opensearch_domain.s", { vpc_options: [{ security_group_ids: [A] }] }, 443],
      ["Kafka", "aws_msk_cluster.s", { broker_node_group_info: [{ security_groups: [A] }] }, 9092],
      ["EFS", "aws_efs_mount_target.s", { security_groups: [A] }, 2049],
      ["a message broker", "aws_mq_broker.s", { security_groups: [A] }, 5671],
      ["Redshift Serverless", "aws_redshiftserverless_workgroup.s", { security_group_ids: [A] }, 5439],
    ] as const
  ).map(([what, address, values, port]) => ({
    what: `a port of ${what}`,
    resources: {
      ...GROUPS,
      [address]: values,
      "aws_security_group_rule.x": rule("ingress", A, WORLD, "tcp", port),
    },
    found: [["aws_security_group_rule.x", "error"]] as const,
  })),
  {
    what: "a port of a group that a database shares with a load balancer",
    resources: {
      ...GROUPS,
      "aws_lb.l": { security_groups: [A] },
      "aws_db_instance.d": { vpc_security_group_ids: [A] },
      "aws_security_group_rule.x": rule("ingress", A, WORLD),
    },
    found: [["aws_security_group_rule.x", "error"]],
  },
  {
    what: "a load balancer that a chart's Service makes",
    resources: {
      ...GROUPS,
      "helm_release.ingress": {
        values: [
          '${yamlencode({ "annotations" = { "service.beta.kubernetes.io/aws-load-balancer-security-groups" = aws_security_group.a.id } })}',
        ],
      },
      "aws_security_group_rule.x": rule("ingress", A, WORLD),
    },
  },
  {
    what: "a half of the world",
    resources: { ...GROUPS, "aws_security_group_rule.x": rule("ingress", A, { cidr_blocks: ["0.0.0.0/1"] }) },
    found: [["aws_security_group_rule.x", "warning"]],
  },
  {
    what: "a load balancer",
    resources: {
      ...GROUPS,
      "aws_lb.l": { security_groups: [A] },
      "aws_security_group_rule.x": rule("ingress", A, WORLD),
    },
  },
  {
    what: "a private range",
    resources: { ...GROUPS, "aws_security_group_rule.x": rule("ingress", A, PRIVATE, "-1") },
  },
  { what: "egress", resources: { ...GROUPS, "aws_security_group_rule.x": rule("egress", A, WORLD) } },
];
