import { describe, expect, test } from "vitest";
import { takeInventory } from "../../../verify/inventory";
import { INTERFACES } from "../../../verify/inventory/interfaces/table";
import type { Attachment } from "../../../verify/inventory/model";
import { type Arguments, type InputOptions, inputOf, type Resources } from "../support/input";

const X = "${aws_security_group.x.id}";
const Y = "${aws_security_group.y.id}";
const GROUPS: Resources = { "aws_security_group.x": { name: "edge" }, "aws_security_group.y": {} };
const OWN = "aws_eks_cluster.shop.vpc_config[0].cluster_security_group_id";
const CLUSTER: Resources = { "aws_eks_cluster.shop": { name: "shop", vpc_config: [{ subnet_ids: [] }] } };

const inventoryOf = (resources: Resources, options?: InputOptions) =>
  takeInventory(inputOf({ ...GROUPS, ...resources }, options));

/** `address role: groups`, of each attachment. */
const words = (attachments: readonly Attachment[]) =>
  attachments.map(({ address, role, groups }) => `${address} ${role}: ${groups.join(" ")}`);

/** The arguments that put a group at a path through blocks. */
function argumentsAt(path: string, value: unknown): Arguments {
  const [name = "", ...rest] = path.split(".");
  return { [name]: rest.length === 0 ? value : [argumentsAt(rest.join("."), value)] };
}

describe("what puts groups on interfaces", () => {
  const stated = Object.entries(INTERFACES)
    .filter(([type, { role }]) => role !== "purpose" && type !== "aws_eks_cluster")
    .flatMap(([type, { role, groups }]) => groups.map((path) => [type, path, role] as const));

  test.each(stated)("%s by %s: %s", (type, path, role) => {
    const { attachments, groups } = inventoryOf({ [`${type}.it`]: argumentsAt(path, [X, Y]) });
    expect(words(attachments)).toStrictEqual([
      `${type}.it ${role}: aws_security_group.x aws_security_group.y`,
    ]);
    expect([...(groups.get("aws_security_group.x")?.roles ?? [])]).toStrictEqual([role]);
  });

  test("each block has interfaces of its own", () => {
    const { attachments } = inventoryOf({
      "aws_launch_template.it": { network_interfaces: [{ security_groups: [X] }, { security_groups: [Y] }] },
    });
    expect(attachments.map(({ groups }) => groups)).toStrictEqual([
      ["aws_security_group.x"],
      ["aws_security_group.y"],
    ]);
  });

  test("a list that is not known may hold any group", () => {
    const { attachments } = inventoryOf({
      "aws_db_instance.it": { vpc_security_group_ids: "${var.groups}" },
    });
    expect(words(attachments)).toStrictEqual(["aws_db_instance.it database: var.groups"]);
  });

  test.each<[string, Resources]>([
    [
      "a policy's likeness",
      { "kubernetes_manifest.it": { manifest: { kind: "Pod", spec: { groupIds: [X] } } } },
    ],
    [
      "who may log in to nodes",
      { "aws_eks_node_group.it": { remote_access: [{ source_security_group_ids: [X] }] } },
    ],
    ["a data source", { "data.aws_db_instance.it": { vpc_security_group_ids: [X] } }],
    ["a group that is null", { "aws_db_instance.it": { vpc_security_group_ids: [null, ""] } }],
  ])("%s attaches nothing", (_, resources) => {
    expect(inventoryOf(resources).attachments).toStrictEqual([]);
  });

  test("an ARN names the group, too", () => {
    const { attachments } = inventoryOf({
      "aws_security_group.z": { id: "sg-0a1b2c3d" },
      "aws_datasync_agent.a": { security_group_arns: ["${aws_security_group.x.arn}"] },
      "aws_datasync_agent.b": {
        security_group_arns: ["arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0a1b2c3d"],
      },
    });
    expect(attachments.map(({ groups }) => groups)).toStrictEqual([
      ["aws_security_group.x"],
      ["aws_security_group.z"],
    ]);
  });
});

describe("what else shows what a group is on", () => {
  test("a policy gives groups to pods", () => {
    const spec = { securityGroups: { groupIds: [X] } };
    const { attachments, groups } = inventoryOf({
      "kubernetes_manifest.it": {
        manifest: { apiVersion: "vpcresources.k8s.aws/v1beta1", kind: "SecurityGroupPolicy", spec },
      },
    });
    expect(words(attachments)).toStrictEqual(["kubernetes_manifest.it pods: aws_security_group.x"]);
    expect([...(groups.get("aws_security_group.x")?.roles ?? [])]).toStrictEqual(["pods"]);
  });

  test.each([
    ['var.security_groups["k8s_worker"]', "nodes"],
    ["var.security_groups.k8s_ingress", "ingress"],
    ["aws_eks_cluster.main.vpc_config[0].cluster_security_group_id", "cluster"],
    ["module.eks.cluster_primary_security_group_id", "cluster"],
    ["module.eks.eks_cluster_managed_security_group_id", "cluster"],
  ])("%s says it by its name", (expression, role) => {
    const { groups } = inventoryOf({
      "aws_security_group_rule.a": {
        type: "ingress",
        protocol: "-1",
        security_group_id: `\${${expression}}`,
        self: true,
      },
    });
    expect([...(groups.get(expression)?.roles ?? [])]).toStrictEqual([role]);
  });
});

describe("EC2 is what it is for", () => {
  const roleOf = (resources: Resources) => inventoryOf(resources).attachments.map(({ role }) => role);
  const base64 = (text: string) => Buffer.from(text).toString("base64");

  test.each<[string, Resources]>([
    ["a host to log in", { "aws_instance.bastion": { vpc_security_group_ids: [X], ami: "ami-1" } }],
    [
      "the template of a group that scales a web server",
      {
        "aws_launch_template.web": {
          id: "lt-1",
          vpc_security_group_ids: [X],
          user_data: base64("#!/bin/sh\nnginx"),
        },
        "aws_autoscaling_group.web": { launch_template: [{ id: "${aws_launch_template.web.id}" }] },
      },
    ],
    ["an interface", { "aws_network_interface.it": { security_groups: [X] } }],
    ["a group that is put on one", { "aws_network_interface_sg_attachment.it": { security_group_id: X } }],
  ])("%s is an instance", (_, resources) => {
    expect(roleOf(resources)).toStrictEqual(["instance"]);
  });

  test.each<[string, Resources]>([
    [
      "an instance that runs EKS's script",
      {
        "aws_instance.it": {
          vpc_security_group_ids: [X],
          user_data: "#!/bin/bash\n/etc/eks/bootstrap.sh shop",
        },
      },
    ],
    [
      "an instance with the configuration of a node, as base64",
      {
        "aws_instance.it": {
          vpc_security_group_ids: [X],
          user_data_base64: base64("kind: NodeConfig\nspec: {}"),
        },
      },
    ],
    [
      "an instance with EKS's image",
      { "aws_instance.it": { vpc_security_group_ids: [X], ami: "${data.aws_ami.eks-worker.id}" } },
    ],
    [
      "an instance with the cluster's tag",
      { "aws_instance.it": { vpc_security_group_ids: [X], tags: { "kubernetes.io/cluster/shop": "owned" } } },
    ],
    ["a template that nobody is seen to use", { "aws_launch_template.it": { vpc_security_group_ids: [X] } }],
    [
      "the template of a node group",
      {
        "aws_launch_template.it": { vpc_security_group_ids: [X] },
        "aws_eks_node_group.it": { launch_template: [{ name: "${aws_launch_template.it.name}" }] },
        "aws_autoscaling_group.it": { launch_template: [{ id: "${aws_launch_template.it.id}" }] },
      },
    ],
    [
      "the template of a group with the cluster's tag",
      {
        "aws_launch_configuration.it": { security_groups: [X] },
        "aws_autoscaling_group.it": {
          launch_configuration: "${aws_launch_configuration.it.name}",
          tag: [{ key: "kubernetes.io/cluster/shop", value: "owned" }],
        },
      },
    ],
  ])("%s is a node", (_, resources) => {
    expect(roleOf(resources)).toStrictEqual(["nodes"]);
  });
});

describe("a template is for what starts machines from it", () => {
  const rolesOfTemplates = (resources: Resources) =>
    inventoryOf(resources).attachments.flatMap(({ address, role }) =>
      address.startsWith("aws_launch_template.") ? [role] : [],
    );
  const roleOf = (resources: Resources) => {
    const template = { vpc_security_group_ids: [X], id: "lt-1", name: "web" };
    return rolesOfTemplates({ "aws_launch_template.web": template, ...resources });
  };
  const ID = "${aws_launch_template.web.id}";
  const NAME = "${aws_launch_template.web.name}";
  const mixed = (specification: Arguments): Arguments => ({
    mixed_instances_policy: [{ launch_template: [{ launch_template_specification: [specification] }] }],
  });
  const fleet = (specification: Arguments): Arguments => ({
    launch_template_config: [{ launch_template_specification: [specification] }],
  });

  test.each<[string, Resources]>([
    ["its id", { "aws_autoscaling_group.a": { launch_template: [{ id: ID }] } }],
    ["its id, written out", { "aws_autoscaling_group.a": { launch_template: [{ id: "lt-1" }] } }],
    ["its name", { "aws_autoscaling_group.a": { launch_template: [{ name: NAME }] } }],
    ["its name, written out", { "aws_autoscaling_group.a": { launch_template: [{ name: "web" }] } }],
    ["its id among several types", { "aws_autoscaling_group.a": mixed({ launch_template_id: ID }) }],
    ["its name among several types", { "aws_autoscaling_group.a": mixed({ launch_template_name: NAME }) }],
    ["an instance", { "aws_instance.a": { launch_template: [{ id: ID }] } }],
    ["a fleet on the spot market", { "aws_spot_fleet_request.a": fleet({ id: ID }) }],
    ["a fleet", { "aws_ec2_fleet.a": fleet({ launch_template_id: ID }) }],
    [
      "a group, beside a cluster",
      { ...CLUSTER, "aws_autoscaling_group.a": { launch_template: [{ id: ID }] } },
    ],
  ])("an instance by %s", (_, resources) => {
    expect(roleOf(resources)).toStrictEqual(["instance"]);
  });

  test.each<[string, Resources]>([
    ["another template that is used", { "aws_autoscaling_group.a": { launch_template: [{ id: "lt-2" }] } }],
    ["a group without a template", { "aws_autoscaling_group.a": { launch_template: [{ id: "" }] } }],
    [
      "one of two groups that joins the cluster",
      {
        "aws_autoscaling_group.a": { launch_template: [{ id: ID }] },
        "aws_autoscaling_group.b": {
          launch_template: [{ id: ID }],
          tag: [{ key: "k8s.io/cluster/shop", value: "owned" }],
        },
      },
    ],
    ["a node group, by its name", { "aws_eks_node_group.a": { launch_template: [{ name: "web" }] } }],
  ])("nodes by %s", (_, resources) => {
    expect(roleOf(resources)).toStrictEqual(["nodes"]);
  });

  const used = (name: string, more: Resources = {}, template: Arguments = {}) =>
    rolesOfTemplates({
      [`aws_launch_template.${name}`]: { vpc_security_group_ids: [X], ...template },
      "aws_autoscaling_group.a": { launch_template: [{ id: `\${aws_launch_template.${name}.id}` }] },
      ...more,
    });

  test("its own name tells beside a cluster, or a node group", () => {
    expect(used("workers")).toStrictEqual(["instance"]);
    expect(used("workers", CLUSTER)).toStrictEqual(["nodes"]);
    expect(used("workers", { "aws_eks_node_group.other": {} })).toStrictEqual(["nodes"]);
    expect(used("web", CLUSTER)).toStrictEqual(["instance"]);
  });

  test("its image tells", () => {
    expect(used("web", {}, { image_id: "${data.aws_ami.eks-node.id}" })).toStrictEqual(["nodes"]);
    expect(used("web", {}, { image_id: "${data.aws_ami.ubuntu.id}" })).toStrictEqual(["instance"]);
  });
});

describe("the group that EKS makes for a cluster", () => {
  const RULE = { type: "ingress", protocol: "-1", from_port: 0, to_port: 0, self: true };
  const ruled = (name: string, more: Resources = {}, options?: InputOptions) => {
    const { rules } = inventoryOf(
      { ...CLUSTER, ...more, "aws_security_group_rule.it": { ...RULE, security_group_id: name } },
      options,
    );
    return rules.map(({ group }) => group);
  };
  const data = (values: Arguments) => ({ "data.aws_security_group.own": values });

  test.each<[string, string, Resources?]>([
    ["the cluster's attribute", `\${${OWN}}`],
    ["the attribute, where there is one", `\${try(${OWN}, null)}`],
    ["the attribute, as text", `\${join("", [${OWN}])}`],
    ["the attribute, or nothing", `\${coalesce(${OWN}, "")}`],
    [
      "a data source of the cluster, by its name",
      "${data.aws_eks_cluster.it.vpc_config[0].cluster_security_group_id}",
      { "data.aws_eks_cluster.it": { name: "shop" } },
    ],
    [
      "a data source of the cluster, by a reference",
      "${data.aws_eks_cluster.it.vpc_config[0].cluster_security_group_id}",
      { "data.aws_eks_cluster.it": { name: "${aws_eks_cluster.shop.id}" } },
    ],
    ["its tag", "${data.aws_security_group.own.id}", data({ tags: { "aws:eks:cluster-name": "shop" } })],
    [
      "a filter for its tag",
      "${data.aws_security_group.own.id}",
      data({ filter: [{ name: "tag:aws:eks:cluster-name", values: ["${aws_eks_cluster.shop.name}"] }] }),
    ],
    [
      "a filter for its name",
      "${data.aws_security_group.own.id}",
      data({ filter: [{ name: "group-name", values: ["eks-cluster-sg-shop-*"] }] }),
    ],
    [
      "the first of those with its tag",
      "${data.aws_security_groups.own.ids[0]}",
      { "data.aws_security_groups.own": { tags: { "aws:eks:cluster-name": "shop" } } },
    ],
  ])("is one group by %s", (_, expression, more) => {
    expect(ruled(expression, more)).toStrictEqual([OWN]);
  });

  test("is one group by its id in a state", () => {
    const inventory = inventoryOf(
      { "aws_eks_cluster.shop": { name: "shop", vpc_config: [{ cluster_security_group_id: "sg-7" }] } },
      { kind: "state" },
    );
    expect(inventory.resolveGroup("sg-7")).toBe(OWN);
    expect([...(inventory.groups.get(OWN)?.roles ?? [])]).toStrictEqual(["cluster"]);
  });

  test.each<[string, string, Resources?]>([
    [
      "another cluster's",
      "${data.aws_eks_cluster.it.vpc_config[0].cluster_security_group_id}",
      { "data.aws_eks_cluster.it": { name: "office" } },
    ],
    ["another group of a data source", "${data.aws_security_group.own.id}", data({ tags: { Name: "shop" } })],
    ["one of two", `\${coalesce(var.group, ${OWN})}`],
    ["one in a longer text", `\${join(",", [${OWN}, "sg-1"])}`],
  ])("is not %s", (_, expression, more) => {
    expect(ruled(expression, more)).not.toContain(OWN);
  });

  test("is one for two data sources of a cluster that is not declared", () => {
    const { groups } = takeInventory(
      inputOf({
        "data.aws_eks_cluster.a": { name: "${var.cluster}" },
        "data.aws_security_group.b": { tags: { "aws:eks:cluster-name": "${var.cluster}" } },
        "aws_security_group_rule.a": {
          ...RULE,
          security_group_id: "${data.aws_eks_cluster.a.vpc_config[0].cluster_security_group_id}",
        },
        "aws_security_group_rule.b": { ...RULE, security_group_id: "${data.aws_security_group.b.id}" },
      }),
    );
    expect(
      [...groups.values()].map(({ roles, isOwnOfCluster }) => [[...roles], isOwnOfCluster]),
    ).toStrictEqual([[["cluster"], true]]);
  });

  test("is on the control plane, beside the groups that are stated", () => {
    const { attachments, groups } = inventoryOf({
      "aws_eks_cluster.shop": { name: "shop", vpc_config: [{ security_group_ids: [X] }] },
    });
    expect(words(attachments)).toStrictEqual([
      `aws_eks_cluster.shop control-plane: aws_security_group.x ${OWN}`,
    ]);
    expect([...(groups.get("aws_security_group.x")?.roles ?? [])]).toStrictEqual(["control-plane"]);
    expect([...(groups.get(OWN)?.roles ?? [])]).toStrictEqual(["cluster"]);
  });

  const TEMPLATE = { launch_template: [{ id: "${aws_launch_template.it.id}", version: 1 }] };
  const NODES = { cluster_name: "${aws_eks_cluster.shop.name}" };
  test.each<[string, Resources, string[]]>([
    ["managed nodes without a template", { "aws_eks_node_group.it": NODES }, [OWN]],
    [
      "managed nodes with a template that names none",
      {
        "aws_eks_node_group.it": { ...NODES, ...TEMPLATE },
        "aws_launch_template.it": { instance_type: "m5.large" },
      },
      [OWN],
    ],
    [
      "managed nodes with a template that names others",
      {
        "aws_eks_node_group.it": { ...NODES, ...TEMPLATE },
        "aws_launch_template.it": { vpc_security_group_ids: [X] },
      },
      ["aws_security_group.x"],
    ],
    [
      "managed nodes with a template from elsewhere",
      { "aws_eks_node_group.it": { ...NODES, launch_template: [{ id: "lt-1" }] } },
      [],
    ],
    [
      "managed nodes to which some may log in",
      { "aws_eks_node_group.it": { ...NODES, remote_access: [{ ec2_ssh_key: "key" }] } },
      [OWN, "aws_eks_node_group.it.resources[0].remote_access_security_group_id"],
    ],
    ["pods on Fargate", { "aws_eks_fargate_profile.it": { cluster_name: "shop" } }, [OWN]],
    [
      "nodes of Auto Mode",
      { "aws_eks_cluster.shop": { name: "shop", compute_config: [{ enabled: true }] } },
      [OWN],
    ],
  ])("%s carry it or what replaces it", (_, resources, expected) => {
    const { attachments } = inventoryOf({ ...CLUSTER, ...resources });
    const nodes = attachments.filter(({ role }) => role === "nodes");
    expect(nodes.flatMap(({ groups }) => groups)).toStrictEqual(expected);
  });

  test("has rules from and to itself that nobody writes", () => {
    const { implied } = inventoryOf(CLUSTER);
    expect(
      implied.map(({ group, direction, traffic, peer }) => [group, direction, traffic, peer]),
    ).toStrictEqual([
      [OWN, "ingress", { protocol: "all" }, { kind: "group", group: OWN }],
      [OWN, "egress", { protocol: "all" }, { kind: "group", group: OWN }],
    ]);
  });
});

describe("a load balancer that a controller makes", () => {
  const NLB = "service.beta.kubernetes.io/aws-load-balancer-security-groups";
  const ALB = "alb.ingress.kubernetes.io/security-groups";
  const values = (...list: string[]) => ({ "helm_release.it": { values: list } });

  test.each<[string, Resources]>([
    ["a Service", { "kubernetes_service_v1.it": { metadata: [{ annotations: { [NLB]: X } }] } }],
    [
      "an Ingress by names",
      { "kubernetes_ingress_v1.it": { metadata: [{ annotations: { [ALB]: "edge, other" } }] } },
    ],
    [
      "a manifest",
      {
        "kubernetes_manifest.it": { manifest: { kind: "Ingress", metadata: { annotations: { [ALB]: X } } } },
      },
    ],
    [
      "values of a chart",
      values(
        `\${yamlencode({ "a" = { "${NLB}" = aws_security_group.x.id, "b" = aws_security_group.y.id } })}`,
      ),
    ],
    [
      "values of a chart as YAML",
      values(
        `\${"a:\\n  ${ALB}: \${aws_security_group.x.id}, \${var.n}\\n  b: \${aws_security_group.y.id}\\n"}`,
      ),
    ],
    ["values of a chart that are known", values(`annotations:\n  ${ALB}: "edge"\n  b: c\n`)],
    [
      "a value that is set",
      {
        "helm_release.it": {
          set: [{ name: `controller.service.annotations.${NLB.replaceAll(".", "\\.")}`, value: X }],
        },
      },
    ],
    [
      "YAML of kubectl",
      {
        "kubectl_manifest.it": {
          yaml_body: `\${"metadata: { annotations: { ${ALB}: \${aws_security_group.x.id} } }"}`,
        },
      },
    ],
  ])("by %s", (_, resources) => {
    const { attachments } = inventoryOf(resources);
    expect(words(attachments)).toStrictEqual([
      `${Object.keys(resources)[0]} load-balancer: aws_security_group.x`,
    ]);
  });

  test("by what a module is given that was not read", () => {
    const input = inputOf(GROUPS);
    const passed = { addon: { values: [`annotations:\n  ${ALB}: edge\n`] } };
    const source = { file: "main.tf", line: 1 };
    const { attachments } = takeInventory({
      ...input,
      modules: [{ address: "module.addons", passed, source }],
    });
    expect(words(attachments)).toStrictEqual(["module.addons load-balancer: aws_security_group.x"]);
  });

  test("not by another annotation, or another kind of resource", () => {
    const { attachments } = inventoryOf({
      "kubernetes_service.it": { metadata: [{ annotations: { "example.com/groups": X } }] },
      "aws_ssm_parameter.it": { value: `${ALB}: edge` },
    });
    expect(attachments).toStrictEqual([]);
  });
});
