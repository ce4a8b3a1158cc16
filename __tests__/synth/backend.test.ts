import { describe, expect, test } from "vitest";
import { InputError } from "../../io/errors";
import type { Backend } from "../../synth/backend";
import { configurationOf } from "../support/stacks";

const terraformBlock = (backend?: Backend) => {
  const { required_providers, ...block } = configurationOf(() => {}, backend && { backend }).terraform;
  return block;
};

describe("a root's backend is written as data", () => {
  test("a local state in the project's folder by default: the stack's own folder can be deleted", () => {
    expect(terraformBlock()).toStrictEqual({
      backend: {
        local: {
          path: "../../../terraform.root.tfstate",
          workspace_dir: "../../../terraform.root.tfstate.d",
        },
      },
      required_version: ">= 1.1",
    });
  });

  test("a local state elsewhere", () => {
    expect(terraformBlock({ type: "local", path: ".././../../states//a.tfstate" })).toStrictEqual({
      backend: {
        local: {
          path: "../../../states/a.tfstate",
          // Terraform's default is in the stack's folder.
          workspace_dir: "../../../states/a.tfstate.d",
        },
      },
      required_version: ">= 1.1",
    });
  });

  test("a Terraform Cloud workspace by its name", () => {
    expect(
      terraformBlock({ type: "cloud", organization: "acme", workspaces: { name: "example-aws" } }),
    ).toStrictEqual({
      cloud: { organization: "acme", workspaces: { name: "example-aws" } },
      required_version: ">= 1.1",
    });
  });

  test("workspaces by their tags, on a Terraform Enterprise host, in a project", () => {
    expect(
      terraformBlock({
        type: "cloud",
        organization: "acme",
        hostname: "tfe.example.com",
        workspaces: { tags: ["eks", "pods"], project: "platform" },
      }),
    ).toStrictEqual({
      cloud: {
        organization: "acme",
        hostname: "tfe.example.com",
        workspaces: { tags: ["eks", "pods"], project: "platform" },
      },
      required_version: ">= 1.6",
    });
  });

  test("S3, encrypted and locked by a file, which needs Terraform 1.10", () => {
    expect(
      terraformBlock({ type: "s3", bucket: "states", key: "example.tfstate", region: "eu-west-1" }),
    ).toStrictEqual({
      backend: {
        s3: {
          bucket: "states",
          key: "example.tfstate",
          region: "eu-west-1",
          encrypt: true,
          use_lockfile: true,
        },
      },
      required_version: ">= 1.10",
    });
  });

  test("S3 with a key and a role, without the lock file", () => {
    const { backend, required_version } = terraformBlock({
      type: "s3",
      bucket: "states",
      key: "a",
      region: "eu-west-1",
      kmsKeyId: "alias/states",
      roleArn: "arn:aws:iam::111122223333:role/states",
      useLockfile: false,
    });
    expect(backend).toStrictEqual({
      s3: {
        bucket: "states",
        key: "a",
        region: "eu-west-1",
        encrypt: true,
        kms_key_id: "alias/states",
        assume_role: { role_arn: "arn:aws:iam::111122223333:role/states" },
      },
    });
    // Terraform 1.5 knows no `assume_role` here.
    expect(required_version).toBe(">= 1.6");
  });

  test("S3 without a lock file and a role, for the oldest Terraform", () => {
    expect(
      terraformBlock({ type: "s3", bucket: "states", key: "a", region: "eu-west-1", useLockfile: false }),
    ).toMatchObject({ required_version: ">= 1.1" });
  });
});

describe("a wrong backend is refused, with what was given and what is accepted", () => {
  test.each<[string, unknown, string[]]>([
    ["no type", {}, ['backend.type: must be "local", "cloud" or "s3" (nothing was given)']],
    ["no object", "s3", ['backend: must be an object with a type of "local", "cloud" or "s3" (given: "s3")']],
    ["another backend", { type: "gcs" }, ['backend.type: must be "local", "cloud" or "s3" (given: "gcs")']],
    [
      "an absolute path",
      { type: "local", path: "/var/state" },
      ["backend.path: must be relative to the stack's folder", 'given: "/var/state"'],
    ],
    ["a Windows path", { type: "local", path: "C:\\state" }, ["backend.path: must be relative"]],
    [
      "a state inside the stack's folder",
      { type: "local", path: "terraform.tfstate" },
      ["backend.path: must be outside the folder of all stacks"],
    ],
    [
      "a state inside the stack's folder, by a way around",
      { type: "local", path: "../root/terraform.tfstate" },
      ["backend.path: must be outside the folder of all stacks", 'given: "../root/terraform.tfstate"'],
    ],
    [
      "a state inside another stack's folder",
      { type: "local", path: "../../stacks/other/a.tfstate" },
      ["backend.path: must be outside the folder of all stacks"],
    ],
    [
      "a path that leads back",
      { type: "local", path: "../root/../root/a" },
      ["backend.path: must be outside the folder of all stacks"],
    ],
    [
      "a state beside the stacks, where its workspaces would look like one",
      { type: "local", path: "../a.tfstate" },
      ["backend.path: must be outside the folder of all stacks"],
    ],
    ["a folder", { type: "local", path: "../../../states/" }, ["backend.path: must be a file, not a folder"]],
    ["a folder by dots", { type: "local", path: "../.." }, ["backend.path: must be a file, not a folder"]],
    ["an empty path", { type: "local", path: "" }, ["backend.path: must not be empty"]],
    [
      "everything wrong at once",
      { type: "s3", bucket: "", key: "/a", encrypt: "yes", dynamodbTable: "locks" },
      [
        "backend.bucket: must not be empty",
        'backend.key: must not start with "/" (given: "/a")',
        "backend.region: must be a string (nothing was given)",
        'backend.encrypt: must be true or false (given: "yes")',
        'backend: does not know "dynamodbTable"; accepted: bucket, key, region, encrypt, kmsKeyId, roleArn, useLockfile',
      ],
    ],
    [
      "a cloud without workspaces",
      { type: "cloud", organization: "acme" },
      ["backend.workspaces: must be { name } or { tags }"],
    ],
    [
      "a cloud with both",
      { type: "cloud", organization: "acme", workspaces: { name: "a", tags: ["b"] } },
      ["backend.workspaces: must be { name } or { tags }"],
    ],
    [
      "a cloud's workspace with an unknown key",
      { type: "cloud", organization: "acme", workspaces: { name: "a", prefix: "b" } },
      ['backend.workspaces: does not know "prefix"; accepted: name, project'],
    ],
    [
      "a cloud's tags with an unknown key",
      { type: "cloud", organization: "acme", workspaces: { tags: ["a"], prefix: "b" } },
      ['backend.workspaces: does not know "prefix"; accepted: tags, project'],
    ],
    [
      "a cloud without tags",
      { type: "cloud", organization: "acme", workspaces: { tags: [] } },
      ["backend.workspaces.tags: must list at least one tag (given: [])"],
    ],
    [
      "a workspace's name with a space",
      { type: "cloud", organization: "acme", workspaces: { name: "my workspace" } },
      ['backend.workspaces.name: must be at most 90 letters, digits, "-" or "_" (given: "my workspace")'],
    ],
    [
      "an address in the place of a host",
      { type: "cloud", organization: "acme", hostname: "https://tfe.example.com", workspaces: { name: "a" } },
      [
        'backend.hostname: must be the name of a host, such as "tfe.example.com", without "https://" (given: "https://tfe.example.com")',
      ],
    ],
    [
      "a token of another construct",
      { type: "s3", bucket: "${TfToken[TOKEN.1]}", key: "a", region: "eu-west-1" },
      ["backend.bucket: must be a plain value"],
    ],
  ])("%s", (_what, backend, messages) => {
    const attempt = () => configurationOf(() => {}, { backend: backend as Backend });
    expect(attempt).toThrow(InputError);
    expect(attempt).toThrow('stack "root": backend');
    for (const message of messages) expect(attempt).toThrow(message);
  });
});
