import type { Resources } from "../support/input";
import { A, B, type Case, GROUPS, PRIVATE, podPolicy, rule } from "./cases";

const WORKER = "${var.worker}";

/** So many rules of a group, each for a port of its own. */
function rules(count: number, group: string, peer: Parameters<typeof rule>[2], module = ""): Resources {
  return Object.fromEntries(
    Array.from({ length: count }, (_, port) => [
      `${module}aws_security_group_rule.r${port}`,
      rule("ingress", group, peer, "tcp", port),
    ]),
  );
}

const IPV6 = { ipv6_cidr_blocks: ["2001:db8::/32"] };
const ruleQuota: Omit<Case, "check">[] = [
  {
    what: "61 rules",
    resources: { ...GROUPS, ...rules(61, A, PRIVATE) },
    found: [["aws_security_group.a", "error"]],
  },
  {
    what: "60 rules, of which one counts for a list of two",
    resources: {
      ...GROUPS,
      ...rules(59, A, B),
      "aws_ec2_managed_prefix_list.l": { max_entries: 2, entry: [{ cidr: "10.0.0.0/8" }] },
      "aws_security_group_rule.l": rule("ingress", A, {
        prefix_list_ids: ["${aws_ec2_managed_prefix_list.l.id}"],
      }),
    },
    found: [["aws_security_group.a", "error"]],
  },
  {
    what: "48 rules",
    resources: { ...GROUPS, ...rules(48, A, B) },
    found: [["aws_security_group.a", "warning"]],
  },
  {
    what: "what two calls add to a group of others",
    resources: { ...rules(2, WORKER, PRIVATE, "module.x."), ...rules(2, WORKER, IPV6, 'module.y["a"].') },
    found: [["var.worker", "information"]],
  },
  {
    what: "60 rules, the families apart",
    resources: {
      ...GROUPS,
      ...rules(47, A, PRIVATE),
      ...Object.fromEntries(
        Array.from({ length: 47 }, (_, port) => [
          `aws_security_group_rule.s${port}`,
          rule("ingress", A, IPV6, "tcp", port),
        ]),
      ),
    },
  },
  {
    what: "a list of IPv6 beside rules for IPv4",
    resources: {
      ...GROUPS,
      ...rules(40, A, PRIVATE),
      "aws_ec2_managed_prefix_list.l": { max_entries: 40, address_family: "IPv6" },
      "aws_security_group_rule.l": rule("ingress", A, {
        prefix_list_ids: ["${aws_ec2_managed_prefix_list.l.id}"],
      }),
    },
  },
  { what: "what one call adds to a group of others", resources: rules(2, WORKER, PRIVATE, "module.x.") },
];

const named = (name: string, vpc_id = "${var.vpc}") => ({ name, vpc_id });
const duplicateGroupName: Omit<Case, "check">[] = [
  {
    what: "two calls with one name",
    resources: {
      "module.a.aws_security_group.x": named("orders"),
      "module.b.aws_security_group.x": named("orders"),
    },
    found: [["module.b.aws_security_group.x", "error"]],
  },
  {
    what: "one name that is not known",
    resources: { "aws_security_group.x": named("${var.name}"), "aws_security_group.y": named("${var.name}") },
    found: [["aws_security_group.y", "error"]],
  },
  {
    what: "one name in two VPCs",
    resources: { "aws_security_group.x": named("orders"), "aws_security_group.y": named("orders", "vpc-2") },
  },
  {
    what: "two names, one of them not known",
    resources: { "aws_security_group.x": named("orders"), "aws_security_group.y": named("${var.name}") },
  },
  {
    what: "names that Terraform makes",
    resources: { "aws_security_group.x": {}, "aws_security_group.y": {} },
  },
];

const refusedDescription: Omit<Case, "check">[] = [
  {
    what: "of a group, too long",
    resources: { "aws_security_group.a": { description: "x".repeat(256) } },
    found: [["aws_security_group.a", "error"]],
  },
  {
    what: "of a rule, with an apostrophe",
    resources: {
      ...GROUPS,
      "aws_security_group_rule.x": { ...rule("ingress", A, PRIVATE), description: "Bob's rule" },
    },
    found: [["aws_security_group_rule.x", "error"]],
  },
  {
    what: "a name like an id",
    resources: { "aws_security_group.a": { name: "sg-orders" } },
    found: [["aws_security_group.a", "error"]],
  },
  {
    what: "all that is allowed",
    resources: {
      "aws_security_group.a": { name: "orders", description: `${"x".repeat(230)} ._-:/()#,@[]+=&;{}!$*` },
    },
  },
  { what: "that is not known", resources: { "aws_security_group.a": { description: "${var.d}" } } },
];

const replaced = (resources: Resources, actions: readonly string[], kind: Case["kind"] = "plan") => ({
  kind,
  resources,
  actions: { "aws_security_group.a": actions },
  before: { "aws_security_group.a": { name: "old", description: "Same." } },
});
const RENAMED = { "aws_security_group.a": { name: "new", description: "Same." } };
const replacesPodGroup: Omit<Case, "check">[] = [
  {
    what: "the name of a pods' group changes",
    ...replaced({ ...RENAMED, "kubernetes_manifest.p": podPolicy(A) }, ["delete", "create"]),
    found: [["aws_security_group.a", "error"]],
  },
  {
    what: "the name of a group that may be pods' changes",
    ...replaced(RENAMED, ["create", "delete"]),
    found: [["aws_security_group.a", "warning"]],
  },
  { what: "a group is made", ...replaced({ ...RENAMED, "kubernetes_manifest.p": podPolicy(A) }, ["create"]) },
  {
    what: "a database's group changes",
    ...replaced({ ...RENAMED, "aws_db_instance.d": { vpc_security_group_ids: [A] } }, ["delete", "create"]),
  },
];

const TAG = { tags: { "kubernetes.io/cluster/main": "owned" } };
const BOTH = podPolicy(A, B);
const clusterTag: Omit<Case, "check">[] = [
  {
    what: "two",
    resources: { "aws_security_group.a": TAG, "aws_security_group.b": TAG, "kubernetes_manifest.p": BOTH },
    found: [["kubernetes_manifest.p", "warning"]],
  },
  {
    what: "none of several",
    resources: { ...GROUPS, "kubernetes_manifest.p": BOTH },
    found: [["kubernetes_manifest.p", "warning"]],
  },
  {
    what: "one of several",
    resources: { ...GROUPS, "aws_security_group.a": TAG, "kubernetes_manifest.p": BOTH },
  },
  {
    what: "one for each of two clusters",
    resources: {
      "aws_security_group.a": TAG,
      "aws_security_group.b": { tags: { "kubernetes.io/cluster/other": "owned" } },
      "kubernetes_manifest.p": BOTH,
    },
  },
  { what: "none, on one group", resources: { ...GROUPS, "kubernetes_manifest.p": podPolicy(A) } },
  { what: "none that is seen", resources: { ...GROUPS, "kubernetes_manifest.p": podPolicy(A, "sg-1") } },
  {
    what: "tags that are not known",
    resources: { ...GROUPS, "aws_security_group.b": { tags: "${var.tags}" }, "kubernetes_manifest.p": BOTH },
  },
  {
    what: "two, on a load balancer",
    resources: {
      "aws_security_group.a": TAG,
      "aws_security_group.b": TAG,
      "aws_lb.l": { security_groups: [A, B] },
    },
  },
];

export const GROUP_CASES: readonly Case[] = Object.entries({
  "rule-quota": ruleQuota,
  "duplicate-group-name": duplicateGroupName,
  "refused-description": refusedDescription,
  "replaces-pod-group": replacesPodGroup,
  "cluster-tag": clusterTag,
}).flatMap(([check, cases]) => cases.map((one) => ({ check, ...one })));
