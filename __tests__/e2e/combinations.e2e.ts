import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { DataServiceStack } from "../../modules/data-service";
import { PodBaselineStack } from "../../modules/pod-baseline";
import { PodGroupStack } from "../../modules/pod-group";
import { PodToPodStack } from "../../modules/pod-to-pod";
import type { RuleForm } from "../../modules/shared/rule-form";
import { synthesize } from "../../synth/synthesize";
import { flowIdText } from "../../verify/expect/flow-id";
import { verify } from "../../verify/verify";
import { cluster } from "./support/cluster";
import { isAll } from "./support/sample";
import { awsStage } from "./support/stage";
import { Terraform, workFolder } from "./support/terraform";

const { copy, reason } = awsStage();

const FORMS: RuleForm[] = ["per-rule", "classic"];

/** The folder of the modules in a form: the committed ones, or synthesized. */
function modulesIn(form: RuleForm): string {
  if (form === "per-rule") return join(copy, "cdktf.out/stacks");
  const folder = workFolder();
  const options = { ruleForm: form };
  synthesize(
    {
      "elasticache-redis": (app, id) => new DataServiceStack(app, id, "elasticache-redis", options),
      mysql: (app, id) => new DataServiceStack(app, id, "mysql", options),
      "rds-postgres": (app, id) => new DataServiceStack(app, id, "rds-postgres", options),
      "tcp-service": (app, id) => new DataServiceStack(app, id, "tcp-service", options),
      "pod-baseline": (app, id) => new PodBaselineStack(app, id, options),
      "pod-group": (app, id) => new PodGroupStack(app, id, options),
      "pod-to-pod": (app, id) => new PodToPodStack(app, id, options),
    },
    folder,
  );
  return join(folder, "stacks");
}

type Call = { readonly source: string; readonly [argument: string]: unknown };
type Calls = Readonly<Record<string, Call>>;

/** A consumer's root with calls of modules, initialized. */
function root(modules: string, calls: Calls, more: object = {}): Terraform {
  const folder = workFolder();
  write(folder, modules, calls, more);
  return new Terraform(folder).init();
}

function write(folder: string, modules: string, calls: Calls, more: object = {}): void {
  const module = Object.fromEntries(
    Object.entries(calls).map(([name, call]) => [name, { ...call, source: join(modules, call.source) }]),
  );
  writeFileSync(
    join(folder, "main.tf.json"),
    JSON.stringify({ terraform: { required_version: ">= 1.3" }, provider: { aws: {} }, module, ...more }),
  );
}

function omitName({ name: _, ...values }: Record<string, unknown>): Record<string, unknown> {
  return values;
}

/**
 * Applies until the plan is empty. The emulator drops the description of a per-rule resource whose source is a group
 * when it creates one: a second apply settles that, and that alone.
 */
function applied(terraform: Terraform, form: RuleForm): void {
  terraform.apply();
  if (form === "per-rule") {
    const changed = JSON.parse(planJson(terraform)).resource_changes as {
      address: string;
      change: { actions: string[]; before: Record<string, unknown>; after: Record<string, unknown> };
    }[];
    for (const { address, change } of changed.filter(({ change }) => change.actions[0] !== "no-op")) {
      expect(change.actions, address).toStrictEqual(["update"]);
      expect({ ...change.before, description: "" }, address).toStrictEqual({
        ...change.after,
        description: "",
      });
    }
    terraform.apply();
  }
  const { status, output } = terraform.plan();
  expect(output).toContain("No changes.");
  expect(status).toBe(0);
}

function planJson(terraform: Terraform): string {
  terraform.run("plan", "-no-color", "-out=tfplan");
  return terraform.run("show", "-json", "tfplan");
}

const rulesIn = (terraform: Terraform) =>
  terraform.state().filter((address) => /\.aws_(vpc_)?security_group_(\w+_)?rule\./.test(address));

async function verdictsIn(terraform: Terraform): Promise<Record<string, string>> {
  const { verdicts } = await verify(terraform.folder);
  return Object.fromEntries(verdicts.map(({ flow, status }) => [flowIdText(flow.id), status]));
}

describe.skipIf(reason).each(FORMS)("modules that combine, with rules in the form %s", (form) => {
  const testIfTime = test.skipIf(form === "classic" && !isAll);

  test("a workload with MySQL and Redis has one pod group and exactly 12 rules", async () => {
    const { prerequisites, workload } = cluster();
    const values = workload("orders");
    const { security_groups: _, ...service } = values;
    const pods = { pods_security_group_id: "${module.orders.pods_security_group_id}" };
    const terraform = root(modulesIn(form), {
      orders: { source: "pod-group", ...values },
      mysql: { source: "mysql", ...service, ...pods },
      redis: { source: "elasticache-redis", ...service, ...pods },
    });
    applied(terraform, form);
    expect(rulesIn(terraform)).toHaveLength(12);
    expect(terraform.state().filter((address) => address.includes("aws_security_group."))).toStrictEqual([
      "module.mysql.aws_security_group.mysql",
      "module.orders.aws_security_group.pods",
      "module.redis.aws_security_group.redis",
    ]);
    expect(await verdictsIn(terraform)).toMatchObject({
      "module.orders/RQ1-https": "holds",
      "module.orders/RQ4": "holds",
      'module.mysql/ACCESS["mysql"]': "holds",
      'module.redis/ACCESS["redis"]': "holds",
    });
    terraform.destroy();
    expect(terraform.state()).toStrictEqual([]);
    prerequisites.destroy();
  });

  testIfTime("two workloads on the baseline leave 2 inbound DNS rules on the worker group", async () => {
    const { prerequisites, workload } = cluster();
    const values = omitName(workload(""));
    const { security_groups: _, ...place } = values;
    const on = (name: string) => ({
      source: "pod-group",
      name,
      on_baseline: true,
      security_groups: {},
      ...place,
    });
    const terraform = root(modulesIn(form), {
      baseline: { source: "pod-baseline", cluster_name: "example", ...values },
      orders: on("orders"),
      payments: on("payments"),
    });
    applied(terraform, form);
    expect(rulesIn(terraform)).toHaveLength(8);
    expect(rulesIn(terraform).filter((address) => !address.startsWith("module.baseline."))).toStrictEqual([]);
    expect(rulesIn(terraform).filter((address) => address.includes(".dns_ingress"))).toHaveLength(2);
    const verdicts = await verdictsIn(terraform);
    expect(verdicts["module.baseline/RQ4"]).toBe("holds");
    expect(Object.values(verdicts)).not.toContain("broken");
    terraform.destroy();
    prerequisites.destroy();
  });

  testIfTime("a workload that moves onto the baseline keeps its group, and loses rules alone", () => {
    const { prerequisites, workload } = cluster();
    const modules = modulesIn(form);
    const calls = (on_baseline: boolean) => ({
      baseline: { source: "pod-baseline", cluster_name: "example", ...omitName(workload("")) },
      orders: { source: "pod-group", ...workload("orders"), on_baseline },
    });
    const terraform = root(modules, calls(false));
    applied(terraform, form);
    write(terraform.folder, modules, calls(true));
    expect(terraform.plan().output).toContain("Plan: 0 to add, 0 to change, 8 to destroy.");
    applied(terraform, form);
    write(terraform.folder, modules, calls(false));
    expect(terraform.plan().output).toContain("Plan: 8 to add, 0 to change, 0 to destroy.");
    terraform.destroy();
    prerequisites.destroy();
  });

  testIfTime("pods reach pods across two states", async () => {
    const { prerequisites, workload } = cluster();
    const modules = modulesIn(form);
    const id = { pods: { value: "${module.pods.pods_security_group_id}" } };
    const server = root(modules, { pods: { source: "pod-group", ...workload("payments") } }, { output: id });
    applied(server, form);
    const client = root(modules, {
      pods: { source: "pod-group", ...workload("orders") },
      to_payments: {
        source: "pod-to-pod",
        platform: "shop",
        client_name: "orders",
        client_security_group_id: "${module.pods.pods_security_group_id}",
        server_name: "payments",
        server_security_group_id: server.outputs()["pods"],
        ports: { http: 8080, grpc: "9000-9010" },
        udp_ports: { statsd: 8125 },
      },
    });
    applied(client, form);
    expect(rulesIn(client).filter((address) => address.startsWith("module.to_payments."))).toHaveLength(6);
    expect(await verdictsIn(client)).toMatchObject({
      'module.to_payments/TCP["grpc"]': "holds",
      'module.to_payments/UDP["statsd"]': "holds",
    });
    // The other state sees nothing of it: its own rules are resources of their own.
    expect(server.plan().status).toBe(0);
    client.destroy();
    expect(server.plan().status).toBe(0);
    server.destroy();
    prerequisites.destroy();
  });

  test("every option at once is applied and planned empty", async () => {
    const { prerequisites, workload } = cluster();
    const values = workload("orders") as ReturnType<typeof workload> & { security_groups: object };
    const { security_groups: _, ...service } = values;
    const pods = { pods_security_group_id: "${module.orders.pods_security_group_id}" };
    const group = (name: string) => ({ name, description: name, vpc_id: values["vpc_id"] });
    const terraform = root(
      modulesIn(form),
      {
        orders: {
          source: "pod-group",
          ...values,
          security_groups: { ...values.security_groups, coredns: "${aws_security_group.coredns.id}" },
          probe_ports: { http: 8080, metrics: "9090-9099" },
          ingress_ports: { http: 8080 },
          internet_protocols: ["https"],
          internet_targets: {
            all: { cidr_ipv6: "::/0" },
            partner: { cidr_ipv4: "203.0.113.0/24" },
            s3: { prefix_list_id: "${aws_ec2_managed_prefix_list.s3.id}" },
          },
          vpc_endpoint_security_groups: { ecr: "${aws_security_group.endpoint.id}" },
          self_ports: { gossip: 7946 },
          ingress_sources: {
            monitoring: { security_group_id: "${aws_security_group.monitoring.id}", ports: "9100" },
            office: { cidr_ipv4: "198.51.100.0/24", ports: "8443-8444" },
            ping: { cidr_ipv4: "10.0.0.0/8", protocol: "icmp", icmp_type: 8 },
          },
          egress_targets: { statsd: { cidr_ipv4: "10.0.0.0/8", protocol: "udp", ports: "8125" } },
        },
        postgres: { source: "rds-postgres", ...service, ...pods, ports: { postgres: 5433 } },
        search: {
          source: "tcp-service",
          ...service,
          ...pods,
          service_name: "search",
          ports: { http: 9200, https: "9443" },
          member_ports: { transport: "9300-9400" },
        },
      },
      {
        resource: {
          aws_security_group: {
            coredns: group("coredns"),
            endpoint: group("endpoint"),
            monitoring: group("monitoring"),
          },
          aws_ec2_managed_prefix_list: { s3: { name: "s3", address_family: "IPv4", max_entries: 1 } },
        },
      },
    );
    applied(terraform, form);
    const verdicts = await verdictsIn(terraform);
    expect(verdicts).toMatchObject({
      "module.orders/RQ4": "holds",
      'module.orders/SELF["gossip"]': "holds",
      'module.postgres/ACCESS["postgres"]': "holds",
      'module.search/MEMBERS["transport"]': "holds",
    });
    terraform.destroy();
    prerequisites.destroy();
  });
});
