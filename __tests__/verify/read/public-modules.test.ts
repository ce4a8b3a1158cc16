import { describe, expect, test } from "vitest";
import { compareVersions, rangeOf, versionOf } from "../../../verify/read/terraform/public-modules/versions";
import { addresses, read, resource, shown } from "./support/configuration";

/** A root that calls a module, in HCL. */
function root(source: string, version: string | undefined, body = "", more = ""): string {
  return `module "it" {
  source = "${source}"
  ${version === undefined ? "" : `version = "${version}"`}
  ${body}
}
resource "aws_security_group" "pods" {}
variable "any" {}
${more}`;
}

const EKS = "terraform-aws-modules/eks/aws";
const GROUP = "terraform-aws-modules/security-group/aws";
const RDS = "terraform-aws-modules/rds/aws";

async function readEks(version: string, body: string) {
  return read({ "main.tf": root(EKS, version, body) });
}

const keys = (all: readonly string[], prefix: string) =>
  all
    .filter((address) => address.startsWith(`${prefix}[`))
    .map((address) => address.slice(prefix.length + 2, -2));

describe("the versions that a constraint allows", () => {
  test.each([
    ["20.8.4", "20.8.4", "20.8.5"],
    ["= 20.8.4", "20.8.4", "20.8.5"],
    ["v20.8.4", "20.8.4", "20.8.5"],
    ["~> 20.0", "20.0.0", "21.0.0"],
    ["~> 20.8.1", "20.8.1", "20.9.0"],
    ["~> 20", "20.0.0", undefined],
    [">= 20.0", "20.0.0", undefined],
    [">= 20.0, < 21.0", "20.0.0", "21.0.0"],
    ["> 20.0.1,<=20.37", "20.0.2", "20.37.1"],
    ["~> 20.0, != 20.31.0", "20.0.0", "21.0.0"],
    ["< 21", "0.0.0", "21.0.0"],
  ])("%s: from %s on and before %s", (constraint, from, before) => {
    const range = rangeOf(constraint);
    expect(range?.from.join(".")).toBe(from);
    expect(range?.before?.join(".")).toBe(before);
  });

  test.each(["~> 20.0, < 20.0", "20.0.0-rc1", "latest", "20.x", ""])(
    "none that is known: %s",
    (constraint) => {
      expect(rangeOf(constraint)).toBeUndefined();
    },
  );

  test("are in the order of their numbers", () => {
    expect(compareVersions(versionOf("20.9.0"), versionOf("20.10.0"))).toBeLessThan(0);
  });
});

describe("a call of a public module that was not downloaded", () => {
  test.each([
    [EKS, "~> 21.0", "21.19.0"],
    [EKS, "~> 20.0", "20.37.2"],
    [EKS, "20.8.4", "20.8.4"],
    [EKS, "~> 20.8.0", "~> 20.8.0"],
    [EKS, ">= 19.0, < 20", "19.21.0"],
    [`registry.terraform.io/${EKS}`, "~> 21.0", "21.19.0"],
    ["git::https://github.com/terraform-aws-modules/terraform-aws-eks.git?ref=v20.8.4", undefined, "20.8.4"],
    ["github.com/terraform-aws-modules/terraform-aws-eks?ref=v21.0.9", undefined, "21.0.9"],
    ["git::ssh://git@github.com/terraform-aws-modules/terraform-aws-eks.git?ref=20.8.4", undefined, "20.8.4"],
    ["git@github.com:terraform-aws-modules/terraform-aws-eks.git?ref=v20.8.4", undefined, "20.8.4"],
    [GROUP, "~> 5.1", "5.3.1"],
    [RDS, "~> 6.0", "6.13.1"],
  ])("%s %s is read by its arguments, as %s takes them", async (source, version, as) => {
    const { notes, modules } = await read({ "main.tf": root(source, version) });
    expect(notes.find((note) => note.startsWith("module.it:"))).toMatch(
      new RegExp(
        `^module\\.it: .*read by its arguments, as terraform-aws-modules/[a-z-]+/aws ${as.replaceAll(".", "\\.")} takes them \\(\`terraform init -backend=false\``,
      ),
    );
    expect(modules[0]).toMatchObject({ address: "module.it", isFetched: true });
    expect(modules[0]).not.toHaveProperty("folder");
    expect(modules[0]).not.toHaveProperty("passed");
  });

  test.each([
    ["without a version", EKS, undefined, "", "its call states no version"],
    ["of one of several major versions", EKS, ">= 20.0", "", "its version >= 20.0 is not certain"],
    ["whose last number may rise from 20 to 21", EKS, "~> 20", "", "its version ~> 20 is not certain"],
    [
      "of an older version",
      EKS,
      "~> 18.0",
      "",
      "its version ~> 18.0 is not one of those that are known (19.6.0 to 21.19.0)",
    ],
    ["of a version before the first that is known", EKS, "19.0.4", "", "is not one of those that are known"],
    ["of a later version than is known", EKS, "21.90.0", "", "is not one of those that are known"],
    ["of a later major version", EKS, "~> 22.0", "", "is not one of those that are known"],
    ["of a pre-release", EKS, "21.0.0-rc1", "", "is not certain"],
    [
      "with a table of rules of its own",
      GROUP,
      "~> 5.0",
      "rules = {}",
      "its argument rules may make anything",
    ],
    [
      "with an argument of version 20",
      EKS,
      "~> 21.0",
      "cluster_addons = {}",
      "its argument cluster_addons is of another major version",
    ],
    [
      "with an argument of version 21",
      EKS,
      "~> 20.0",
      "addons = {}",
      "its argument addons is of another major version",
    ],
    ["of a submodule", `${GROUP}//modules/mysql`, "~> 5.0", "", ""],
    ["of a submodule without nodes", `${EKS}//modules/karpenter`, "~> 21.0", "", ""],
    [
      "of a submodule, of several major versions",
      `${EKS}//modules/fargate-profile`,
      ">= 20.0",
      "",
      "its version >= 20.0 is not certain",
    ],
    [
      "at a commit",
      "git::https://github.com/terraform-aws-modules/terraform-aws-eks.git?ref=0123abc",
      undefined,
      "",
      "",
    ],
    ["of another owner", "someone/eks/aws", "~> 21.0", "", ""],
  ])("%s it is not read", async (_, source, version, body, why) => {
    const input = await read({ "main.tf": root(source, version, body) });
    expect(addresses(input)).toStrictEqual(["aws_security_group.pods"]);
    const [note] = input.notes.filter((one) => one.startsWith("module.it:"));
    expect(note).toContain("what it declares is not known (`terraform init -backend=false` fetches it)");
    expect(note).toContain(why);
    expect(input.modules[0]?.passed).toBeDefined();
  });

  test("in JSON and inside of a local module it is read as well", async () => {
    const input = await read({
      "main.tf": 'module "platform" {\n source = "./platform"\n for_each = toset(["a"])\n}',
      "platform/main.tf.json": { module: { eks: { source: EKS, version: "~> 21.0", name: "shop" } } },
    });
    expect(addresses(input)).toContain('module.platform["a"].module.eks.aws_security_group.node[0]');
  });

  test("what is downloaded counts", async () => {
    const input = await read({
      "main.tf": root(EKS, "~> 21.0"),
      ".terraform/modules/modules.json": { Modules: [{ Key: "it", Dir: ".terraform/modules/it" }] },
      ".terraform/modules/it/main.tf": 'resource "aws_security_group" "own" {}',
    });
    expect(addresses(input)).toStrictEqual(["aws_security_group.pods", "module.it.aws_security_group.own"]);
    expect(input.notes).toStrictEqual([]);
  });
});

describe("a cluster by its arguments", () => {
  const OF_NODES = [
    "ingress_cluster_443",
    "ingress_cluster_kubelet",
    "ingress_self_coredns_tcp",
    "ingress_self_coredns_udp",
  ];
  const RECOMMENDED = [
    "egress_all",
    "ingress_cluster_4443_webhook",
    "ingress_cluster_6443_webhook",
    "ingress_cluster_8443_webhook",
    "ingress_cluster_9443_webhook",
    "ingress_nodes_ephemeral",
  ];
  const RULE = "module.it.aws_security_group_rule.node";

  test.each([
    ["19.21.0", "", [...OF_NODES, ...RECOMMENDED]],
    ["~> 20.0", "", [...OF_NODES, ...RECOMMENDED]],
    ["21.6.1", "", [...OF_NODES, ...RECOMMENDED]],
    ["21.7.0", "", [...OF_NODES, ...RECOMMENDED, "ingress_cluster_10251_webhook"]],
    ["~> 21.0", "node_security_group_enable_recommended_rules = false", OF_NODES],
    [
      "~> 20.0",
      "enable_efa_support = true",
      [...OF_NODES, ...RECOMMENDED, "egress_all_self_efa", "ingress_all_self_efa"],
    ],
    ["~> 20.0", "create_node_security_group = false", []],
    ["~> 21.0", "create = false", []],
  ])("%s gives the nodes' group its rules: %s", async (version, body, expected) => {
    expect(keys(addresses(await readEks(version, body)), RULE)).toStrictEqual([...expected].sort());
  });

  test.each([
    ["~> 20.0", "cluster_security_group_additional_rules"],
    ["~> 21.0", "security_group_additional_rules"],
  ])("%s has rules that are added", async (version, ofCluster) => {
    const input = await readEks(
      version,
      `node_security_group_additional_rules = {
        pods = { type = "ingress", protocol = "udp", from_port = 53, to_port = 53, source_security_group_id = aws_security_group.pods.id }
      }
      ${ofCluster} = {
        nodes = { type = "egress", protocol = "tcp", from_port = 1025, to_port = 65535, source_node_security_group = true }
      }`,
    );
    expect(shown(resource(input, `${RULE}["pods"]`).values)).toMatchObject({
      type: "ingress",
      protocol: "udp",
      from_port: 53,
      security_group_id: "<module.it.aws_security_group.node[0].id>",
      source_security_group_id: "<aws_security_group.pods.id>",
    });
    expect(shown(resource(input, 'module.it.aws_security_group_rule.cluster["nodes"]').values)).toMatchObject(
      {
        type: "egress",
        security_group_id: "<module.it.aws_security_group.cluster[0].id>",
        source_security_group_id: "<module.it.aws_security_group.node[0].id>",
      },
    );
  });

  test("version 21 has defaults for what a rule leaves out", async () => {
    const input = await readEks(
      "~> 21.0",
      "node_security_group_additional_rules = { a = { from_port = 80, to_port = 80, self = true } }",
    );
    expect(resource(input, `${RULE}["a"]`).values).toMatchObject({
      type: "ingress",
      protocol: "tcp",
      self: true,
    });
  });

  test.each([
    ["19.21.0", "", true],
    ["20.30.0", "enable_security_groups_for_pods = false", true],
    ["~> 20.0", "", true],
    ["~> 20.0", "enable_security_groups_for_pods = false", false],
    ["~> 20.0", "cluster_compute_config = { enabled = true }", false],
    ["~> 21.0", "", false],
  ])("%s %s attaches the policy for branch interfaces: %s", async (version, body, isThere) => {
    const attached = keys(
      addresses(await readEks(version, body)),
      "module.it.aws_iam_role_policy_attachment.this",
    );
    expect(attached.includes("AmazonEKSVPCResourceController")).toBe(isThere);
    expect(attached).toContain("AmazonEKSClusterPolicy");
  });

  test("has its add-ons with what configures them", async () => {
    const input = await readEks(
      "~> 21.0",
      `addons = {
        coredns = {}
        net = {
          name                 = "vpc-cni"
          before_compute       = true
          configuration_values = jsonencode({ env = { ENABLE_POD_ENI = "true" } })
        }
      }`,
    );
    expect(resource(input, 'module.it.aws_eks_addon.this["coredns"]').values["addon_name"]).toBe("coredns");
    expect(resource(input, 'module.it.aws_eks_addon.before_compute["net"]').values).toMatchObject({
      addon_name: "vpc-cni",
      configuration_values: '{"env":{"ENABLE_POD_ENI":"true"}}',
    });
  });

  test("hands its groups out", async () => {
    const input = await readEks("~> 21.0", 'name = "shop"');
    const value = (output: string) => shown(input.evaluate(`module.it.${output}`));
    expect(value("node_security_group_id")).toBe("<module.it.aws_security_group.node[0].id>");
    expect(value("cluster_security_group_id")).toBe("<module.it.aws_security_group.cluster[0].id>");
    expect(value("cluster_primary_security_group_id")).toBe(
      "<module.it.aws_eks_cluster.this[0].vpc_config[0].cluster_security_group_id>",
    );
    expect(value("cluster_name")).toBe("shop");
    // What the reading does not know keeps its own name.
    expect(value("kms_key_arn")).toBe("<module.it.kms_key_arn>");
  });

  test("puts its nodes' group and their own on node groups", async () => {
    const input = await readEks(
      "~> 20.0",
      `eks_managed_node_group_defaults = { instance_types = ["m6i.large"] }
      eks_managed_node_groups = {
        one = { vpc_security_group_ids = [aws_security_group.pods.id] }
        two = { instance_types = ["m5.large"], attach_cluster_primary_security_group = true }
      }
      self_managed_node_groups = { three = { instance_type = "c5.large" } }`,
    );
    const template = (address: string) =>
      shown(
        resource(input, `module.it.module.${address}.aws_launch_template.this[0]`).values[
          "vpc_security_group_ids"
        ],
      );
    const types = (name: string) =>
      resource(input, `module.it.module.eks_managed_node_group["${name}"].aws_eks_node_group.this[0]`).values[
        "instance_types"
      ];
    expect(template('eks_managed_node_group["one"]')).toStrictEqual([
      "<module.it.aws_security_group.node[0].id>",
      "<aws_security_group.pods.id>",
    ]);
    expect(template('eks_managed_node_group["two"]')).toContain(
      "<module.it.aws_eks_cluster.this[0].vpc_config[0].cluster_security_group_id>",
    );
    expect([types("one"), types("two")]).toStrictEqual([["m6i.large"], ["m5.large"]]);
    expect(template('self_managed_node_group["three"]')).toStrictEqual([
      "<module.it.aws_security_group.node[0].id>",
    ]);
  });

  test.each([
    [`${EKS}//modules/eks-managed-node-group`, "~> 19.0"],
    [`${EKS}//modules/eks-managed-node-group`, "~> 20.0"],
    [`${EKS}//modules/eks-managed-node-group`, "~> 21.0"],
    [
      "git::https://github.com/terraform-aws-modules/terraform-aws-eks.git//modules/eks-managed-node-group?ref=v20.8.4",
      undefined,
    ],
  ])("has a module for managed nodes, which is called by itself as well: %s %s", async (source, version) => {
    const given = `name = "one"
      cluster_name = "shop"
      cluster_primary_security_group_id = "sg-1"
      vpc_security_group_ids = [aws_security_group.pods.id]
      instance_types = ["m5.large"]`;
    const input = await read({ "main.tf": root(source, version, given) });
    expect(shown(resource(input, "module.it.aws_launch_template.this[0]").values)).toMatchObject({
      name_prefix: "one-eks-node-group-",
      vpc_security_group_ids: ["sg-1", "<aws_security_group.pods.id>"],
    });
    expect(shown(resource(input, "module.it.aws_eks_node_group.this[0]").values)).toMatchObject({
      cluster_name: "shop",
      instance_types: ["m5.large"],
      launch_template: [{ id: "<module.it.aws_launch_template.this[0].id>" }],
    });
    const [note] = input.notes;
    expect(note).toContain("as terraform-aws-modules/eks/aws//modules/eks-managed-node-group");
  });

  test.each([
    ["~> 20.0", ""],
    ["~> 21.0", "m6i.large"],
  ])("has one for machines of one's own and one for Fargate: %s", async (version, type) => {
    const machines = await read({
      "main.tf": root(
        `${EKS}//modules/self-managed-node-group`,
        version,
        'name = "two"\n cluster_name = "shop"\n vpc_security_group_ids = [aws_security_group.pods.id]',
      ),
    });
    expect(shown(resource(machines, "module.it.aws_launch_template.this[0]").values)).toMatchObject({
      instance_type: type,
      vpc_security_group_ids: ["<aws_security_group.pods.id>"],
    });
    const fargate = await read({
      "main.tf": root(
        `${EKS}//modules/fargate-profile`,
        version,
        'name = "three"\n cluster_name = "shop"\n selectors = [{ namespace = "shop" }]',
      ),
    });
    expect(resource(fargate, "module.it.aws_eks_fargate_profile.this[0]").values).toMatchObject({
      cluster_name: "shop",
      selector: [{ namespace: "shop" }],
    });
  });

  test("carries what is not known as unknown", async () => {
    const input = await readEks(
      "~> 21.0",
      `addons = var.any
      eks_managed_node_groups = var.any
      node_security_group_additional_rules = var.any
      create_security_group = var.any`,
    );
    for (const address of [
      "module.it.aws_eks_addon.this",
      "module.it.aws_security_group_rule.node",
      "module.it.aws_security_group.cluster",
      "module.it.module.eks_managed_node_group.aws_eks_node_group.this",
    ]) {
      expect(resource(input, address).isUncertain, address).toBe(true);
    }
  });

  test("without groups of its own it has those that are given", async () => {
    const input = await readEks(
      "~> 21.0",
      `create_security_group = false
      security_group_id = "sg-0a1b2c3d"
      create_node_security_group = false
      node_security_group_id = aws_security_group.pods.id
      eks_managed_node_groups = { one = {} }`,
    );
    expect(addresses(input).filter((address) => address.includes("aws_security_group_rule"))).toStrictEqual(
      [],
    );
    expect(
      shown(
        resource(input, 'module.it.module.eks_managed_node_group["one"].aws_launch_template.this[0]').values[
          "vpc_security_group_ids"
        ],
      ),
    ).toStrictEqual(["<aws_security_group.pods.id>"]);
  });
});

describe("a group by its arguments", () => {
  const readGroup = (body: string) => read({ "main.tf": root(GROUP, "~> 5.0", body) });
  const rule = (name: string) => `module.it.aws_security_group_rule.${name}[0]`;

  test("has rules by their names, for all addresses that are given", async () => {
    const input = await readGroup(
      'name = "db"\n ingress_cidr_blocks = ["10.0.0.0/16"]\n ingress_rules = ["postgresql-tcp"]\n egress_rules = ["all-all"]',
    );
    expect(resource(input, rule("ingress_rules")).values).toMatchObject({
      type: "ingress",
      from_port: 5432,
      to_port: 5432,
      protocol: "tcp",
      cidr_blocks: ["10.0.0.0/16"],
    });
    expect(resource(input, rule("egress_rules")).values).toMatchObject({
      protocol: "-1",
      cidr_blocks: ["0.0.0.0/0"],
    });
    expect(shown(input.evaluate("module.it.security_group_id"))).toBe(
      "<module.it.aws_security_group.this_name_prefix[0].id>",
    );
  });

  test("has rules for groups, addresses and itself", async () => {
    const input = await readGroup(
      `name = "db"
      use_name_prefix = false
      ingress_with_source_security_group_id = [{ rule = "mysql-tcp", source_security_group_id = aws_security_group.pods.id }]
      ingress_with_cidr_blocks = [{ from_port = 8080, to_port = 8090, protocol = "tcp", cidr_blocks = "10.1.0.0/16,10.2.0.0/16" }]
      ingress_with_self = [{ rule = "all-all" }]
      computed_egress_with_source_security_group_id = [{ rule = "dns-udp", source_security_group_id = aws_security_group.pods.id }]
      number_of_computed_egress_with_source_security_group_id = 1`,
    );
    const values = (name: string) => shown(resource(input, rule(name)).values);
    expect(values("ingress_with_source_security_group_id")).toMatchObject({
      security_group_id: "<module.it.aws_security_group.this[0].id>",
      source_security_group_id: "<aws_security_group.pods.id>",
      from_port: 3306,
    });
    expect(values("ingress_with_cidr_blocks")).toMatchObject({
      cidr_blocks: ["10.1.0.0/16", "10.2.0.0/16"],
      from_port: 8080,
      to_port: 8090,
    });
    expect(values("ingress_with_self")).toMatchObject({ self: true, protocol: "-1" });
    expect(values("computed_egress_with_source_security_group_id")).toMatchObject({
      type: "egress",
      protocol: "udp",
      from_port: 53,
    });
  });

  test("does not guess what a name means", async () => {
    const input = await readGroup('name = "db"\n ingress_rules = ["new-thing-tcp", var.any]');
    expect(shown(resource(input, rule("ingress_rules")).values["from_port"])).toBe(
      '<module.it.var.rules["new-thing-tcp"][0]>',
    );
    expect(
      String(
        shown(resource(input, "module.it.aws_security_group_rule.ingress_rules[1]").values["from_port"]),
      ),
    ).toMatch(/^</);
  });
});

test("a database by its arguments", async () => {
  const input = await read({
    "main.tf": root(
      RDS,
      "~> 6.0",
      'identifier = "orders"\n engine = "postgres"\n port = 5433\n vpc_security_group_ids = [aws_security_group.pods.id]',
    ),
  });
  expect(shown(resource(input, "module.it.module.db_instance.aws_db_instance.this[0]").values)).toMatchObject(
    {
      identifier: "orders",
      engine: "postgres",
      vpc_security_group_ids: ["<aws_security_group.pods.id>"],
    },
  );
  expect(String(input.evaluate("module.it.db_instance_port"))).toBe("5433");
});
