/** Folders of manifests that kubectl and helm render, as `verify --render` calls them. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../support/folders";
import { COMMAND } from "../support/synth";

const POLICY = `apiVersion: vpcresources.k8s.aws/v1beta1
kind: SecurityGroupPolicy
metadata: { name: orders }
spec:
  podSelector: { matchLabels: { app: orders } }
  securityGroups: { groupIds: [ORDERS] }
`;
const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: { name: orders }
spec:
  selector: { matchLabels: { app: orders } }
  template:
    metadata: { labels: { app: orders } }
    spec:
      dnsPolicy: None
      dnsConfig: { nameservers: [10.1.2.3] }
      containers: [{ name: app, image: app }]
`;
const TERRAFORM =
  'resource "aws_security_group" "orders" {\n  name   = "orders"\n  vpc_id = "vpc-0a1b2c3d"\n}\n';
const KUSTOMIZE = {
  "k8s/base/kustomization.yaml": "resources: [orders.yaml, policy.yaml]\n",
  "k8s/base/orders.yaml": DEPLOYMENT,
  "k8s/base/policy.yaml": POLICY,
  "k8s/prod/kustomization.yaml": "namespace: shop\nresources: [../base]\n",
};
const CHART = {
  "k8s/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 0.1.0\n",
  "k8s/values.yaml": "app: orders\n",
  "k8s/templates/policy.yaml": POLICY.replace("app: orders", "app: {{ .Values.app }}"),
  "k8s/templates/orders.yaml": DEPLOYMENT,
};

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries({ "infra/main.tf": TERRAFORM, ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** @param path the folders in which tools are looked for. Default: those of this machine */
function verified(folder: string, manifests: string, path = process.env["PATH"]) {
  const words = ["verify", "infra", "--manifests", manifests, "--render", "--format", "json"];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [COMMAND, ...words, "--group", "ORDERS=aws_security_group.orders"],
    { cwd: folder, encoding: "utf8", env: { ...process.env, PATH: path, AWS_SECRET_ACCESS_KEY: "canary" } },
  );
  return { status, stderr, report: stdout === "" ? undefined : JSON.parse(stdout).reports[0] };
}

/** A tool that writes down how it is called, and prints a text. */
function fake(name: string, prints: string, code = 0): string {
  const folder = temporaryFolder();
  const file = join(folder, name);
  const script = `#!${process.execPath}
const { writeFileSync } = require("node:fs");
writeFileSync(${JSON.stringify(join(folder, "called.json"))}, JSON.stringify({ words: process.argv.slice(2), env: process.env }));
process.${code === 0 ? "stdout" : "stderr"}.write(${JSON.stringify(prints)});
process.exitCode = ${code};
`;
  writeFileSync(file, script);
  chmodSync(file, 0o755);
  return folder;
}

const called = (tools: string) => JSON.parse(readFileSync(join(tools, "called.json"), "utf8"));
const has = (tool: string, ...words: string[]) => spawnSync(tool, words).error === undefined;
const without = (tool: string) => (has(tool, "version") ? undefined : `there is no ${tool} on the PATH`);

const DNS = { id: "shop/Deployment/orders/dns", status: "broken" };

test.skipIf(without("kubectl"))("the real kubectl: overlays are rendered, and their bases with them", () => {
  const { status, report, stderr } = verified(folderOf(KUSTOMIZE), "k8s");
  expect({ status, stderr }).toStrictEqual({ status: 1, stderr: "" });
  expect(report.flows).toMatchObject([DNS]);
  expect(report.workloads).toMatchObject([{ source: { file: join("k8s", "prod", "kustomization.yaml") } }]);
});

test.skipIf(without("helm"))("the real helm: a chart is rendered, in the namespace that is given", () => {
  const { status, report, stderr } = verified(folderOf(CHART), "shop=k8s");
  expect({ status, stderr }).toStrictEqual({ status: 1, stderr: "" });
  expect(report.flows).toMatchObject([DNS]);
});

test.skipIf(without("kubectl"))(
  "what lies on the network is not fetched: exit code 2, with kubectl's words",
  () => {
    const remote = { "k8s/kustomization.yaml": "resources: ['https://kubernetes.io/x.yaml']\n" };
    const { status, stderr } = verified(folderOf(remote), "k8s");
    expect(stderr).toMatch(/^kubectl kustomize k8s: .*kubernetes\.io\/x\.yaml/);
    expect(status).toBe(2);
  },
);

describe("what tools are given", () => {
  test("kubectl the folder, and nothing of the user: no credentials, no cluster, no way out", () => {
    const tools = fake("kubectl", POLICY.replace("name: orders }", "name: orders, namespace: shop }"));
    const { report } = verified(folderOf(KUSTOMIZE), "k8s", tools);
    expect(report.idle_policies).toBeUndefined();
    const { words, env } = called(tools);
    expect(words).toStrictEqual(["kustomize", join("k8s", "prod")]);
    expect(env).toMatchObject({ HTTPS_PROXY: "http://127.0.0.1:9", GIT_ALLOW_PROTOCOL: "file" });
    expect(JSON.stringify(env)).not.toContain("canary");
  });

  test("helm the chart with the name of its folder, and the namespace", () => {
    const tools = fake("helm", `${POLICY}---\n${DEPLOYMENT}`);
    const { report } = verified(folderOf(CHART), "shop=k8s", tools);
    expect(report.flows).toMatchObject([DNS]);
    expect(called(tools).words).toStrictEqual(["template", "k8s", "k8s", "-n", "shop"]);
  });
});

test.each([
  ["kubectl", KUSTOMIZE],
  ["helm", CHART],
] as const)("where there is no %s: exit code 2, and what to do", (tool, files) => {
  const { status, stderr } = verified(folderOf(files), "k8s", temporaryFolder());
  expect(stderr).toContain(`${tool} is not on the PATH, and --render needs it`);
  expect(stderr).toContain("install it");
  expect(status).toBe(2);
});

test("a tool that fails is heard", () => {
  const tools = `${fake("helm", "Error: found in Chart.yaml, but missing in charts/ directory: redis\n", 1)}${delimiter}`;
  const { status, stderr } = verified(folderOf(CHART), "k8s", tools);
  expect(stderr).toBe(
    "helm template k8s k8s: Error: found in Chart.yaml, but missing in charts/ directory: redis\n",
  );
  expect(status).toBe(2);
});
