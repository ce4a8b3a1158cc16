/**
 * What is read by the arguments of a call of a public module, against the module itself: `TERRAFORM_AWS_MODULES` names a folder
 * with clones of its repositories, with their tags (`terraform-aws-eks`, `terraform-aws-rds`, `terraform-aws-security-group`).
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { Unknown, type Value } from "../../expression/value";
import { readInput } from "../../verify/read";
import type { Input, Resource } from "../../verify/read/model";
import { verify } from "../../verify/verify";
import {
  MANIFESTS,
  OTHER_PROBE,
  publicRoot,
  ROOT,
  VERSION_20,
  withoutDns,
  withoutPolicy,
} from "../support/public-root";

const CLONES = process.env["TERRAFORM_AWS_MODULES"] ?? "";
const missing = ["eks", "rds", "security-group"].filter(
  (name) => !existsSync(join(CLONES, `terraform-aws-${name}`)),
);
const reason =
  CLONES === ""
    ? "TERRAFORM_AWS_MODULES names no folder with clones of the modules"
    : missing.length > 0 &&
      `${CLONES} has no clone of ${missing.map((name) => `terraform-aws-${name}`).join(", ")}`;
if (reason) console.warn(`the tests on public modules are skipped: ${reason}`);

const work = mkdtempSync(join(tmpdir(), "eks-pod-security-groups-modules-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const PATHS: Readonly<Record<string, readonly string[]>> = {
  eks: ["main.tf", "node_groups.tf", "outputs.tf", "variables.tf", "modules", "templates"],
  rds: ["main.tf", "outputs.tf", "variables.tf", "modules"],
  "security-group": ["main.tf", "rules.tf", "outputs.tf", "variables.tf"],
};

/** The folder with the files of a version of a module. */
function files(name: string, version: string): string {
  const folder = join(work, `${name}-${version}`);
  if (existsSync(folder)) return folder;
  mkdirSync(folder);
  const script = 'git -C "$0" archive "v$1" "${@:3}" | tar x -C "$2"';
  const words = ["-euo", "pipefail", "-c", script, join(CLONES, `terraform-aws-${name}`), version, folder];
  const { status, stderr } = spawnSync("bash", [...words, ...(PATHS[name] ?? [])], { encoding: "utf8" });
  if (status !== 0) throw new Error(`terraform-aws-${name} ${version}: ${stderr}`);
  return folder;
}

/** Where a module is, or one inside of it: `eks//modules/fargate-profile`. */
function filesOf(name: string, version: string): string {
  const [module = "", ...inside] = name.split("//");
  return [files(module, version), ...inside].join("//");
}

function emptyModule(): string {
  const folder = join(work, "empty");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "main.tf"), 'output "key_arn" { value = null }');
  return folder;
}

let roots = 0;

/** A root, with modules downloaded by the names of their calls: their folders, or `FOLDER//INSIDE`. */
function rootWith(
  content: Readonly<Record<string, string>>,
  downloaded: Readonly<Record<string, string>>,
): string {
  roots += 1;
  const folder = join(work, `root-${roots}`);
  for (const [path, text] of Object.entries(content)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const modules = join(folder, ".terraform", "modules");
  mkdirSync(modules, { recursive: true });
  const list = Object.entries(downloaded).map(([call, target]) => {
    const [whole = "", inside = ""] = target.split("//");
    symlinkSync(whole, join(modules, call));
    return { Key: call, Dir: join(".terraform/modules", call, inside) };
  });
  if (list.length > 0) writeFileSync(join(modules, "modules.json"), JSON.stringify({ Modules: list }));
  return folder;
}

const call = (name: string, version: string, body: string) => ({
  "main.tf": `module "it" {
  source  = "terraform-aws-modules/${name.replace(/(?=\/\/)|$/, "/aws")}"
  version = "${version}"
  ${body}
}
resource "aws_security_group" "pods" {}
variable "any" {}`,
});

/** The types of resources on which verdicts hang: of these the model has all. */
const TYPES = [
  "aws_autoscaling_group",
  "aws_db_instance",
  "aws_db_subnet_group",
  "aws_eks_addon",
  "aws_eks_cluster",
  "aws_eks_fargate_profile",
  "aws_eks_node_group",
  "aws_launch_template",
  "aws_security_group",
  "aws_security_group_rule",
  "aws_vpc_security_group_egress_rule",
  "aws_vpc_security_group_ingress_rule",
];

/** Arguments that no verdict hangs on, or that the model says more of than the module: the machines join a cluster. */
const LEFT_OUT = new Set([
  "description",
  "region",
  "revoke_rules_on_delete",
  "tag",
  "tags",
  "timeouts",
  "user_data",
]);
/** In the module these are the cluster's id, which is its name. */
const CLUSTER = /^module\.it\.(aws_eks_cluster\.this\[0\]\.id|time_sleep\.this\[0\]\.triggers)/;

/** Where the model differs from the module: a path for each place. */
function differences(model: Value | undefined, module: Value | undefined, path: string): string[] {
  if (isEmpty(model) && isEmpty(module)) return [];
  if (module instanceof Unknown) {
    if (model instanceof Unknown)
      return namesGroups(model) === namesGroups(module) ? [] : [`${path}: other groups`];
    return CLUSTER.test(module.expression)
      ? []
      : [`${path}: ${text(model)} is not known in the module (${text(module)})`];
  }
  if (model instanceof Unknown) return [`${path}: not known, ${text(module)} in the module`];
  if (typeof model !== "object" || typeof module !== "object" || model === null || module === null) {
    return model === module ? [] : [`${path}: ${text(model)}, ${text(module)} in the module`];
  }
  if (Array.isArray(model) && Array.isArray(module) && model.length !== module.length) {
    return [`${path}: ${model.length} items, ${module.length} in the module`];
  }
  const of = (value: object, key: string) => (value as Record<string, Value>)[key];
  return Object.keys(model).flatMap((key) => differences(of(model, key), of(module, key), `${path}.${key}`));
}

/** The groups that an expression names, by which verdicts tell them apart. */
function namesGroups({ expression }: Unknown): string {
  const names =
    expression.match(/[\w.[\]"]*(aws_security_group\.|cluster_security_group_id)[\w.[\]]*/g) ?? [];
  return [...new Set(names)].sort().join(" ");
}

function isEmpty(value: Value | undefined): boolean {
  return (
    value === null ||
    value === undefined ||
    (!(value instanceof Unknown) && typeof value === "object" && Object.keys(value).length === 0)
  );
}

function text(value: Value | undefined): string {
  return value instanceof Unknown ? `<${value.expression}>` : JSON.stringify(value);
}

const OUTPUTS: Readonly<Record<string, readonly string[]>> = {
  eks: [
    "cluster_arn",
    "cluster_iam_role_arn",
    "cluster_iam_role_name",
    "cluster_name",
    "cluster_primary_security_group_id",
    "cluster_security_group_id",
    "node_iam_role_arn",
    "node_security_group_id",
  ],
  rds: ["db_instance_address", "db_instance_endpoint", "db_instance_port"],
  "security-group": ["security_group_id", "security_group_name"],
};

function compare(name: string, model: Input, module: Input): string[] {
  const own = (input: Input) =>
    new Map(input.resources.filter((one) => one.mode === "managed").map((one) => [one.address, one]));
  const [ofModel, ofModule] = [own(model), own(module)];
  const absent = [...ofModule.values()].filter(
    ({ type, address }) => TYPES.includes(type) && !ofModel.has(address),
  );
  return [
    ...absent.map(({ address }) => `${address}: not in the model`),
    ...[...ofModel.values()].flatMap((one) => {
      const real = ofModule.get(one.address);
      return real === undefined ? [`${one.address}: not in the module`] : ofResource(one, real);
    }),
    ...(OUTPUTS[name] ?? []).flatMap((output) =>
      differences(model.evaluate(`module.it.${output}`), module.evaluate(`module.it.${output}`), output),
    ),
  ];
}

function ofResource(model: Resource, module: Resource): string[] {
  const isRule = /security_group.*rule$/.test(model.type);
  const names = new Set([...Object.keys(model.values), ...(isRule ? Object.keys(module.values) : [])]);
  return [
    ...(model.isUncertain === module.isUncertain ? [] : [`${model.address}: as certain as in the module`]),
    ...(text(model.unread as Value) === text(module.unread as Value)
      ? []
      : [`${model.address}: keys that are not read`]),
    ...[...names]
      .filter((name) => !LEFT_OUT.has(name))
      .flatMap((name) => differences(model.values[name], module.values[name], `${model.address}.${name}`)),
  ];
}

const isAtLeast = (version: string, major: number, minor: number) => {
  const [first = 0, second = 0] = version.split(".").map(Number);
  return first > major || (first === major && second >= minor);
};

const since21 = (version: string, name: string, before: string) =>
  Number(version.split(".")[0]) >= 21 ? name : before;

/** Calls for clusters, by what they try. @param of an argument's name in version 21, and before */
const CLUSTERS: Readonly<Record<string, (of: (name: string, before: string) => string) => string>> = {
  plain: (of) => `${of("name", "cluster_name")} = "shop"\n vpc_id = "vpc-1"\n subnet_ids = ["subnet-1"]`,
  whole: (of) => `${of("name", "cluster_name")} = "shop"
    ${of("kubernetes_version", "cluster_version")} = "1.33"
    vpc_id = aws_vpc.main.id
    subnet_ids = ["subnet-1", "subnet-2"]
    ${of("addons", "cluster_addons")} = {
      coredns = {}
      net = {
        name = "vpc-cni", before_compute = true, most_recent = true
        configuration_values = jsonencode({ env = { ENABLE_POD_ENI = "true" } })
      }
    }
    iam_role_additional_policies = { pods = "arn:aws:iam::aws:policy/AmazonEKSVPCResourceController" }
    node_security_group_additional_rules = {
      dns  = { type = "ingress", protocol = "udp", from_port = 53, to_port = 53, source_security_group_id = aws_security_group.pods.id }
      http = { type = "ingress", protocol = "tcp", from_port = 80, to_port = 80, cidr_blocks = ["10.0.0.0/8"], description = "HTTP" }
      all  = { type = "ingress", protocol = "-1", from_port = 0, to_port = 0, source_cluster_security_group = true }
    }
    ${of("security_group_additional_rules", "cluster_security_group_additional_rules")} = {
      nodes = { type = "egress", protocol = "tcp", from_port = 1025, to_port = 65535, source_node_security_group = true }
    }
    eks_managed_node_groups = {
      one   = { instance_types = ["m5.large"], vpc_security_group_ids = [aws_security_group.pods.id], labels = { a = "b" } }
      two   = { name = "second", use_custom_launch_template = false, remote_access = { ec2_ssh_key = "key" } }
      three = { attach_cluster_primary_security_group = true, network_interfaces = [{ security_groups = ["sg-12345678"] }] }
      none  = { create = false }
    }
    self_managed_node_groups = { four = { instance_type = "m5.xlarge" } }
    fargate_profiles = { system = { selectors = [{ namespace = "kube-system", labels = { a = "b" } }] } }`,
  "given groups and role": (of) => `${of("name", "cluster_name")} = "shop"
    ${of("create_security_group", "create_cluster_security_group")} = false
    ${of("security_group_id", "cluster_security_group_id")} = "sg-12345678"
    create_node_security_group = false
    node_security_group_id = aws_security_group.pods.id
    create_iam_role = false
    iam_role_arn = "arn:aws:iam::123456789012:role/cluster"
    eks_managed_node_groups = { one = {} }`,
  "what is not known": (of) => `${of("name", "cluster_name")} = var.any
    create_node_security_group = var.any
    node_security_group_additional_rules = var.any
    iam_role_additional_policies = var.any
    ${of("addons", "cluster_addons")} = var.any`,
  "Auto Mode and IPv6": (of) => `${of("name", "cluster_name")} = "shop"
    ${of("compute_config", "cluster_compute_config")} = { enabled = true, node_pools = ["general-purpose"] }
    ${of("ip_family", "cluster_ip_family")} = "ipv6"
    node_security_group_enable_recommended_rules = false`,
  nothing: () => "create = false",
};

/** Calls of the modules for nodes by themselves, each with the path of the module. */
const NODES: Readonly<Record<string, readonly [path: string, body: string]>> = {
  "managed nodes": [
    "eks-managed-node-group",
    `name = "one"
    cluster_name = "shop"
    subnet_ids = ["subnet-1"]
    cluster_primary_security_group_id = "sg-12345678"
    vpc_security_group_ids = [aws_security_group.pods.id]
    instance_types = ["m5.large"]
    labels = { a = "b" }`,
  ],
  "managed nodes without a launch template of their own": [
    "eks-managed-node-group",
    'name = "one"\n cluster_name = "shop"\n subnet_ids = ["subnet-1"]\n use_custom_launch_template = false',
  ],
  "machines of one's own": [
    "self-managed-node-group",
    `name = "two"
    cluster_name = "shop"
    subnet_ids = ["subnet-1"]
    vpc_security_group_ids = [aws_security_group.pods.id]
    launch_template_name = "machines"
    launch_template_use_name_prefix = false`,
  ],
  "pods on Fargate": [
    "fargate-profile",
    `name = "three"
    cluster_name = "shop"
    subnet_ids = ["subnet-1"]
    selectors = [{ namespace = "kube-system", labels = { a = "b" } }]`,
  ],
  "no nodes": ["eks-managed-node-group", "create = false"],
  "nodes of which nothing is known": [
    "eks-managed-node-group",
    'name = var.any\n cluster_name = "shop"\n vpc_security_group_ids = var.any',
  ],
};

const GROUPS: Readonly<Record<string, string>> = {
  names: `name = "db"
    vpc_id = "vpc-1"
    ingress_cidr_blocks = ["10.0.0.0/16"]
    ingress_rules = ["postgresql-tcp", "https-443-tcp", "all-icmp", "rabbitmq-5672-tcp", "dns-udp"]
    egress_rules = ["all-all"]`,
  lists: `name = "db"
    vpc_id = "vpc-1"
    use_name_prefix = false
    ingress_with_source_security_group_id = [
      { rule = "mysql-tcp", source_security_group_id = aws_security_group.pods.id, description = "pods" },
      { from_port = 80, to_port = 81, protocol = "tcp", source_security_group_id = "sg-12345678" },
    ]
    ingress_with_self = [{ rule = "all-all" }]
    ingress_with_cidr_blocks = [{ from_port = 8080, to_port = 8090, protocol = "tcp", cidr_blocks = "10.1.0.0/16,10.2.0.0/16" }]
    ingress_with_ipv6_cidr_blocks = [{ rule = "ssh-tcp", ipv6_cidr_blocks = "fd00::/8" }]
    egress_with_cidr_blocks = [{ rule = "dns-udp" }]
    egress_with_source_security_group_id = [{ rule = "redis-tcp", source_security_group_id = aws_security_group.pods.id }]
    computed_egress_rules = ["http-80-tcp"]
    number_of_computed_egress_rules = 1`,
  "a given group":
    'create_sg = false\n security_group_id = aws_security_group.pods.id\n ingress_with_self = [{ rule = "all-tcp" }]',
};

const DATABASES: Readonly<Record<string, string>> = {
  plain: `identifier = "orders"
    engine = "postgres"
    port = 5433
    vpc_security_group_ids = [aws_security_group.pods.id]
    create_db_subnet_group = true
    subnet_ids = ["subnet-1"]`,
  "a replica":
    'identifier = "orders"\n engine = "postgres"\n replicate_source_db = "other"\n vpc_security_group_ids = var.any',
};

const CASES: (readonly [name: string, version: string, what: string, body: string])[] = [
  ...["19.21.0", "20.0.0", "20.8.4", "20.31.0", "20.37.2", "21.0.9", "21.6.1", "21.19.0"].flatMap((version) =>
    Object.entries(CLUSTERS)
      .filter(([what]) => what !== "Auto Mode and IPv6" || isAtLeast(version, 20, 31))
      .map(
        ([what, body]) =>
          ["eks", version, what, body((name, before) => since21(version, name, before))] as const,
      ),
  ),
  ...["19.21.0", "20.8.4", "20.37.2", "21.0.9", "21.19.0"].flatMap((version) =>
    Object.entries(NODES).map(
      ([what, [path, body]]) => [`eks//modules/${path}`, version, what, body] as const,
    ),
  ),
  ...["4.17.2", "5.1.2", "5.3.1"].flatMap((version) =>
    Object.entries(GROUPS).map(([what, body]) => ["security-group", version, what, body] as const),
  ),
  ...["5.0.0", "5.9.0", "6.13.1", "7.2.0"].flatMap((version) =>
    Object.entries(DATABASES).map(([what, body]) => ["rds", version, what, body] as const),
  ),
];

describe.skipIf(reason)("a call is read by its arguments as by the module's own files", () => {
  test.each(CASES)("%s %s: %s", async (name, version, _, body) => {
    const model = await readInput(rootWith(call(name, version, body), {}));
    const module = await readInput(rootWith(call(name, version, body), { it: filesOf(name, version) }));
    expect(model.notes.filter((note) => note.includes("is not known"))).toStrictEqual(
      module.notes.filter((note) => note.includes("is not known") && note.includes("module.it:")),
    );
    expect(compare(name, model, module)).toStrictEqual([]);
  });
});

describe.skipIf(reason)("the planted faults, with the modules downloaded", () => {
  const faults: (readonly [string, string, string, readonly string[]])[] = [
    ["21.19.0", ROOT, MANIFESTS, []],
    ["21.19.0", withoutPolicy(ROOT), MANIFESTS, ["cluster-role-policy module.eks.aws_iam_role.this[0]"]],
    ["21.19.0", withoutDns(ROOT), MANIFESTS, ["shop/Deployment/orders/dns broken"]],
    ["21.19.0", ROOT, OTHER_PROBE, ["shop/Deployment/orders/readiness/8081 broken"]],
    ["20.37.2", VERSION_20, MANIFESTS, []],
    [
      "20.37.2",
      withoutPolicy(VERSION_20),
      MANIFESTS,
      ["cluster-role-policy module.eks.aws_iam_role.this[0]"],
    ],
    ["20.37.2", withoutDns(VERSION_20), MANIFESTS, ["shop/Deployment/orders/dns broken"]],
    ["20.37.2", VERSION_20, OTHER_PROBE, ["shop/Deployment/orders/readiness/8081 broken"]],
  ];

  test.each(faults)("%s", async (version, root, manifests, expected) => {
    const folder = rootWith(publicRoot(root, manifests), {
      eks: files("eks", version),
      // What encrypts secrets is a module of its own, on which no verdict hangs.
      "eks.kms": emptyModule(),
      database_group: files("security-group", "5.3.1"),
      database: files("rds", "7.2.0"),
    });
    const { verdicts, findings } = await verify(folder, { manifests: [join(folder, "k8s")] });
    expect([
      ...verdicts.flatMap(({ flow, status }) => (status === "holds" ? [] : [`${flow.id.name} ${status}`])),
      ...findings.flatMap(({ severity, check, address }) =>
        severity === "information" ? [] : [`${check} ${address}`],
      ),
    ]).toStrictEqual(expected);
    expect(verdicts).toHaveLength(3);
  });
});
