import { describe, expect, test } from "vitest";
import { Unknown, type Value } from "../../../expression/value";
import { takeInventory } from "../../../verify/inventory";
import { hasClusterRole, hasPolicy, isUnclear, rolesOf } from "../../../verify/inventory/cluster/roles";
import { shown } from "../read/support/configuration";
import { type Arguments, inputOf, type Resources } from "../support/input";

const ARN = "arn:aws:iam::aws:policy";
const CONTROLLER = `${ARN}/AmazonEKSVPCResourceController`;
const CLUSTER = `${ARN}/AmazonEKSClusterPolicy`;
const rolesIn = (resources: Resources) => rolesOf(takeInventory(inputOf(resources)));

/** Text that is known in part, as a template gives it: `${…}` for what is not. */
function partly(text: string): Unknown {
  const parts = text.split(/(\$\{[^}]*\})/).filter((part) => part !== "");
  const known = parts.map((part) => (part.startsWith("${") ? new Unknown(part.slice(2, -1)) : part));
  return new Unknown(JSON.stringify(text), known);
}

/** A role is named by its name, by its ARN, which may have a path, or by a reference to an attribute of it. */
describe("the role that is meant", () => {
  const ROLE = { "aws_iam_role.r": { name: "shop" } };
  const DECLARED = "aws_iam_role.r";
  test.each<[what: string, role: Value | undefined, key: string | undefined]>([
    ["by its name", "shop", DECLARED],
    ["by its ARN", "arn:aws:iam::111122223333:role/shop", DECLARED],
    ["by its ARN with a path", "arn:aws:iam::111122223333:role/eks/eu/shop", DECLARED],
    ["by its ARN in another partition", "arn:aws-cn:iam::111122223333:role/shop", DECLARED],
    [
      "by its ARN, of an account that is not known",
      partly("arn:aws:iam::${var.account}:role/shop"),
      DECLARED,
    ],
    ["by a reference to its name", new Unknown("aws_iam_role.r.name"), DECLARED],
    ["by a reference to its ARN", new Unknown("aws_iam_role.r.arn"), DECLARED],
    ["by a reference to its id", new Unknown("aws_iam_role.r.id"), DECLARED],
    ["by text that is a reference to its ARN and nothing else", partly("${aws_iam_role.r.arn}"), DECLARED],
    ["not by another attribute of it", new Unknown("aws_iam_role.r.unique_id"), undefined],
    ["another one by its name", "office", "office"],
    ["another one by its ARN", "arn:aws:iam::111122223333:role/office", "office"],
    ["another one with a longer name", "shop-2", "shop-2"],
    [
      "a user's ARN, which is no role",
      "arn:aws:iam::111122223333:user/shop",
      "arn:aws:iam::111122223333:user/shop",
    ],
    [
      "text with an ARN inside",
      "x arn:aws:iam::111122223333:role/shop",
      "x arn:aws:iam::111122223333:role/shop",
    ],
    ["one that is not known", new Unknown("var.role"), undefined],
    ["an ARN with a name that is not known", partly("arn:aws:iam::111122223333:role/${var.role}"), undefined],
    ["none", undefined, undefined],
    ["null", null, undefined],
  ])("%s", (_, role, key) => {
    expect(rolesIn(ROLE).keyOf(role)).toBe(key);
  });

  test.each<[what: string, name: Value, role: Value]>([
    ["a name that is known in part", partly("${var.stage}-eks"), partly("${var.stage}-eks")],
    ["a name that ends with what is not known", partly("eks-${var.stage}"), partly("eks-${var.stage}")],
    [
      "an ARN with a name that is known in part",
      partly("${var.stage}-eks"),
      partly("arn:aws:iam::111122223333:role/${var.stage}-eks"),
    ],
    [
      "an ARN with a path and such a name",
      partly("eks-${var.stage}-x"),
      partly("arn:aws:iam::111122223333:role/teams/eks-${var.stage}-x"),
    ],
    [
      "an ARN with such a name that has a slash in it",
      partly('${lookup(var.names, "a/b")}-eks'),
      partly('arn:aws:iam::111122223333:role/${lookup(var.names, "a/b")}-eks'),
    ],
    ["an expression that is the name", new Unknown("local.name"), new Unknown("local.name")],
    [
      "an ARN with an expression for the name",
      new Unknown("local.name"),
      partly("arn:aws:iam::111122223333:role/${local.name}"),
    ],
  ])("by %s", (_, name, role) => {
    expect(rolesIn({ "aws_iam_role.r": { name } }).keyOf(role)).toBe(DECLARED);
  });

  test("a role that AWS names is meant by references alone", () => {
    const { keyOf } = rolesIn({ "aws_iam_role.r": { name_prefix: "eks-" } });
    expect(keyOf(new Unknown("aws_iam_role.r.name"))).toBe(DECLARED);
    expect(keyOf("undefined")).toBe("undefined");
  });
});

describe("the policies of a role", () => {
  const R = { "aws_iam_role.r": { name: "shop" } };
  const policiesOf = (resources: Resources, key = "aws_iam_role.r") =>
    rolesIn(resources)
      .byKey.get(key)
      ?.policies.map((policy) => shown(policy));
  test.each<[what: string, resources: Resources, policies: unknown[]]>([
    ["none", R, []],
    [
      "in the role",
      { "aws_iam_role.r": { managed_policy_arns: [CLUSTER, CONTROLLER] } },
      [CLUSTER, CONTROLLER],
    ],
    [
      "attached",
      { ...R, "aws_iam_role_policy_attachment.a": { role: "shop", policy_arn: CLUSTER } },
      [CLUSTER],
    ],
    [
      "attached twice",
      {
        ...R,
        "aws_iam_role_policy_attachment.a": { role: "shop", policy_arn: CLUSTER },
        "aws_iam_role_policy_attachment.b": { role: "${aws_iam_role.r.name}", policy_arn: CONTROLLER },
      },
      [CLUSTER, CONTROLLER],
    ],
    [
      "attached, all of them",
      {
        ...R,
        "aws_iam_role_policy_attachments_exclusive.a": {
          role_name: "shop",
          policy_arns: [CLUSTER, CONTROLLER],
        },
      },
      [CLUSTER, CONTROLLER],
    ],
    [
      "attached to several",
      { ...R, "aws_iam_policy_attachment.a": { roles: ["office", "shop"], policy_arn: CLUSTER } },
      [CLUSTER],
    ],
    [
      "attached to another",
      { ...R, "aws_iam_role_policy_attachment.a": { role: "office", policy_arn: CLUSTER } },
      [],
    ],
    [
      "of its own, which may allow what is needed",
      { ...R, "aws_iam_role_policy.a": { role: "shop", policy: '{"Action":"ec2:CreateNetworkInterface"}' } },
      ["<inline policy>"],
    ],
    [
      "of its own, which allows all of EC2",
      { ...R, "aws_iam_role_policy.a": { role: "shop", policy: '{"Action":["ec2:*"]}' } },
      ["<inline policy>"],
    ],
    [
      "of its own, which allows all",
      { ...R, "aws_iam_role_policy.a": { role: "shop", policy: '{"Action":"*"}' } },
      ["<inline policy>"],
    ],
    [
      "of its own, in small letters",
      { ...R, "aws_iam_role_policy.a": { role: "shop", policy: '{"Action":"EC2:createnetworkinterface"}' } },
      ["<inline policy>"],
    ],
    [
      "of its own, about something else",
      { ...R, "aws_iam_role_policy.a": { role: "shop", policy: '{"Action":"s3:*"}' } },
      [],
    ],
    [
      "of its own, that is not known",
      { ...R, "aws_iam_role_policy.a": { role: "shop", policy: "${data.aws_iam_policy_document.d.json}" } },
      ["<inline policy>"],
    ],
    ["of its own, that is null", { ...R, "aws_iam_role_policy.a": { role: "shop", policy: null } }, []],
    [
      "in the role, of its own",
      {
        "aws_iam_role.r": {
          inline_policy: [{ policy: '{"Action":"*"}' }, { policy: '{"Action":"s3:*"}' }, {}],
        },
      },
      ["<inline policy>"],
    ],
    [
      "in the role, of both kinds",
      { "aws_iam_role.r": { managed_policy_arns: [CLUSTER], inline_policy: [{ policy: "${var.p}" }] } },
      [CLUSTER, "<inline policy>"],
    ],
  ])("%s", (_, resources, policies) => {
    expect(policiesOf(resources)).toStrictEqual(policies);
  });

  test("of a role that the input does not declare are at what attaches the first", () => {
    const { byKey } = rolesIn({
      "aws_iam_role_policy_attachment.a": { role: "shop", policy_arn: CLUSTER },
      "aws_iam_role_policy_attachment.b": {
        role: "arn:aws:iam::111122223333:role/shop",
        policy_arn: CONTROLLER,
      },
    });
    expect([...byKey]).toMatchObject([
      ["shop", { address: "aws_iam_role_policy_attachment.a", policies: [CLUSTER, CONTROLLER] }],
    ]);
    expect(rolesIn(R).byKey.get("aws_iam_role.r")?.address).toBe("aws_iam_role.r");
  });

  test("of a role that is not known may be any role's", () => {
    const attachment = (role: unknown): Arguments => ({ role, policy_arn: CLUSTER });
    const { floating, byKey } = rolesIn({
      ...R,
      "aws_iam_role_policy_attachment.a": attachment("${var.role}"),
      "aws_iam_role_policy_attachment.b": attachment("shop"),
    });
    expect(floating).toStrictEqual([CLUSTER]);
    expect(byKey.get("aws_iam_role.r")?.policies).toStrictEqual([CLUSTER]);
  });
});

test.each<[policy: Value, isController: boolean, isUnclear: boolean]>([
  [CONTROLLER, true, false],
  [CONTROLLER.replace("aws:", "aws-us-gov:"), true, false],
  [
    partly("arn:${data.aws_partition.p.partition}:iam::aws:policy/AmazonEKSVPCResourceController"),
    true,
    false,
  ],
  [partly("arn:aws:iam::aws:policy/${var.policy}"), false, true],
  [partly("arn:aws:iam::aws:policy/AmazonEKS${var.policy}"), false, true],
  [CLUSTER, false, false],
  ["arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy", false, false],
  ["arn:aws:iam::aws:policy/a-1/b_2/AmazonEKSClusterPolicy", false, false],
  ["arn:aws:iam::111122223333:policy/AmazonEKSVPCResourceController", true, true],
  ["arn:aws:iam::111122223333:policy/own", false, true],
  ["arn:aws:iam::aws:policy/", false, true],
  [new Unknown("aws_iam_policy.own.arn"), false, true],
])("policy %s", (policy, isController, unclear) => {
  expect(hasPolicy([CLUSTER, policy], "AmazonEKSVPCResourceController")).toBe(isController);
  expect(isUnclear(policy)).toBe(unclear);
});

test.each<[what: string, resources: Resources, has: boolean]>([
  ["the cluster's policy", { "aws_iam_role.r": { managed_policy_arns: [CLUSTER] } }, true],
  ["the controller's policy", { "aws_iam_role.r": { managed_policy_arns: [CONTROLLER] } }, true],
  ["one of two roles", { "aws_iam_role.a": {}, "aws_iam_role.r": { managed_policy_arns: [CLUSTER] } }, true],
  [
    "another policy",
    { "aws_iam_role.r": { managed_policy_arns: [`${ARN}/AmazonEKSWorkerNodePolicy`] } },
    false,
  ],
  ["no role", {}, false],
  ["a role that is looked up", { "data.aws_iam_role.r": { managed_policy_arns: [CLUSTER] } }, false],
])("the role of a cluster is seen by %s", (_, resources, has) => {
  expect(hasClusterRole(takeInventory(inputOf(resources)))).toBe(has);
});
