import type { Manifest } from "./api-server";
import type { GroupWords } from "./kubernetes-forms";
import { Reference, type Resources } from "./terraform-forms";

/*
 * A small estate in objects, of which each form can be made: two workloads with groups of their own, of which one calls the
 * other, a load balancer, a database, and an API server that calls a webhook and an API. It is healthy.
 */

/** The text that its manifests have in the place of groups. */
export const WORDS: GroupWords = {
  "${ORDERS_SG_ID}": "aws_security_group.orders",
  "${STOREFRONT_SG_ID}": "aws_security_group.storefront",
  "${ALB_SG_ID}": "aws_security_group.alb",
  "${DATABASE_SG_ID}": "aws_security_group.database",
};

const id = (group: string) => new Reference(`aws_security_group.${group}`);

interface Rule {
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly protocol?: "tcp" | "udp";
}

/** Both halves. */
function rules({ from, to, port, protocol = "tcp" }: Rule): Resources {
  const half = (direction: string, group: string, peer: string) => [
    `aws_vpc_security_group_${direction}_rule.${from}_${to}_${protocol}_${port}`,
    {
      security_group_id: id(group),
      referenced_security_group_id: id(peer),
      ip_protocol: protocol,
      from_port: port,
      to_port: port,
    },
  ];
  // What nodes may send is not restricted.
  const egress = from === "nodes" || from === "control_plane" ? [] : [half("egress", from, to)];
  return Object.fromEntries([...egress, half("ingress", to, from)]);
}

function everything(group: string): Resources {
  return {
    [`aws_vpc_security_group_egress_rule.${group}`]: {
      security_group_id: id(group),
      ip_protocol: "-1",
      cidr_ipv4: "0.0.0.0/0",
    },
  };
}

const GROUPS = ["nodes", "control_plane", "orders", "storefront", "alb", "database"];

const RULES: readonly Rule[] = [
  ...["orders", "storefront"].flatMap((from) =>
    (["tcp", "udp"] as const).map((protocol) => ({ from, to: "nodes", port: 53, protocol })),
  ),
  { from: "nodes", to: "orders", port: 8080 },
  { from: "nodes", to: "storefront", port: 8081 },
  { from: "storefront", to: "orders", port: 8080 },
  { from: "alb", to: "orders", port: 8080 },
  { from: "orders", to: "database", port: 5432 },
  { from: "control_plane", to: "orders", port: 9443 },
  { from: "control_plane", to: "orders", port: 9444 },
];

const attachment = (name: string): Resources => ({
  [`aws_iam_role_policy_attachment.${name.toLowerCase()}`]: {
    role: new Reference("aws_iam_role.cluster", "name"),
    policy_arn: `arn:aws:iam::aws:policy/${name}`,
  },
});

export const CNI = {
  env: { ENABLE_POD_ENI: "true", POD_SECURITY_GROUP_ENFORCING_MODE: "strict" },
  init: { env: { DISABLE_TCP_EARLY_DEMUX: "true" } },
};

export const TERRAFORM: Resources = {
  "aws_iam_role.cluster": {
    name: "cluster",
    assume_role_policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "eks.amazonaws.com" } }],
    }),
  },
  ...attachment("AmazonEKSClusterPolicy"),
  ...attachment("AmazonEKSVPCResourceController"),
  "aws_eks_cluster.shop": {
    name: "shop",
    role_arn: new Reference("aws_iam_role.cluster", "arn"),
    vpc_config: [{ subnet_ids: ["subnet-1", "subnet-2"], security_group_ids: [id("control_plane")] }],
  },
  "aws_eks_addon.vpc_cni": {
    cluster_name: new Reference("aws_eks_cluster.shop", "name"),
    addon_name: "vpc-cni",
    configuration_values: JSON.stringify(CNI),
  },
  "aws_launch_template.nodes": { instance_type: "m5.large", vpc_security_group_ids: [id("nodes")] },
  "aws_eks_node_group.nodes": {
    cluster_name: new Reference("aws_eks_cluster.shop", "name"),
    node_group_name: "nodes",
    node_role_arn: "arn:aws:iam::111122223333:role/nodes",
    subnet_ids: ["subnet-1", "subnet-2"],
    launch_template: [{ id: new Reference("aws_launch_template.nodes"), version: "1" }],
    scaling_config: [{ desired_size: 2, max_size: 4, min_size: 2 }],
  },
  "aws_db_instance.orders": {
    identifier: "orders",
    engine: "postgres",
    instance_class: "db.t4g.medium",
    vpc_security_group_ids: [id("database")],
  },
  ...Object.fromEntries(
    GROUPS.map((name) => [
      `aws_security_group.${name}`,
      { name, vpc_id: "vpc-1", tags: { "kubernetes.io/cluster/shop": "owned" } },
    ]),
  ),
  ...Object.assign({}, ...RULES.map(rules)),
  ...everything("nodes"),
  ...everything("control_plane"),
};

const NAMED = (name: string) => ({ name, namespace: "shop" });
const LABELLED = (name: string) => ({ matchLabels: { app: name } });

/** The objects by what the tests call them. */
export const OBJECTS = {
  ordersPolicy: {
    apiVersion: "vpcresources.k8s.aws/v1beta1",
    kind: "SecurityGroupPolicy",
    metadata: NAMED("orders"),
    spec: { podSelector: LABELLED("orders"), securityGroups: { groupIds: ["${ORDERS_SG_ID}"] } },
  },
  storefrontPolicy: {
    apiVersion: "vpcresources.k8s.aws/v1beta1",
    kind: "SecurityGroupPolicy",
    metadata: NAMED("storefront"),
    spec: {
      serviceAccountSelector: { matchLabels: { runs: "storefront" } },
      securityGroups: { groupIds: ["${STOREFRONT_SG_ID}"] },
    },
  },
  ordersAccount: { apiVersion: "v1", kind: "ServiceAccount", metadata: NAMED("orders") },
  storefrontAccount: {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { ...NAMED("storefront"), labels: { runs: "storefront" } },
  },
  orders: {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: NAMED("orders"),
    spec: {
      selector: LABELLED("orders"),
      template: {
        metadata: { labels: { app: "orders" } },
        spec: {
          serviceAccountName: "orders",
          containers: [
            {
              name: "orders",
              image: "registry.example.com/orders:1",
              ports: [
                { name: "http", containerPort: 8080 },
                { name: "webhook", containerPort: 9443 },
                { name: "api", containerPort: 9444 },
              ],
              readinessProbe: { httpGet: { path: "/ready", port: "http" } },
            },
          ],
        },
      },
    },
  },
  storefront: {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: NAMED("storefront"),
    spec: {
      selector: LABELLED("storefront"),
      template: {
        metadata: { labels: { app: "storefront" } },
        spec: {
          serviceAccountName: "storefront",
          containers: [
            {
              name: "storefront",
              image: "registry.example.com/storefront:1",
              livenessProbe: { tcpSocket: { port: 8081 } },
            },
          ],
        },
      },
    },
  },
  service: {
    apiVersion: "v1",
    kind: "Service",
    metadata: NAMED("orders"),
    spec: {
      selector: { app: "orders" },
      ports: [
        { name: "http", port: 80, targetPort: "http" },
        { name: "webhook", port: 443, targetPort: "webhook" },
        { name: "api", port: 444, targetPort: "api" },
      ],
    },
  },
  ingress: {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: {
      ...NAMED("orders"),
      annotations: {
        "alb.ingress.kubernetes.io/security-groups": "${ALB_SG_ID}",
        "alb.ingress.kubernetes.io/target-type": "ip",
      },
    },
    spec: {
      ingressClassName: "alb",
      rules: [
        {
          host: "orders.example.com",
          http: {
            paths: [
              {
                path: "/",
                pathType: "Prefix",
                backend: { service: { name: "orders", port: { number: 80 } } },
              },
            ],
          },
        },
      ],
    },
  },
  networkPolicy: {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: NAMED("orders"),
    spec: {
      podSelector: LABELLED("orders"),
      policyTypes: ["Ingress"],
      ingress: [
        { from: [{ podSelector: LABELLED("storefront") }], ports: [{ port: "http", protocol: "TCP" }] },
      ],
    },
  },
  webhook: {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingWebhookConfiguration",
    metadata: { name: "orders" },
    webhooks: [
      {
        name: "orders.shop.example.com",
        admissionReviewVersions: ["v1"],
        sideEffects: "None",
        failurePolicy: "Ignore",
        clientConfig: { service: { name: "orders", namespace: "shop", path: "/validate" } },
        rules: [
          { apiGroups: ["apps"], apiVersions: ["v1"], operations: ["CREATE"], resources: ["deployments"] },
        ],
      },
    ],
  },
  api: {
    apiVersion: "apiregistration.k8s.io/v1",
    kind: "APIService",
    metadata: { name: "v1.orders.shop.example.com" },
    spec: {
      group: "orders.shop.example.com",
      version: "v1",
      groupPriorityMinimum: 100,
      versionPriority: 100,
      service: { name: "orders", namespace: "shop", port: 444 },
    },
  },
} satisfies Record<string, Manifest>;
