import { A, B, type Case, GROUPS, PRIVATE, podPolicy, policy, rule, WORLD } from "./cases";

const WORKER = '${var.security_groups["k8s_worker"]}';
const INGRESS = '${var.security_groups["k8s_ingress"]}';
const SELF = { self: true };

const deadRule: Omit<Case, "check">[] = [
  {
    what: "to itself, without egress",
    resources: { ...GROUPS, "aws_security_group_rule.x": rule("ingress", A, SELF) },
    found: [["aws_security_group_rule.x", "warning"]],
  },
  {
    what: "whose other half is for another port",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.x": rule("ingress", A, B, "tcp", 3306),
      "aws_security_group_rule.y": rule("egress", B, A, "tcp", 3307),
    },
    found: [
      ["aws_security_group_rule.x", "warning"],
      ["aws_security_group_rule.y", "warning"],
    ],
  },
  {
    what: "on a foreign group, from a declared one without egress",
    resources: { ...GROUPS, "aws_security_group_rule.x": rule("ingress", WORKER, A) },
    found: [["aws_security_group_rule.x", "warning"]],
  },
  {
    what: "with both halves",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.x": rule("ingress", A, B, "tcp", 3306),
      "aws_security_group_rule.y": rule("egress", B, A, "tcp", 3300, 3310),
    },
  },
  {
    what: "whose other half is for addresses",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.x": rule("ingress", A, B),
      "aws_security_group_rule.y": rule("egress", B, PRIVATE),
    },
  },
  {
    what: "whose other half is on another group of the interface",
    resources: {
      "aws_security_group.c": {},
      ...GROUPS,
      "aws_security_group_rule.x": rule("ingress", A, B),
      "aws_security_group_rule.y": rule("egress", "${aws_security_group.c.id}", A),
      "aws_instance.i": { vpc_security_group_ids: [B, "${aws_security_group.c.id}"] },
    },
  },
  {
    what: "whose other half is for another group of this interface",
    resources: {
      "aws_security_group.c": {},
      ...GROUPS,
      "aws_security_group_rule.x": rule("ingress", A, B),
      "aws_security_group_rule.y": rule("egress", B, "${aws_security_group.c.id}"),
    },
    flows: {
      f: {
        from: { name: "b", groups: ["aws_security_group.b"] },
        to: { name: "both", groups: ["aws_security_group.a", "aws_security_group.c"] },
        traffic: [],
      },
    },
  },
  {
    what: "whose peer is a foreign group",
    resources: { ...GROUPS, "aws_security_group_rule.x": rule("ingress", A, WORKER) },
  },
  {
    what: "whose other half may be a rule of a group that is not known",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.x": rule("ingress", A, B),
      "aws_security_group_rule.y": rule("egress", "${(var.a ? var.b : var.c)}", A),
    },
  },
  {
    what: "whose ports are not known",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.x": { ...rule("ingress", A, B), from_port: "${var.port}" },
    },
  },
];

const dns = (
  direction: "ingress" | "egress",
  group: string,
  peer: Parameters<typeof rule>[2],
  protocol: string,
) => rule(direction, group, peer, protocol, 53);
const dnsHalfOpen: Omit<Case, "check">[] = [
  {
    what: "UDP only",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.out": dns("egress", A, B, "udp"),
      "aws_security_group_rule.in": dns("ingress", B, A, "udp"),
    },
    found: [["aws_security_group_rule.out", "warning"]],
  },
  {
    what: "TCP only",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.out": dns("egress", A, B, "tcp"),
      "aws_security_group_rule.in": dns("ingress", B, A, "tcp"),
    },
    found: [["aws_security_group_rule.out", "error"]],
  },
  {
    what: "one side only",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.t": dns("egress", A, B, "tcp"),
      "aws_security_group_rule.u": dns("egress", A, B, "udp"),
    },
    found: [["aws_security_group_rule.t", "error"]],
  },
  {
    what: "the foreign side has UDP only",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.t": dns("egress", A, WORKER, "tcp"),
      "aws_security_group_rule.u": dns("egress", A, WORKER, "udp"),
      "aws_security_group_rule.in": dns("ingress", WORKER, A, "udp"),
    },
    found: [["aws_security_group_rule.t", "warning"]],
  },
  {
    what: "UDP only, to addresses",
    resources: { ...GROUPS, "aws_security_group_rule.u": dns("egress", A, PRIVATE, "udp") },
    found: [["aws_security_group_rule.u", "warning"]],
  },
  {
    what: "both protocols on both sides, one half as a wide rule",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.t": dns("egress", A, B, "tcp"),
      "aws_security_group_rule.u": dns("egress", A, B, "udp"),
      "aws_security_group_rule.in": rule("ingress", B, PRIVATE, "-1"),
    },
  },
  {
    what: "both protocols, and nothing of the foreign side in the input",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.t": dns("egress", A, WORKER, "tcp"),
      "aws_security_group_rule.u": dns("egress", A, WORKER, "udp"),
    },
  },
  {
    what: "a rule that is not for DNS",
    resources: { ...GROUPS, "aws_security_group_rule.t": rule("egress", A, PRIVATE, "udp", 50, 60) },
  },
];

const PODS = { ...GROUPS, "kubernetes_manifest.p": podPolicy(A) };
const C = "${aws_security_group.c.id}";
const THREE = { ...GROUPS, "aws_security_group.c": {} };
const POLICY = "kubernetes_manifest.p";
/** A policy for pods with one label. */
const labelled = (app: unknown, groupIds: readonly string[], metadata = {}) =>
  policy({ podSelector: { matchLabels: { app } }, securityGroups: { groupIds } }, metadata);
const endpointPods = (...groups: readonly string[]) => ({
  f: { from: { name: "x", cidrs: ["10.0.0.0/8"] }, to: { name: "pods", groups }, traffic: [] },
});

const noProbePath: Omit<Case, "check">[] = [
  {
    what: "pods that only the ingress reaches",
    resources: { ...PODS, "aws_security_group_rule.x": rule("ingress", A, INGRESS) },
    found: [[POLICY, "warning"]],
  },
  {
    what: "pods that the nodes reach over UDP",
    resources: { ...PODS, "aws_security_group_rule.x": rule("ingress", A, WORKER, "udp") },
    found: [[POLICY, "warning"]],
  },
  {
    what: "a policy that leaves out the group that the nodes reach",
    resources: { ...PODS, "aws_security_group_rule.x": rule("ingress", B, WORKER, "tcp", 8080) },
    flows: endpointPods("aws_security_group.a"),
    found: [[POLICY, "warning"]],
  },
  {
    what: "two policies for the same groups, each at its own address",
    resources: { ...PODS, "kubernetes_manifest.q": labelled("billing", [A]) },
    found: [
      [POLICY, "warning"],
      ["kubernetes_manifest.q", "warning"],
    ],
  },
  {
    what: "an endpoint pods of a flow",
    resources: { ...GROUPS },
    flows: endpointPods("aws_security_group.a"),
    found: [["aws_security_group.a", "warning"]],
  },
  {
    what: "pods that the nodes reach",
    resources: { ...PODS, "aws_security_group_rule.x": rule("ingress", A, WORKER, "tcp", 8080) },
  },
  {
    what: "pods that the nodes reach by another group of the policy, which a flow does not name",
    resources: {
      ...GROUPS,
      [POLICY]: podPolicy(A, B),
      "aws_security_group_rule.x": rule("ingress", B, WORKER, "tcp", 8080),
    },
    flows: endpointPods("aws_security_group.a"),
  },
  {
    what: "pods that a group reaches that may be the nodes'",
    resources: { ...PODS, "aws_security_group_rule.x": rule("ingress", A, "sg-0a1b") },
  },
  {
    what: "pods that addresses reach",
    resources: { ...PODS, "aws_security_group_rule.x": rule("ingress", A, PRIVATE) },
  },
  {
    what: "pods that carry a foreign group too",
    resources: { ...GROUPS, [POLICY]: podPolicy(A, "sg-1") },
  },
  { what: "in the mode standard", mode: "standard", resources: { ...PODS } },
];

const noDnsPath: Omit<Case, "check">[] = [
  { what: "no egress at all", resources: PODS, found: [[POLICY, "error"]] },
  {
    what: "egress for other ports",
    resources: {
      ...PODS,
      "aws_security_group_rule.x": rule("egress", A, WORLD),
      "aws_security_group_rule.y": rule("egress", A, B, "udp", 54, 60),
    },
    found: [[POLICY, "error"]],
  },
  {
    what: "egress for all of TCP, of which no rule is for DNS",
    resources: { ...PODS, "aws_security_group_rule.x": rule("egress", A, WORLD, "tcp", 0, 65535) },
    found: [[POLICY, "error"]],
  },
  {
    what: "in the mode standard, where a resolver on the node is in reach",
    mode: "standard",
    resources: PODS,
    found: [[POLICY, "warning"]],
  },
  {
    what: "a policy that leaves out the group that has DNS",
    resources: { ...PODS, "aws_security_group_rule.x": dns("egress", B, WORKER, "udp") },
    found: [[POLICY, "error"]],
  },
  {
    what: "the group with DNS in a policy for other pods, and in one of another namespace",
    resources: {
      ...PODS,
      "aws_security_group_rule.x": dns("egress", B, WORKER, "udp"),
      "kubernetes_manifest.q": labelled("billing", [B]),
      "kubernetes_manifest.r": labelled("orders", [B], { namespace: "other" }),
    },
    found: [[POLICY, "error"]],
  },
  {
    what: "the group with DNS in a policy that is ignored",
    resources: {
      ...PODS,
      "aws_security_group_rule.x": dns("egress", B, WORKER, "udp"),
      "kubernetes_manifest.q": policy({ securityGroups: { groupIds: [B] } }),
    },
    found: [[POLICY, "error"]],
  },
  {
    what: "UDP to a group that may be anything",
    resources: { ...PODS, "aws_security_group_rule.x": dns("egress", A, "sg-0a1b", "udp") },
  },
  {
    what: "TCP for DNS alone, of which dns-half-open speaks",
    resources: { ...PODS, "aws_security_group_rule.x": dns("egress", A, WORKER, "tcp") },
  },
  {
    what: "everything",
    resources: { ...PODS, "aws_security_group_rule.x": rule("egress", A, WORLD, "-1", 0) },
  },
  {
    what: "a rule whose ports are not known",
    resources: {
      ...PODS,
      "aws_security_group_rule.x": { ...rule("egress", A, WORLD, "udp"), from_port: "${var.port}" },
    },
  },
  {
    what: "a rule of a group that is not known",
    resources: {
      ...PODS,
      "aws_security_group_rule.x": dns("egress", "${(var.a ? var.b : var.c)}", WORKER, "udp"),
    },
  },
  {
    what: "DNS by another group of the policy",
    resources: {
      ...GROUPS,
      [POLICY]: podPolicy(A, B),
      "aws_security_group_rule.x": dns("egress", B, WORKER, "udp"),
    },
  },
  {
    what: "DNS by another policy that may match the same pods",
    resources: {
      ...THREE,
      [POLICY]: podPolicy(A),
      "kubernetes_manifest.q": policy({
        podSelector: { matchLabels: { dns: "yes" } },
        securityGroups: { groupIds: [C] },
      }),
      "aws_security_group_rule.x": dns("egress", C, WORKER, "udp"),
    },
  },
  {
    what: "a policy beside it whose selector is not known, with a foreign group",
    resources: {
      ...PODS,
      "kubernetes_manifest.q": policy({
        podSelector: "${var.selector}",
        securityGroups: { groupIds: ["sg-1"] },
      }),
    },
  },
  { what: "a foreign group", resources: { [POLICY]: podPolicy("sg-1") } },
  { what: "a foreign group besides", resources: { ...GROUPS, [POLICY]: podPolicy(A, "${var.more}") } },
  {
    what: "a policy that matches no pod",
    resources: {
      ...GROUPS,
      [POLICY]: policy({
        podSelector: {
          matchExpressions: [
            { key: "a", operator: "Exists" },
            { key: "a", operator: "DoesNotExist" },
          ],
        },
        securityGroups: { groupIds: [A] },
      }),
    },
  },
  { what: "groups that no policy gives", resources: GROUPS, flows: endpointPods("aws_security_group.a") },
];

const DATABASE = {
  ...PODS,
  "aws_db_instance.d": { vpc_security_group_ids: [B] },
  "aws_security_group_rule.pods": rule("ingress", B, A, "tcp", 3306),
};
const databaseOpenToNodes: Omit<Case, "check">[] = [
  {
    what: "open to nodes, ingress, cluster and addresses",
    resources: {
      ...DATABASE,
      "aws_security_group_rule.n": rule("ingress", B, WORKER, "tcp", 3306),
      "aws_security_group_rule.i": rule("ingress", B, INGRESS, "tcp", 3306),
      "aws_security_group_rule.c": rule(
        "ingress",
        B,
        "${aws_eks_cluster.x.vpc_config[0].cluster_security_group_id}",
      ),
      "aws_security_group_rule.r": rule("ingress", B, PRIVATE, "tcp", 3306),
    },
    found: ["c", "i", "n", "r"].map((name) => [`aws_security_group_rule.${name}`, "warning"] as const),
  },
  {
    what: "open to the pods and another group",
    resources: { ...DATABASE, "aws_security_group_rule.x": rule("ingress", B, "sg-1") },
  },
  {
    what: "open to nodes, without pods",
    resources: {
      ...GROUPS,
      "aws_db_instance.d": { vpc_security_group_ids: [B] },
      "aws_security_group_rule.n": rule("ingress", B, WORKER),
    },
  },
];

const openToTheWorld: Omit<Case, "check">[] = [
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
  },
  {
    what: "a port, on a group that nothing is known of",
    resources: { ...GROUPS, "aws_security_group_rule.x": rule("ingress", A, { ipv6_cidr_blocks: ["::/0"] }) },
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

const wideEgress: Omit<Case, "check">[] = [
  {
    what: "everything",
    resources: { ...GROUPS, "aws_security_group_rule.x": rule("egress", A, WORLD, "-1") },
    found: [["aws_security_group_rule.x", "warning"]],
  },
  {
    what: "everything, of nodes",
    resources: {
      ...GROUPS,
      "aws_launch_template.t": { vpc_security_group_ids: [A] },
      "aws_security_group_rule.x": rule("egress", A, WORLD, "tcp", 0, 65535),
    },
    found: [["aws_security_group_rule.x", "information"]],
  },
  {
    what: "stated ports",
    resources: { ...GROUPS, "aws_security_group_rule.x": rule("egress", A, WORLD, "tcp", 80, 443) },
  },
  {
    what: "everything, to a private range",
    resources: { ...GROUPS, "aws_security_group_rule.x": rule("egress", A, PRIVATE, "-1") },
  },
];

const aToB = (from: number, to: number): NonNullable<Case["flows"]> => ({
  F1: {
    from: { name: "a", groups: ["aws_security_group.a"] },
    to: { name: "b", groups: ["aws_security_group.b"] },
    traffic: [{ protocol: "tcp", ports: { from, to } }],
  },
});
const HALVES = {
  ...GROUPS,
  "aws_security_group_rule.out": rule("egress", A, B, "tcp", 3306),
  "aws_security_group_rule.in": rule("ingress", B, A, "tcp", 3000, 4000),
};
const widerThanFlows: Omit<Case, "check">[] = [
  {
    what: "a range for one port",
    resources: HALVES,
    flows: aToB(3306, 3306),
    found: [["aws_security_group_rule.in", "information"]],
  },
  {
    what: "a rule that carries no flow",
    resources: {
      ...HALVES,
      "aws_security_group_rule.in": rule("ingress", B, A, "tcp", 3306),
      "aws_security_group_rule.x": rule("ingress", B, B, "-1"),
    },
    flows: aToB(3306, 3306),
  },
  { what: "no flows", resources: HALVES },
];

const duplicateRule: Omit<Case, "check">[] = [
  {
    what: "another spelling in another form",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.x": rule(
        "ingress",
        A,
        { cidr_blocks: ["10.0.0.0/8", "192.168.0.0/16"] },
        "TCP",
        443,
      ),
      "aws_vpc_security_group_ingress_rule.y": {
        security_group_id: A,
        ip_protocol: 6,
        from_port: "443",
        to_port: 443,
        cidr_ipv4: "192.168.7.7/16",
        description: "Another.",
      },
    },
    found: [["aws_vpc_security_group_ingress_rule.y", "error"]],
  },
  {
    what: "worker and ingress are the same group",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.i": rule("ingress", A, "sg-0a1b"),
      "aws_security_group_rule.w": rule("ingress", A, "sg-0a1b"),
    },
    found: [["aws_security_group_rule.w", "error"]],
  },
  {
    what: "IPv6 in capitals",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.x": rule("egress", A, { ipv6_cidr_blocks: ["2001:DB8::/32"] }),
      "aws_security_group_rule.y": rule("egress", A, { ipv6_cidr_blocks: ["2001:db8:0::/32"] }),
    },
    found: [["aws_security_group_rule.y", "error"]],
  },
  {
    what: "another direction, port, group or peer",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.a": rule("ingress", A, B),
      "aws_security_group_rule.b": rule("egress", A, B),
      "aws_security_group_rule.c": rule("ingress", B, A),
      "aws_security_group_rule.d": rule("ingress", A, B, "tcp", 444),
      "aws_security_group_rule.e": rule("ingress", A, B, "udp"),
    },
  },
  {
    what: "two groups that may be one",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.i": rule("ingress", A, WORKER),
      "aws_security_group_rule.w": rule("ingress", A, INGRESS),
    },
  },
];

const shadowedRule: Omit<Case, "check">[] = [
  {
    what: "ports within a range",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.x": rule("ingress", A, B, "tcp", 443),
      "aws_security_group_rule.wide": rule("ingress", A, B, "tcp", 0, 65535),
    },
    found: [["aws_security_group_rule.x", "information"]],
  },
  {
    what: "addresses within others",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.x": rule("ingress", A, { cidr_blocks: ["10.1.0.0/16", "10.2.0.0/16"] }),
      "aws_security_group_rule.wide": rule("ingress", A, PRIVATE, "-1"),
    },
    found: [["aws_security_group_rule.x", "information"]],
  },
  {
    what: "addresses within others in part",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.x": rule("ingress", A, { cidr_blocks: ["10.1.0.0/16", "11.2.0.0/16"] }),
      "aws_security_group_rule.wide": rule("ingress", A, PRIVATE, "-1"),
    },
  },
  {
    what: "another family, direction or group",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.x": rule("ingress", A, { ipv6_cidr_blocks: ["2001:db8::/32"] }),
      "aws_security_group_rule.a": rule("ingress", A, PRIVATE, "-1"),
      "aws_security_group_rule.b": rule("egress", A, { ipv6_cidr_blocks: ["2000::/3"] }, "-1"),
      "aws_security_group_rule.c": rule("ingress", B, { ipv6_cidr_blocks: ["2000::/3"] }, "-1"),
    },
  },
];

const INLINE = {
  "aws_security_group.a": { ingress: [{ protocol: "tcp", from_port: 80, to_port: 80, ...PRIVATE }] },
};
const mixedRuleForms: Omit<Case, "check">[] = [
  {
    what: "blocks and a separate rule of one direction",
    resources: { ...INLINE, "aws_security_group_rule.x": rule("ingress", A, PRIVATE) },
    found: [["aws_security_group.a", "error"]],
  },
  {
    what: "a default group with a separate rule",
    resources: {
      "aws_default_security_group.d": {},
      "aws_security_group_rule.x": rule("ingress", "${aws_default_security_group.d.id}", PRIVATE),
    },
    found: [["aws_default_security_group.d", "error"]],
  },
  {
    what: "an empty list of blocks and a separate rule",
    resources: {
      "aws_security_group.a": { ingress: [] },
      "aws_security_group_rule.x": rule("ingress", A, PRIVATE),
    },
    found: [["aws_security_group.a", "error"]],
  },
  {
    what: "an empty list of blocks and a separate rule of the other direction",
    resources: {
      "aws_security_group.a": { ingress: [] },
      "aws_security_group_rule.x": rule("egress", A, PRIVATE),
    },
  },
  {
    what: "blocks and a separate rule of the other direction",
    resources: { ...INLINE, "aws_security_group_rule.x": rule("egress", A, PRIVATE) },
  },
  {
    what: "a state, whose groups repeat rules",
    kind: "state",
    resources: { ...INLINE, "aws_security_group_rule.x": rule("ingress", A, PRIVATE) },
  },
];

export const RULE_CASES: readonly Case[] = Object.entries({
  "dead-rule": deadRule,
  "dns-half-open": dnsHalfOpen,
  "no-dns-path": noDnsPath,
  "no-probe-path": noProbePath,
  "database-open-to-nodes": databaseOpenToNodes,
  "open-to-the-world": openToTheWorld,
  "wide-egress": wideEgress,
  "wider-than-flows": widerThanFlows,
  "duplicate-rule": duplicateRule,
  "shadowed-rule": shadowedRule,
  "mixed-rule-forms": mixedRuleForms,
}).flatMap(([check, cases]) => cases.map((one) => ({ check, ...one })));
