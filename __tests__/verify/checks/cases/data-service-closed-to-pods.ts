import type { Cases } from "../support/case";
import { C, labelled, PODS, POLICY, podPolicy } from "../support/pods";
import { A, B, GROUPS, PRIVATE, rule, WORLD } from "../support/rules";

const DB = "aws_security_group.b";
const NODES = "${aws_security_group.c.id}";
/** Pods with a group that lets everything out, a database, and nodes with a group that it admits. */
const OUTAGE = {
  ...PODS,
  "aws_security_group.c": {},
  "aws_launch_template.nodes": { vpc_security_group_ids: [NODES] },
  "aws_db_instance.d": { engine: "mysql", vpc_security_group_ids: [B] },
  "aws_security_group_rule.out": rule("egress", A, WORLD, "-1"),
  "aws_security_group_rule.nodes": rule("ingress", B, NODES, "tcp", 3306),
};
const without = (...names: string[]) =>
  Object.fromEntries(Object.entries(OUTAGE).filter(([name]) => !names.includes(name)));
const flow = (expect: "allow" | "deny") => ({
  f: {
    expect,
    from: { name: "orders", groups: ["aws_security_group.a"] },
    to: { name: "db", groups: [DB] },
    traffic: [{ protocol: "tcp" as const, ports: { from: 3306, to: 3306 } }],
  },
});

const pods = (app: string, namespace = "shop", host = "db.example.com") => ({
  metadata: [{ name: app, namespace }],
  spec: [
    {
      template: [
        {
          metadata: [{ labels: { app } }],
          spec: [{ container: [{ name: app, env: [{ name: "DB_HOST", value: host }] }] }],
        },
      ],
    },
  ],
});

/** A database that admits the pods of the policy, and nobody else. */
const FOR_PODS = {
  ...without("aws_security_group_rule.nodes"),
  "aws_security_group_rule.pods": rule("ingress", B, A, "tcp", 3306),
};
const P = "${aws_security_group.p.id}";
/** A database that admits the pods of another policy than the first, and nobody else. */
const FOR_OTHERS = {
  ...without("aws_security_group_rule.nodes"),
  "aws_security_group.p": {},
  "kubernetes_manifest.q": labelled("billing", [P]),
  "aws_security_group_rule.p": rule("ingress", B, P, "tcp", 3306),
};
const REPORTS = "kubernetes_deployment_v1.reports";

export const cases: Cases = [
  {
    what: "that admits the pods of a policy alone, and a workload without a policy that names it",
    resources: { ...FOR_PODS, [REPORTS]: pods("reports", "shop", "${aws_db_instance.d.address}") },
    found: [[REPORTS, "error"]],
    says: `Deployment shop/reports names aws_db_instance.d, which allows only pods with aws_security_group.a, and no policy selects its pods: they carry the groups of their node, and their connections time out. Give them the labels that a policy with such a group selects, or allow their node security group on ${DB}.`,
  },
  {
    what: "that admits the pods of a policy and the nodes, and a workload without a policy that names it",
    resources: {
      ...FOR_PODS,
      "aws_security_group_rule.nodes": rule("ingress", B, NODES, "tcp", 3306),
      [REPORTS]: pods("reports", "shop", "${aws_db_instance.d.address}"),
    },
    found: [],
  },
  {
    what: "that admits the pods of a policy alone, and a workload without a policy that names another",
    resources: { ...FOR_PODS, [REPORTS]: pods("reports") },
    found: [],
  },
  {
    what: "that admits the nodes alone, and pods of a policy that the input shows: they are named",
    resources: { ...OUTAGE, "kubernetes_deployment_v1.orders": pods("orders") },
    found: [[DB, "error"]],
    says: "aws_db_instance.d allows the nodes (aws_security_group.c) and no group of a policy: the pods of Deployment shop/orders (selected by kubernetes_manifest.p) carry aws_security_group.a and none of the node's groups, so their connections to it time out. If they use it, allow TCP 3306 on aws_security_group.b from a group that they carry, and add the egress rule; if not, declare a deny flow in flows.yaml or suppress this finding.",
  },
  {
    what: "that admits the nodes alone",
    resources: OUTAGE,
    found: [[DB, "error"]],
    says: "aws_db_instance.d allows the nodes (aws_security_group.c) and no group of a policy: the pods of kubernetes_manifest.p carry aws_security_group.a and none of the node's groups, so their connections to it time out. If they use it, allow TCP 3306 on aws_security_group.b from a group that they carry, and add the egress rule; if not, declare a deny flow in flows.yaml or suppress this finding.",
  },
  {
    what: "that admits the nodes alone, beside pods without groups of their own",
    resources: { ...OUTAGE, "kubernetes_deployment_v1.reports": pods("reports") },
    found: [[DB, "warning"]],
  },
  {
    what: "that admits the nodes alone, beside such pods in another namespace, and of the system",
    resources: { ...OUTAGE, "kubernetes_deployment_v1.agent": pods("agent", "kube-system") },
    found: [[DB, "error"]],
  },
  {
    what: "that admits the nodes alone, though the pods with the group name it",
    resources: {
      ...OUTAGE,
      "kubernetes_deployment_v1.reports": pods("reports"),
      "kubernetes_deployment_v1.orders": pods("orders", "shop", "${aws_db_instance.d.address}"),
    },
    found: [[DB, "error"]],
  },
  {
    what: "that admits the nodes alone, beside the pods of a policy for the cluster's system",
    resources: {
      ...without(POLICY),
      [POLICY]: labelled("dns", [A], { namespace: "kube-system" }),
    },
    found: [[DB, "warning"]],
  },
  {
    what: "that admits EKS's own group alone, by rules inside of the groups",
    resources: {
      "aws_security_group.a": {},
      "aws_security_group.b": {
        ingress: [
          {
            protocol: "tcp",
            from_port: 6379,
            to_port: 6379,
            security_groups: ["${aws_eks_cluster.c.vpc_config[0].cluster_security_group_id}"],
          },
        ],
      },
      [POLICY]: podPolicy(A),
      "aws_eks_cluster.c": { name: "shop" },
      "aws_eks_node_group.n": { cluster_name: "shop" },
      "aws_elasticache_replication_group.r": { security_group_ids: [B] },
    },
    found: [[DB, "error"]],
  },
  {
    what: "that admits nodes of a module that was not read",
    resources: {
      ...without("aws_security_group_rule.nodes", "aws_launch_template.nodes"),
      "aws_vpc_security_group_ingress_rule.nodes": {
        security_group_id: B,
        referenced_security_group_id: "${module.eks.node_security_group_id}",
        ip_protocol: "tcp",
        from_port: 3306,
        to_port: 3306,
      },
    },
    found: [[DB, "error"]],
  },
  {
    what: "that admits the pods for another port",
    resources: { ...OUTAGE, "aws_security_group_rule.pods": rule("ingress", B, A, "tcp", 5432) },
    found: [[DB, "error"]],
  },
  {
    what: "that admits the pods of another policy",
    resources: FOR_OTHERS,
    found: [[DB, "information"]],
  },
  {
    what: "that admits the pods of others, in a few words, with the groups that its rules name and no other",
    resources: {
      ...FOR_OTHERS,
      "aws_security_group.shared": {},
      "kubernetes_manifest.q": labelled("billing", [P, "${aws_security_group.shared.id}"]),
      ...Object.fromEntries(
        ["api", "web", "jobs", "mail"].map((app) => [`kubernetes_manifest.${app}`, labelled(app, [A])]),
      ),
      ...Object.fromEntries(
        ["api", "web", "jobs"].map((app) => [`kubernetes_deployment_v1.${app}`, pods(app)]),
      ),
    },
    found: [[DB, "information"]],
    says: `aws_db_instance.d allows aws_security_group.p, and none of the groups on the pods of Deployment shop/api, Deployment shop/jobs, Deployment shop/web, 2 more. If they use it, allow TCP 3306 on ${DB} from a group that they carry, and add the egress rule.`,
  },
  {
    what: "that admits the pods of another policy, where egress rules do not let the others reach it",
    resources: { ...FOR_OTHERS, "aws_security_group_rule.out": rule("egress", A, WORLD, "tcp", 443) },
    found: [],
  },
  {
    what: "that admits the pods of another policy, where the others have a data service of their own",
    resources: {
      ...FOR_OTHERS,
      "aws_security_group.own": {},
      "aws_elasticache_replication_group.own": { security_group_ids: ["${aws_security_group.own.id}"] },
      "aws_security_group_rule.own": rule("ingress", "${aws_security_group.own.id}", A, "tcp", 6379),
    },
    found: [],
  },
  {
    what: "that admits the pods of another policy and nodes, from which the others may have come",
    resources: {
      ...FOR_OTHERS,
      "aws_security_group_rule.nodes": rule("ingress", B, NODES, "tcp", 3306),
      "aws_security_group_rule.out": rule("egress", A, WORLD, "tcp", 443),
    },
    found: [[DB, "information"]],
  },
  {
    what: "that admits the pods of another policy, though an egress rule names it",
    resources: {
      ...FOR_OTHERS,
      "aws_security_group_rule.to": rule("egress", A, B, "tcp", 3306),
    },
    found: [[DB, "error"]],
  },
  {
    what: "that admits the pods",
    resources: { ...OUTAGE, "aws_security_group_rule.pods": rule("ingress", B, A, "tcp", 3306) },
  },
  {
    what: "that admits another group of the pods",
    resources: {
      ...without(POLICY),
      "aws_security_group.base": {},
      [POLICY]: podPolicy(A, "${aws_security_group.base.id}"),
      "aws_security_group_rule.pods": rule("ingress", B, "${aws_security_group.base.id}", "tcp", 3306),
    },
  },
  {
    what: "that admits the group of another policy for the same pods",
    resources: {
      ...OUTAGE,
      "aws_security_group.base": {},
      "kubernetes_manifest.all": labelled("orders", ["${aws_security_group.base.id}"]),
      "aws_security_group_rule.pods": rule("ingress", B, "${aws_security_group.base.id}", "tcp", 3306),
    },
  },
  {
    what: "that admits addresses of the VPC",
    resources: { ...OUTAGE, "aws_security_group_rule.vpc": rule("ingress", B, PRIVATE, "tcp", 3306) },
  },
  {
    what: "that may admit the pods by a rule that is not known",
    resources: {
      ...OUTAGE,
      "aws_security_group_rule.x": rule("ingress", "${(var.a ? var.b : var.c)}", A, "tcp", 3306),
    },
  },
  { what: "whose pods a flow keeps out", resources: OUTAGE, flows: flow("deny") },
  { what: "of which a flow says that it is broken", resources: OUTAGE, flows: flow("allow") },
  ...[
    { "aws_efs_mount_target.m": { security_groups: [B] } },
    { "aws_fsx_lustre_file_system.m": { security_group_ids: [B] } },
  ].map((fileSystem) => ({
    what: `that the nodes mount: ${Object.keys(fileSystem).join("")}`,
    resources: {
      ...without("aws_db_instance.d", "aws_security_group_rule.nodes"),
      "aws_security_group_rule.nodes": rule("ingress", B, NODES, "tcp", 2049),
      ...fileSystem,
    },
  })),
  { what: "without pods of their own groups", resources: without(POLICY) },
  {
    what: "whose group is declared elsewhere",
    resources: { ...OUTAGE, "aws_db_instance.d": { vpc_security_group_ids: [B, "sg-1"] } },
  },
  {
    what: "without nodes that it admits",
    resources: { ...without("aws_security_group_rule.nodes"), ...GROUPS, [POLICY]: podPolicy(A, C) },
  },
  {
    what: "that admits the nodes alone, beside one that admits the pods",
    resources: {
      ...OUTAGE,
      "aws_security_group.own": {},
      "aws_db_proxy.own": { vpc_security_group_ids: ["${aws_security_group.own.id}"] },
      "aws_security_group_rule.own": rule("ingress", "${aws_security_group.own.id}", A, "tcp", 3306),
    },
    found: [[DB, "warning"]],
  },
  {
    what: "that admits the nodes alone, and an egress rule names, beside one that admits the pods",
    resources: {
      ...OUTAGE,
      "aws_security_group.own": {},
      "aws_db_proxy.own": { vpc_security_group_ids: ["${aws_security_group.own.id}"] },
      "aws_security_group_rule.own": rule("ingress", "${aws_security_group.own.id}", A, "tcp", 3306),
      "aws_security_group_rule.to": rule("egress", A, B, "tcp", 3306),
    },
    found: [[DB, "error"]],
  },
  {
    what: "that admits the nodes alone, of which the pods' egress rules let nothing out",
    resources: { ...OUTAGE, "aws_security_group_rule.out": rule("egress", A, WORLD, "tcp", 443) },
    found: [[DB, "warning"]],
  },
  {
    what: "that admits the nodes, and a policy names a group by its id",
    resources: { ...OUTAGE, [POLICY]: podPolicy("sg-0123456789abcdef0") },
  },
  {
    what: "that admits the addresses of a VPC which are not private ones",
    resources: {
      ...OUTAGE,
      "aws_vpc.v": { cidr_block: "52.10.0.0/16" },
      "aws_security_group_rule.vpc": rule("ingress", B, { cidr_blocks: ["52.10.0.0/16"] }, "tcp", 3306),
    },
  },
  {
    what: "that admits the nodes alone, beside a VPC whose range is none",
    resources: {
      ...OUTAGE,
      "aws_vpc.v": { cidr_block: "nonsense" },
      "aws_security_group_rule.office": rule("ingress", B, { cidr_blocks: ["52.10.0.0/16"] }, "tcp", 3306),
    },
    found: [[DB, "error"]],
  },
  {
    what: "of another VPC, which pods reach by the nodes' group in the mode standard",
    resources: {
      ...OUTAGE,
      "aws_security_group.a": { vpc_id: "vpc-1" },
      "aws_security_group.b": { vpc_id: "vpc-2" },
    },
    mode: "standard",
  },
  {
    what: "of the same VPC in the mode standard",
    resources: {
      ...OUTAGE,
      "aws_security_group.a": { vpc_id: "${var.vpc}" },
      "aws_security_group.b": { vpc_id: "${var.vpc}" },
    },
    mode: "standard",
    found: [[DB, "error"]],
  },
];
