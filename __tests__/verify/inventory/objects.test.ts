import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { verify } from "../../../verify/verify";
import { folderWith } from "../read/support/configuration";

const GROUP = `
variable "environment" {}
resource "aws_security_group" "orders" { name = "orders" }
`;

/** A policy as YAML; the group's id and a label are not known. */
const YAML = `
apiVersion: vpcresources.k8s.aws/v1beta1
kind: SecurityGroupPolicy # of \${var.environment}
metadata:
  name: orders-\${var.environment}
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: orders
      environment: "\${var.environment}"
  securityGroups:
    groupIds:
      - \${aws_security_group.orders.id}
`;

const DATA = `{
  apiVersion = "vpcresources.k8s.aws/v1beta1"
  kind       = "SecurityGroupPolicy"
  metadata   = { name = "orders-\${var.environment}", namespace = "shop" }
  spec = {
    podSelector    = { matchLabels = { app = "orders", environment = var.environment } }
    securityGroups = { groupIds = [aws_security_group.orders.id] }
  }
}`;

const indented = (text: string) => text.replace(/^(?=.)/gm, "    ");

/** The checks that speak at policies, and the groups that pods carry. */
async function seen(files: Record<string, unknown>) {
  return seenAt(folderWith(files));
}

async function seenAt(path: string) {
  const { findings, groups } = await verify(path);
  return {
    found: findings.map(({ check, address }) => `${check} ${address}`),
    pods: groups.filter(({ roles }) => roles.has("pods")).map(({ key }) => key),
  };
}

/** No rule lets DNS out, and none lets probes in: that says that the policy is read. */
const READ = (address: string, group = "aws_security_group.orders") => ({
  found: [`no-dns-path ${address}`, `no-probe-path ${address}`],
  pods: [group],
});

describe("a policy is read whatever applies it", () => {
  it.each<[string, string, string]>([
    ["an object", `resource "kubernetes_manifest" "p" { manifest = ${DATA} }`, "kubernetes_manifest.p"],
    [
      "yamldecode of a heredoc",
      `resource "kubernetes_manifest" "p" {\n  manifest = yamldecode(<<-EOT${indented(YAML)}    EOT\n  )\n}`,
      "kubernetes_manifest.p",
    ],
    [
      "yamldecode of yamlencode",
      `locals {\n  text = yamlencode(${DATA})\n}\nresource "kubernetes_manifest" "p" {\n  manifest = yamldecode(local.text)\n}`,
      "kubernetes_manifest.p",
    ],
    [
      "jsondecode of jsonencode",
      `resource "kubernetes_manifest" "p" { manifest = jsondecode(jsonencode(${DATA})) }`,
      "kubernetes_manifest.p",
    ],
    [
      "kubectl, yamlencode",
      `resource "kubectl_manifest" "p" { yaml_body = yamlencode(${DATA}) }`,
      "kubectl_manifest.p",
    ],
    [
      "kubectl, jsonencode",
      `resource "kubectl_manifest" "p" { yaml_body = jsonencode(${DATA}) }`,
      "kubectl_manifest.p",
    ],
    [
      "kubectl, a heredoc",
      `resource "kubectl_manifest" "p" {\n  yaml_body = <<-YAML${indented(YAML)}  YAML\n}`,
      "kubectl_manifest.p",
    ],
    [
      "kubectl, the second document",
      `resource "kubectl_manifest" "p" {\n  yaml_body = <<YAML\napiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n---${YAML}YAML\n}`,
      "kubectl_manifest.p",
    ],
    [
      "kubectl, an instance",
      `resource "kubectl_manifest" "p" {\n  for_each  = toset(["a"])\n  yaml_body = <<YAML${YAML}YAML\n}`,
      'kubectl_manifest.p["a"]',
    ],
    [
      "the chart raw, as values",
      `resource "helm_release" "p" {\n  name = "p"\n  chart = "raw"\n  repository = "https://bedag.github.io/helm-charts"\n  values = [yamlencode({ resources = [${DATA}] })]\n}`,
      "helm_release.p",
    ],
    [
      "the chart raw, as texts",
      `resource "helm_release" "p" {\n  name = "p"\n  chart = "bedag/raw"\n  values = [yamlencode({ templates = [yamlencode(${DATA})] })]\n}`,
      "helm_release.p",
    ],
  ])("%s", async (_what, resource, address) => {
    expect(await seen({ "main.tf": GROUP + resource })).toStrictEqual(READ(address));
  });

  it("in a called module, given as text", async () => {
    const files = {
      "main.tf": `${GROUP}
module "m" {
  source = "./m"
  yaml   = yamlencode(${DATA})
}`,
      "m/main.tf": 'variable "yaml" {}\nresource "kubectl_manifest" "p" { yaml_body = var.yaml }',
    };
    expect(await seen(files)).toStrictEqual(READ("module.m.kubectl_manifest.p"));
  });

  it("and is told where its text is no YAML", async () => {
    const resource =
      'resource "kubectl_manifest" "p" { yaml_body = "kind: SecurityGroupPolicy\\n  metadata: {" }';
    const { notes } = await verify(folderWith({ "main.tf": GROUP + resource }));
    expect(notes).toContain("kubectl_manifest.p: its yaml_body is not YAML, so its content is not read.");
  });

  it("in JSON configuration", async () => {
    const files = {
      "main.tf.json": {
        variable: { environment: {} },
        resource: {
          aws_security_group: { orders: { name: "orders" } },
          kubectl_manifest: { p: { yaml_body: YAML } },
        },
      },
    };
    expect(await seen(files)).toStrictEqual(READ("kubectl_manifest.p"));
  });

  it.each(["state", "plan"])("in a %s", async (kind) => {
    const yaml = YAML.replaceAll("${var.environment}", "test").replace(
      "${aws_security_group.orders.id}",
      "sg-0a1",
    );
    const resource = (type: string, name: string, values: object) => {
      return { address: `${type}.${name}`, mode: "managed", type, name, values };
    };
    const values = {
      root_module: {
        resources: [
          resource("aws_security_group", "orders", { id: "sg-0a1", name: "orders", ingress: [], egress: [] }),
          resource("kubectl_manifest", "p", { yaml_body: yaml, override_namespace: null }),
        ],
      },
    };
    const recorded =
      kind === "state"
        ? { format_version: "1.0", terraform_version: "1.9.0", values }
        : { format_version: "1.2", terraform_version: "1.9.0", planned_values: values, resource_changes: [] };
    const file = join(folderWith({}), `${kind}.json`);
    writeFileSync(file, JSON.stringify(recorded));
    expect(await seenAt(file)).toStrictEqual(READ("kubectl_manifest.p"));
  });
});

describe("what is no such policy says nothing", () => {
  it.each([
    [
      "an object that is not known",
      'variable "m" {}\nresource "kubernetes_manifest" "p" { manifest = var.m }',
    ],
    ["text that is not known", 'variable "m" {}\nresource "kubectl_manifest" "p" { yaml_body = var.m }'],
    ["text that is no YAML", 'resource "kubectl_manifest" "p" { yaml_body = "{{ a }}: {" }'],
    [
      "another kind",
      'resource "kubectl_manifest" "p" { yaml_body = "{kind: NetworkPolicy, spec: {podSelector: {}}}" }',
    ],
    ["a list", 'resource "kubectl_manifest" "p" { yaml_body = "[kind, SecurityGroupPolicy]" }'],
    [
      "the node that the CNI keeps",
      'resource "kubectl_manifest" "p" { yaml_body = "{apiVersion: vpcresources.k8s.aws/v1alpha1, kind: CNINode, spec: {features: []}}" }',
    ],
    [
      "another chart",
      `resource "helm_release" "p" {\n  name = "p"\n  chart = "x"\n  values = [yamlencode({ resources = [${DATA}] })]\n}`,
    ],
  ])("%s", async (_what, resource) => {
    expect(await seen({ "main.tf": GROUP + resource })).toStrictEqual({ found: [], pods: [] });
  });
});

describe("the pods of a workload take the groups of all policies that match them, whatever applies either", () => {
  const POLICIES = ["a", "b"]
    .map(
      (name) => `
resource "aws_security_group" "${name}" {
  count = 3
  name  = "${name}\${count.index}"
}
resource "kubectl_manifest" "${name}" {
  yaml_body = yamlencode({
    apiVersion = "vpcresources.k8s.aws/v1beta1"
    kind       = "SecurityGroupPolicy"
    metadata   = { name = "${name}", namespace = "other" }
    spec       = { podSelector = { matchLabels = { ${name} = "1" } }, securityGroups = { groupIds = aws_security_group.${name}[*].id } }
  })
  override_namespace = "shop"
}`,
    )
    .join("");
  it.each([
    [
      "kubectl_manifest",
      "kubectl_manifest.w",
      'resource "kubectl_manifest" "w" {\n  yaml_body = "{kind: Deployment, metadata: {name: w, namespace: shop}, spec: {template: {metadata: {labels: {a: \'1\', b: \'1\'}}}}}"\n}',
    ],
    [
      "a typed resource",
      "kubernetes_deployment_v1.w",
      'resource "kubernetes_deployment_v1" "w" {\n  metadata {\n    name      = "w"\n    namespace = "shop"\n  }\n  spec {\n    template {\n      metadata {\n        labels = { a = "1", b = "1" }\n      }\n    }\n  }\n}',
    ],
    [
      "a typed job in a schedule",
      "kubernetes_cron_job_v1.w",
      'resource "kubernetes_cron_job_v1" "w" {\n  metadata {\n    name      = "w"\n    namespace = "shop"\n  }\n  spec {\n    job_template {\n      metadata {}\n      spec {\n        template {\n          metadata {\n            labels = { a = "1", b = "1" }\n          }\n        }\n      }\n    }\n  }\n}',
    ],
  ])("%s", async (_what, address, workload) => {
    const { findings } = await verify(folderWith({ "main.tf": `${POLICIES}\n${workload}` }));
    const found = findings.filter(({ check }) => check === "groups-per-interface");
    expect(found.map((one) => [one.address, one.severity])).toStrictEqual([[address, "error"]]);
  });
});

describe("a flow of pods hangs on the policy that gives them their group", () => {
  const RULES = ["egress a b", "ingress b a"]
    .map((rule) => rule.split(" "))
    .map(
      ([direction, own, other]) => `
resource "aws_vpc_security_group_${direction}_rule" "r" {
  security_group_id            = aws_security_group.${own}.id
  referenced_security_group_id = aws_security_group.${other}.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}`,
    )
    .join("");
  const policy = (name: string, version: string, ids: string) => `
resource "kubectl_manifest" "${name}" {
  yaml_body = yamlencode({
    apiVersion = "vpcresources.k8s.aws/${version}"
    kind       = "SecurityGroupPolicy"
    metadata   = { name = "${name}", namespace = "shop" }
    spec       = { podSelector = { matchLabels = { app = "${name}" } }, securityGroups = { groupIds = ${ids} } }
  })
}`;
  const verdict = async (policies: string) => {
    const main = `resource "aws_security_group" "a" {}\nresource "aws_security_group" "b" {}\n${RULES}${policies}`;
    const flows =
      "format: 1\nendpoints: { a: aws_security_group.a, b: aws_security_group.b }\nflows: { f: allow a -> b TCP 5432 }\n";
    const { verdicts } = await verify(folderWith({ "main.tf": main, "flows.yaml": flows }));
    return verdicts.map(({ status, conditions }) => [
      status,
      ...conditions.flatMap((one) => "fact" in one && one.fact),
    ]);
  };
  const IF_PUT_RIGHT = [["holds-if", { kind: "refused", place: "kubectl_manifest.p" }]];

  it.each<[string, string, unknown]>([
    ["one that Kubernetes takes", policy("p", "v1beta1", "[aws_security_group.a.id]"), [["holds"]]],
    ["one of another version", policy("p", "v1", "[aws_security_group.a.id]"), IF_PUT_RIGHT],
    ["one with a list in the list", policy("p", "v1beta1", "[[aws_security_group.a.id]]"), IF_PUT_RIGHT],
    [
      "one that is refused beside one that is not",
      policy("p", "v1", "[aws_security_group.a.id]") + policy("q", "v1beta1", "[aws_security_group.a.id]"),
      [["holds"]],
    ],
  ])("%s", async (_what, policies, expected) => {
    expect(await verdict(policies)).toStrictEqual(expected);
  });
});
