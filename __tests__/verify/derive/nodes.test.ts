import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { understand } from "../../../verify/understand";
import { verify } from "../../../verify/verify";
import { folderWith } from "../read/support/configuration";
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
  /** What stands for groups. */
  readonly words?: Readonly<Record<string, string>>;
  /** More files, by their paths. */
  readonly files?: Readonly<Record<string, string>>;
}

/** The flows that an application needs, and what is said of what is not judged. */
async function judged(terraform: string, { objects = APP, files = {}, words = {} }: Given = {}) {
  const folder = folderWith({
    "main.tf": TERRAFORM + terraform,
    "k8s.json": { kind: "List", items: objects },
    ...files,
  });
  const groupWords = new Map(Object.entries({ "${orders}": "aws_security_group.orders", ...words }));
  const options = { manifests: [join(folder, "k8s.json")], groupWords };
  const { attachments } = (await understand(folder, options)).inventory;
  const { verdicts, notes, findings } = await verify(folder, options);
  const flows = verdicts.filter(({ flow }) => flow.origins);
  return {
    attachments,
    findings,
    endpoints: Object.fromEntries(flows.map(({ flow }) => [flow.id.name, flow.to.groups])),
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
    expect(await judged(`module ${blocksOf(module)}`)).toMatchObject({ ids: ALL, notes: [] });
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

describe("nodes of Karpenter carry what their class finds", () => {
  const DISCOVERY = "karpenter.sh/discovery";
  const KARPENTER = `
    resource "helm_release" "karpenter" {
      name  = "karpenter"
      chart = "oci://public.ecr.aws/karpenter/karpenter"
    }
    resource "aws_security_group" "karpenter" {
      name = "main-karpenter"
      tags = { "${DISCOVERY}" = "main", team = "platform", Name = "karpenter nodes" }
    }
    resource "aws_security_group" "database" {
      name = "database"
      tags = { team = "data" }
    }`;
  const nodeClass = (securityGroupSelectorTerms: readonly object[], name = "default") => ({
    apiVersion: "karpenter.k8s.aws/v1",
    kind: "EC2NodeClass",
    metadata: { name },
    spec: { securityGroupSelectorTerms },
  });
  const nodePool = (spec: object = {}, of = "default", name = of) => ({
    apiVersion: "karpenter.sh/v1",
    kind: "NodePool",
    metadata: { name },
    spec: {
      template: {
        metadata: { labels: { pool: name } },
        spec: { nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: of }, ...spec },
      },
    },
  });
  const BY_TAG = nodeClass([{ tags: { [DISCOVERY]: "main" } }]);

  /** The ids of the flows that nodes of two groups are needed for. */
  const of = (...groups: string[]) =>
    ["dns", "readiness/8080"].flatMap((need) =>
      groups.map((group) => `shop/Deployment/orders/${need}/${group}`),
    );
  const BOTH = of("aws_security_group.nodes", "aws_security_group.karpenter");

  test.each<[what: string, terms: readonly object[]]>([
    ["a tag", [{ tags: { [DISCOVERY]: "main" } }]],
    ["any value of a tag", [{ tags: { [DISCOVERY]: "*" } }]],
    ["a wildcard in a value", [{ tags: { Name: "karp*" } }]],
    ["one for a character", [{ tags: { Name: "karpenter?nodes" } }]],
    ["several tags of one term", [{ tags: { [DISCOVERY]: "main", team: "platform" } }]],
    ["several terms that find one group", [{ tags: { team: "platform" } }, { name: "main-karpenter" }]],
    ["a name", [{ name: "main-karpenter" }]],
    ["a wildcard in a name", [{ name: "main-k*" }]],
    ["an id that stands for a group", [{ id: "${karpenter}" }]],
  ])("by %s", async (_, terms) => {
    const { ids, notes } = await judged(KARPENTER, {
      objects: [...APP, nodeClass(terms)],
      words: { "${karpenter}": "aws_security_group.karpenter" },
    });
    expect(notes).toStrictEqual([]);
    expect(ids.toSorted()).toStrictEqual(BOTH.toSorted());
  });

  test("the groups of all terms are on one node", async () => {
    const { ids } = await judged(KARPENTER, {
      objects: [...APP, nodeClass([{ tags: { [DISCOVERY]: "main" } }, { name: "database" }])],
    });
    expect(ids.filter((id) => id.includes("readiness")).toSorted()).toStrictEqual(
      of("aws_security_group.karpenter+aws_security_group.database", "aws_security_group.nodes").slice(2),
    );
  });

  test.each<[what: string, terms: readonly object[], why: string]>([
    [
      "a tag that is not filled in",
      [{ tags: { [DISCOVERY]: "$CLUSTER" } }],
      `no security group of the input has the tag ${DISCOVERY}=$CLUSTER, by which EC2NodeClass/default finds them`,
    ],
    [
      "tags that no group has together",
      [{ tags: { [DISCOVERY]: "main", team: "data" } }],
      `no security group of the input has the tags ${DISCOVERY}=main, team=data`,
    ],
    [
      "a second term that finds none",
      [{ tags: { [DISCOVERY]: "main" } }, { name: "elsewhere" }],
      "no security group of the input has the name elsewhere",
    ],
    [
      "an id that stands for a group which nobody names",
      [{ id: "${NODE_GROUP_ID}" }],
      "the group that ${NODE_GROUP_ID} in EC2NodeClass/default stands for is not known",
    ],
    ["no terms", [], "EC2NodeClass/default does not say by which terms it finds them"],
  ])("what is not found is not judged, and said: %s", async (_, terms, why) => {
    const { ids, notes } = await judged(KARPENTER, { objects: [...APP, nodeClass(terms)] });
    expect(ids).toStrictEqual([]);
    expect(notes).toHaveLength(2);
    for (const note of notes) expect(note).toContain(`Karpenter makes nodes, and ${why}`);
  });

  test("nor where the input does not determine a tag", async () => {
    const more = `
      variable "cluster" {}
      resource "aws_security_group" "other" {
        name = "other"
        tags = { "${DISCOVERY}" = var.cluster }
      }`;
    const { ids, notes } = await judged(KARPENTER + more, { objects: [...APP, BY_TAG] });
    expect(ids).toStrictEqual([]);
    expect(notes[0]).toContain(
      `whether aws_security_group.other has the tag ${DISCOVERY}=main, by which EC2NodeClass/default finds groups, is not known`,
    );
  });

  test("without a class nobody knows", async () => {
    const { ids, notes } = await judged(KARPENTER);
    expect(ids).toStrictEqual([]);
    expect(notes[0]).toContain(
      "Karpenter makes nodes (helm_release.karpenter), and the input shows no EC2NodeClass, which finds their groups: give its manifest as well",
    );
  });

  test("a pool whose class is elsewhere leaves its nodes open", async () => {
    const { notes } = await judged(KARPENTER, { objects: [...APP, BY_TAG, nodePool(), nodePool({}, "gpu")] });
    expect(notes[0]).toContain("by NodePool/gpu, and the input does not show its class (EC2NodeClass gpu)");
  });

  test("a class that no pool has makes no nodes", async () => {
    const objects = [...APP, BY_TAG, nodePool(), nodeClass([{ name: "database" }], "old")];
    expect((await judged(KARPENTER, { objects })).ids.toSorted()).toStrictEqual(BOTH.toSorted());
  });

  const NODES_ONLY = ALL;
  test.each<[what: string, pool: object, ids: readonly string[]]>([
    ["a taint that they do not tolerate", { taints: [{ key: "gpu", effect: "NoSchedule" }] }, NODES_ONLY],
    ["a taint for a while", { startupTaints: [{ key: "cilium", effect: "NoExecute" }] }, BOTH],
    [
      "Windows",
      { requirements: [{ key: "kubernetes.io/os", operator: "In", values: ["windows"] }] },
      NODES_ONLY,
    ],
    ["Linux", { requirements: [{ key: "kubernetes.io/os", operator: "In", values: ["linux"] }] }, BOTH],
  ])("where pods may run there: a pool with %s", async (_, pool, ids) => {
    const judgement = await judged(KARPENTER, { objects: [...APP, BY_TAG, nodePool(pool)] });
    expect(judgement.ids.toSorted()).toStrictEqual(ids.toSorted());
  });

  test("pods are probed from the nodes that their nodeSelector and their tolerations allow", async () => {
    const on = (spec: object) =>
      judged(KARPENTER, {
        objects: [
          policyFor("orders"),
          deploymentOf("orders", { ...PROBED, ...spec }),
          BY_TAG,
          nodePool({ taints: [{ key: "gpu", effect: "NoSchedule" }] }),
        ],
      });
    const probes = ({ ids }: { ids: readonly string[] }) => ids.filter((id) => id.includes("readiness"));
    const tolerations = [{ key: "gpu", operator: "Exists" }];
    expect(probes(await on({ tolerations }))).toHaveLength(2);
    expect(probes(await on({ tolerations, nodeSelector: { pool: "default" } }))).toHaveLength(1);
    const nowhere = await on({ nodeSelector: { pool: "default" } });
    expect(probes(nowhere)).toStrictEqual([]);
    expect(nowhere.notes.join(" ")).toContain("its nodeSelector and its tolerations fit none of those");
  });

  test("the group that EKS makes is found by its tags, and by those that something else puts on it", async () => {
    const own = "aws_eks_cluster.main.vpc_config[0].cluster_security_group_id";
    const expected = of("aws_security_group.nodes", own);
    for (const terms of [
      [{ tags: { "kubernetes.io/cluster/main": "owned" } }],
      [{ tags: { "aws:eks:cluster-name": "main" } }],
      [{ tags: { Name: "eks-cluster-sg-main-*" } }],
      [{ name: "eks-cluster-sg-main-1234567" }],
      [{ tags: { team: "nodes" } }],
    ]) {
      const tag = `
        resource "aws_ec2_tag" "team" {
        resource_id = ${own}
        key         = "team"
        value       = "nodes"
      }`;
      const { ids } = await judged(KARPENTER + tag, { objects: [...APP, nodeClass(terms)] });
      expect(ids.toSorted(), JSON.stringify(terms)).toStrictEqual(expected.toSorted());
    }
  });

  test("in Terraform, the name of the cluster as a reference", async () => {
    const applied = `
      variable "cluster" {}
      resource "aws_security_group" "own" {
        name = "own"
        tags = { discovery = var.cluster }
      }
      resource "kubectl_manifest" "class" {
        yaml_body = <<-YAML
          apiVersion: karpenter.k8s.aws/v1
          kind: EC2NodeClass
          metadata:
            name: default
          spec:
            securityGroupSelectorTerms:
              - tags:
                  discovery: \${var.cluster}
        YAML
      }`;
    const { ids } = await judged(KARPENTER + applied);
    expect(ids.toSorted()).toStrictEqual(of("aws_security_group.nodes", "aws_security_group.own").toSorted());
  });

  describe("of version 1alpha5", () => {
    const template = (securityGroupSelector: object, more: object = {}) => ({
      apiVersion: "karpenter.k8s.aws/v1alpha1",
      kind: "AWSNodeTemplate",
      metadata: { name: "default" },
      spec: { securityGroupSelector, ...more },
    });
    const provisioner = (spec: object) => ({
      apiVersion: "karpenter.sh/v1alpha5",
      kind: "Provisioner",
      metadata: { name: "default" },
      spec,
    });
    const REFERENCE = provisioner({ providerRef: { name: "default" } });

    test.each<[what: string, objects: readonly object[]]>([
      ["a template", [template({ [DISCOVERY]: "main" })]],
      ["one of a provisioner", [template({ [DISCOVERY]: "main" }), REFERENCE]],
      ["several values", [template({ team: "infra, platform" }), REFERENCE]],
      [
        "a provisioner alone",
        [provisioner({ provider: { securityGroupSelector: { [DISCOVERY]: "main" } } })],
      ],
    ])("%s", async (_, objects) => {
      const { ids } = await judged(KARPENTER, { objects: [...APP, ...objects] });
      expect(ids.toSorted()).toStrictEqual(BOTH.toSorted());
    });

    test("a launch template that it names has them", async () => {
      const { ids } = await judged(KARPENTER, {
        objects: [...APP, template({}, { launchTemplate: "mine" }), REFERENCE],
      });
      expect(ids).toStrictEqual([]);
    });
  });

  test("the public module tags the group that EKS makes, and that of its nodes", async () => {
    const call = (body: string) => `
      module "eks" {
        source  = "terraform-aws-modules/eks/aws"
        version = "~> 20.0"
        cluster_name = "shop"
        ${body}
      }`;
    const objects = [...APP, nodeClass([{ tags: { [DISCOVERY]: "shop" } }])];
    const found = async (body: string) => {
      const { attachments } = await judged(call(body), { objects });
      return attachments
        .filter(({ address }) => address === "EC2NodeClass/default")
        .map(({ groups }) => groups);
    };
    const own = "module.eks.aws_eks_cluster.this[0].vpc_config[0].cluster_security_group_id";
    const node = "module.eks.aws_security_group.node[0]";
    expect(await found(`node_security_group_tags = { "${DISCOVERY}" = "shop" }`)).toStrictEqual([[node]]);
    const all = `tags = { "${DISCOVERY}" = "shop" }
      create_cluster_security_group = false`;
    expect(await found(`${all}\ncreate_node_security_group = false`)).toStrictEqual([[own]]);
    expect(await found(`${all}\ncreate_cluster_primary_security_group_tags = false`)).toStrictEqual([[node]]);
  });
});

describe("a live dump of nodes", () => {
  const cniNode = (...features: string[]) => ({
    apiVersion: "vpcresources.k8s.aws/v1alpha1",
    kind: "CNINode",
    // As the controller makes it.
    metadata: {
      name: "ip-1",
      ownerReferences: [{ apiVersion: "v1", kind: "Node", name: "ip-1", uid: "1", controller: true }],
    },
    spec: {
      features: features.map((name) => ({ name, ...(name === "CustomNetworking" && { value: "zone" }) })),
    },
  });
  const NODE = {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: "ip-1", labels: { "node.kubernetes.io/instance-type": "m5.large" } },
    status: { allocatable: { cpu: "2", pods: "29" } },
  };

  test("is read with what the CNI asks for on each", async () => {
    const { findings } = await judged("", { objects: [...APP, NODE, cniNode("SecurityGroupsForPods")] });
    expect(findings.filter(({ check }) => check === "nodes-without-trunk")).toMatchObject([
      { severity: "error", address: "Node/ip-1" },
    ]);
  });

  test("shows that the pods of CoreDNS have the groups of an ENIConfig", async () => {
    const eniConfig = {
      apiVersion: "crd.k8s.amazonaws.com/v1alpha1",
      kind: "ENIConfig",
      metadata: { name: "zone" },
      spec: { securityGroups: ["${pods}"], subnet: "subnet-1" },
    };
    const given = {
      objects: [...APP, eniConfig, cniNode("CustomNetworking", "SecurityGroupsForPods")],
      words: { "${pods}": "aws_security_group.pods" },
    };
    const { endpoints } = await judged('resource "aws_security_group" "pods" { name = "pods" }', given);
    expect(endpoints["shop/Deployment/orders/dns"]).toStrictEqual(["aws_security_group.pods"]);
  });
});
