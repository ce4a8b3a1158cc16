import { describe, expect, test } from "vitest";
import { runChecks } from "../../../verify/checks";
import { contextOf } from "../support/context";
import { inputOf, type Resources } from "../support/input";

const EGRESS_ALL = {
  from_port: 0,
  to_port: 0,
  protocol: "-1",
  cidr_blocks: ["0.0.0.0/0"],
  ipv6_cidr_blocks: ["::/0"],
};
const id = (name: string) => `\${aws_security_group.${name}.id}`;

// Modelled on what public examples do.
const HEALTHY: readonly (readonly [what: string, resources: Resources])[] = [
  [
    "a load balancer in front of instances",
    {
      "aws_security_group.lb": {
        name: "lb",
        description: "Load balancer",
        ingress: [80, 443].map((port) => ({
          ...EGRESS_ALL,
          protocol: "tcp",
          from_port: port,
          to_port: port,
        })),
        egress: [EGRESS_ALL],
      },
      "aws_security_group.web": {
        name: "web",
        ingress: [{ from_port: 8080, to_port: 8080, protocol: "tcp", security_groups: [id("lb")] }],
        egress: [EGRESS_ALL],
      },
      "aws_lb.this": { security_groups: [id("lb")] },
      "aws_instance.web": { vpc_security_group_ids: [id("web")], instance_type: "t3.micro" },
    },
  ],
  [
    "a group whose load balancer is not in the input",
    {
      "aws_security_group.lb": { name: "lb" },
      "aws_vpc_security_group_ingress_rule.https": {
        security_group_id: id("lb"),
        ip_protocol: "tcp",
        from_port: 443,
        to_port: 443,
        cidr_ipv4: "0.0.0.0/0",
      },
    },
  ],
  [
    "nodes of a cluster that reach everything",
    {
      "aws_security_group.node": {
        name: "node",
        tags: { "kubernetes.io/cluster/main": "owned" },
      },
      "aws_security_group_rule.egress_all": { ...EGRESS_ALL, type: "egress", security_group_id: id("node") },
      "aws_security_group_rule.self_dns_tcp": {
        type: "ingress",
        security_group_id: id("node"),
        protocol: "tcp",
        from_port: 53,
        to_port: 53,
        self: true,
      },
      "aws_security_group_rule.self_dns_udp": {
        type: "ingress",
        security_group_id: id("node"),
        protocol: "udp",
        from_port: 53,
        to_port: 53,
        self: true,
      },
      "aws_security_group_rule.from_cluster": {
        type: "ingress",
        security_group_id: id("node"),
        protocol: "tcp",
        from_port: 443,
        to_port: 443,
        source_security_group_id: "${aws_eks_cluster.main.vpc_config[0].cluster_security_group_id}",
      },
      "aws_launch_template.node": { vpc_security_group_ids: [id("node")], instance_type: "t3.medium" },
      "aws_eks_node_group.main": { instance_types: ["t3.medium"] },
      "aws_eks_cluster.main": { role_arn: "${aws_iam_role.cluster.arn}" },
      "aws_iam_role.cluster": { name: "cluster" },
      "aws_iam_role_policy_attachment.cluster": {
        role: "${aws_iam_role.cluster.name}",
        policy_arn: "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy",
      },
      "aws_eks_addon.cni": { addon_name: "vpc-cni" },
    },
  ],
  [
    "egress inside the group, ingress in separate resources",
    {
      "aws_security_group.app": { name: "app", egress: [EGRESS_ALL] },
      "aws_security_group_rule.office": {
        type: "ingress",
        security_group_id: id("app"),
        protocol: "tcp",
        from_port: 22,
        to_port: 22,
        cidr_blocks: ["10.0.0.0/8"],
      },
    },
  ],
  ["a default group without rules", { "aws_default_security_group.this": { vpc_id: "${aws_vpc.main.id}" } }],
];

describe("healthy configurations raise no error", () => {
  test.each(HEALTHY)("%s", (_, resources) => {
    const findings = runChecks(contextOf(inputOf(resources)));
    expect(findings.filter(({ severity }) => severity === "error")).toStrictEqual([]);
  });

  test("a database that only its pods reach raises nothing at all", () => {
    const tcp = { protocol: "tcp", from_port: 3306, to_port: 3306 };
    const findings = runChecks(
      contextOf(
        inputOf({
          "aws_security_group.db": {},
          "aws_security_group.pods": {},
          "aws_security_group_rule.in": {
            ...tcp,
            type: "ingress",
            security_group_id: id("db"),
            source_security_group_id: id("pods"),
          },
          "aws_security_group_rule.out": {
            ...tcp,
            type: "egress",
            security_group_id: id("pods"),
            source_security_group_id: id("db"),
          },
          "aws_security_group_rule.probes": {
            type: "ingress",
            protocol: "tcp",
            from_port: 8080,
            to_port: 8080,
            security_group_id: id("pods"),
            source_security_group_id: '${var.security_groups["k8s_worker"]}',
          },
          ...Object.fromEntries(
            ["udp", "tcp"].map((protocol) => [
              `aws_security_group_rule.dns_${protocol}`,
              {
                type: "egress",
                protocol,
                from_port: 53,
                to_port: 53,
                security_group_id: id("pods"),
                source_security_group_id: '${var.security_groups["k8s_worker"]}',
              },
            ]),
          ),
          "aws_db_instance.db": { vpc_security_group_ids: [id("db")] },
          "kubernetes_manifest.policy": {
            manifest: {
              apiVersion: "vpcresources.k8s.aws/v1beta1",
              kind: "SecurityGroupPolicy",
              metadata: { name: "orders", namespace: "shop" },
              spec: {
                podSelector: { matchLabels: { app: "orders" } },
                securityGroups: { groupIds: [id("pods")] },
              },
            },
          },
        }),
      ),
    );
    expect(findings).toStrictEqual([]);
  });
});
