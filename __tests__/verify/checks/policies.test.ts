import { describe, expect, test } from "vitest";
import { render } from "../../../verify/report";
import { verify } from "../../../verify/verify";
import { folderWith } from "../read/support/configuration";

/** A module that makes a policy of its variables, as such modules are written. */
const MODULE = `
variable "name" { type = string }
variable "namespace" { type = string }
variable "pod_selector" {
  type = object({
    match_labels = optional(map(string))
    match_expressions = optional(list(object({ key = string, operator = string, values = optional(list(string)) })))
  })
  default = null
}
variable "service_account_selector" {
  type    = object({ match_labels = optional(map(string)) })
  default = null
}
variable "security_group_ids" { type = map(string) }

locals {
  selectors = {
    podSelector = var.pod_selector == null ? null : merge(
      { matchLabels = var.pod_selector.match_labels },
      var.pod_selector.match_expressions == null ? {} : {
        matchExpressions = [for e in var.pod_selector.match_expressions : { for k, v in e : k => v if v != null }]
      },
    )
    serviceAccountSelector = var.service_account_selector == null ? null : {
      matchLabels = var.service_account_selector.match_labels
    }
  }
}

resource "kubernetes_manifest" "policy" {
  manifest = {
    apiVersion = "vpcresources.k8s.aws/v1beta1"
    kind       = "SecurityGroupPolicy"
    metadata   = { name = var.name, namespace = var.namespace }
    spec = merge(
      { for k, v in local.selectors : k => v if v != null },
      { securityGroups = { groupIds = [for key in sort(keys(var.security_group_ids)) : var.security_group_ids[key]] } },
    )
  }
}
`;

const ROOT = (calls: string) => `
resource "aws_security_group" "group" {
  for_each = toset(["a", "b", "c", "d", "e", "f", "g"])
  name     = each.key
}
${calls}
`;

const call = (name: string, groups: string, more: string) => `
module "${name}" {
  source             = "./policy"
  name               = "${name}"
  namespace          = "shop"
  security_group_ids = { for key in ${JSON.stringify(groups.split(""))} : key => aws_security_group.group[key].id }
  ${more}
}
`;

async function verified(calls: string, files: Record<string, unknown> = {}) {
  return verify(folderWith({ "main.tf": ROOT(calls), "policy/main.tf": MODULE, ...files }));
}

/** Findings about policies, in short. */
async function findings(calls: string, files: Record<string, unknown> = {}) {
  const report = await verified(calls, files);
  return report.findings
    .filter(({ check }) => check.startsWith("policy-") || check === "groups-per-interface")
    .map(({ check, address }) => `${check} ${address}`);
}

const LABELS = 'pod_selector = { match_labels = { app = "orders" } }';

describe("a policy that a called module makes of its variables", () => {
  test("attaches the groups that it is given", async () => {
    const report = await verified(call("orders", "ab", LABELS));
    expect(report.groups.filter(({ roles }) => roles.has("pods")).map(({ key }) => key)).toStrictEqual([
      'aws_security_group.group["a"]',
      'aws_security_group.group["b"]',
    ]);
  });

  test.each<[string, string, string[]]>([
    ["with labels", call("orders", "a", LABELS), []],
    [
      "without selectors",
      call("orders", "a", ""),
      ["policy-selects-nothing module.orders.kubernetes_manifest.policy"],
    ],
    [
      "for the whole namespace",
      call("orders", "a", "pod_selector = {}"),
      ["policy-selects-namespace module.orders.kubernetes_manifest.policy"],
    ],
    [
      "with both selectors",
      call("orders", "a", `${LABELS}\n  service_account_selector = { match_labels = { app = "orders" } }`),
      ["policy-both-selectors module.orders.kubernetes_manifest.policy"],
    ],
    [
      "with an operator that Kubernetes has not",
      call(
        "orders",
        "a",
        'pod_selector = { match_expressions = [{ key = "app", operator = "is", values = ["x"] }] }',
      ),
      ["policy-refused module.orders.kubernetes_manifest.policy"],
    ],
    [
      "with an expression without values",
      call("orders", "a", 'pod_selector = { match_expressions = [{ key = "app", operator = "Exists" }] }'),
      [],
    ],
    [
      "beside another for the same pods",
      call("orders", "abcd", LABELS) + call("more", "efg", LABELS),
      ["groups-per-interface module.more.kubernetes_manifest.policy"],
    ],
    [
      "beside another for other pods",
      call("orders", "abcd", LABELS) +
        call("more", "efg", 'pod_selector = { match_labels = { app = "billing" } }'),
      [],
    ],
  ])("%s", async (_what, calls, expected) => {
    expect(await findings(calls)).toStrictEqual(expected);
  });

  test("may have more groups where flows.yaml states a raised quota", async () => {
    const calls = call("orders", "abcdef", LABELS);
    expect(await findings(calls)).toHaveLength(1);
    expect(await findings(calls, { "flows.yaml": "format: 1\ngroups_per_interface: 6\n" })).toStrictEqual([]);
  });
});

test("a policy of whose pods all are matched by another is named once", async () => {
  const { findings } = await verified(
    call("orders", "abcd", LABELS) +
      call("more", "efg", 'pod_selector = { match_labels = { app = "orders", tier = "web" } }'),
  );
  const found = findings.filter(({ check }) => check === "groups-per-interface");
  expect(found.map(({ message }) => message.split(": ")[0])).toStrictEqual([
    "Every pod of module.more.kubernetes_manifest.policy also matches module.orders.kubernetes_manifest.policy, and then has 7 groups",
  ]);
});

describe("pods without DNS", () => {
  const found = async (calls: string) => {
    const { findings } = await verified(calls);
    return findings.filter(({ check }) => check === "no-dns-path");
  };

  test.each([
    ["a", 'aws_security_group.group["a"]'],
    ["ab", 'one of aws_security_group.group["a"] and aws_security_group.group["b"]'],
  ])("are to get rules on their own group and on CoreDNS's: %s", async (groups, named) => {
    const [finding] = await found(call("orders", groups, LABELS));
    expect(finding?.severity).toBe("error");
    expect(finding?.message).toContain(
      `or give ${named} egress rules for UDP and TCP 53 to the CoreDNS group, and add the ingress rules there.`,
    );
  });

  test("are a warning where it is not known whether the policy exists", async () => {
    const calls = call("orders", "a", `${LABELS}\n  count = var.create ? 1 : 0`);
    const findings = await found(`variable "create" { type = bool }\n${calls}`);
    expect(findings.map(({ severity }) => severity)).toStrictEqual(["warning"]);
  });
});

test("a baseline with the cluster's tag beside a workload's group without it is as it should be", async () => {
  const { findings } = await verify(
    folderWith({
      "main.tf": `
resource "aws_security_group" "baseline" {
  name = "baseline"
  tags = { "kubernetes.io/cluster/main" = "owned" }
}
resource "aws_security_group" "pods" {
  name = "pods"
}
module "orders" {
  source             = "./policy"
  name               = "orders"
  namespace          = "shop"
  pod_selector       = { match_labels = { app = "orders" } }
  security_group_ids = { baseline = aws_security_group.baseline.id, pods = aws_security_group.pods.id }
}
`,
      "policy/main.tf": MODULE,
    }),
  );
  expect(findings.map(({ check }) => check)).not.toContain("cluster-tag");
});

test.each([
  ["WARM_IP_TARGET = 2", 'WARM_IP_TARGET must be the string "2" (given: 2)'],
  [
    "AWS_VPC_K8S_CNI_EXTERNALSNAT = true",
    'AWS_VPC_K8S_CNI_EXTERNALSNAT must be the string "true" (given: true)',
  ],
  ["WARM_IP_TARGET = null", "WARM_IP_TARGET must be a string (it has no value)"],
  ["WARM_IP_TARGET = []", "WARM_IP_TARGET must be a string (given: [])"],
  ["ENABLE_POD_ENI = true", 'ENABLE_POD_ENI must be "true" or "false" (given: true)'],
  [
    "ENABLE_POD_ENI = null, WARM_IP_TARGET = 2",
    'ENABLE_POD_ENI must be "true" or "false" (it has no value); WARM_IP_TARGET must be the string "2" (given: 2)',
  ],
])("what the add-on's %s must be is said of each variable", async (env, words) => {
  const addOn = `
resource "aws_eks_addon" "cni" {
  cluster_name         = "main"
  addon_name           = "vpc-cni"
  configuration_values = jsonencode({ env = { ${env} } })
}
`;
  const { findings } = await verify(folderWith({ "main.tf": addOn }));
  const found = findings.filter(({ check }) => check === "cni-value-not-a-string");
  expect(found.map(({ message }) => message)).toStrictEqual([`aws_eks_addon.cni: ${words}.`]);
});

describe("the CNI that flows.yaml states", () => {
  const ADD_ON = {
    "main.tf": `
resource "aws_eks_addon" "cni" {
  cluster_name         = "main"
  addon_name           = "vpc-cni"
  configuration_values = jsonencode({ env = { ENABLE_POD_ENI = "true" }, init = { env = { DISABLE_TCP_EARLY_DEMUX = "true" } } })
}
resource "aws_security_group" "pods" { name = "pods" }
`,
  };

  test("is in the header of the report and holds against the input", async () => {
    const report = await verify(folderWith({ ...ADD_ON, "flows.yaml": "format: 1\ncni: addon\n" }));
    expect(report.findings).toStrictEqual([]);
    expect(render([report], "text", { color: false })).toContain(
      "(configuration, enforcing mode strict, CNI addon)",
    );
  });

  test("is contradicted with both places", async () => {
    const { findings } = await verify(folderWith({ ...ADD_ON, "flows.yaml": "format: 1\ncni: external\n" }));
    expect(findings).toMatchObject([{ check: "cni-not-as-stated", address: "aws_eks_addon.cni" }]);
    expect(findings[0]?.message).toMatch(
      /flows\.yaml declares cni: external, but aws_eks_addon\.cni \(.*main\.tf:2\)/,
    );
  });
});
