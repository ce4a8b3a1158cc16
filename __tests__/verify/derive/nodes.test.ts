import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { verify } from "../../../verify/verify";
import { temporaryFolder } from "../../support/folders";
import { deploymentOf, policyFor } from "./support/estate";

/*
 * Which nodes there are besides those that an input declares: modules that are not read may make some, and Karpenter does. The
 * facts are those of the modules' own sources, of Karpenter's documents and of its code.
 */

const TERRAFORM = `
resource "aws_security_group" "orders" { name = "orders" }
resource "aws_security_group" "nodes" { name = "nodes" }
resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "x"
  vpc_config { subnet_ids = [] }
}
resource "aws_launch_template" "nodes" { vpc_security_group_ids = [aws_security_group.nodes.id] }
resource "aws_eks_node_group" "nodes" {
  cluster_name = aws_eks_cluster.main.name
  launch_template { id = aws_launch_template.nodes.id }
}
`;

const PROBED = { containers: [{ name: "app", readinessProbe: { tcpSocket: { port: 8080 } } }] };
const APP = [policyFor("orders"), deploymentOf("orders", PROBED)];
const ALL = ["shop/Deployment/orders/dns", "shop/Deployment/orders/readiness/8080"];

interface Given {
  readonly objects?: readonly object[];
  /** More files, by their paths. */
  readonly files?: Readonly<Record<string, string>>;
}

/** The flows that an application needs, and what is said of what is not judged. */
async function judged(terraform: string, { objects = APP, files = {} }: Given = {}) {
  const folder = temporaryFolder();
  const all = {
    "main.tf": TERRAFORM + terraform,
    "k8s.json": JSON.stringify({ kind: "List", items: objects }),
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const groupWords = new Map([["${orders}", "aws_security_group.orders"]]);
  const { verdicts, notes } = await verify(folder, { manifests: [join(folder, "k8s.json")], groupWords });
  const flows = verdicts.filter(({ flow }) => flow.origins);
  return {
    ids: flows.map(({ flow }) => flow.id.name),
    notes: notes.filter((note) => note.startsWith("Deployment")),
  };
}

describe("a module that is not read makes no nodes, so that those of the input are all", () => {
  test.each([
    [
      "add-ons of EKS Blueprints",
      'eks_blueprints_addons { source = "aws-ia/eks-blueprints-addons/aws", version = "~> 1.0" }',
    ],
    ["them under the name of a cluster", 'cluster { source = "aws-ia/eks-blueprints-addons/aws" }'],
    [
      "them without Karpenter",
      'eks_addons { source = "aws-ia/eks-blueprints-addons/aws", enable_karpenter = false }',
    ],
    [
      "them by their repository",
      'eks_addons { source = "github.com/aws-ia/terraform-aws-eks-blueprints-addons?ref=v1.16.3" }',
    ],
    ["one add-on", 'eks_addon { source = "aws-ia/eks-blueprints-addon/aws", chart = "kyverno" }'],
    [
      "roles for service accounts",
      'eks_irsa { source = "terraform-aws-modules/iam/aws//modules/iam-role-for-service-accounts-eks" }',
    ],
    ["Pod Identity", 'pod_identity { source = "terraform-aws-modules/eks-pod-identity/aws" }'],
    ["teams", 'eks_teams { source = "aws-ia/eks-blueprints-teams/aws" }'],
    ["a queue for the ends of nodes", 'node_termination_queue { source = "terraform-aws-modules/sqs/aws" }'],
    [
      "Karpenter's role where it is switched off",
      'karpenter { source = "terraform-aws-modules/eks/aws//modules/karpenter", create = false }',
    ],
    ["a network", 'vpc { source = "terraform-aws-modules/vpc/aws" }'],
  ])("%s", async (_, module) => {
    expect(await judged(`module ${blocksOf(module)}`)).toStrictEqual({ ids: ALL, notes: [] });
  });
});

describe("a module that is not read may make nodes: what needs them is not judged, and a note names it with the cure", () => {
  test.each([
    ["a node group", 'batch { source = "terraform-aws-modules/eks/aws//modules/eks-managed-node-group" }'],
    [
      "a cluster of a version that is not known",
      'platform { source = "terraform-aws-modules/eks/aws", version = "~> 12.0" }',
    ],
    ["one of a private registry", 'platform { source = "app.terraform.io/acme/eks/aws" }'],
    [
      "one of a repository",
      'platform { source = "git::https://git.example.com/infra/eks-platform.git?ref=v1" }',
    ],
    ["one that is called after nodes", 'workers { source = "acme/compute/aws" }'],
  ])("%s", async (_, module) => {
    const name = `module.${module.split(" ")[0]}`;
    const { ids, notes } = await judged(`module ${blocksOf(module)}`);
    expect(ids).toStrictEqual([]);
    expect(notes).toHaveLength(2);
    for (const note of notes) {
      expect(note).toMatch(/^Deployment shop\/orders: .* not judged: /);
      expect(note).toContain(
        `nodes may come from ${name}, which is not read (\`terraform init -backend=false\` fetches modules)`,
      );
    }
  });

  test.each([
    ["its role", 'kp { source = "terraform-aws-modules/eks/aws//modules/karpenter" }', "module.kp"],
    [
      "with other add-ons",
      'addons { source = "aws-ia/eks-blueprints-addons/aws", enable_karpenter = true }',
      "module.addons",
    ],
    [
      "with other add-ons, if a variable says so",
      'addons { source = "aws-ia/eks-blueprints-addons/aws", enable_karpenter = aws_eks_cluster.main.version == "1" }',
      "module.addons",
    ],
    [
      "as the only add-on",
      'addon { source = "aws-ia/eks-blueprints-addon/aws", chart = "karpenter" }',
      "module.addon",
    ],
  ])("Karpenter: %s", async (_, module, name) => {
    const { ids, notes } = await judged(`module ${blocksOf(module)}`);
    expect(ids).toStrictEqual([]);
    expect(notes.join(" ")).toContain(`Karpenter makes nodes (${name})`);
  });
});

/** A call in one line, with commas between its arguments. */
function blocksOf(call: string): string {
  const [name, ...body] = call.split(" ");
  return `"${name}" ${body.join(" ").replaceAll(", ", "\n").replace("{ ", "{\n").replace(" }", "\n}")}`;
}

test.each([
  ["false", ALL],
  ["true", []],
])("of a module of Karpenter that is read it counts whether it makes anything: %s", async (create, ids) => {
  const files = {
    "karpenter/main.tf": `variable "create" {}
      resource "aws_iam_role" "node" { count = var.create ? 1 : 0 }`,
  };
  const call = `module "karpenter" {
    source = "./karpenter"
    create = ${create}
  }`;
  expect((await judged(call, { files })).ids).toStrictEqual(ids);
});
