import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { commandOf } from "../../cli/commands";
import { optionOf } from "../../cli/options";
import { temporaryFolder, temporaryFolderOnce } from "../support/folders";
import { verifyHere } from "../support/here";
import { PROJECT } from "../support/project";

/** A copy of the committed stacks, to change. */
function stacks(): string {
  const folder = temporaryFolder();
  cpSync(join(PROJECT, "cdktf.out/stacks"), folder, { recursive: true });
  return folder;
}

/** Changes the rules of the module in a copy of the stacks. */
function changeRules(folder: string, change: (rules: Record<string, Record<string, unknown>>) => void): void {
  const file = join(folder, "rds-mysql/cdk.tf.json");
  const configuration = JSON.parse(readFileSync(file, "utf8"));
  change(configuration.resource.aws_security_group_rule);
  writeFileSync(file, JSON.stringify(configuration, null, 2));
}

describe("Terraform without a security group", () => {
  const ADD_ON = `resource "aws_eks_addon" "cni" {
  cluster_name         = "main"
  addon_name           = "vpc-cni"
  configuration_values = jsonencode({ env = { ENABLE_POD_ENI = "true" }, init = { env = { DISABLE_TCP_EARLY_DEMUX = "true" } } })
}`;
  const role = (policy: string) => `resource "aws_iam_role_policy_attachment" "a" {
  role       = "main"
  policy_arn = "arn:aws:iam::aws:policy/${policy}"
}`;
  const nodes = (type: string) => `resource "${type}" "n" {\n  instance_type = "m5.large"\n}`;
  const CLUSTER = 'resource "aws_eks_cluster" "c" { name = "main" }';
  const env = (name: string) => `resource "kubernetes_env" "e" {
  kind      = "DaemonSet"
  container = "aws-node"
  metadata {
    name      = "${name}"
    namespace = "kube-system"
  }
  env {
    name  = "ENABLE_POD_ENI"
    value = "false"
  }
}`;
  const call = (stack: string, values: string) => `module "m" {
  source = "./stacks/${stack}"
  ${values}
}`;
  const runIn = (content: string) => {
    const folder = temporaryFolder();
    cpSync(join(PROJECT, "cdktf.out/stacks"), join(folder, "stacks"), { recursive: true });
    writeFileSync(join(folder, "main.tf"), content);
    return verifyHere([folder]);
  };

  test.each([
    ["the add-on of the CNI", ADD_ON, "the CNI"],
    ["a patch of the CNI", env("aws-node"), "the CNI"],
    ["the module vpc-cni", call("vpc-cni", ""), "the CNI"],
    ["the module vpc-cni-addon", call("vpc-cni-addon", 'cluster_name = "main"'), "the CNI"],
    ["the module eks-cluster-role", call("eks-cluster-role", 'cluster_role_name = "main"'), "cluster roles"],
    [
      "a role and the CNI",
      `${ADD_ON}\n${role("AmazonEKSClusterPolicy")}\n${role("AmazonEKSVPCResourceController").replace('"a"', '"b"')}`,
      "the CNI, cluster roles",
    ],
    ["nodes", nodes("aws_eks_node_group"), "nodes"],
  ])("%s: exits with 0 and says what was looked at", async (_, content, lookedAt) => {
    const { status, stdout, stderr } = await runIn(content);
    expect(stdout.replace(/\n +/g, " ")).toMatch(
      new RegExp(`: no security groups; looked at: ${lookedAt}\n`),
    );
    expect(stderr).toBe("");
    expect(status).toBe(0);
  });

  test("a launch template beside a cluster carries the group that EKS makes for it", async () => {
    const { status, stdout } = await runIn(`${CLUSTER}\n${nodes("aws_launch_template")}`);
    expect(stdout).toContain("1 group declared elsewhere");
    expect(status).toBe(0);
  });

  test.each([
    ["another add-on", ADD_ON.replace("vpc-cni", "coredns")],
    ["a patch of another DaemonSet", env("other")],
    ["another role", role("AmazonS3ReadOnlyAccess")],
    ["a launch template that is not about EKS", nodes("aws_launch_template")],
  ])("%s: exits with 2", async (_, content) => {
    const { status, stdout, stderr } = await runIn(content);
    expect(stdout).toContain(": no security groups\n");
    expect(stderr).toContain("found no security groups, policies, CNI settings, cluster roles or nodes");
    expect(status).toBe(2);
  });
});

describe("exit codes", () => {
  test("0 for what only states how the CNI is run, 2 for what says nothing", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "main.tf.json"), '{"locals":{"a":1}}');
    expect(await verifyHere([folder])).toMatchObject({ status: 2 });
    writeFileSync(join(folder, "flows.yaml"), "format: 1\ncni: external\n");
    expect(await verifyHere([folder])).toMatchObject({ status: 0 });
  });

  test("1 when a live rule is deleted, with that rule as the cure", async () => {
    const folder = stacks();
    changeRules(folder, (rules) => delete rules["rds_ingress_from_pods"]);
    const { status, stdout } = await verifyHere([join(folder, "rds-mysql")]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/BROKEN +RQ3/);
    expect(stdout).toContain('resource "aws_security_group_rule"');
    expect(stdout).toMatch(/source_security_group_id = aws_security_group\.pods\.id/);
  });

  test.each([
    [["--no-assumptions"], 1],
    [["--fail-on", "warning"], 1],
    [["--fail-on", "error"], 0],
    [["--fail-on", "never"], 0],
    [["--mode", "standard"], 0],
  ])("%j gives %i for the article's module without its suppression", async (options, expected) => {
    const folder = stacks();
    const file = join(folder, "rds-mysql/flows.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replace(/^suppress:[\s\S]*/m, ""));
    const { status } = await verifyHere([join(folder, "rds-mysql"), ...options]);
    expect(status).toBe(expected);
  });

  test("a suppressed finding does not count, and its reason is shown", async () => {
    const folder = stacks();
    const file = join(folder, "rds-mysql/flows.yaml");
    writeFileSync(
      file,
      readFileSync(file, "utf8").replace(/reason: "Kept from the article.*"/, "reason: the article has it"),
    );
    const { status, stdout } = await verifyHere([join(folder, "rds-mysql"), "--fail-on", "warning"]);
    expect(status).toBe(0);
    expect(stdout).toContain("the article has it");
  });
});

describe("bad input exits with 2 and one clear sentence", () => {
  const folder = temporaryFolderOnce();
  const file = (name: string, content: string | Buffer) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  mkdirSync(join(folder, "empty"), { recursive: true });
  mkdirSync(join(folder, "no-groups"), { recursive: true });
  writeFileSync(join(folder, "no-groups/main.tf.json"), '{"locals":{"a":1}}');
  mkdirSync(join(folder, "broken-flows"), { recursive: true });
  cpSync(join(PROJECT, "cdktf.out/stacks/rds-mysql/cdk.tf.json"), join(folder, "broken-flows/cdk.tf.json"));
  writeFileSync(join(folder, "broken-flows/flows.yaml"), "format: 1\nflows: { a: allow b -> c TCP 1 }\n");

  test.each<[string, string[], RegExp]>([
    ["no such path", [join(folder, "nowhere")], /nowhere/],
    ["a folder without Terraform", [join(folder, "empty")], /empty/],
    ["Terraform without a security group", [join(folder, "no-groups")], /no security group/],
    ["broken JSON", [file("broken.json", '{"a":\n 1,,}')], /broken\.json/],
    ["a binary", [file("binary.json", Buffer.from([0, 1, 2, 255, 0]))], /binary\.json/],
    ["JSON of something else", [file("other.json", '{"hello":"world"}')], /other\.json/],
    ["a future plan", [file("future.json", '{"format_version":"9.0","planned_values":{}}')], /9\.0/],
    ["unknown endpoints", [join(folder, "broken-flows")], /flows\.yaml: flows\.a: there is no endpoint "b"/],
    ["an unknown option", ["--hlep"], /--hlep.*--help/],
    [
      "an unknown format",
      ["--format", "xml"],
      /--format must be text, json, sarif, markdown, junit, mermaid \(given: xml\)/,
    ],
    [
      "options for one path with two",
      ["a", "b", "--flows", "x", "--base", "y"],
      /--flows goes with one PATH\n--base goes/,
    ],
    ["a configuration without its plan", ["--config", "x"], /--config goes with one plan as PATH/],
    ["several wrong options", ["--mode", "loose", "--fail-on", "x"], /--mode must be .*\n--fail-on must be /],
    [
      "a flows file that is not there",
      [join(PROJECT, "cdktf.out/stacks/rds-mysql"), "--flows", join(folder, "no.yaml")],
      /no\.yaml/,
    ],
  ])("%s", async (_what, args, message) => {
    const { status, stderr, stdout } = await verifyHere(args);
    expect(stderr + (status === 2 ? "" : stdout)).toMatch(message);
    expect(status).toBe(2);
  });
});

describe("an endpoint that names nothing exits with 2", () => {
  const bind = (expression: string) => {
    const folder = temporaryFolder();
    writeFileSync(
      join(folder, "main.tf"),
      `resource "aws_security_group" "a" { name = "a" }
resource "aws_security_group" "each" {
  for_each = toset(["x"])
  name     = each.key
}
resource "aws_eks_cluster" "main" { name = "main" }
data "aws_security_group" "x" { name = "x" }
module "far" { source = "example.com/far" }
`,
    );
    writeFileSync(
      join(folder, "flows.yaml"),
      `format: 1\nendpoints: { a: aws_security_group.a, b: '${expression}' }\nflows: { one: deny a -> b }\n`,
    );
    return verifyHere([folder, "--format", "json"]);
  };

  test.each([
    ["data.aws_security_group.typo.id", "data source aws_security_group.typo"],
    ["data.aws_security_group.typo", "data source aws_security_group.typo"],
    ["aws_eks_cluster.typo.vpc_config[0].cluster_security_group_id", "resource aws_eks_cluster.typo"],
    ["aws_security_group.typo[0]", "resource aws_security_group.typo"],
    ['aws_security_group.each["y"]', 'resource aws_security_group.each["y"]'],
    ["module.typo.security_group_id", "module.typo"],
  ])("%s", async (expression, named) => {
    const { status, stderr } = await bind(expression);
    expect(stderr).toContain(`flows.yaml: endpoints.b: there is no ${named}`);
    expect(status).toBe(2);
  });

  test.each([
    ["data.aws_security_group.x", "data.aws_security_group.x.id"],
    ["data.aws_security_group.x.id", "data.aws_security_group.x.id"],
    ['aws_security_group.each["x"]', 'aws_security_group.each["x"]'],
    ['aws_security_group.each["x"].id', 'aws_security_group.each["x"]'],
    [
      "aws_eks_cluster.main.vpc_config[0].cluster_security_group_id",
      "aws_eks_cluster.main.vpc_config[0].cluster_security_group_id",
    ],
    ["module.far.security_group_id", "module.far.security_group_id"],
  ])("%s is %s", async (expression, group) => {
    const { status, stdout, stderr } = await bind(expression);
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(stdout).toContain(JSON.stringify(group));
  });
});

describe("other ways in", () => {
  test("--init writes today's truth, and that verifies", async () => {
    const folder = join(stacks(), "rds-mysql");
    const flows = join(folder, "flows.yaml");
    expect(await verifyHere([folder, "--init"])).toMatchObject({ status: 2 });

    writeFileSync(flows, "");
    const other = temporaryFolder();
    cpSync(join(folder, "cdk.tf.json"), join(other, "cdk.tf.json"));
    expect(await verifyHere([other, "--init"])).toMatchObject({ status: 0 });
    const written = readFileSync(join(other, "flows.yaml"), "utf8");
    expect(written).toContain("allow pods -> rds TCP 3306");
    expect(written).toContain("allow pods -> internet TCP 80, TCP 443");
    const { status, stdout } = await verifyHere([other]);
    expect(status).toBe(0);
    expect(stdout).toContain("k8s_worker-to-pods");
  });

  test("--init marks what is MISSING: the next run fails until the rule is there", async () => {
    const rule = (name: string, protocol: string) => `
      resource "aws_vpc_security_group_egress_rule" "${name}" {
        security_group_id            = aws_security_group.api.id
        referenced_security_group_id = var.node_security_group_id
        ip_protocol                  = "${protocol}"
        from_port                    = 53
        to_port                      = 53
      }`;
    const folder = temporaryFolder();
    writeFileSync(
      join(folder, "main.tf"),
      `variable "node_security_group_id" {}\nresource "aws_security_group" "api" {}\n${rule("udp", "udp")}`,
    );
    expect(await verifyHere([folder, "--init"])).toMatchObject({
      status: 0,
      stdout: `wrote ${join(folder, "flows.yaml")}: 1 flow that is needed is MISSING\n`,
    });
    expect(await verifyHere([folder])).toMatchObject({ status: 1 });
    writeFileSync(join(folder, "dns.tf"), rule("tcp", "tcp"));
    expect(await verifyHere([folder])).toMatchObject({ status: 0 });
  });

  test("--base says what opens, closes and becomes reachable", async () => {
    const folder = stacks();
    changeRules(folder, (rules) => {
      rules["opens"] = {
        ...rules["rds_ingress_from_pods"],
        source_security_group_id: '${var.security_groups["k8s_worker"]}',
      };
      delete rules["pods_egress_http_all"];
    });
    const { status, stdout } = await verifyHere([
      join(folder, "rds-mysql"),
      "--base",
      join(PROJECT, "cdktf.out/stacks/rds-mysql"),
    ]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/RQ1/);
    expect(stdout).toMatch(/3306/);
  });

  test.each(["json", "sarif"])("%s is JSON", async (format) => {
    const { stdout } = await verifyHere([join(PROJECT, "cdktf.out/stacks/rds-mysql"), "--format", format]);
    expect(JSON.parse(stdout)).toBeTypeOf("object");
  });

  test("--help names every option with its value, and every exit code", async () => {
    const { status, stdout } = await verifyHere(["--help"]);
    expect(status).toBe(0);
    for (const name of commandOf("verify").options) {
      const { value } = optionOf(name);
      expect(stdout).toMatch(new RegExp(`^ {2}(-\\w, )?--${name}${value ? ` ${value}` : ""} {2,}\\S`, "m"));
    }
    for (const code of ["Exit code 0:", "1:", "2:"]) expect(stdout).toContain(code);
  });

  test("docs/verify.md explains every option", () => {
    const document = readFileSync(join(PROJECT, "docs/verify.md"), "utf8");
    const missing = commandOf("verify").options.filter(
      (name) => name !== "help" && !document.includes(`--${name}`),
    );
    expect(missing).toStrictEqual([]);
  });
});
