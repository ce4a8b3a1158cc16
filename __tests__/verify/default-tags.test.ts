import { describe, expect, test } from "vitest";
import { verify } from "../../verify/verify";
import { folderWith } from "./read/support/configuration";

const groups = (own = "", provider = "") =>
  ["a", "b"]
    .map((name) => `resource "aws_security_group" "${name}" {\n name = "${name}"\n ${provider}\n ${own}\n}\n`)
    .join("");

const POLICY = `resource "kubernetes_manifest" "pods" {
  manifest = {
    apiVersion = "vpcresources.k8s.aws/v1beta1"
    kind       = "SecurityGroupPolicy"
    metadata   = { name = "pods", namespace = "shop" }
    spec = {
      podSelector    = { matchLabels = { app = "orders" } }
      securityGroups = { groupIds = [aws_security_group.a.id, aws_security_group.b.id] }
    }
  }
}
`;

const provider = (tags: string, more = "") =>
  `provider "aws" {\n ${more}\n default_tags {\n  tags = ${tags}\n }\n}\n`;
const TAG = `{ "kubernetes.io/cluster/main" = "owned" }`;

/** What is said of the tags of the groups of one interface. */
async function said(files: Record<string, unknown>): Promise<string[]> {
  const { findings } = await verify(folderWith(files));
  return findings
    .filter(({ check }) => check === "cluster-tag")
    .map(({ message }) => message.split(",")[0] ?? "");
}

const NONE = "None of aws_security_group.a and aws_security_group.b";
const EACH =
  "aws_security_group.a and aws_security_group.b are on one interface (kubernetes_manifest.pods) and each has the tag kubernetes.io/cluster/main: the AWS Load Balancer Controller expects exactly one. Remove the tag from all but one.";

describe("the tags that a provider adds to all that it makes", () => {
  test.each<[what: string, hcl: string, found: string[]]>([
    ["none", groups(), [NONE]],
    ["the cluster's, on both groups", provider(TAG) + groups(), [EACH]],
    ["others", provider(`{ Team = "shop" }`) + groups(), [NONE]],
    [
      "of a variable",
      `variable "name" {\n default = "main"\n}\n${provider(`{ "kubernetes.io/cluster/\${var.name}" = "owned" }`)}${groups()}`,
      [EACH],
    ],
    ["that are not known", `variable "tags" {}\n${provider("var.tags")}${groups()}`, []],
    ["of another configuration than the groups'", provider(TAG, 'alias = "west"') + groups(), [NONE]],
    [
      "of the configuration that the groups name",
      provider(TAG, 'alias = "west"') + groups("", "provider = aws.west"),
      [EACH],
    ],
  ])("%s", async (_, hcl, found) => {
    expect(await said({ "main.tf": hcl + POLICY })).toStrictEqual(found);
  });

  test("of a root in JSON, with what an override file says instead", async () => {
    const json = {
      provider: { aws: [{ default_tags: [{ tags: { "kubernetes.io/cluster/main": "owned" } }] }] },
    };
    const files = { "main.tf": groups() + POLICY, "provider.tf.json": json };
    expect(await said(files)).toStrictEqual([EACH]);
    expect(await said({ ...files, "provider_override.tf": provider(`{ Team = "shop" }`) })).toStrictEqual([
      NONE,
    ]);
  });

  test("reach the groups of a module that the root calls", async () => {
    const module = `${groups()}output "ids" {\n value = [aws_security_group.a.id, aws_security_group.b.id]\n}\n`;
    const call = `module "groups" {\n source = "./groups"\n}\n`;
    const policy = POLICY.replace(/groupIds = .*/, "groupIds = module.groups.ids }");
    expect(await said({ "main.tf": provider(TAG) + call + policy, "groups/main.tf": module })).toStrictEqual([
      EACH.replaceAll("aws_security_group", "module.groups.aws_security_group"),
    ]);
  });
});
