import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformVariable } from "cdktf";
import type { Construct } from "constructs";
import { describe, expect, test } from "vitest";
import { type ModuleName, moduleStacks } from "../../modules";
import { PodBaseline } from "../../modules/pod-baseline";
import { podBaseline } from "../../modules/pod-baseline/contract";
import { PodGroup } from "../../modules/pod-group";
import { podGroup } from "../../modules/pod-group/contract";
import { PodToPod } from "../../modules/pod-to-pod";
import type { RuleForm } from "../../modules/security-group-rules";
import { Workload, type WorkloadDescription } from "../../modules/workload";
import { connect } from "../../modules/workload/connect";
import { InputError } from "../../terraform/errors";
import { ModuleCall } from "../../terraform/module-call";
import { RootStack } from "../../terraform/root-stack";
import { type Stacks, synthesize } from "../../terraform/synthesize";
import type { Report } from "../../verify/model";
import { verify } from "../../verify/verify";
import { temporaryFolder } from "../support/folders";
import type { Configuration } from "../support/project";

const GROUPS = { k8s_worker: "sg-0a1b2c3d4e5f60001", k8s_ingress: "sg-0a1b2c3d4e5f60002" };
const PLACE = { vpc_id: "vpc-0a1b2c3d4e5f60000", platform: "shop" };
const ORDERS = { ...PLACE, security_groups: GROUPS };

class Root extends RootStack {
  constructor(scope: Construct, id: string, build: (root: Root) => void) {
    super(scope, id);
    new AwsProvider(this, "aws", { region: "eu-west-1" });
    build(this);
  }

  ids(name: string, ids: readonly string[]): void {
    this.addOutput(name, ids, "Ids of groups.");
  }
}

const MODULES: ModuleName[] = [
  "pod-group",
  "pod-baseline",
  "pod-to-pod",
  "mysql",
  "elasticache-redis",
  "msk",
  "tcp-service",
];

function app(build: (root: Root) => void, ruleForm?: RuleForm): Stacks {
  return {
    ...moduleStacks(MODULES, ruleForm && { ruleForm }),
    root: (scope, id) => new Root(scope, id, build),
  };
}

/** What is written for a root, and what the verifier finds in it. */
async function synthesized(build: (root: Root) => void, ruleForm?: RuleForm) {
  const folder = temporaryFolder();
  synthesize(app(build, ruleForm), folder);
  const root = join(folder, "stacks/root");
  return {
    configuration: JSON.parse(readFileSync(join(root, "cdk.tf.json"), "utf8")) as Configuration,
    report: await verify(root),
  };
}

function problemsOf(build: (root: Root) => void): readonly string[] {
  try {
    synthesize(app(build), temporaryFolder());
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).problems;
  }
  throw new Error("it was synthesized");
}

const statuses = ({ verdicts }: Report) =>
  Object.fromEntries(verdicts.map(({ flow, status }) => [flow.id, status]));

describe.each<RuleForm>(["per-rule", "classic"])("a workload with MySQL and Redis, rules %s", (form) => {
  const build = (root: Root) => {
    const orders = new Workload(root, "orders", {
      ...ORDERS,
      services: { mysql: { module: "mysql" }, redis: { module: "elasticache-redis" } },
    });
    root.ids("carried", orders.securityGroupIds);
    root.ids("redis", [orders.serviceSecurityGroupId("redis")]);
  };

  test("has one pod group and exactly 12 rules, the article's without the dead one and two for Redis", async () => {
    const { report } = await synthesized(build, form);
    expect(report.rules).toHaveLength(12);
    expect(report.groups.filter(({ source }) => source).map(({ name }) => name)).toStrictEqual([
      "orders-for-pods",
      "orders-mysql",
      "orders-redis",
    ]);
    expect(report.findings).toStrictEqual([]);
  });

  test("has flows that hold, or would hold with what the cluster's groups permit", async () => {
    const { report } = await synthesized(build, form);
    expect(statuses(report)).toStrictEqual({
      "module.orders/RQ1-https": "holds",
      "module.orders/RQ1-http": "holds",
      'module.orders/RQ2["all_tcp"]': "holds-if",
      "module.orders/RQ4": "holds",
      'module.orders/RQ5["all_tcp"]': "holds-if",
      "module.orders/internet-not-to-pods": "holds",
      "module.orders/pods-not-to-other-internet": "holds",
      'module.orders_mysql/ACCESS["mysql"]': "holds",
      "module.orders_mysql/internet-not-to-mysql": "holds",
      "module.orders_mysql/mysql-not-to-internet": "holds",
      "module.orders_mysql/mysql-not-to-pods": "holds",
      'module.orders_redis/ACCESS["redis"]': "holds",
      "module.orders_redis/internet-not-to-redis": "holds",
      "module.orders_redis/redis-not-to-internet": "holds",
      "module.orders_redis/redis-not-to-pods": "holds",
    });
  });

  test("gives the ids of its groups to what needs them", async () => {
    const { configuration } = await synthesized(build, form);
    expect(configuration.output).toMatchObject({
      carried: { value: ["${module.orders.pods_security_group_id}"] },
      redis: { value: ["${module.orders_redis.redis_security_group_id}"] },
    });
  });
});

describe("workloads on the baseline", () => {
  const many = (root: Root, count: number) => {
    const baseline = new ModuleCall(root, "baseline", podBaseline, { cluster_name: "example", ...ORDERS });
    return Array.from(
      { length: count },
      (_, index) => new Workload(root, `w${index}`, { ...PLACE, baseline }),
    );
  };

  test("100 of them leave 2 inbound DNS rules on the worker group, and no quota is in sight", async () => {
    const { report } = await synthesized((root) => many(root, 100));
    const inbound = report.rules.filter(
      ({ group, direction }) => group === GROUPS.k8s_worker && direction === "ingress",
    );
    expect(inbound.map(({ address }) => address).sort()).toStrictEqual([
      'module.baseline.aws_vpc_security_group_ingress_rule.dns_ingress_tcp_from_baseline["dns"]',
      'module.baseline.aws_vpc_security_group_ingress_rule.dns_ingress_udp_from_baseline["dns"]',
    ]);
    expect(report.findings).toStrictEqual([]);
  });

  test("in the article's form 31 of them are more than the worker group's 60 rules", async () => {
    const { report } = await synthesized((root) => {
      for (let index = 0; index < 31; index += 1) new Workload(root, `w${index}`, ORDERS);
    });
    expect(report.findings.map(({ check, address }) => `${check} ${address}`)).toContain(
      `rule-quota ${GROUPS.k8s_worker}`,
    );
  });

  test("carry both groups, the tagged one first", async () => {
    const { configuration } = await synthesized((root) => {
      const [workload] = many(root, 1);
      root.ids("carried", workload?.securityGroupIds ?? []);
    });
    expect(configuration.output).toMatchObject({
      carried: {
        value: ["${module.baseline.baseline_security_group_id}", "${module.w0.pods_security_group_id}"],
      },
    });
  });

  test.each<[string, Partial<WorkloadDescription>]>([
    ["no internet", { internet_protocols: [] }],
    ["fewer probe ports", { probe_ports: { http: 8080 } }],
    ["fewer ingress ports", { ingress_ports: {} }],
    ["resolvers of its own", { dns_cidrs: { vpc: { cidr_ipv4: "10.0.0.2/32" } } }],
  ])("cannot be narrower than it: %s", (_what, option) => {
    const problems = problemsOf((root) => {
      const baseline = new ModuleCall(root, "baseline", podBaseline, { cluster_name: "example", ...ORDERS });
      new Workload(root, "orders", { ...PLACE, baseline, ...option });
    });
    expect(problems).toStrictEqual([
      expect.stringContaining(
        'stack "root": module call "orders": A workload on the baseline cannot be narrower than it: the rules of two groups add up.',
      ),
    ]);
  });

  test("can have more than it", async () => {
    const { report } = await synthesized((root) => {
      const baseline = new ModuleCall(root, "baseline", podBaseline, { cluster_name: "example", ...ORDERS });
      new Workload(root, "orders", {
        ...PLACE,
        baseline,
        self_ports: { gossip: 7946 },
        egress_targets: { partner: { cidr_ipv4: "203.0.113.0/24", ports: 8443 } },
      });
    });
    expect(statuses(report)).toMatchObject({ 'module.orders/SELF["gossip"]': "holds" });
    expect(report.rules.filter(({ address }) => address.startsWith("module.orders."))).toHaveLength(3);
  });
});

describe("pod to pod", () => {
  const pair = (root: Root) =>
    ["orders", "payments"].map((name) => new Workload(root, name, ORDERS)) as [Workload, Workload];
  const portsOf = (configuration: Awaited<ReturnType<typeof synthesized>>["configuration"]) => {
    const { ports, udp_ports } = configuration.module["orders_to_payments"] ?? {};
    return { ports, udp_ports };
  };

  test("what is connected is reached, one way, in both halves", async () => {
    const { report } = await synthesized((root) => {
      const [orders, payments] = pair(root);
      connect(orders, payments, { http: 8080 }, { statsd: 8125 });
    });
    expect(statuses(report)).toMatchObject({
      'module.orders_to_payments/TCP["http"]': "holds",
      'module.orders_to_payments/UDP["statsd"]': "holds",
    });
    expect(
      report.rules.filter(({ address }) => address.startsWith("module.orders_to_payments.")),
    ).toHaveLength(4);
  });

  test("what is said twice is there once, and more ports are added", async () => {
    const { configuration } = await synthesized((root) => {
      const [orders, payments] = pair(root);
      connect(orders, payments, { http: 8080 });
      connect(orders, payments, { http: "8080" });
      connect(orders, payments, { http: "8080-8080", plain: "08080-8080" });
      connect(orders, payments, { web: 8080, grpc: "9000-9010" });
      connect(payments, orders, { callback: 8081 });
    });
    expect(portsOf(configuration)).toStrictEqual({ ports: { http: 8080, grpc: "9000-9010" }, udp_ports: {} });
    expect(configuration.module["payments_to_orders"]?.["ports"]).toStrictEqual({ callback: 8081 });
  });

  test.each<[string, (a: Workload, b: Workload) => void, string]>([
    ["a workload with itself", (a) => connect(a, a, { http: 80 }), "through its self_ports"],
    [
      "a key that means another port already",
      (a, b) => {
        connect(a, b, { http: 8080 });
        connect(a, b, { http: 9090 });
      },
      'connect "orders" to "payments": ports: "http" is 8080 already, and cannot be 9090',
    ],
    ["no ports", (a, b) => connect(a, b, {}), "Give at least one of ports and udp_ports"],
    ["a reversed range", (a, b) => connect(a, b, { http: "81-80" }), "must not be reversed"],
    [
      "a wrong port in addition",
      (a, b) => {
        connect(a, b, { http: 8080 });
        connect(a, b, { more: 70000 });
      },
      "must be between 0 and 65535",
    ],
    [
      "nothing as the server",
      (a) => connect(a, null as never, { http: 80 }),
      'connect: the server must be a Workload of this app (given: null); for any other group, call module "pod-to-pod"',
    ],
    [
      "the id of a group as the client",
      (_a, b) => connect("sg-0a1b2c3d4e5f60001" as never, b, { http: 80 }),
      'connect: the client must be a Workload of this app (given: "sg-0a1b2c3d4e5f60001")',
    ],
    [
      "no ports at all",
      (a, b) => connect(a, b, undefined as never),
      'connect "orders" to "payments": ports: must be ports by names of your choice, such as { http: 8080 } (nothing was given)',
    ],
    [
      "a port without a name",
      (a, b) => connect(a, b, 8080 as never),
      "ports: must be ports by names of your choice, such as { http: 8080 } (given: 8080)",
    ],
    [
      "a port that is no port",
      (a, b) => connect(a, b, { http: null } as never),
      "ports.http: must be a port or a range, such as 8080 or 8000-8100 (given: null)",
    ],
  ])("%s is refused", (_what, connected, message) => {
    expect(problemsOf((root) => connected(...pair(root)))).toStrictEqual([expect.stringContaining(message)]);
  });

  test("two pairs whose connections would have one address are refused", () => {
    expect(
      problemsOf((root) => {
        const [a, bc, ab, c] = ["a", "b_to_c", "a_to_b", "c"].map((id) => new Workload(root, id, ORDERS)) as [
          Workload,
          Workload,
          Workload,
          Workload,
        ];
        connect(a, bc, { http: 8080 });
        connect(ab, c, { grpc: 9090 });
      }),
    ).toStrictEqual([
      'stack "root": connect "a_to_b" to "c": module.a_to_b_to_c is the connection of "a" to "b_to_c" already: give one of the workloads another id',
    ]);
  });

  test("references are ports, too: each is there once, and none is lost", async () => {
    const { configuration } = await synthesized((root) => {
      const [orders, payments] = pair(root);
      const [one, two] = ["one", "two"].map((name) => new TerraformVariable(root, name, {})) as [
        TerraformVariable,
        TerraformVariable,
      ];
      connect(orders, payments, { http: one.stringValue });
      connect(orders, payments, { grpc: two.stringValue });
      connect(orders, payments, { http: one.numberValue, again: two.numberValue });
    });
    expect(portsOf(configuration).ports).toStrictEqual({ http: "${var.one}", grpc: "${var.two}" });
    expect(
      problemsOf((root) => {
        const [orders, payments] = pair(root);
        connect(orders, payments, { http: 80 });
        connect(orders, payments, { http: new TerraformVariable(root, "one", {}).numberValue });
      }),
    ).toStrictEqual([expect.stringContaining('"http" is 80 already, and cannot be ${var.one}')]);
  });

  test("what names of groups may hold, names of workloads that are connected may hold", async () => {
    const { report } = await synthesized((root) => {
      const orders = new Workload(root, "orders", { ...ORDERS, name: "orders [eu] {1}; a+b=c!$*" });
      connect(orders, new Workload(root, "payments", ORDERS), { http: 8080 });
    });
    expect(statuses(report)).toMatchObject({ 'module.orders_to_payments/TCP["http"]': "holds" });
  });

  test("workloads of two stacks are told how", () => {
    let orders: Workload | undefined;
    const stacks: Stacks = {
      ...app((root) => {
        orders = new Workload(root, "orders", ORDERS);
      }),
      other: (scope, id) =>
        new Root(scope, id, (root) => {
          connect(orders as Workload, new Workload(root, "payments", ORDERS), { http: 80 });
        }),
    };
    expect(() => synthesize(stacks, temporaryFolder())).toThrow(
      'they are in two stacks; call module "pod-to-pod"',
    );
  });
});

describe("a wrong description", () => {
  test("is refused with everything that is wrong in it, and what was given", () => {
    const problems = problemsOf((root) => {
      new Workload(root, "orders", {
        ...PLACE,
        vpc_id: "subnet-0a1b2c3d",
        security_groups: { k8s_worker: "sg-workers", k8s_ingress: GROUPS.k8s_ingress },
        probe_ports: { http: 65536 },
        egress_targets: { partner: { cidr_ipv4: "10.0.0.1/8", ports: "80" } },
        services: {
          redis: { module: "elasticache-redis", ports: {} },
          cassandra: { module: "cassandra" as "msk" },
        },
      });
    });
    expect(problems.map((problem) => problem.replace('stack "root": module call ', ""))).toStrictEqual([
      expect.stringMatching(/^"orders": vpc_id: The VPC's id must be .* \(given: "subnet-0a1b2c3d"\)$/),
      expect.stringMatching(/^"orders": security_groups: The id k8s_worker must be sg-/),
      expect.stringMatching(/^"orders": probe_ports: .* between 0 and 65535\. \(given: \{"http":65536\}\)$/),
      expect.stringMatching(
        /^"orders": egress_targets: The cidr_ipv4 of egress_targets must be IPv4 without host bits/,
      ),
      expect.stringMatching(/^"orders_redis": vpc_id: /),
      expect.stringMatching(
        /^"orders_redis": ports: The ports must name at least one port\. \(given: \{\}\)$/,
      ),
      expect.stringMatching(
        /^"orders_cassandra": there is no data service "cassandra"; there are aurora-mysql, /,
      ),
    ]);
  });

  test.each<[string, Partial<WorkloadDescription>, string]>([
    [
      "one group as worker and ingress",
      { security_groups: { ...GROUPS, k8s_ingress: GROUPS.k8s_worker } },
      "must differ",
    ],
    ["IPv6 in an IPv4 field", { internet_targets: { a: { cidr_ipv4: "::/0" } } }, "must be IPv4"],
    ["an empty list of targets", { internet_targets: {} }, "must name at least one"],
    [
      "targets without a protocol",
      { internet_protocols: [], internet_targets: { a: { cidr_ipv4: "10.0.0.0/8" } } },
      "leave one out",
    ],
    [
      "a group and addresses for DNS",
      {
        security_groups: { ...GROUPS, coredns: "sg-0a1b2c3d" },
        dns_cidrs: { a: { cidr_ipv4: "10.0.0.2/32" } },
      },
      "not both",
    ],
    ["neither a baseline nor groups", { security_groups: {} }, "Give k8s_worker"],
    ["an unknown option", { probes: 8080 } as object, 'has no variable "probes"'],
    [
      "services that are no services",
      { services: null } as object,
      'workload "orders".services: must be services by their names, such as { redis: { module: "elasticache-redis" } } (given: null)',
    ],
    [
      "a service that is nothing",
      { services: { redis: null } } as object,
      'workload "orders".services.redis: must be an object with module, ports, member_ports (given: null)',
    ],
    [
      "a service's module by its name alone",
      { services: { redis: "elasticache-redis" } } as object,
      'workload "orders".services.redis: must be an object with module, ports, member_ports (given: "elasticache-redis")',
    ],
    [
      "a service without a module",
      { services: { redis: { ports: { redis: 6379 } } } } as object,
      'workload "orders".services.redis.module: must be the name of a data service, such as "elasticache-redis", or "tcp-service" (nothing was given)',
    ],
    [
      "a service with what is the workload's",
      { services: { redis: { module: "elasticache-redis", vpc_id: "vpc-0a1b2c3d" } } } as object,
      'workload "orders".services.redis: does not know "vpc_id"; accepted: module, ports, member_ports',
    ],
    [
      "two services with one address",
      { services: { "a-b": { module: "msk" }, a_b: { module: "mysql" } } },
      'workload "orders": the services "a-b" and "a_b" would both be module.orders_a_b: rename one',
    ],
    [
      "a baseline by its address",
      { baseline: "module.baseline" } as object,
      'workload "orders".baseline: must be a call of module "pod-baseline" (given: "module.baseline")',
    ],
  ])("%s", (_what, option, message) => {
    const problems = problemsOf((root) => new Workload(root, "orders", { ...ORDERS, ...option }));
    expect(problems.join("\n")).toContain(message);
  });

  test.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["text", "orders"],
    ["a list", [ORDERS]],
  ])("that is %s is refused in words", (_what, description) => {
    const problems = problemsOf((root) => new Workload(root, "orders", description as WorkloadDescription));
    expect(problems).toStrictEqual([
      expect.stringMatching(/^stack "root": workload "orders": must be an object with a workload's options/),
    ]);
  });

  test("a call of another module is no baseline", () => {
    const problems = problemsOf((root) => {
      const group = new ModuleCall(root, "group", podGroup, { name: "other", ...ORDERS });
      new Workload(root, "orders", { ...PLACE, baseline: group as never });
    });
    expect(problems).toStrictEqual([
      'stack "root": workload "orders".baseline: must be a call of module "pod-baseline" (given: a call of module "pod-group")',
    ]);
  });

  test("null is as good as nothing where the module has a default that is a value", async () => {
    const { report } = await synthesized((root) => {
      new Workload(root, "orders", {
        ...ORDERS,
        probe_ports: null as never,
        internet_protocols: null as never,
      });
    });
    expect(statuses(report)).toMatchObject({ "module.orders/RQ1-https": "holds" });
  });

  test("a service that is not there is named", () => {
    expect(
      problemsOf((root) => new Workload(root, "orders", ORDERS).serviceSecurityGroupId("redis")),
    ).toStrictEqual(['stack "root": workload "orders" has no service "redis"; it has none']);
  });

  test("an app without the modules is told which", () => {
    const stacks: Stacks = {
      root: (scope, id) => new Root(scope, id, (root) => new Workload(root, "orders", ORDERS)),
    };
    expect(() => synthesize(stacks, temporaryFolder())).toThrow(
      'module call "orders": there is no stack "pod-group" in the app',
    );
  });
});

test("resolvers on the internet break no flow of the module", async () => {
  const { report } = await synthesized((root) => {
    new Workload(root, "orders", { ...ORDERS, dns_cidrs: { public: { cidr_ipv4: "8.8.8.8/32" } } });
  });
  expect(Object.values(statuses(report))).not.toContain("broken");
});

test.each(["pod-grup", "toString", "__proto__"])("a module that there is not is named: %s", (name) => {
  expect(() => synthesize(moduleStacks([name as ModuleName]), temporaryFolder())).toThrow(
    `stack "${name}": there is no module "${name}"; there are aurora-mysql`,
  );
});

describe("the form of rules", () => {
  const accepted = '"classic" or "per-rule"';

  test.each<[string, unknown, string]>([
    ["a misspelled form", { ruleForm: "classik" }, `ruleForm: must be ${accepted} (given: "classik")`],
    ["a misspelled option", { ruleform: "classic" }, 'does not know "ruleform"; accepted: ruleForm'],
    ["the form alone", "classic", "must be an object with ruleForm"],
    ["nothing", null, "must be an object with ruleForm"],
  ])("is refused: %s", (_what, options, message) => {
    expect(() => moduleStacks(["pod-group"], options as { ruleForm: RuleForm })).toThrow(message);
    for (const Stack of [PodGroup, PodBaseline, PodToPod]) {
      const stacks: Stacks = { one: (app, id) => new Stack(app, id, options as { ruleForm: RuleForm }) };
      expect(() => synthesize(stacks, temporaryFolder())).toThrow(`stack "one": options`);
      expect(() => synthesize(stacks, temporaryFolder())).toThrow(message);
    }
  });

  test.each([undefined, {}, { ruleForm: undefined }, { ruleForm: "classic" as const }])(
    "%j is fine",
    (options) => {
      synthesize(moduleStacks(MODULES, options), temporaryFolder());
    },
  );
});

test.each(["pod-group", null, 7])("names of modules that are no list are refused: %j", (names) => {
  expect(() => moduleStacks(names as never)).toThrow("moduleStacks: must be a list of names of modules");
});
