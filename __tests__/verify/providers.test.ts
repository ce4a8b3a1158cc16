/** What is said of resources that stand in different regions, accounts or clusters, by the configurations of their providers. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { verify } from "../../verify/verify";
import { folderWith } from "./read/support/configuration";

const PROVIDERS = `
provider "aws" {}
provider "aws" {
  alias = "west"
}
provider "kubernetes" {}
provider "kubernetes" {
  alias = "green"
}
`;
const group = (label: string, more = "") =>
  `resource "aws_security_group" "${label}" {\n  name = "shop"\n${more}}\n`;
const call = (label: string, more = "") => `module "${label}" {\n  source = "./shop"\n${more}}\n`;
const WEST = "  provider = aws.west\n";
const patch = (label: string, more = "") => `resource "kubernetes_env" "${label}" {
  api_version = "apps/v1"
  kind        = "DaemonSet"
  container   = "aws-node"
  metadata {
    name      = "aws-node"
    namespace = "kube-system"
  }
  env {
    name  = "WARM_ENI_TARGET"
    value = "1"
  }
${more}}
`;
const GREEN = "  provider = kubernetes.green\n";
const INNER = { "shop/main.tf": group("inner") };
const ALIASED = {
  "shop/main.tf": `terraform {
  required_providers {
    aws = {
      source                = "hashicorp/aws"
      configuration_aliases = [aws.there]
    }
  }
}
${group("inner", "  provider = aws.there\n")}`,
};

async function found(files: Record<string, string>): Promise<string[]> {
  const { findings } = await verify(folderWith(files));
  return findings
    .filter(({ severity }) => severity === "error")
    .map(({ check, address }) => `${check} ${address}`);
}

describe("two groups of one name in default VPCs", () => {
  test.each<[string, string, Record<string, string>, boolean]>([
    ["of one provider", group("a") + group("b"), {}, true],
    ["of two regions", group("a") + group("b", WEST), {}, false],
    ["both of the other region", group("a", WEST) + group("b", WEST), {}, true],
    ["of a module that is called twice", call("a") + call("b"), INNER, true],
    [
      "of a module that is called for two regions",
      call("a") + call("b", "  providers = { aws = aws.west }\n"),
      INNER,
      false,
    ],
    [
      "of a module and of the root, for one region",
      group("a", WEST) + call("b", "  providers = { aws = aws.west }\n"),
      INNER,
      true,
    ],
    [
      "of a module that names its regions itself",
      call("a", "  providers = { aws.there = aws }\n") +
        call("b", "  providers = { aws.there = aws.west }\n"),
      ALIASED,
      false,
    ],
    [
      "of a module that names its regions itself, which are one",
      call("a", "  providers = { aws.there = aws.west }\n") +
        call("b", "  providers = { aws.there = aws.west }\n"),
      ALIASED,
      true,
    ],
  ])("%s", async (_what, main, files, isFound) => {
    const errors = await found({ "main.tf": PROVIDERS + main, ...files });
    expect(errors.map((one) => one.split(" ")[0])).toStrictEqual(isFound ? ["duplicate-group-name"] : []);
  });

  test("in a plan, which names the configurations of providers by keys", async () => {
    const resource = (name: string) => ({
      address: `aws_security_group.${name}`,
      mode: "managed",
      type: "aws_security_group",
      name,
      values: { name: "shop", vpc_id: null },
    });
    const configured = (name: string, key: string) => ({
      address: `aws_security_group.${name}`,
      provider_config_key: key,
      expressions: {},
    });
    const plan = (second: string) => ({
      format_version: "1.2",
      terraform_version: "1.9.8",
      planned_values: { root_module: { resources: [resource("a"), resource("b")] } },
      resource_changes: [],
      configuration: { root_module: { resources: [configured("a", "aws"), configured("b", second)] } },
    });
    const errors = async (second: string) => {
      const folder = folderWith({ "plan.json": JSON.stringify(plan(second)) });
      return (await verify(join(folder, "plan.json"))).findings.map(({ check }) => check);
    };
    expect(await errors("aws")).toStrictEqual(["duplicate-group-name"]);
    expect(await errors("aws.west")).toStrictEqual([]);
  });
});

describe("one variable of the CNI, patched twice", () => {
  test("is an error on one cluster, and none where another provider may lead to another", async () => {
    expect(await found({ "main.tf": PROVIDERS + patch("a") + patch("b") })).toStrictEqual([
      "cni-configured-twice kubernetes_env.a",
    ]);
    expect(await found({ "main.tf": PROVIDERS + patch("a") + patch("b", GREEN) })).toStrictEqual([]);
  });

  test("beside the add-ons of two regions nothing is said", async () => {
    const addOn = (label: string, more = "") =>
      `resource "aws_eks_addon" "${label}" {\n  addon_name = "vpc-cni"\n  cluster_name = "shop"\n${more}}\n`;
    const both = addOn("a") + addOn("b", WEST);
    expect(await found({ "main.tf": PROVIDERS + both })).toStrictEqual([]);
    expect(await found({ "main.tf": PROVIDERS + both + patch("a") })).toStrictEqual([]);
    expect(await found({ "main.tf": PROVIDERS + addOn("a") + addOn("b") })).toStrictEqual([
      "cni-configured-twice aws_eks_addon.a",
    ]);
  });
});
