import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { OPTIONS } from "../../cli/options";
import { main } from "../../cli/verify";
import { temporaryFolder } from "../support/folders";
import { PROJECT } from "../support/project";

/** Runs the verifier as `npm run verify` does, as a process of its own. */
function runProcess(args: readonly string[], { cwd = PROJECT, input = "" } = {}) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      "--require",
      require.resolve("zod"),
      "--require",
      require.resolve("tsx/cjs"),
      join(PROJECT, "cli/main.ts"),
      ...args,
    ],
    { cwd, input, encoding: "utf8" },
  );
  expect(stderr).not.toMatch(/\n\s+at /);
  return { status, stdout, stderr };
}

/** Runs the verifier in this process, with what it says and its exit code. */
async function run(args: readonly string[]) {
  const said = { stdout: "", stderr: "" };
  const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    said.stdout += text;
    return true;
  });
  const log = vi.spyOn(console, "log").mockImplementation((text) => {
    said.stdout += `${text}\n`;
  });
  const error = vi.spyOn(console, "error").mockImplementation((text) => {
    said.stderr += `${text}\n`;
  });
  try {
    return { status: await main(args, join(PROJECT, "cdktf.out/stacks")), ...said };
  } finally {
    for (const spy of [write, log, error]) spy.mockRestore();
  }
}

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

describe("npm run verify, without a path", () => {
  const { status, stdout } = runProcess([]);

  test("exits with 0: nothing is broken", () => {
    expect(status).toBe(0);
  });

  test("says each flow of a module once, with the rules that carry it, although a root calls it", () => {
    const [, own = ""] = /\nFlows of module\.rds_mysql\n([\s\S]*?)\ncdktf\.out/.exec(stdout) ?? [];
    for (const id of ["RQ1", "RQ2", "RQ3", "RQ4", "RQ5"])
      expect(own.match(new RegExp(`\\b${id}\\b`, "g"))).toHaveLength(1);
    expect(stdout).not.toContain("\ncdktf.out/stacks/rds-mysql ");
    expect(stdout).toContain("pods_egress_dns_udp_to_worker_security_group");
  });

  test("gives no warning of its own modules: what is meant is suppressed, once, with the reason", () => {
    expect(stdout).toMatch(/^\d+ flows: .*\. Findings: 1 suppressed\.$/m);
    expect(stdout.match(/warning {2,}dead-rule .*rds_ingress_to_self/g)).toHaveLength(1);
    expect(stdout).toContain("Suppressed: Kept from the article");
  });

  test("lists the stacks without security groups as such", () => {
    expect(stdout).toMatch(/cdktf\.out\/stacks\/vpc-cni-addon .*no security groups; looked at: the CNI\n/);
  });

  test("has no colour where no terminal is", () => {
    expect(stdout).not.toContain("\u001b[");
  });
});

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
    return run([folder]);
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
    ["a launch template beside a cluster", `${CLUSTER}\n${nodes("aws_launch_template")}`, "nodes"],
  ])("%s: exits with 0 and says what was looked at", async (_, content, lookedAt) => {
    const { status, stdout, stderr } = await runIn(content);
    expect(stdout).toMatch(new RegExp(`: no security groups; looked at: ${lookedAt}\n`));
    expect(stderr).toBe("");
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
    expect(stderr).toContain("there is no security group and nothing else that is known here");
    expect(status).toBe(2);
  });
});

describe("exit codes", () => {
  test("0 for what only states how the CNI is run, 2 for what says nothing", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "main.tf.json"), '{"locals":{"a":1}}');
    expect(await run([folder])).toMatchObject({ status: 2 });
    writeFileSync(join(folder, "flows.yaml"), "format: 1\ncni: external\n");
    expect(await run([folder])).toMatchObject({ status: 0 });
  });

  test("1 when a live rule is deleted, with that rule as the cure", async () => {
    const folder = stacks();
    changeRules(folder, (rules) => delete rules["rds_ingress_from_pods"]);
    const { status, stdout } = await run([join(folder, "rds-mysql")]);
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
    const { status } = await run([join(folder, "rds-mysql"), ...options]);
    expect(status).toBe(expected);
  });

  test("a suppressed finding does not count, and its reason is shown", async () => {
    const folder = stacks();
    const file = join(folder, "rds-mysql/flows.yaml");
    writeFileSync(
      file,
      readFileSync(file, "utf8").replace(/reason: "Kept from the article.*"/, "reason: the article has it"),
    );
    const { status, stdout } = await run([join(folder, "rds-mysql"), "--fail-on", "warning"]);
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
      /--format must be text, json, sarif, markdown, mermaid \(given: xml\)/,
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
    const { status, stderr, stdout } = await run(args);
    expect(stderr + (status === 2 ? "" : stdout)).toMatch(message);
    expect(status).toBe(2);
  });
});

function temporaryFolderOnce(): string {
  const folder = join(PROJECT, "node_modules/.cache/verify-cli-test");
  mkdirSync(folder, { recursive: true });
  return folder;
}

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
    return run([folder, "--format", "json"]);
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

test("a process that is given bad input says so in one sentence and exits with 2", () => {
  const { status, stdout, stderr } = runProcess([join(temporaryFolder(), "nowhere")]);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(stdout).toBe("");
  expect(status).toBe(2);
});

describe("other ways in", () => {
  test("a reader that has enough before the end, such as head, is no error", async () => {
    const child = spawn(
      process.execPath,
      ["--require", require.resolve("tsx/cjs"), join(PROJECT, "cli/main.ts"), "--format", "json"],
      { cwd: PROJECT },
    );
    child.stdout.destroy();
    let said = "";
    child.stderr.on("data", (text) => {
      said += text;
    });
    const [status] = await once(child, "close");
    expect(said).toBe("");
    expect(status).toBe(0);
  });

  test("--init writes today's truth, and that verifies", async () => {
    const folder = join(stacks(), "rds-mysql");
    const flows = join(folder, "flows.yaml");
    expect(await run([folder, "--init"])).toMatchObject({ status: 2 });

    writeFileSync(flows, "");
    const other = temporaryFolder();
    cpSync(join(folder, "cdk.tf.json"), join(other, "cdk.tf.json"));
    expect(await run([other, "--init"])).toMatchObject({ status: 0 });
    const written = readFileSync(join(other, "flows.yaml"), "utf8");
    expect(written).toContain("allow pods -> rds TCP 3306");
    expect(written).toContain("allow pods -> internet TCP 80, TCP 443");
    const { status, stdout } = await run([other]);
    expect(status).toBe(0);
    expect(stdout).toContain("pods-to-rds");
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
    const { status, stdout } = await run([
      join(folder, "rds-mysql"),
      "--base",
      join(PROJECT, "cdktf.out/stacks/rds-mysql"),
    ]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/RQ1/);
    expect(stdout).toMatch(/3306/);
  });

  test.each(["json", "sarif"])("%s is JSON", async (format) => {
    const { stdout } = await run([join(PROJECT, "cdktf.out/stacks/rds-mysql"), "--format", format]);
    expect(JSON.parse(stdout)).toBeTypeOf("object");
  });

  test("a state from standard input", () => {
    const state = {
      format_version: "1.0",
      terraform_version: "1.11.4",
      values: {
        root_module: {
          resources: [
            {
              address: "aws_security_group.a",
              mode: "managed",
              type: "aws_security_group",
              name: "a",
              values: { id: "sg-0a1b2c3d", name: "a", ingress: [], egress: [] },
            },
          ],
        },
      },
    };
    const { status, stdout } = runProcess(["-"], { input: JSON.stringify(state) });
    expect(stdout).toContain("state");
    expect(status).toBe(0);
  });

  test("--help names every option with its value, and every exit code", async () => {
    const { status, stdout } = await run(["--help"]);
    expect(status).toBe(0);
    for (const [name, option] of Object.entries(OPTIONS)) {
      const value = "value" in option ? ` ${option.value}` : "";
      expect(stdout).toMatch(new RegExp(`^ {2}--${name}${value} {2,}\\S`, "m"));
    }
    for (const code of ["Exit code 0:", "1:", "2:"]) expect(stdout).toContain(code);
  });

  test("docs/verify.md explains every option", () => {
    const document = readFileSync(join(PROJECT, "docs/verify.md"), "utf8");
    const missing = Object.keys(OPTIONS).filter((name) => name !== "help" && !document.includes(`--${name}`));
    expect(missing).toStrictEqual([]);
  });

  test("the thread of the HCL parser is started only when there is HCL", () => {
    const preload = join(PROJECT, "__tests__/support/print-modules.cjs");
    const loaded = (path: string) =>
      spawnSync(process.execPath, ["--require", preload, "--require", "tsx/cjs", "cli/main.ts", path], {
        cwd: PROJECT,
        encoding: "utf8",
      }).stdout;
    expect(loaded("cdktf.out/stacks/rds-mysql")).not.toMatch(/^THREAD|hcl2json/m);
    expect(loaded("__tests__/e2e/fixtures/article")).toMatch(/^THREAD/m);
    expect(existsSync(join(PROJECT, "__tests__/e2e/fixtures/article/flows.yaml"))).toBe(false);
  });
});
