import { describe, expect, test } from "vitest";
import { takeInventory } from "../../../verify/inventory";
import { groupNames } from "../../../verify/inventory/interfaces/mentions";
import { read } from "../read/support/configuration";
import { type Arguments, inputOf, type Resources } from "../support/input";

const X = "${aws_security_group.x.id}";
const Y = "${aws_security_group.y.id}";
const GROUPS: Resources = {
  "aws_security_group.x": { name: "edge" },
  "aws_security_group.y": { name: "edge-2", id: "sg-0a1b2c3d" },
};
const NLB = "service.beta.kubernetes.io/aws-load-balancer-security-groups";
const EXTRA = "service.beta.kubernetes.io/aws-load-balancer-extra-security-groups";
const ALB = "alb.ingress.kubernetes.io/security-groups";

/** `address role: groups`, of each attachment. */
const attached = (resources: Resources, passed?: Record<string, Arguments>) =>
  takeInventory(inputOf({ ...GROUPS, ...resources }, passed && { passed })).attachments.map(
    ({ address, role, groups }) => `${address} ${role}: ${groups.join(" ")}`,
  );

/** The controller's load balancers carry the groups that annotations name, by ids or by names. */
describe("annotations that give groups to load balancers", () => {
  const service = (annotations: Arguments) => ({
    "kubernetes_service_v1.it": { metadata: [{ annotations }] },
  });
  const it = (...groups: string[]) =>
    groups.length === 0 ? [] : [`kubernetes_service_v1.it load-balancer: ${groups.join(" ")}`];
  const GROUP_X = "aws_security_group.x";
  const GROUP_Y = "aws_security_group.y";
  test.each<[what: string, annotations: Arguments, groups: string[]]>([
    ["one that replaces the controller's", { [NLB]: X }, [GROUP_X]],
    ["one that adds to it", { [EXTRA]: X }, [GROUP_X]],
    ["of an Ingress", { [ALB]: X }, [GROUP_X]],
    ["by a name", { [ALB]: "edge" }, [GROUP_X]],
    ["by a name that begins like another one", { [ALB]: "edge-2" }, [GROUP_Y]],
    ["by both names", { [ALB]: "edge-2,edge" }, [GROUP_X, GROUP_Y]],
    ["by a name behind one that begins alike", { [ALB]: "edge-3, edge" }, [GROUP_X]],
    ["by a name in quotes", { [ALB]: '"edge"' }, [GROUP_X]],
    ["by a part of a longer name", { [ALB]: "my-edge" }, []],
    ["by a part of a name with dots", { [ALB]: "edge.example" }, []],
    ["by the id of a declared group", { [ALB]: "sg-0a1b2c3d" }, [GROUP_Y]],
    ["by the id of another group", { [ALB]: "sg-0123456789abcdef0" }, ["sg-0123456789abcdef0"]],
    ["by ids and names", { [ALB]: "sg-0123456789abcdef0, edge" }, [GROUP_X, "sg-0123456789abcdef0"]],
    ["by what is too short for an id", { [ALB]: "sg-0a1" }, []],
    ["by what is no id", { [ALB]: "sg-webservers" }, []],
    ["by a reference to a name", { [ALB]: "${aws_security_group.x.name}" }, [GROUP_X]],
    ["by a reference to something that begins alike", { [ALB]: "${aws_security_group.xy.id}" }, []],
    ["by a reference to another attribute", { [ALB]: "${aws_security_group.x.vpc_id}" }, []],
    ["by a list", { [ALB]: [X, "edge-2"] }, [GROUP_X, GROUP_Y]],
    [
      "by an expression with several",
      { [ALB]: '${join(",", [aws_security_group.x.id, aws_security_group.y.id])}' },
      [GROUP_X, GROUP_Y],
    ],
    ["by a number", { [ALB]: 1 }, []],
    ["by nothing", { [ALB]: null }, []],
    ["another annotation", { [`${ALB}-tags`]: X, [`x.${ALB}`]: X }, []],
  ])("%s", (_, annotations, groups) => {
    expect(attached(service(annotations))).toStrictEqual(it(...groups));
  });

  const escaped = (key: string) => key.replaceAll(".", "\\.");
  test.each<[what: string, resource: string, values: Arguments, isThere: boolean]>([
    [
      "values of a chart that are set",
      "helm_release.it",
      { set: [{ name: `a.${escaped(NLB)}`, value: X }] },
      true,
    ],
    [
      "values that are set as a list",
      "helm_release.it",
      { set_list: [{ name: `a.${escaped(NLB)}`, value: [X] }] },
      true,
    ],
    [
      "values that are set and hidden",
      "helm_release.it",
      { set_sensitive: [{ name: escaped(NLB), value: X }] },
      true,
    ],
    ["another value that is set", "helm_release.it", { set: [{ name: "a.b", value: X }] }, false],
    [
      "a value by a name that ends alike",
      "helm_release.it",
      { set: [{ name: `a\\.x${escaped(NLB)}`, value: X }] },
      false,
    ],
    ["a value without a name", "helm_release.it", { set: [{ value: X }] }, false],
    ["a name without a value", "helm_release.it", { set: [{ name: escaped(NLB) }] }, false],
    [
      "an application of Argo CD",
      "argocd_application.it",
      { spec: [{ source: [{ helm: [{ values: `${ALB}: edge` }] }] }] },
      true,
    ],
    ["a release of Flux", "flux_helm_release.it", { values: `${ALB}: edge\n` }, true],
    ["a parameter with such text", "aws_ssm_parameter.it", { value: `${ALB}: edge` }, false],
    ["a resource with such a part in its type", "my_kubernetes_thing.it", { value: `${ALB}: edge` }, false],
    ["a data source", "data.kubernetes_service_v1.it", { metadata: [{ annotations: { [NLB]: X } }] }, false],
    [
      "text in JSON",
      "kubectl_manifest.it",
      { yaml_body: `{"annotations":{"${ALB}":"edge","b":"edge-2"}}` },
      true,
    ],
    [
      "text in JSON in a text",
      "kubectl_manifest.it",
      { yaml_body: `{\\"${ALB}\\": \\"edge\\", \\"b\\": \\"edge-2\\"}` },
      true,
    ],
    [
      "a map in an expression",
      "helm_release.it",
      {
        values: [
          `\${yamlencode({ a = { "${ALB}" = aws_security_group.x.id }, b = aws_security_group.y.id })}`,
        ],
      },
      true,
    ],
    [
      "the lines behind it, which are others",
      "kubectl_manifest.it",
      { yaml_body: `a: b\n${ALB}: c\nd: edge\n` },
      false,
    ],
  ])("in %s", (_, address, values, isThere) => {
    expect(attached({ [address]: values })).toStrictEqual(
      isThere ? [`${address} load-balancer: aws_security_group.x`] : [],
    );
  });

  test("in what modules are given that are not read", () => {
    const values = {
      service: { annotations: { [NLB]: [X, X] } },
      ingress: [{ annotations: { [ALB]: "edge-2" } }],
    };
    expect(attached({}, { "module.addons": { values }, "module.other": { values: { a: X } } })).toStrictEqual(
      ["module.addons load-balancer: aws_security_group.x aws_security_group.y"],
    );
    const { groups } = takeInventory(inputOf(GROUPS, { passed: { "module.addons": { values } } }));
    expect([...(groups.get("aws_security_group.x")?.roles ?? [])]).toStrictEqual(["load-balancer"]);
  });
});

describe("lists of groups", () => {
  const database = (vpc_security_group_ids: unknown) =>
    attached({ "aws_db_instance.it": { vpc_security_group_ids } });
  const it = (...groups: string[]) => [`aws_db_instance.it database: ${groups.join(" ")}`];
  const list = (items: string) => `compact(concat([${items}]))`;
  test.each<[what: string, given: unknown, expected: string[]]>([
    ["one group twice", [X, X], it("aws_security_group.x")],
    ["a group by its name, which is refused, but meant", ["edge"], it("aws_security_group.x")],
    ["an attribute that is no id", ["${aws_security_group.x.name}"], it("aws_security_group.x")],
    [
      "a call with groups",
      `\${${list("aws_security_group.x.id, aws_security_group.y.id")}}`,
      it("aws_security_group.x", "aws_security_group.y"),
    ],
    [
      "a call with a group that may not be there",
      `\${${list("try(aws_security_group.x.id, null)")}}`,
      it("aws_security_group.x"),
    ],
    [
      "a call with something that is not known",
      `\${${list("aws_security_group.x.id, var.other")}}`,
      it("aws_security_group.x", list("aws_security_group.x.id, var.other")),
    ],
    [
      "a choice between lists, which is no call",
      "${(var.a ? [aws_security_group.x.id] : [])}",
      it("(var.a ? [aws_security_group.x.id] : [])"),
    ],
    [
      "a splat of what the input does not declare",
      "${aws_security_group.z[*].id}",
      it("aws_security_group.z[*].id"),
    ],
    ["nothing", [], []],
  ])("%s", (_, given, expected) => {
    expect(database(given)).toStrictEqual(expected);
  });

  test("inside of a block that is not known may hold any", () => {
    expect(attached({ "aws_lambda_function.it": { vpc_config: "${var.vpc}" } })).toStrictEqual([
      "aws_lambda_function.it compute: var.vpc",
    ]);
  });

  test("of blocks of which one names none", () => {
    const blocks = [{ security_groups: [X] }, { security_groups: null }, {}];
    expect(attached({ "aws_launch_template.it": { network_interfaces: blocks } })).toStrictEqual([
      "aws_launch_template.it nodes: aws_security_group.x",
    ]);
  });
});

/** https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html#launch-template-security-groups */
describe("managed nodes", () => {
  const OWN = "aws_eks_cluster.shop.vpc_config[0].cluster_security_group_id";
  const nodes = (values: Arguments, more: Resources = {}) =>
    attached({
      "aws_eks_cluster.shop": { name: "shop" },
      ...more,
      "aws_eks_node_group.it": { cluster_name: "shop", ...values },
    }).filter((one) => !one.includes("control-plane"));
  const T = { "aws_launch_template.t": { id: "lt-1", name: "web", instance_type: "m5.large" } };
  const CARRY = [`aws_eks_node_group.it nodes: ${OWN}`];
  test.each<[what: string, values: Arguments, more: Resources, expected: string[]]>([
    ["without a template", {}, {}, CARRY],
    ["with a template by its id", { launch_template: [{ id: "lt-1" }] }, T, CARRY],
    ["with a template by its name", { launch_template: [{ name: "web" }] }, T, CARRY],
    ["with a template of another id", { launch_template: [{ id: "lt-2" }] }, T, []],
    [
      "with something else that has that id",
      { launch_template: [{ id: "lt-2" }] },
      { "aws_instance.i": { id: "lt-2" } },
      [],
    ],
    [
      "with a template that has an empty list",
      { launch_template: [{ id: "lt-1" }] },
      { "aws_launch_template.t": { id: "lt-1", vpc_security_group_ids: [] } },
      CARRY,
    ],
    [
      "with a template whose interface names none",
      { launch_template: [{ id: "lt-1" }] },
      { "aws_launch_template.t": { id: "lt-1", network_interfaces: [{ device_index: 0 }] } },
      CARRY,
    ],
    [
      "with a template whose interface names one",
      { launch_template: [{ id: "lt-1" }] },
      { "aws_launch_template.t": { id: "lt-1", network_interfaces: [{ security_groups: [X] }] } },
      ["aws_launch_template.t nodes: aws_security_group.x"],
    ],
    ["with a template that is not known", { launch_template: "${var.template}" }, T, []],
    ["with an empty list of templates", { launch_template: [] }, T, CARRY],
    ["of a cluster that is not known", { cluster_name: "${var.cluster}" }, {}, []],
  ])("%s", (_, values, more, expected) => {
    expect(nodes(values, more)).toStrictEqual(expected);
  });

  test.each<[enabled: unknown, hasNodes: boolean]>([
    [true, true],
    ["true", true],
    [false, false],
    ["${var.auto}", false],
  ])("of Auto Mode carry the cluster's own group: %s", (enabled, hasNodes) => {
    const cluster = { name: "shop", compute_config: [{ enabled }] };
    expect(attached({ "aws_eks_cluster.shop": cluster })).toStrictEqual([
      `aws_eks_cluster.shop control-plane: ${OWN}`,
      ...(hasNodes ? [`aws_eks_cluster.shop nodes: ${OWN}`] : []),
    ]);
  });
});

/** https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html: how EKS names and tags the group of a cluster. */
describe("the own group of a cluster", () => {
  const OWN = "aws_eks_cluster.shop.vpc_config[0].cluster_security_group_id";
  const SHOP = {
    "aws_eks_cluster.shop": { name: "shop", arn: "arn:aws:eks:eu-west-1:111122223333:cluster/shop" },
  };
  const G = "data.aws_security_group.g.id";
  const tagged = (cluster: unknown): Resources => ({
    ...SHOP,
    "data.aws_security_group.g": { tags: { "aws:eks:cluster-name": cluster } },
  });
  const called = (name: unknown): Resources => ({ ...SHOP, "data.aws_security_group.g": { name } });
  test.each<[what: string, expression: string, resources: Resources, key: string, isOwn?: false]>([
    ["by its tag with the name", G, tagged("shop"), OWN],
    ["by its tag with a reference", G, tagged("${aws_eks_cluster.shop.name}"), OWN],
    ["by its tag with the ARN", G, tagged("arn:aws:eks:eu-west-1:111122223333:cluster/shop"), OWN],
    ["by its tag with a reference to the ARN", G, tagged("${aws_eks_cluster.shop.arn}"), OWN],
    ["by another cluster's tag", G, tagged("office"), G],
    [
      "by another tag",
      G,
      { ...SHOP, "data.aws_security_group.g": { tags: { "kubernetes.io/cluster/shop": "owned" } } },
      G,
      false,
    ],
    [
      "by tags that are not known",
      G,
      { ...SHOP, "data.aws_security_group.g": { tags: "${var.tags}" } },
      G,
      false,
    ],
    ["by its name with a star", G, called("eks-cluster-sg-shop-*"), OWN],
    ["by its name with its number", G, called("eks-cluster-sg-shop-1234567890"), OWN],
    ["by the name of another cluster", G, called("eks-cluster-sg-office-*"), G],
    ["by a name that only ends like it", G, called("my-eks-cluster-sg-shop-*"), G, false],
    ["by a name with more behind it", G, called("eks-cluster-sg-shop-1234567890-nodes"), G, false],
    ["by a name without a number", G, called("eks-cluster-sg-shop"), G, false],
    ["by a name that is not known", G, called("${var.name}"), G, false],
    [
      "by a filter that is not about names",
      G,
      {
        ...SHOP,
        "data.aws_security_group.g": { filter: [{ name: "description", values: ["eks-cluster-sg-shop-*"] }] },
      },
      G,
      false,
    ],
    [
      "by a filter for its tag",
      G,
      {
        ...SHOP,
        "data.aws_security_group.g": { filter: [{ name: "tag:aws:eks:cluster-name", values: ["shop"] }] },
      },
      OWN,
    ],
    [
      "by the first of several",
      "data.aws_security_groups.g.ids[0]",
      { ...SHOP, "data.aws_security_groups.g": { tags: { "aws:eks:cluster-name": "shop" } } },
      OWN,
    ],
    [
      "by the id of what was looked up",
      "sg-0a1b2c3d",
      {
        ...SHOP,
        "data.aws_security_group.g": { id: "sg-0a1b2c3d", tags: { "aws:eks:cluster-name": "shop" } },
      },
      OWN,
    ],
    [
      "by the id of what was looked up and is no group",
      "eu-west-1",
      {
        ...SHOP,
        "data.aws_security_groups.g": { id: "eu-west-1", tags: { "aws:eks:cluster-name": "shop" } },
      },
      "eu-west-1",
      false,
    ],
    [
      "by the id in the cluster",
      "sg-0a1b2c3d",
      {
        "aws_eks_cluster.shop": { name: "shop", vpc_config: [{ cluster_security_group_id: "sg-0a1b2c3d" }] },
      },
      OWN,
    ],
    [
      "by a data source, where no cluster is declared",
      "data.aws_eks_cluster.d.vpc_config[0].cluster_security_group_id",
      { "data.aws_eks_cluster.d": { name: "shop" } },
      "data.aws_eks_cluster.d.vpc_config[0].cluster_security_group_id",
    ],
    [
      "by a second data source of it",
      "data.aws_eks_cluster.e.vpc_config[0].cluster_security_group_id",
      { "data.aws_eks_cluster.d": { name: "shop" }, "data.aws_eks_cluster.e": { name: "shop" } },
      "data.aws_eks_cluster.d.vpc_config[0].cluster_security_group_id",
    ],
    [
      "by a second data source of the group",
      "data.aws_security_group.h.id",
      {
        "data.aws_security_group.g": { name: "eks-cluster-sg-shop-*" },
        "data.aws_security_group.h": { tags: { "aws:eks:cluster-name": "shop" } },
      },
      G,
    ],
    [
      "by the output of the module that makes the cluster",
      G,
      { "data.aws_security_group.g": { tags: { "aws:eks:cluster-name": "${module.eks.cluster_name}" } } },
      "module.eks.cluster_primary_security_group_id",
    ],
    [
      "by an output of another such module",
      G,
      { "data.aws_security_group.g": { tags: { "aws:eks:cluster-name": "${module.eks.eks_cluster_id}" } } },
      "module.eks.eks_cluster_managed_security_group_id",
    ],
    [
      "by an output that names no cluster",
      G,
      { "data.aws_security_group.g": { tags: { "aws:eks:cluster-name": "${module.eks.name}" } } },
      G,
    ],
    [
      "by an attribute of that name that is no module's",
      G,
      {
        "data.aws_security_group.g": {
          tags: { "aws:eks:cluster-name": "${data.aws_eks_addon.a.cluster_name}" },
        },
      },
      G,
    ],
  ])("%s", (_, expression, resources, key, isOwn) => {
    const inventory = takeInventory(inputOf(resources));
    expect(inventory.resolveGroup(expression)).toBe(key);
    expect(inventory.groups.get(key)?.isOwnOfCluster).toBe(isOwn === false ? undefined : true);
  });

  test("of a cluster that may not exist, by its first instance", async () => {
    const main = {
      variable: { create: {} },
      resource: { aws_eks_cluster: { shop: { count: "${var.create ? 1 : 0}", name: "shop" } } },
    };
    const inventory = takeInventory(await read({ "main.tf.json": main }));
    expect(inventory.resolveGroup("aws_eks_cluster.shop[0].vpc_config[0].cluster_security_group_id")).toBe(
      inventory.attachments[0]?.groups[0],
    );
  });

  test("is in the inventory with rules from and to itself once something names it", () => {
    const inventory = takeInventory(inputOf({}));
    expect(inventory.implied).toStrictEqual([]);
    inventory.resolveGroup("module.eks.cluster_primary_security_group_id");
    inventory.resolveGroup("var.cluster_security_group_id");
    expect(inventory.implied?.map(({ source }) => source)).toStrictEqual([
      { file: "main.tf.json" },
      { file: "main.tf.json" },
    ]);
    expect(
      inventory.implied?.map(({ group, direction, form, address }) => [group, direction, form, address]),
    ).toStrictEqual([
      [
        "module.eks.cluster_primary_security_group_id",
        "ingress",
        "per-rule",
        "module.eks.cluster_primary_security_group_id",
      ],
      [
        "module.eks.cluster_primary_security_group_id",
        "egress",
        "per-rule",
        "module.eks.cluster_primary_security_group_id",
      ],
    ]);
    for (const name of ["aws_eks_cluster.c", "module.a.data.aws_eks_cluster.d"]) {
      const key = inventory.resolveGroup(`${name}.vpc_config[0].cluster_security_group_id`);
      expect(inventory.groups.get(key ?? "")?.isOwnOfCluster).toBe(true);
    }
  });
});

/** What a group is for by what it is called. */
test.each<[expression: string, roles: string[]]>([
  ['var.groups["k8s_worker"]', ["nodes"]],
  ["module.shared.k8s_worker", ["nodes"]],
  ['var.groups["k8s_ingress"]', ["ingress"]],
  ["var.cluster_security_group_id", ["cluster"]],
  ["var.eks_cluster_security_group_id", ["cluster"]],
  ["var.cluster_security_group_ids", []],
  ["var.cluster_security_group_id.x", []],
  ["var.k8s_workers", []],
  ["var.db", []],
])("%s is %s by its name", (expression, roles) => {
  const inventory = takeInventory(inputOf({}));
  const key = inventory.resolveGroup(expression);
  expect([...(inventory.groups.get(key ?? "")?.roles ?? [])]).toStrictEqual(roles);
});

describe("what makes a machine a node", () => {
  const roleOf = (type: string, values: Arguments, more: Resources = {}) =>
    takeInventory(
      inputOf({
        ...GROUPS,
        ...more,
        [`${type}.it`]: { vpc_security_group_ids: [X], security_groups: [X], ...values },
      }),
    )
      .attachments.filter(({ address }) => address === `${type}.it`)
      .map(({ role }) => role)
      .filter((role, index, all) => all.indexOf(role) === index);
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  test.each<[what: string, values: Arguments]>([
    ["the script of EKS", { user_data: "/etc/eks/bootstrap.sh shop" }],
    ["the program of AL2023", { user_data: "nodeadm init" }],
    ["its configuration", { user_data: "kind: NodeConfig" }],
    ["the kubelet", { user_data: "systemctl start kubelet" }],
    [
      "its configuration as base64, with lines",
      {
        user_data: base64("apiVersion: node.eks.aws/v1alpha1\nkind: NodeConfig\n").replace(
          /(.{20})/g,
          "$1\n",
        ),
      },
    ],
    [
      "its configuration in the other argument",
      { user_data_base64: base64("#!/bin/bash\n/etc/eks/bootstrap.sh shop") },
    ],
    ["an expression with it", { user_data: '${templatefile("bootstrap.sh", {})}' }],
    ["an image of EKS", { ami: "${data.aws_ami.amazon-eks-node.id}" }],
    ["an image by a parameter", { ami: "/aws/service/eks/optimized-ami/1.33/recommended" }],
    ["an image of a name that ends so", { ami: "my-eks" }],
    ["the cluster's tag", { tags: { "kubernetes.io/cluster/shop": "owned" } }],
    ["the tag of the autoscaler", { tags: { "k8s.io/cluster-autoscaler/enabled": "true" } }],
    ["the tag of eksctl", { tags: { "eks:cluster-name": "shop" } }],
    ["the tag of EKS", { tags: { "aws:eks:cluster-name": "shop" } }],
  ])("%s", (_, values) => {
    expect(roleOf("aws_instance", values)).toStrictEqual(["nodes"]);
  });

  test.each<[what: string, values: Arguments]>([
    ["another script", { user_data: "#!/bin/sh\nnginx" }],
    ["another script as base64", { user_data_base64: base64("#!/bin/sh\nsystemctl start nginx") }],
    ["words that begin alike", { ami: "geeks-image" }],
    ["another tag", { tags: { Name: "kubernetes.io/cluster/shop" } }],
    ["a tag with such an end", { tags: { "x/kubernetes.io/cluster/shop": "owned" } }],
    ["tags that are not known", { tags: "${var.tags}" }],
    ["a block of a group that scales", { tag: [{ key: "kubernetes.io/cluster/shop" }] }],
  ])("not %s", (_, values) => {
    expect(roleOf("aws_instance", values)).toStrictEqual(["instance"]);
  });

  test.each<[what: string, name: string, role: string]>([
    ["nodes", "eks_nodes", "nodes"],
    ["a node", "node", "nodes"],
    ["workers", "workers", "nodes"],
    ["a worker in capitals", "WORKER_a", "nodes"],
    ["nodejs", "nodejs", "instance"],
    ["coworkers", "coworkers", "instance"],
  ])("a template that is called %s, beside a cluster", (_, name, role) => {
    const resources: Resources = {
      ...GROUPS,
      "aws_eks_cluster.c": { name: "c" },
      [`aws_launch_template.${name}`]: { vpc_security_group_ids: [X] },
      "aws_autoscaling_group.a": { launch_template: [{ id: `\${aws_launch_template.${name}.id}` }] },
    };
    const { attachments } = takeInventory(inputOf(resources));
    expect(
      attachments.filter(({ address }) => address.startsWith("aws_launch")).map((one) => one.role),
    ).toStrictEqual([role]);
  });

  test.each<[what: string, group: Arguments, role: string]>([
    ["with the cluster's tag", { tag: [{ key: "Name" }, { key: "k8s.io/cluster/shop" }] }, "nodes"],
    ["with a tag that is not known", { tag: [{ key: "${var.key}" }] }, "instance"],
    ["with a tag without a key", { tag: [{}] }, "instance"],
  ])("a configuration of a group that scales, %s", (_, group, role) => {
    const more = {
      "aws_autoscaling_group.a": { launch_configuration: "${aws_launch_configuration.it.name}", ...group },
    };
    expect(roleOf("aws_launch_configuration", {}, more)).toStrictEqual([role]);
  });
});

test("groups that something names which has no interfaces that are known may be attached by it", () => {
  const inventory = takeInventory(
    inputOf({
      ...GROUPS,
      "aws_security_group.z": { description: Y },
      "aws_ssm_parameter.p": { value: [{ deep: X }] },
      "aws_db_instance.d": { vpc_security_group_ids: [Y] },
      "aws_security_group_rule.r": { type: "ingress", security_group_id: Y, protocol: "-1", self: true },
      "data.aws_ssm_parameter.q": { name: Y },
      "aws_ssm_parameter.other": { value: "${var.x}" },
    }),
  );
  expect([...groupNames(inventory)]).toStrictEqual(["aws_security_group.x"]);
});
