/**
 * Measures synthesis, everything in one run, so that the ratios hold on a noisy machine: the processes take
 * turns, and each figure is the median.
 *
 * `npm run bench -- --rounds 5` sets the number of turns, `--only verify` (processes, calls, manifests, adopt) picks one part.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Construct } from "constructs";
import { RdsMysqlStack } from "../modules/rds-mysql";
import { type RdsMysqlOutput, rdsMysql } from "../modules/rds-mysql/contract";
import { ModuleCall } from "../synth/module-call";
import { RootStack } from "../synth/root-stack";
import { synthesize } from "../synth/synthesize";

const PROJECT = resolve(__dirname, "..");
const { values } = parseArgs({
  options: { rounds: { type: "string", default: "5" }, only: { type: "string" } },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error("--rounds must be a whole number of at least 1");
  process.exit(1);
}

const COMMAND = [process.execPath, "bin/eks-pod-security-groups.cjs"] as const;
const PARSERS = ["zod", "yaml", "ipaddr.js"].map((name) => `require("${name}");`).join(" ");

/** Commands by what the report calls them, each group after the floor that it cannot be below. */
const PROCESSES: Readonly<Record<string, readonly [string, ...string[]]>>[] = [
  {
    "only loads the parsers": [process.execPath, "-e", PARSERS],
    "verify of the article's module": [...COMMAND, "verify", "cdktf.out/stacks/rds-mysql"],
  },
  {
    "only loads cdktf": [process.execPath, "-e", 'require("cdktf")'],
    "synth of this project": [...COMMAND, "synth"],
    "npx cdktf synth": ["npx", "cdktf", "synth"],
  },
];

/** A root with as many calls of a module as asked, each with its outputs passed on. */
class ManyCalls extends RootStack {
  constructor(scope: Construct, id: string, count: number) {
    super(scope, id);
    for (let index = 0; index < count; index += 1) {
      const call = new ModuleCall(this, `workload_${index}`, rdsMysql, {
        name: `workload-${index}`,
        vpc_id: "vpc-0a1b2c3d4e5f60000",
        platform: "bench",
        security_groups: { k8s_worker: "sg-0a1b2c3d4e5f60001", k8s_ingress: "sg-0a1b2c3d4e5f60002" },
      });
      for (const [output, description] of Object.entries(rdsMysql.outputs)) {
        this.addOutput(`workload_${index}_${output}`, call.output(output as RdsMysqlOutput), description);
      }
    }
  }
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] as number;

interface Measured {
  /** Wall time. */
  readonly ms: number;
  /** Processor time of its node processes, in ms. */
  readonly cpu: number;
  /** The peak memory of the largest of them. */
  readonly mib: number;
}

function measure([command, ...args]: readonly [string, ...string[]], folder: string): Measured {
  const peaks = join(folder, "peaks");
  writeFileSync(peaks, "");
  const env = {
    ...process.env,
    BENCH_PEAKS: peaks,
    // Otherwise the cdktf CLI writes into the user's home.
    CDKTF_HOME: join(folder, "cdktf"),
    CDKTF_OUTDIR: join(folder, "out"),
    CHECKPOINT_DISABLE: "1",
    NODE_OPTIONS: `--require ${join(PROJECT, "bench/peak.cjs")}`,
  };
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: PROJECT,
    env,
    encoding: "utf8",
    maxBuffer: 1 << 30,
  });
  const ms = performance.now() - start;
  if (status !== 0)
    throw new Error(`${command} ${args.join(" ")} exited with ${status}\n${stdout}\n${stderr}`);
  const processes = readFileSync(peaks, "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split(" ").map(Number) as [number, number]);
  return {
    ms,
    cpu: processes.reduce((sum, [cpu]) => sum + cpu, 0),
    mib: Math.max(...processes.map(([, kilobytes]) => kilobytes)) / 1024,
  };
}

/** Wall time in ms of constructing and writing a root with so many module calls. */
function measureCalls(count: number, folder: string): number {
  const start = performance.now();
  synthesize(
    {
      "rds-mysql": (app, id) => new RdsMysqlStack(app, id),
      root: (app, id) => new ManyCalls(app, id, count),
    },
    join(folder, `calls-${count}`),
  );
  return performance.now() - start;
}

function benchProcesses(folder: string): void {
  console.log(`\nStart-up, as processes that take turns: processor time (median of ${rounds})\n`);
  console.log("                                cpu ms   × floor   peak MiB");
  for (const group of PROCESSES) {
    const runs = Object.entries(group).map(([name, command]) => ({
      name,
      command,
      measured: [] as Measured[],
    }));
    for (let round = 0; round < rounds; round += 1) {
      for (const { command, measured } of runs) measured.push(measure(command, folder));
    }
    const [floor] = runs;
    for (const { name, measured } of runs) {
      // Pair by pair: both sides of a ratio ran next to each other.
      const ratios = measured.map(({ cpu }, round) => cpu / (floor?.measured[round]?.cpu as number));
      const row = [
        median(measured.map(({ cpu }) => cpu))
          .toFixed(0)
          .padStart(6),
        median(ratios).toFixed(2).padStart(8),
        median(measured.map(({ mib }) => mib))
          .toFixed(0)
          .padStart(9),
      ];
      console.log(`${name.padEnd(32)}${row.join("  ")}`);
    }
  }
}

function benchCalls(folder: string): void {
  const counts = [1, 10, 100, 1000];
  measureCalls(100, folder);
  console.log(`\nConstruct and synthesize a root with N module calls of six outputs (median of ${rounds})\n`);
  console.log("      N       ms   ms per call");
  for (const count of counts) {
    const ms = median(Array.from({ length: rounds }, () => measureCalls(count, folder)));
    console.log(
      `${String(count).padStart(7)}  ${ms.toFixed(0).padStart(7)}  ${(ms / count).toFixed(2).padStart(12)}`,
    );
  }
}

/** A root of Terraform configuration with so many calls of the module, and the folder that holds all of it. */
function workloads(count: number, language: "JSON" | "HCL", folder: string): string {
  const parent = join(folder, `verify-${language}-${count}`);
  if (language === "JSON") {
    synthesize(
      {
        "rds-mysql": (app, id) => new RdsMysqlStack(app, id),
        root: (app, id) => new ManyCalls(app, id, count),
      },
      parent,
    );
    return join(parent, "stacks/root");
  }
  const module = join(parent, "rds-mysql");
  cpSync(join(PROJECT, "__tests__/e2e/fixtures/article/modules/rds-mysql"), module, { recursive: true });
  cpSync(join(PROJECT, "cdktf.out/stacks/rds-mysql/flows.yaml"), join(module, "flows.yaml"));
  const call = (index: number) => `module "workload_${index}" {
  source   = "../rds-mysql"
  name     = "workload-${index}"
  vpc_id   = "vpc-0a1b2c3d4e5f60000"
  platform = "bench"
  security_groups = {
    k8s_worker  = "sg-0a1b2c3d4e5f60001"
    k8s_ingress = "sg-0a1b2c3d4e5f60002"
  }
}
`;
  mkdirSync(join(parent, "root"));
  writeFileSync(
    join(parent, "root/main.tf"),
    Array.from({ length: count }, (_, index) => call(index)).join("\n"),
  );
  return join(parent, "root");
}

function benchVerify(folder: string): void {
  const command = (path: string) => [...COMMAND, "verify", "--fail-on", "never", path] as const;
  console.log(
    `\nVerify N workloads, each run a process (median of ${rounds}): 11 rules and 10 flows a workload\n`,
  );
  console.log("            N       ms   ms per rule   peak MiB");
  for (const language of ["JSON", "HCL"] as const) {
    for (const count of [1, 10, 100, 1000]) {
      const path = workloads(count, language, folder);
      const runs = Array.from({ length: rounds }, () => measure(command(path), folder));
      const ms = median(runs.map((run) => run.ms));
      const mib = median(runs.map((run) => run.mib));
      const figures = [
        ms.toFixed(0).padStart(7),
        (ms / count / 11).toFixed(2).padStart(12),
        mib.toFixed(0).padStart(9),
      ];
      console.log(`${language.padEnd(5)} ${String(count).padStart(7)}  ${figures.join("  ")}`);
    }
  }
}

/** A root with a group and the rules of each workload, and a policy and a Deployment with probes for each. */
function withManifests(count: number, folder: string): { readonly root: string; readonly manifests: string } {
  const parent = join(folder, `manifests-${count}`);
  const [root, manifests] = [join(parent, "root"), join(parent, "k8s")];
  for (const path of [root, manifests]) mkdirSync(path, { recursive: true });
  const id = (name: string) => `\${aws_security_group.${name}.id}`;
  const rule = (group: string, peer: string, protocol: string, port: number) => ({
    security_group_id: id(group),
    referenced_security_group_id: id(peer),
    ip_protocol: protocol,
    from_port: port,
    to_port: port,
  });
  const names = Array.from({ length: count }, (_, index) => `workload_${index}`);
  const groups = ["nodes", ...names].map((name) => [name, { name, vpc_id: "vpc-0a1b2c3d4e5f60000" }]);
  const dns = ["tcp", "udp"].map((protocol) => [protocol, 53] as const);
  const rules = (way: "in" | "out") =>
    names.flatMap((name) => {
      const toNodes = dns.map(([protocol, port]) => [
        `${name}_${protocol}`,
        way === "out" ? rule(name, "nodes", protocol, port) : rule("nodes", name, protocol, port),
      ]);
      const probe = way === "in" ? rule(name, "nodes", "tcp", 8080) : rule("nodes", name, "tcp", 8080);
      return [...toNodes, [`${name}_probe`, probe]];
    });
  const resource = {
    aws_security_group: Object.fromEntries(groups),
    aws_eks_cluster: { main: { name: "main", role_arn: "arn", vpc_config: { subnet_ids: [] } } },
    aws_launch_template: { nodes: { vpc_security_group_ids: [id("nodes")] } },
    aws_eks_node_group: {
      nodes: {
        cluster_name: "${aws_eks_cluster.main.name}",
        instance_types: ["m5.large"],
        launch_template: { id: "${aws_launch_template.nodes.id}" },
      },
    },
    aws_vpc_security_group_ingress_rule: Object.fromEntries(rules("in")),
    aws_vpc_security_group_egress_rule: Object.fromEntries(rules("out")),
  };
  writeFileSync(join(root, "main.tf.json"), JSON.stringify({ resource }));
  const words = names.map((name) => `  "\${SG_${name}}": aws_security_group.${name}`);
  writeFileSync(join(root, "flows.yaml"), `format: 1\ngroups:\n${words.join("\n")}\n`);
  const objects = names.map((name) => {
    const labels = `{ app: ${name} }`;
    const metadata = `{ name: ${name.replace("_", "-")}, namespace: shop }`;
    return `apiVersion: vpcresources.k8s.aws/v1beta1
kind: SecurityGroupPolicy
metadata: ${metadata}
spec:
  podSelector: { matchLabels: ${labels} }
  securityGroups: { groupIds: ["\${SG_${name}}"] }
---
apiVersion: apps/v1
kind: Deployment
metadata: ${metadata}
spec:
  selector: { matchLabels: ${labels} }
  template:
    metadata:
      labels: ${labels}
    spec:
      containers:
        - name: app
          image: app
          ports:
            - name: http
              containerPort: 8080
          readinessProbe:
            httpGet:
              path: /
              port: http
          livenessProbe:
            httpGet:
              path: /
              port: 8080
`;
  });
  writeFileSync(join(manifests, "all.yaml"), objects.join("---\n"));
  return { root, manifests };
}

/** What `kubectl get pods -A -o json` prints of so many pods. */
function podsOf(count: number, folder: string): string {
  const pod = (index: number) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `workload-${index % 1000}-${index}`,
      namespace: "shop",
      uid: `0a1b2c3d-${index}`,
      labels: { app: `workload_${index % 1000}`, "pod-template-hash": "5d6f7c8b9d" },
      annotations: { "kubernetes.io/config.seen": "2026-01-31T00:00:00Z" },
    },
    spec: {
      containers: ["app", "sidecar"].map((name) => ({
        name,
        image: `registry.example.com/${name}:1.0.0`,
        env: Array.from({ length: 10 }, (_, at) => ({ name: `VARIABLE_${at}`, value: "value ".repeat(5) })),
        ports: [{ containerPort: 8080, protocol: "TCP" }],
        readinessProbe: { httpGet: { path: "/", port: 8080, scheme: "HTTP" }, periodSeconds: 10 },
        volumeMounts: [{ mountPath: "/var/run/secrets/kubernetes.io/serviceaccount", name: "token" }],
      })),
      dnsPolicy: "ClusterFirst",
      nodeName: `ip-10-0-0-${index % 250}.ec2.internal`,
      tolerations: [{ effect: "NoExecute", key: "node.kubernetes.io/not-ready", operator: "Exists" }],
    },
    status: { phase: "Running", podIP: "10.0.0.1", conditions: [{ type: "Ready", status: "True" }] },
  });
  const path = join(folder, `pods-${count}.json`);
  const items = Array.from({ length: count }, (_, index) => pod(index));
  writeFileSync(path, JSON.stringify({ apiVersion: "v1", kind: "List", items }, null, 4));
  return path;
}

function benchManifests(folder: string): void {
  const command = (...words: string[]) => [...COMMAND, "verify", "--fail-on", "never", ...words] as const;
  const measured = (words: readonly [string, ...string[]]) => {
    const runs = Array.from({ length: rounds }, () => measure(words, folder));
    return { cpu: median(runs.map(({ cpu }) => cpu)), mib: median(runs.map(({ mib }) => mib)) };
  };
  console.log(
    `\nVerify N workloads with 6 rules, a policy and 3 derived flows each: processor time (median of ${rounds})\n`,
  );
  console.log("                                    N   cpu ms   ms per workload   peak MiB");
  const row = (name: string, count: number, cpu: number, mib?: number) => {
    const figures = [cpu.toFixed(0).padStart(7), (cpu / count).toFixed(2).padStart(16)];
    const peak = mib === undefined ? "" : mib.toFixed(0).padStart(9);
    console.log(`${name.padEnd(28)} ${String(count).padStart(8)}  ${figures.join("  ")}  ${peak}`.trimEnd());
  };
  // The first run may build the command.
  measure([...COMMAND, "explain", "dead-rule"], folder);
  for (const count of [10, 100, 1000]) {
    const { root, manifests } = withManifests(count, folder);
    const alone = measured(command(root));
    const both = measured(command(root, "--manifests", manifests));
    row("Terraform alone", count, alone.cpu, alone.mib);
    row("with manifests", count, both.cpu, both.mib);
    row("the manifests' share", count, both.cpu - alone.cpu);
  }
  const { root, manifests } = withManifests(1000, folder);
  const pods = podsOf(10_000, folder);
  const live = measured(command(root, "--manifests", manifests, "--manifests", pods));
  row("pods, as kubectl prints them", 10_000, live.cpu, live.mib);
}

/** A state of so many groups, a tenth of them pairs as the article has them, and ten rules a group, as Terraform keeps it. */
function stateOf(groups: number, folder: string): string {
  const id = (index: number) => `sg-${String(index).padStart(17, "0")}`;
  const instance = (type: string, name: string, attributes: object) => ({
    mode: "managed",
    type,
    name,
    provider: 'provider["registry.terraform.io/hashicorp/aws"]',
    instances: [{ schema_version: 1, attributes }],
  });
  const names = Array.from({ length: groups }, (_, index) =>
    index % 10 === 1 ? `team-${index - 1}-for-pods` : `team-${index}`,
  );
  const resources = names.flatMap((name, index) => [
    instance("aws_security_group", `team_${index}`, {
      id: id(index),
      arn: `arn:aws:ec2:eu-west-1:111122223333:security-group/${id(index)}`,
      name,
      description: `Group ${name}.`,
      vpc_id: "vpc-0a1b2c3d4e5f60000",
      tags: { Team: `${index}` },
      tags_all: { Team: `${index}` },
      ingress: [],
      egress: [],
    }),
    ...Array.from({ length: 10 }, (_, at) => {
      const direction = at < 5 ? "ingress" : "egress";
      return instance(`aws_vpc_security_group_${direction}_rule`, `team_${index}_${at}`, {
        id: `sgr-${String(index * 10 + at).padStart(17, "0")}`,
        security_group_id: id(index),
        ip_protocol: at === 9 ? "udp" : "tcp",
        from_port: at === 9 ? 53 : 8000 + at,
        to_port: at === 9 ? 53 : 8000 + at,
        ...(at % 2 === 0
          ? { cidr_ipv4: `10.${at}.0.0/16` }
          : { referenced_security_group_id: id((index + at) % groups) }),
        description: `Rule ${at}`,
      });
    }),
  ]);
  const path = join(folder, `state-${groups}.json`);
  writeFileSync(path, JSON.stringify({ version: 4, terraform_version: "1.11.4", outputs: {}, resources }));
  return path;
}

function benchAdopt(folder: string): void {
  console.log(
    `\nAdopt N groups with ten rules each, without Terraform's time: processes that take turns (median of ${rounds})\n`,
  );
  console.log("                          N       ms   cpu ms   × floor   peak MiB");
  const floor = [process.execPath, "-e", PARSERS] as const;
  // The first run may build the command.
  measure([...COMMAND, "explain", "dead-rule"], folder);
  for (const count of [3, 30, 300]) {
    const command = [...COMMAND, "adopt", stateOf(count, folder), "--dry-run", "--quiet"] as const;
    const runs = Array.from({ length: rounds }, () => ({
      floor: measure(floor, folder),
      adopt: measure(command, folder),
    }));
    const figures = [
      median(runs.map(({ adopt }) => adopt.ms)).toFixed(0),
      median(runs.map(({ adopt }) => adopt.cpu)).toFixed(0),
      median(runs.map((run) => run.adopt.cpu / run.floor.cpu)).toFixed(2),
      median(runs.map(({ adopt }) => adopt.mib)).toFixed(0),
    ];
    const widths = [7, 7, 8, 9];
    const row = figures.map((figure, index) => figure.padStart(widths[index] ?? 0));
    console.log(`a state                ${String(count).padStart(4)}  ${row.join("  ")}`);
  }
}

const folder = mkdtempSync(join(tmpdir(), "eks-pod-security-groups-bench-"));
const benches = {
  processes: benchProcesses,
  calls: benchCalls,
  verify: benchVerify,
  manifests: benchManifests,
  adopt: benchAdopt,
};
try {
  for (const [name, bench] of Object.entries(benches)) {
    if (values.only === undefined || values.only === name) bench(folder);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
