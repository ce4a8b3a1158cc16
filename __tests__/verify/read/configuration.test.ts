import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readInput } from "../../../verify/read";
import type { Input } from "../../../verify/read/model";
import { filesIn } from "../../support/folders";
import { addresses, folderWith, read, resource, shown } from "./support/configuration";

const values = (input: Input, address: string) => shown(resource(input, address).values);

describe("the article's module", () => {
  const hcl = () => readInput("__tests__/e2e/fixtures/article");
  /** The same root, which calls the synthesized module. */
  const json = async () => {
    const folder = folderWith({
      ...filesIn("__tests__/e2e/fixtures/article"),
      ...Object.fromEntries(
        Object.entries(filesIn("cdktf.out/stacks/rds-mysql"))
          .filter(([name]) => name.endsWith(".tf.json"))
          .map(([name, text]) => [`synthesized/${name}`, text]),
      ),
    });
    const root = filesIn(folder)["workload.tf"] as string;
    writeFileSync(join(folder, "workload.tf"), root.replace("./modules/rds-mysql", "./synthesized"));
    return readInput(folder);
  };

  it("has the same values as HCL and as JSON", async () => {
    const [fromHcl, fromJson] = [await hcl(), await json()];
    const meaning = (input: Input) =>
      Object.fromEntries(input.resources.map((one) => [one.address, shown(one.values)]));
    // The module asks for the region in a way that version 6 of the provider takes as well.
    const asToday = JSON.stringify(meaning(fromHcl)).replaceAll(
      JSON.stringify("<module.rds_mysql.data.aws_region.current.name>"),
      JSON.stringify(
        '<lookup(module.rds_mysql.data.aws_region.current, "region", lookup(module.rds_mysql.data.aws_region.current, "name", null))>',
      ),
    );
    expect(meaning(fromJson)).toEqual(JSON.parse(asToday));
    expect(addresses(fromHcl).filter((address) => address.includes("aws_security_group_rule"))).toHaveLength(
      11,
    );
    expect(fromHcl.notes).toEqual([]);
  });

  it("has the caller's groups in the place of the module's variables", async () => {
    const input = await hcl();
    expect(
      values(
        input,
        "module.rds_mysql.aws_security_group_rule.worker_ingress_dns_tcp_from_pods_security_group",
      ),
    ).toEqual({
      type: "ingress",
      security_group_id: "<aws_security_group.worker.id>",
      source_security_group_id: "<module.rds_mysql.aws_security_group.pods.id>",
      protocol: "tcp",
      from_port: 53,
      to_port: 53,
      description: "Ingress: Allow DNS resolution (via TCP) from orders-for-pods.",
    });
    expect(shown(input.evaluate('var.security_groups["k8s_worker"]', "module.rds_mysql"))).toBe(
      "<aws_security_group.worker.id>",
    );
    expect(shown(input.evaluate("module.rds_mysql.pods_security_group_id"))).toBe(
      "<module.rds_mysql.aws_security_group.pods.id>",
    );
  });

  it("says where each resource stands", async () => {
    const rule = resource(await hcl(), "module.rds_mysql.aws_security_group_rule.rds_ingress_to_self");
    expect(rule.source).toEqual({
      file: "__tests__/e2e/fixtures/article/modules/rds-mysql/main.tf",
      line: 39,
    });

    const input = await readInput("cdktf.out/stacks/rds-mysql");
    const lines = (filesIn("cdktf.out/stacks/rds-mysql")["cdk.tf.json"] as string).split("\n");
    for (const { name, type, source } of input.resources) {
      expect(lines[(source.line ?? 0) - 1], `${type}.${name}`).toContain(`"${name}"`);
    }
  });

  it("is called by the committed root", async () => {
    const input = await readInput("cdktf.out/stacks/example-aws");
    expect(input.modules).toEqual([
      {
        address: "module.eks_cluster_role",
        folder: "cdktf.out/stacks/eks-cluster-role",
        source: { file: "cdktf.out/stacks/example-aws/cdk.tf.json", line: expect.any(Number) },
      },
      {
        address: "module.rds_mysql",
        folder: "cdktf.out/stacks/rds-mysql",
        source: { file: "cdktf.out/stacks/example-aws/cdk.tf.json", line: expect.any(Number) },
      },
    ]);
    expect(addresses(input).filter((address) => address.includes("k8s_master_attach"))).toEqual(
      ["AmazonEKSClusterPolicy", "AmazonEKSServicePolicy", "AmazonEKSVPCResourceController"].map(
        (policy) =>
          `module.eks_cluster_role.aws_iam_role_policy_attachment.k8s_master_attach["arn:aws:iam::aws:policy/${policy}"]`,
      ),
    );
    expect(values(input, "module.rds_mysql.aws_security_group.rds")).toMatchObject({
      name: "<var.name>",
      description: '<"Default security group for ${var.name}.">',
    });
  });
});

describe("variables", () => {
  const VARIABLES = 'variable "a" {\n default = "default"\n}\noutput "a" {\n value = var.a\n}\n';
  const sources: Record<string, string> = {
    "terraform.tfvars": 'a = "terraform.tfvars"',
    "terraform.tfvars.json": '{"a": "terraform.tfvars.json"}',
    "a.auto.tfvars": 'a = "a.auto.tfvars"',
    "b.auto.tfvars.json": '{"a": "b.auto.tfvars.json"}',
  };
  const order = ["default", ...Object.keys(sources)];

  it.each(order.map((name, index) => [name, order.slice(1, index + 1)] as const))(
    "are set by %s when nothing goes before it",
    async (name, present) => {
      const input = await read({
        "main.tf": VARIABLES,
        ...Object.fromEntries(present.map((file) => [file, sources[file]])),
      });
      expect(input.evaluate("var.a")).toBe(name);
    },
  );

  it("are set by named files before all others, the last one first", async () => {
    const folder = folderWith({
      "main.tf": VARIABLES,
      ...sources,
      "one.tfvars": 'a = "one"',
      "two.json": '{"a": "${two}"}',
    });
    const one = join(folder, "one.tfvars");
    const two = join(folder, "two.json");
    expect((await readInput(folder, { varFiles: [two, one] })).evaluate("var.a")).toBe("one");
    // JSON values of variables are data, not templates.
    expect((await readInput(folder, { varFiles: [one, two] })).evaluate("var.a")).toBe("${two}");
  });

  it.each<[string, unknown, unknown]>([
    ["number", "443", 443],
    ["string", 443, "443"],
    ["bool", "true", true],
    ["set(string)", ["a", "a", 1], ["1", "a"]],
    ["map(number)", { a: "1" }, { a: 1 }],
    [
      'list(object({ port = number, to = optional(string, "all") }))',
      [{ port: "1", x: 2 }],
      [{ port: 1, to: "all" }],
    ],
    ["object({ a = optional(string), b = optional(list(number), [1]) })", {}, { a: null, b: [1] }],
    ["any", { a: "1" }, { a: "1" }],
  ])("of the type %s are converted", async (type, given, value) => {
    const files = { "terraform.tfvars.json": { x: given } };
    const json = await read({ "main.tf.json": { variable: { x: { type } } }, ...files });
    const hcl = await read({ "main.tf": `variable "x" {\n type = ${type}\n}\n`, ...files });
    expect(json.evaluate("var.x")).toEqual(value);
    expect(hcl.evaluate("var.x")).toEqual(value);
  });
});

describe("instances", () => {
  it("are made by for_each and count, in modules too", async () => {
    const input = await read({
      "main.tf": `
        locals {
          teams = { b = { port = 2 }, a = { port = 1 } }
        }
        module "team" {
          for_each = local.teams
          source   = "./team"
          port     = each.value.port
        }
        resource "aws_security_group" "off" {
          count = false ? 1 : 0
        }
        resource "aws_security_group" "chained" {
          for_each    = module.team
          description = each.value.id
        }`,
      "team/main.tf": `
        variable "port" {}
        resource "aws_security_group" "pods" {
          count = 2
          name  = "pods-\${var.port}-\${count.index}"
        }
        output "id" { value = aws_security_group.pods[0].id }`,
    });
    expect(addresses(input)).toEqual([
      'aws_security_group.chained["a"]',
      'aws_security_group.chained["b"]',
      'module.team["a"].aws_security_group.pods[0]',
      'module.team["a"].aws_security_group.pods[1]',
      'module.team["b"].aws_security_group.pods[0]',
      'module.team["b"].aws_security_group.pods[1]',
    ]);
    expect(values(input, 'module.team["b"].aws_security_group.pods[1]')).toEqual({ name: "pods-2-1" });
    expect(values(input, 'aws_security_group.chained["b"]')).toEqual({
      description: '<module.team["b"].aws_security_group.pods[0].id>',
    });
    expect(resource(input, 'module.team["a"].aws_security_group.pods[0]').module).toBe('module.team["a"]');
    expect(input.modules.map(({ address }) => address)).toEqual(['module.team["a"]', 'module.team["b"]']);
  });

  it("are the same where a reference says that they are resources", async () => {
    const input = await read({
      "main.tf": `
        resource "aws_security_group" "a" {
          for_each = toset(["x"])
          name     = "a"
        }
        resource "aws_security_group_rule" "r" {
          security_group_id        = resource.aws_security_group.a["x"].id
          source_security_group_id = one([for group in resource.aws_security_group.a : group.id])
          description              = resource.aws_security_group.a["x"].name
        }`,
    });
    expect(values(input, "aws_security_group_rule.r")).toEqual({
      security_group_id: '<aws_security_group.a["x"].id>',
      source_security_group_id: '<aws_security_group.a["x"].id>',
      description: "a",
    });
  });

  it("that are not known are one, and a note says so", async () => {
    const input = await read({
      "main.tf": `
        variable "rules" {}
        resource "aws_security_group_rule" "one" {
          for_each                 = var.rules
          source_security_group_id = each.value.group
        }
        resource "aws_security_group_rule" "two" {
          for_each                 = var.rules
          source_security_group_id = each.value.group
        }
        resource "aws_security_group" "many" {
          count = 1000000000
        }`,
    });
    expect(addresses(input)).toEqual([
      "aws_security_group.many",
      "aws_security_group_rule.one",
      "aws_security_group_rule.two",
    ]);
    expect(input.notes).toEqual([
      expect.stringContaining("aws_security_group.many: it has more than 100000 instances"),
      expect.stringContaining("aws_security_group_rule.one: its instances are not known"),
      expect.stringContaining("aws_security_group_rule.two: its instances are not known"),
    ]);
    // Nothing says that both are at the same key.
    const peers = ["one", "two"].map((name) =>
      shown(resource(input, `aws_security_group_rule.${name}`).values["source_security_group_id"]),
    );
    expect(peers).toEqual([
      '<each.value in aws_security_group_rule.one["group"]>',
      '<each.value in aws_security_group_rule.two["group"]>',
    ]);
  });
});

describe("nested blocks are arrays of objects", () => {
  const expected = [{ from_port: 80, cidr_blocks: ["10.0.0.0/8"] }];
  const spellings: Record<string, Record<string, unknown>> = {
    "blocks in HCL": {
      "main.tf":
        'resource "aws_security_group" "a" {\n ingress {\n from_port = 80\n cidr_blocks = ["10.0.0.0/8"]\n }\n}',
    },
    "attributes in HCL": {
      "main.tf":
        'resource "aws_security_group" "a" {\n ingress = [{\n from_port = 80\n cidr_blocks = ["10.0.0.0/8"]\n self = null }]\n}',
    },
    "an object in JSON": {
      "main.tf.json": { resource: { aws_security_group: { a: { ingress: expected[0] } } } },
    },
    "an array in JSON": {
      "main.tf.json": { resource: { aws_security_group: { a: { ingress: expected } } } },
    },
    "arrays at every label": {
      "main.tf.json": { resource: [{ aws_security_group: [{ a: [{ ingress: expected }] }] }] },
    },
    "an expression": {
      "main.tf.json": {
        locals: { rules: [{ ...expected[0], description: null }] },
        resource: { aws_security_group: { a: { ingress: "${local.rules}" } } },
      },
    },
    "a dynamic block in HCL": {
      "main.tf": `resource "aws_security_group" "a" {
        dynamic "ingress" {
          for_each = { x = 80 }
          iterator = it
          content {
            from_port   = it.value
            cidr_blocks = ["10.0.0.0/8"]
          }
        }
      }`,
    },
    "a dynamic block in JSON": {
      "main.tf.json": {
        resource: {
          aws_security_group: {
            a: {
              dynamic: {
                ingress: {
                  for_each: [80],
                  content: { from_port: "${ingress.value}", cidr_blocks: ["10.0.0.0/8"] },
                },
              },
            },
          },
        },
      },
    },
  };

  it.each(Object.keys(spellings))("written as %s", async (spelling) => {
    const input = await read(spellings[spelling] as Record<string, unknown>);
    expect(values(input, "aws_security_group.a")).toEqual({ ingress: expected });
  });

  it.each([
    [
      "a list has indexes as keys",
      "[80, 443]",
      [
        [0, 80],
        [1, 443],
      ],
    ],
    [
      "an item of a set is its own key",
      "toset([443, 80])",
      [
        [80, 80],
        [443, 443],
      ],
    ],
  ])("in a dynamic block %s", async (_what, forEach, expected) => {
    const input = await read({
      "main.tf": `resource "aws_security_group" "a" {
        dynamic "ingress" {
          for_each = ${forEach}
          content {
            from_port = ingress.key
            to_port   = ingress.value
          }
        }
      }`,
    });
    expect(values(input, "aws_security_group.a")).toEqual({
      ingress: expected.map(([from_port, to_port]) => ({ from_port, to_port })),
    });
  });

  it("a list that is empty is told from blocks that are not there", async () => {
    const input = await read({
      "main.tf": `
resource "aws_security_group" "none" {
  ingress = []
}
resource "aws_security_group" "dynamic" {
  dynamic "ingress" {
    for_each = []
    content {}
  }
}`,
    });
    expect(values(input, "aws_security_group.none")).toEqual({ ingress: [] });
    expect(values(input, "aws_security_group.dynamic")).toEqual({});
  });

  it("and what only looks like one stays as it is", async () => {
    const input = await read({
      "main.tf.json": {
        resource: {
          "//": "a comment",
          aws_security_group: { a: { "//": "another", tags: { ingress: "x" }, ingress: [] } },
          kubernetes_manifest: { policy: { manifest: { metadata: { name: "x" }, spec: { "//": "data" } } } },
          kubernetes_env: { cni: { metadata: { name: "aws-node" }, env: [{ name: "A", value: "b" }] } },
        },
      },
    });
    expect(values(input, "aws_security_group.a")).toEqual({ tags: { ingress: "x" }, ingress: [] });
    expect(values(input, "kubernetes_manifest.policy")).toEqual({
      manifest: { metadata: { name: "x" }, spec: { "//": "data" } },
    });
    expect(values(input, "kubernetes_env.cni")).toEqual({
      metadata: [{ name: "aws-node" }],
      env: [{ name: "A", value: "b" }],
    });
  });

  it("of an unknown number are one, and a note says so", async () => {
    const input = await read({
      "main.tf": `
        variable "ports" {}
        resource "aws_security_group" "a" {
          ingress {
            from_port = 22
          }
          dynamic "ingress" {
            for_each = var.ports
            content {
              from_port = ingress.value.from
              protocol  = "tcp"
            }
          }
        }`,
    });
    expect(values(input, "aws_security_group.a")).toEqual({
      ingress: [
        { from_port: 22 },
        { from_port: '<ingress.value in aws_security_group.a["from"]>', protocol: "tcp", dynamic: true },
      ],
    });
    expect(input.notes).toEqual([expect.stringContaining("aws_security_group.a: how many ingress blocks")]);
  });
});

describe("override files", () => {
  it("replace arguments, and blocks of one kind all together", async () => {
    const input = await read({
      "main.tf": `
        variable "a" { default = "main" }
        locals { x = "main" }
        module "m" {
          source = "./m"
          name   = "main"
        }
        resource "aws_security_group" "a" {
          name = "main"
          vpc_id = "vpc-main"
          ingress { from_port = 1 }
          ingress { from_port = 2 }
          egress { from_port = 3 }
        }`,
      "m/main.tf": 'variable "name" {}\nresource "aws_security_group" "m" {\n name = var.name\n}',
      "override.tf": 'variable "a" {\n default = "override"\n}\nlocals {\n x = "override"\n}',
      "z_override.tf.json": {
        module: { m: { name: "override" } },
        resource: { aws_security_group: { a: { name: "override", ingress: { from_port: 4 } } } },
      },
    });
    expect(input.evaluate("[var.a, local.x]")).toEqual(["override", "override"]);
    expect(values(input, "module.m.aws_security_group.m")).toEqual({ name: "override" });
    expect(values(input, "aws_security_group.a")).toEqual({
      name: "override",
      vpc_id: "vpc-main",
      ingress: [{ from_port: 4 }],
      egress: [{ from_port: 3 }],
    });
  });
});

describe("modules from elsewhere", () => {
  const root =
    'module "net" {\n source = "example/net/aws"\n}\nresource "aws_security_group" "a" {\n vpc_id = module.net.vpc_id\n}';

  it("are read where terraform init put them", async () => {
    const input = await read({
      "main.tf": root,
      ".terraform/modules/modules.json": {
        Modules: [
          { Key: "", Source: "", Dir: "." },
          { Key: "net", Source: "registry/example/net/aws", Dir: ".terraform/modules/net" },
          { Key: "net.sub", Source: "registry/example/sub/aws", Dir: ".terraform/modules/net.sub" },
        ],
      },
      ".terraform/modules/net/main.tf":
        'module "sub" {\n source = "example/sub/aws"\n}\noutput "vpc_id" {\n value = module.sub.vpc_id\n}',
      ".terraform/modules/net.sub/main.tf": 'output "vpc_id" {\n value = "vpc-1"\n}',
    });
    expect(values(input, "aws_security_group.a")).toEqual({ vpc_id: "vpc-1" });
    expect(input.notes).toEqual([]);
  });

  it("are noted where they are not there, and their outputs are unknown", async () => {
    const input = await read({ "main.tf": root });
    expect(values(input, "aws_security_group.a")).toEqual({ vpc_id: "<module.net.vpc_id>" });
    expect(input.notes).toEqual([
      expect.stringMatching(/^module\.net: its source example\/net\/aws is not a local folder/),
    ]);
    expect(input.modules).toEqual([
      {
        address: "module.net",
        passed: expect.objectContaining({ source: "example/net/aws" }),
        source: { file: expect.any(String), line: 1 },
      },
    ]);
  });
});
