import { describe, expect, test } from "vitest";
import { InputError } from "../../io/errors";
import { SecurityGroupPolicyStack } from "../../modules/security-group-policy";
import { securityGroupPolicy } from "../../modules/security-group-policy/contract";
import type { Backend } from "../../synth/backend";
import { ModuleCall } from "../../synth/module-call";
import { RootStack, type RootStackOptions } from "../../synth/root-stack";
import { type Stacks, synthesize } from "../../synth/synthesize";
import { filesIn, temporaryFolder } from "../support/folders";
import { TestRoot } from "../support/stacks";

/** A root that reads outputs of another. */
class Reader extends RootStack {
  constructor(
    app: ConstructorParameters<typeof RootStack>[0],
    id: string,
    { root = "cluster-aws", output = "group", backend, options }: Reading = {},
  ) {
    super(app, id, options);
    this.addOutput("group", this.remoteState(root, backend).output(output), "A group's id.");
  }
}

interface Reading {
  root?: string;
  output?: string;
  backend?: Backend;
  options?: RootStackOptions;
}

function app(reading: Reading = {}, options?: RootStackOptions): Stacks {
  return {
    "cluster-aws": (tree, id) => {
      const root = new TestRoot(tree, id, options);
      root.output("group", "sg-0a1b2c3d");
      return root;
    },
    reader: (tree, id) => new Reader(tree, id, reading),
  };
}

function written(stacks: Stacks): Record<string, string> {
  const outdir = temporaryFolder();
  synthesize(stacks, outdir);
  return filesIn(outdir);
}

const readerOf = (stacks: Stacks) => JSON.parse(written(stacks)["stacks/reader/cdk.tf.json"] ?? "");

function problemsOf(stacks: Stacks): readonly string[] {
  try {
    synthesize(stacks, temporaryFolder());
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).problems;
  }
  throw new Error("it was synthesized");
}

const workspace = "${terraform.workspace}";
const s3 = { type: "s3", bucket: "states", key: "aws.tfstate", region: "eu-west-1" } as const;
const cloud = { type: "cloud", organization: "shop", workspaces: { name: "cluster-aws" } } as const;

test.each<[string, Backend | undefined, object]>([
  [
    "a file at its default place",
    undefined,
    {
      backend: "local",
      config: {
        path: "../../../terraform.cluster-aws.tfstate",
        workspace_dir: "../../../terraform.cluster-aws.tfstate.d",
      },
      workspace,
    },
  ],
  [
    "a file elsewhere",
    { type: "local", path: "../../../states/aws.tfstate" },
    {
      backend: "local",
      config: { path: "../../../states/aws.tfstate", workspace_dir: "../../../states/aws.tfstate.d" },
      workspace,
    },
  ],
  [
    "an object in S3",
    s3,
    { backend: "s3", config: { bucket: "states", key: "aws.tfstate", region: "eu-west-1" }, workspace },
  ],
  [
    "an object in S3, behind a role",
    { ...s3, roleArn: "arn:aws:iam::111122223333:role/states", kmsKeyId: "alias/states", useLockfile: false },
    {
      backend: "s3",
      config: {
        bucket: "states",
        key: "aws.tfstate",
        region: "eu-west-1",
        assume_role: { role_arn: "arn:aws:iam::111122223333:role/states" },
      },
      workspace,
    },
  ],
  [
    "a workspace of Terraform Cloud",
    cloud,
    { backend: "remote", config: { organization: "shop", workspaces: { name: "cluster-aws" } } },
  ],
  [
    "a workspace of Terraform Enterprise",
    { ...cloud, hostname: "tfe.example.com", workspaces: { name: "cluster-aws", project: "shop" } },
    {
      backend: "remote",
      config: { organization: "shop", hostname: "tfe.example.com", workspaces: { name: "cluster-aws" } },
    },
  ],
])("reads the state of another root of the app where that keeps it: %s", (_what, backend, expected) => {
  const { data, output } = readerOf(app({}, { backend }));
  expect(data).toStrictEqual({ terraform_remote_state: { cluster_aws: expected } });
  expect(output.group.value).toBe("${data.terraform_remote_state.cluster_aws.outputs.group}");
});

test("a root in Terraform Cloud takes the default workspace of others: its own name is of no use to them", () => {
  const own = { ...cloud, workspaces: { name: "reader" } };
  const { data } = readerOf(app({ options: { backend: own } }, { backend: s3 }));
  expect(data.terraform_remote_state.cluster_aws).not.toHaveProperty("workspace");
});

test("the root whose state is read is deployed first", () => {
  const { stacks } = JSON.parse(written(app())["manifest.json"] ?? "");
  expect(stacks.reader.dependencies).toStrictEqual(["cluster-aws"]);
});

test("a root of another app is read where it is said to be", () => {
  const stacks = app({ root: "their-network", output: "anything", backend: s3 });
  const files = written(stacks);
  const { data } = JSON.parse(files["stacks/reader/cdk.tf.json"] ?? "");
  expect(data.terraform_remote_state.their_network.config.bucket).toBe("states");
  expect(JSON.parse(files["manifest.json"] ?? "").stacks.reader.dependencies).toStrictEqual([]);
});

test.each<[string, Stacks, string]>([
  [
    "a root that there is not",
    app({ root: "cluster" }),
    'stack "reader": remoteState: there is no stack "cluster" in the app; it has cluster-aws, reader',
  ],
  [
    "an output that there is not",
    app({ output: "groups" }),
    'stack "reader": remoteState of "cluster-aws": there is no output "groups" in it; it has group',
  ],
  [
    "a workspace that is chosen by tags",
    app({}, { backend: { type: "cloud", organization: "shop", workspaces: { tags: ["aws"] } } }),
    'stack "reader": the state of "cluster-aws" is in a workspace that is chosen by tags: give its backend a workspace by name',
  ],
  [
    "a wrong backend",
    app({ root: "their-network", backend: { type: "s3" } as Backend }),
    'stack "reader": the backend of "their-network".bucket: must be a string (nothing was given)',
  ],
  [
    "a root whose name no address can hold",
    app({ root: "9 networks", backend: { type: "local" } }),
    'stack "reader": the name of a root whose state is read starts with a letter or "_" and holds letters, digits, "_" and "-" (given: "9 networks")',
  ],
  [
    "a root without a name",
    app({ root: null as unknown as string }),
    'stack "reader": the name of a root whose state is read starts with a letter or "_" and holds letters, digits, "_" and "-" (given: null)',
  ],
  [
    "an output whose name no output can have",
    app({ root: "network", backend: { type: "local" }, output: "a b" }),
    'stack "reader": the name of an output of "network" starts with a letter or "_" and holds letters, digits, "_" and "-" (given: "a b")',
  ],
])("%s is refused", (_what, stacks, problem) => {
  expect(problemsOf(stacks)).toContain(problem);
});

test("a root may take the ids as a variable instead", () => {
  class Policies extends RootStack {
    constructor(tree: ConstructorParameters<typeof RootStack>[0], id: string) {
      super(tree, id);
      const variables = this.addVariablesOf(securityGroupPolicy);
      new ModuleCall(this, "policy", securityGroupPolicy, variables);
    }
  }
  const files = written({
    "security-group-policy": (tree, id) => new SecurityGroupPolicyStack(tree, id),
    policies: (tree, id) => new Policies(tree, id),
  });
  const { module, data } = JSON.parse(files["stacks/policies/cdk.tf.json"] ?? "");
  expect(module.policy.security_group_ids).toBe("${var.security_group_ids}");
  expect(data).toBeUndefined();
});

describe("one root whose state is read in two places", () => {
  const twice = (first: Backend | undefined, second: Backend | undefined): Stacks => ({
    ...app(),
    reader: (tree, id) =>
      new (class extends RootStack {
        constructor() {
          super(tree, id);
          this.addOutput("one", this.remoteState("cluster-aws", first).output("group"), "A group's id.");
          this.addOutput("two", this.remoteState("cluster-aws", second).output("group"), "A group's id.");
        }
      })(),
  });

  test.each([[undefined], [s3]])("is read once (backend %j)", (backend) => {
    const configuration = readerOf(twice(backend, backend));
    expect(Object.keys(configuration.data.terraform_remote_state)).toStrictEqual(["cluster_aws"]);
    expect(configuration.output.two.value).toBe(configuration.output.one.value);
  });

  test("cannot be in two places itself", () => {
    expect(problemsOf(twice(s3, { ...s3, key: "other.tfstate" }))).toStrictEqual([
      'stack "reader": the state of "cluster-aws" is already read with another backend',
    ]);
  });
});
