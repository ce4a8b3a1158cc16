import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import type { TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { ExampleAws, ExampleKubernetes } from "../../clusters/example";
import { InputError } from "../../io/errors";
import { moduleStacks } from "../../modules";
import { vpcCni } from "../../modules/vpc-cni/contract";
import { vpcCniAddon } from "../../modules/vpc-cni-addon/contract";
import { ModuleCall } from "../../synth/module-call";
import { addressesOf } from "../../synth/render";
import { RootStack, type RootStackOptions } from "../../synth/root-stack";
import { type StackFactory, type Stacks, synthesize } from "../../synth/synthesize";
import { expression } from "../../synth/text";
import { filesIn, temporaryFolder } from "../support/folders";

const MODULES = moduleStacks([
  "eks-cluster-role",
  "rds-mysql",
  "security-group-policy",
  "vpc-cni",
  "vpc-cni-addon",
]);

function written(stacks: Stacks): Record<string, string> {
  const outdir = temporaryFolder();
  synthesize({ ...MODULES, ...stacks }, outdir);
  return filesIn(outdir);
}

function problemsOf(stacks: Stacks): readonly string[] {
  try {
    written(stacks);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).problems;
  }
  throw new Error("it was synthesized");
}

const recordOf = (files: Record<string, string>, root: string) => {
  const text = files[`stacks/${root}/flows.yaml`];
  return text === undefined ? undefined : parse(text);
};

const modulesOf = (files: Record<string, string>, root: string) =>
  JSON.parse(files[`stacks/${root}/cdk.tf.json`] ?? "").module as Record<string, Record<string, unknown>>;

const aws: StackFactory = (app, id) => new ExampleAws(app, id);
const awsWithAddon: StackFactory = (app, id) => new ExampleAws(app, id, { cni: "addon" });
const kubernetes =
  (cni: "kubernetes_env" | "addon" | "external"): StackFactory =>
  (app, id) =>
    new ExampleKubernetes(app, id, { aws: "aws", cni });

/*
 * What states, files of variables and other roots name, of the roots without options. `npm run synth` does not hold a root to
 * it, because the README tells whoever deploys one to change it: another CNI is another module with other variables.
 */
test("the roots keep their names", () => {
  const files = written({
    "example-aws": (app, id) => new ExampleAws(app, id),
    "example-kubernetes": (app, id) => new ExampleKubernetes(app, id, { aws: "example-aws" }),
  });
  const namesOf = (root: string) => addressesOf(JSON.parse(files[`stacks/${root}/cdk.tf.json`] ?? "")).sort();
  expect(namesOf("example-aws")).toStrictEqual([
    "module.eks_cluster_role",
    "module.rds_mysql",
    "output.pods_security_group_arn",
    "output.pods_security_group_id",
    "output.pods_security_group_name",
    "output.rds_security_group_arn",
    "output.rds_security_group_id",
    "output.rds_security_group_name",
    "provider.aws",
    "var.attach_service_policy",
    "var.cluster_role_name",
    "var.name",
    "var.partition",
    "var.platform",
    "var.region",
    "var.security_groups",
    "var.tags",
    "var.vpc_id",
  ]);
  expect(namesOf("example-kubernetes")).toStrictEqual([
    "data.terraform_remote_state.example_aws",
    "module.security_group_policy",
    "module.vpc_cni",
    "output.check_manifests_yaml",
    "output.manifest_yaml",
    "output.name",
    "output.namespace",
    "provider.kubernetes",
    "var.check",
    "var.create",
    "var.enforcing_mode",
    "var.env",
    "var.external_snat",
    "var.groups_per_interface",
    "var.init_env",
    "var.kubeconfig_context",
    "var.kubeconfig_path",
    "var.name",
    "var.namespace",
    "var.pod_selector",
    "var.select_whole_namespace",
    "var.service_account_selector",
  ]);
});

describe("the Kubernetes root logs in to the cluster", () => {
  const kubernetesWith =
    (access: string | undefined): StackFactory =>
    (app, id) =>
      new ExampleKubernetes(app, id, { aws: "aws", access: access as "token" });
  const rootWith = (access?: string) =>
    JSON.parse(written({ aws, kubernetes: kubernetesWith(access) })["stacks/kubernetes/cdk.tf.json"] ?? "");
  const FROM_AWS = {
    host: "${data.aws_eks_cluster.cluster.endpoint}",
    cluster_ca_certificate: "${base64decode(data.aws_eks_cluster.cluster.certificate_authority[0].data)}",
  };

  test("by a kubeconfig, where nothing else is said: it needs no AWS", () => {
    const { provider, terraform, variable } = rootWith();
    expect(provider).toStrictEqual({
      kubernetes: [{ config_path: "${var.kubeconfig_path}", config_context: "${var.kubeconfig_context}" }],
    });
    expect(Object.keys(terraform.required_providers)).toStrictEqual(["kubernetes"]);
    expect(variable).not.toHaveProperty("cluster_name");
    expect(rootWith("kubeconfig")).toStrictEqual(rootWith());
  });

  test("by a token of the AWS provider, as a remote run can", () => {
    const { provider, data, terraform, variable } = rootWith("token");
    expect(provider).toStrictEqual({
      aws: [{ region: "${var.region}" }],
      kubernetes: [{ ...FROM_AWS, token: "${data.aws_eks_cluster_auth.token.token}" }],
    });
    const cluster = { name: "${var.cluster_name}" };
    expect(data.aws_eks_cluster).toStrictEqual({ cluster });
    expect(data.aws_eks_cluster_auth).toStrictEqual({ token: cluster });
    expect(Object.keys(terraform.required_providers).sort()).toStrictEqual(["aws", "kubernetes"]);
    expect(Object.keys(variable)).toEqual(expect.arrayContaining(["region", "cluster_name"]));
    expect(variable).not.toHaveProperty("kubeconfig_path");
  });

  test("by the AWS CLI, at each request", () => {
    const { provider, data } = rootWith("exec");
    const args = ["eks", "get-token", "--cluster-name", "${var.cluster_name}", "--region", "${var.region}"];
    const exec = [{ api_version: "client.authentication.k8s.io/v1beta1", command: "aws", args }];
    expect(provider.kubernetes).toStrictEqual([{ ...FROM_AWS, exec }]);
    expect(data).not.toHaveProperty("aws_eks_cluster_auth");
  });

  test("and in no other way", () => {
    expect(problemsOf({ aws, kubernetes: kubernetesWith("password") })).toStrictEqual([
      'stack "kubernetes": access: must be "kubeconfig", "token" or "exec" (given: "password")',
    ]);
  });
});

test("the CNI is patched by the Kubernetes root, where nothing else is said", () => {
  const files = written({ aws, kubernetes: (app, id) => new ExampleKubernetes(app, id, { aws: "aws" }) });
  expect(modulesOf(files, "kubernetes")).toHaveProperty("vpc_cni");
  expect(recordOf(files, "kubernetes")).toStrictEqual({ format: 1, cni: "kubernetes_env", mode: "strict" });
  expect(recordOf(files, "aws")).toBeUndefined();
});

test("as the managed add-on it is run by the AWS root, after the role has its policy", () => {
  const files = written({ aws: awsWithAddon, kubernetes: kubernetes("addon") });
  expect(modulesOf(files, "aws")["vpc_cni_addon"]).toMatchObject({
    source: "../vpc-cni-addon",
    depends_on: ["module.eks_cluster_role"],
  });
  expect(Object.keys(modulesOf(files, "kubernetes"))).toStrictEqual(["security_group_policy"]);
  expect(recordOf(files, "aws")).toStrictEqual({ format: 1, cni: "addon", mode: "strict" });
  expect(recordOf(files, "kubernetes")).toBeUndefined();
});

test("run by others, it is recorded and nothing is written", () => {
  const files = written({ aws, kubernetes: kubernetes("external") });
  expect(Object.keys(modulesOf(files, "kubernetes"))).toStrictEqual(["security_group_policy"]);
  expect(recordOf(files, "kubernetes")).toStrictEqual({ format: 1, cni: "external", mode: "strict" });
});

test("the patch and the add-on on one cluster are refused, with both places", () => {
  expect(problemsOf({ aws: awsWithAddon, kubernetes: kubernetes("kubernetes_env") })).toStrictEqual([
    'stack "kubernetes": module call "vpc_cni" (module "vpc-cni") and module call "vpc_cni_addon" of stack "aws" (module "vpc-cni-addon") exclude each other: both would configure the same part of the cluster',
  ]);
});

/** A root with any calls. */
class Calls extends RootStack {
  constructor(
    scope: Construct,
    id: string,
    calls: readonly (typeof vpcCni | typeof vpcCniAddon)[],
    options?: RootStackOptions,
  ) {
    super(scope, id, options);
    for (const contract of calls) {
      if (contract === vpcCni) new ModuleCall(this, "patch", vpcCni, { enforcing_mode: "standard" });
      else new ModuleCall(this, "addon", vpcCniAddon, { cluster_name: "shop" });
    }
  }
}

test("both in one root are refused, once", () => {
  expect(problemsOf({ root: (app, id) => new Calls(app, id, [vpcCniAddon, vpcCni]) })).toStrictEqual([
    expect.stringMatching(
      /^stack "root": module call "addon" \(module "vpc-cni-addon"\) and module call "patch" \(module "vpc-cni"\) exclude/,
    ),
  ]);
});

test("both in one app are refused over a root between them, and allowed for two clusters", () => {
  const patch =
    (...dependsOn: string[]): StackFactory =>
    (app, id) =>
      new Calls(app, id, [vpcCni], { dependsOn });
  const nothing =
    (...dependsOn: string[]): StackFactory =>
    (app, id) =>
      new Calls(app, id, [], { dependsOn });
  const addon =
    (...dependsOn: string[]): StackFactory =>
    (app, id) =>
      new Calls(app, id, [vpcCniAddon], { dependsOn });
  expect(problemsOf({ first: addon(), second: nothing("first"), third: patch("second") })).toStrictEqual([
    expect.stringContaining(
      'stack "third": module call "patch" (module "vpc-cni") and module call "addon" of stack "first"',
    ),
  ]);
  const files = written({ network: nothing(), one: addon("network"), other: patch("network") });
  expect(recordOf(files, "one")).toStrictEqual({ format: 1, cni: "addon", mode: "strict" });
  expect(recordOf(files, "other")).toStrictEqual({ format: 1, cni: "kubernetes_env", mode: "standard" });
});

/** A root that others may wait for, with any content. */
const built =
  (build: (root: RootStack) => void, ...dependsOn: string[]): StackFactory =>
  (app, id) => {
    const root = new Calls(app, id, [], { dependsOn });
    build(root);
    return root;
  };
const patch = (root: RootStack, id: string, providers?: TerraformProvider[]) =>
  new ModuleCall(root, id, vpcCni, { enforcing_mode: "strict" }, { ...(providers && { providers }) });
const addon = (root: RootStack, id: string, cluster_name: string, mode = "strict") =>
  new ModuleCall(root, id, vpcCniAddon, { cluster_name, enforcing_mode: mode });
const FROM_OUTSIDE = expression("var.cluster_name");

describe("the same module twice", () => {
  test.each<[string, Stacks, string]>([
    [
      "the patch, in one root",
      {
        root: built((root) => {
          patch(root, "one");
          patch(root, "two");
        }),
      },
      'stack "root": module call "one" (module "vpc-cni") and module call "two" (module "vpc-cni") exclude each other',
    ],
    [
      "the add-on of one cluster, in one root",
      {
        root: built((root) => {
          addon(root, "one", "shop");
          addon(root, "two", "shop");
        }),
      },
      'stack "root": module call "one" (module "vpc-cni-addon") and module call "two" (module "vpc-cni-addon") exclude each other',
    ],
    [
      "the add-on of one cluster, in a root and one that it waits for",
      {
        first: built((root) => addon(root, "one", "shop")),
        second: built((root) => addon(root, "two", "shop"), "first"),
      },
      'stack "second": module call "two" (module "vpc-cni-addon") and module call "one" of stack "first" (module "vpc-cni-addon") exclude each other',
    ],
    [
      "the add-on of a cluster that one expression of the root names",
      {
        root: built((root) => {
          addon(root, "one", FROM_OUTSIDE);
          addon(root, "two", FROM_OUTSIDE);
        }),
      },
      'stack "root": module call "one" (module "vpc-cni-addon") and module call "two" (module "vpc-cni-addon") exclude each other',
    ],
  ])("%s, is refused", (_, stacks, problem) => {
    expect(problemsOf(stacks)).toStrictEqual([
      `${problem}: both would configure the same part of the cluster`,
    ]);
  });

  test.each<[string, Stacks]>([
    [
      "the patch in staging and in production, which waits for it",
      {
        staging: built((root) => patch(root, "one")),
        production: built((root) => patch(root, "two"), "staging"),
      },
    ],
    [
      "the add-on of two clusters",
      {
        root: built((root) => {
          addon(root, "one", "shop");
          addon(root, "two", "billing");
        }),
      },
    ],
    [
      "the add-on of a cluster that is named and one that is not known",
      {
        root: built((root) => {
          addon(root, "one", "shop");
          addon(root, "two", FROM_OUTSIDE);
        }),
      },
    ],
    [
      "the add-on of clusters that variables of two roots name",
      {
        first: built((root) => addon(root, "one", FROM_OUTSIDE)),
        second: built((root) => addon(root, "two", FROM_OUTSIDE), "first"),
      },
    ],
    [
      "the patch of two clusters, each by a provider of its own",
      {
        root: built((root) => {
          const provider = new KubernetesProvider(root, "other", { alias: "other", host: "https://other" });
          patch(root, "one");
          patch(root, "two", [provider]);
        }),
      },
    ],
    [
      "the patch in roots of which none waits for the other",
      { first: built((root) => patch(root, "one")), second: built((root) => patch(root, "two")) },
    ],
  ])("%s, is accepted", (_, stacks) => {
    expect(() => written(stacks)).not.toThrow();
  });
});

test("the mode is left out where the clusters of a root differ in it", () => {
  const root = built((root) => {
    addon(root, "one", "shop", "strict");
    addon(root, "two", "billing", "standard");
  });
  expect(recordOf(written({ root }), "root")).toStrictEqual({ format: 1, cni: "addon" });
});

test.each<[string, Stacks, string]>([
  [
    "in its own root",
    { root: (app, id) => new Calls(app, id, [vpcCni], { externalCni: "standard" }) },
    'stack "root": module call "patch" (module "vpc-cni") runs the CNI, and externalCni declares that it is configured elsewhere',
  ],
  [
    "in a root that it waits for",
    { aws: awsWithAddon, kubernetes: kubernetes("external") },
    'stack "kubernetes": module call "vpc_cni_addon" of stack "aws" (module "vpc-cni-addon") runs the CNI, and externalCni declares that it is configured elsewhere',
  ],
  [
    "in a root that waits for it",
    {
      aws: (app, id) => new Calls(app, id, [], { externalCni: "strict" }),
      kubernetes: (app, id) => new Calls(app, id, [vpcCni], { dependsOn: ["aws"] }),
    },
    'stack "kubernetes": module call "patch" (module "vpc-cni") runs the CNI, and externalCni of stack "aws" declares that it is configured elsewhere',
  ],
])("an external CNI and one that is run %s contradict each other", (_where, stacks, problem) => {
  expect(problemsOf(stacks)).toStrictEqual([problem]);
});

test("the mode is left out where only Terraform will know it", () => {
  const root: StackFactory = (app, id) => {
    const root = new Calls(app, id, []);
    const mode = expression("terraform.workspace");
    new ModuleCall(root, "patch", vpcCni, { enforcing_mode: mode });
    return root;
  };
  expect(recordOf(written({ root }), "root")).toStrictEqual({ format: 1, cni: "kubernetes_env" });
});
