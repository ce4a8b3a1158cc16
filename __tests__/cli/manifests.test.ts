import { expect, test } from "vitest";
import { commandHere } from "../support/here";
import { estate } from "./support/estate";

const TERRAFORM = `resource "aws_security_group" "orders" {
  name   = "orders"
  vpc_id = "vpc-0a1b2c3d"
}
`;
const POLICY = (group: string) => `apiVersion: vpcresources.k8s.aws/v1beta1
kind: SecurityGroupPolicy
metadata: { name: orders, namespace: shop }
spec:
  podSelector: { matchLabels: { app: orders } }
  securityGroups: { groupIds: ["${group}"] }
`;
const DEPLOYMENT = `---
kind: Deployment
metadata: { name: orders, namespace: shop }
spec:
  template:
    metadata: { labels: { app: orders } }
    spec:
      dnsPolicy: None
      dnsConfig: { nameservers: [10.1.2.3] }
      containers: [{ name: app, env: [{ name: PASSWORD, value: canary-in-env }] }]
`;
const FILES = { "infra/main.tf": TERRAFORM, "k8s/orders.yaml": POLICY("${ORDERS}") + DEPLOYMENT };

test("what is not mapped comes first, and what hangs on it is not judged", async () => {
  const { status, stdout } = await estate(FILES).verify("infra", "--manifests", "k8s");
  expect(status).toBe(0);
  expect(stdout).toMatch(/^Nothing was checked between groups/);
  expect(stdout).toMatch(
    /What is not known\n {2}warning {3}group-not-mapped {2}shop\/SecurityGroupPolicy\/orders/,
  );
  expect(stdout).toContain("aws_security_group.orders");
});

test("a mapped group is judged: the exit code counts what workloads need", async () => {
  const own = estate(FILES);
  const { status, stdout } = await own.verify(
    "infra",
    "--manifests",
    "k8s",
    "--group",
    "${ORDERS}=aws_security_group.orders",
  );
  expect(status).toBe(1);
  expect(stdout).toContain("Broken flows that workloads need");
  expect(stdout).toContain("needed by      Deployment shop/orders, dnsConfig.nameservers, k8s/orders.yaml:8");
  expect(stdout).toContain("Exit code 1: 1 flow is broken");
  const json = JSON.parse(
    (
      await own.verify(
        "infra",
        "--manifests",
        "k8s",
        "--format",
        "json",
        "--group",
        "${ORDERS}=aws_security_group.orders",
      )
    ).stdout,
  );
  expect(json.reports[0].flows[0].derived_from).toStrictEqual([
    { what: "Deployment shop/orders, dnsConfig.nameservers", source: { file: "k8s/orders.yaml", line: 8 } },
  ]);
});

test("no value of a Secret, a ConfigMap or an environment variable appears in any output", async () => {
  const secret =
    "---\nkind: Secret\nstringData: { a: canary-in-secret }\n---\nkind: ConfigMap\ndata: { a: canary-in-map }\n";
  const own = estate({ ...FILES, "k8s/secret.yaml": secret });
  for (const format of ["text", "json", "markdown", "sarif", "junit", "mermaid"]) {
    const { stdout, stderr } = await own.verify(
      ...["infra", "--manifests", "k8s", "--all", "--format", format],
      ...["--group", "${ORDERS}=aws_security_group.orders"],
    );
    expect(stdout + stderr).not.toContain("canary");
  }
  const words = ["explain", "orders -> 10.1.2.3 UDP 53", "infra", "--manifests", "k8s"];
  const asked = await commandHere([...words, "--group", "${ORDERS}=aws_security_group.orders"], own.folder);
  expect(asked.stdout).toContain("Deployment shop/orders");
  expect(asked.stdout + asked.stderr).not.toContain("canary");
  await own.verify("infra", "--init", "--manifests", "k8s");
  expect(own.read("infra/flows.yaml")).not.toContain("canary");
});

test("a database that pods name in their environment is told by its address, and not by what they say", async () => {
  const group = (name: string, ingress: readonly object[]) => ({
    mode: "managed",
    type: "aws_security_group",
    name,
    address: `aws_security_group.${name}`,
    values: { id: `sg-${name}`, name, vpc_id: "vpc-1", ingress, egress: [] },
  });
  const rule = { from_port: 3306, to_port: 3306, protocol: "tcp", security_groups: ["sg-orders"] };
  const host = "shop.abc123.eu-west-1.rds.amazonaws.com";
  const db = {
    mode: "managed",
    type: "aws_db_instance",
    name: "db",
    address: "aws_db_instance.db",
    values: { engine: "mysql", address: host, vpc_security_group_ids: ["sg-db"] },
  };
  const resources = [group("orders", []), group("db", [rule]), db];
  const reports = `---
kind: Deployment
metadata: { name: reports, namespace: shop }
spec:
  template:
    metadata: { labels: { app: reports } }
    spec: { containers: [{ name: app, env: [{ name: URL, value: "mysql://canary@${host}:3306/x" }] }] }
`;
  const own = estate({
    "state.json": JSON.stringify({ format_version: "1.0", values: { root_module: { resources } } }),
    "k8s/all.yaml": POLICY("sg-orders") + DEPLOYMENT + reports,
  });
  const { status, stdout } = await own.verify("state.json", "--manifests", "k8s");
  expect(status).toBe(1);
  expect(stdout).toMatch(/BROKEN {4}Deployment shop\/reports/);
  expect(stdout).toContain("Deployment shop/reports names aws_db_instance.db, which allows only pods with");
  expect(stdout).not.toContain("canary");
});

test("init writes every spelling that stands for a group, with the groups that nothing attaches", async () => {
  const spellings = ["${ORDERS}", "sg-0123456789abcdef0", "<sg-id_goes_here>", "{{ .Values.group }}"];
  const own = estate({ "infra/main.tf": TERRAFORM, "k8s/p.yaml": POLICY(spellings.join('", "')) });
  await own.verify("infra", "--init", "--manifests", "k8s");
  const written = own.read("infra/flows.yaml");
  for (const one of spellings) expect(written).toContain(`#   "${one}": aws_security_group.orders\n`);
});

test("init says which placeholders are to be mapped, and the next run takes one line of it", async () => {
  const own = estate(FILES);
  expect(await own.verify("infra", "--init", "--manifests", "k8s")).toMatchObject({ status: 0 });
  const written = own.read("infra/flows.yaml");
  expect(written).toContain('# groups:\n#   "${ORDERS}": aws_security_group.orders\n');
  own.write("infra/flows.yaml", written.replace("# groups:\n#   ", "groups:\n  "));
  const { stdout } = await own.verify("infra", "--manifests", "k8s");
  expect(stdout).not.toContain("group-not-mapped");
  expect(stdout).toContain("shop/Deployment/orders/dns");
});

const APPLIED = `${TERRAFORM}
resource "kubernetes_manifest" "policy" {
  manifest = {
    apiVersion = "vpcresources.k8s.aws/v1beta1"
    kind       = "SecurityGroupPolicy"
    metadata   = { name = "orders", namespace = "shop" }
    spec = {
      podSelector    = { matchLabels = { app = "orders" } }
      securityGroups = { groupIds = [aws_security_group.orders.id] }
    }
  }
}

resource "kubernetes_manifest" "orders" {
  manifest = {
    apiVersion = "apps/v1"
    kind       = "Deployment"
    metadata   = { name = "orders", namespace = "shop" }
    spec = {
      template = {
        metadata = { labels = { app = "orders" } }
        spec = {
          dnsPolicy  = "None"
          dnsConfig  = { nameservers = ["10.1.2.3"] }
          containers = [{ name = "app" }]
        }
      }
    }
  }
}
`;

test("what workloads in Terraform need is told, and counts where that is asked for", async () => {
  const own = estate({ "infra/main.tf": APPLIED });
  const told = await own.verify("infra");
  expect(told.status).toBe(0);
  expect(told.stdout).toMatch(/BROKEN {4}Deployment shop\/orders +orders +aws_security_group\.orders/);
  expect(told.stdout).toContain("Broken flows that workloads need, which count with --expect");
  expect(told.stdout).toContain("no flow is broken but 1 that workloads need, which count with --expect");
  const counted = await own.verify("infra", "--expect");
  expect(counted.status).toBe(1);
  expect(counted.stdout).toContain("Exit code 1: 1 flow is broken.");
  own.write(
    "infra/flows.yaml",
    'format: 1\nderived: { shop/Deployment/orders/dns: { reason: "no names" } }\n',
  );
  expect((await own.verify("infra", "--expect")).status).toBe(0);
});

test("the configuration file names manifests relative to itself, with their namespaces", async () => {
  const own = estate({
    ...FILES,
    "k8s/orders.yaml": FILES["k8s/orders.yaml"].replaceAll(", namespace: shop", ""),
    "eks-pod-security-groups.yaml": "paths: infra\nmanifests: shop=k8s\n",
  });
  expect((await own.verify()).stdout).toContain("shop/SecurityGroupPolicy/orders");
});

test("what was before has its own manifests", async () => {
  const own = estate({ ...FILES, "before/orders.yaml": POLICY("${ORDERS}") });
  const { stdout } = await own.verify(
    ...["infra", "--manifests", "k8s", "--base", "infra", "--base-manifests", "before"],
    ...["--group", "${ORDERS}=aws_security_group.orders"],
  );
  expect(stdout).toMatch(/shop\/Deployment\/orders\/dns .*\n +new \(broken\)/);
});

test.each<[what: string, words: readonly string[], says: readonly string[]]>([
  [
    "a base without its manifests",
    ["--base", "infra"],
    ["--base PATH beside --manifests needs --base-manifests"],
  ],
  [
    "manifests of a base without a base",
    ["--base-manifests", "k8s"],
    ["--base-manifests goes with --base PATH"],
  ],
  [
    "groups that are not NAME=ADDRESS, or have two meanings",
    ["--group", "x", "--group", "a=b", "--group", "a=c"],
    ["--group must be NAME=ADDRESS", "--group gives a two meanings: b and c"],
  ],
  [
    "standard input twice",
    ["--manifests", "-", "--manifests", "shop=-"],
    ["- is standard input, which can be read once"],
  ],
  [
    "manifests that are not there",
    ["--manifests", "nowhere"],
    ["nowhere: there is no such file or folder of manifests"],
  ],
  [
    "both of them at once",
    ["--manifests", "nowhere", "--group", "x"],
    ["--group must be NAME=ADDRESS", "nowhere: there is no such file or folder of manifests"],
  ],
  [
    "a group that is not there",
    ["--group", "${ORDERS}=aws_security_group.gone"],
    ["aws_security_group.gone"],
  ],
])("%s: exit code 2, with everything that is wrong", async (_, words, says) => {
  const { status, stdout, stderr } = await estate(FILES).verify("infra", "--manifests", "k8s", ...words);
  expect(status).toBe(2);
  expect(stdout).toBe("");
  for (const one of says) expect(stderr).toContain(one);
});

test("words for a group that nothing has are said, with what is meant", async () => {
  const { stdout } = await estate(FILES).verify(
    "infra",
    ...["--manifests", "k8s", "--all"],
    ...["--group", "${ORDER}=aws_security_group.orders", "--group", "x=aws_security_group.orders"],
  );
  const said = stdout.replaceAll(/\s+/g, " ");
  expect(said).toContain(
    "--group ${ORDER}: no policy and no annotation has this in the place of a group, so it changes nothing; did you mean ${ORDERS}?",
  );
  expect(said).toMatch(/--group x: .* so it changes nothing(?!;)/);
});
