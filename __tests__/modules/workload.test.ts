import { describe, expect, test } from "vitest";
import { Workload, type WorkloadDescription } from "../../compose/workload";
import { moduleStacks } from "../../modules";
import { PodBaseline } from "../../modules/pod-baseline";
import { podBaseline } from "../../modules/pod-baseline/contract";
import { PodGroup } from "../../modules/pod-group";
import { podGroup } from "../../modules/pod-group/contract";
import { PodToPod } from "../../modules/pod-to-pod";
import type { ModuleName } from "../../modules/registry";
import type { RuleForm } from "../../modules/shared/rule-form";
import { ModuleCall } from "../../synth/module-call";
import { type Stacks, synthesize } from "../../synth/synthesize";
import { temporaryFolder } from "../support/folders";
import { GROUPS, ORDERS, PLACE, problemsOf, type Root, statuses, synthesized } from "../support/workloads";

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
    expect(report.groups.filter(({ declaredAt }) => declaredAt).map(({ name }) => name)).toStrictEqual([
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

  test("40 of them leave 2 inbound DNS rules on the worker group, and no quota is in sight", async () => {
    const { report } = await synthesized((root) => many(root, 40));
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

const MODULES: ModuleName[] = ["pod-group", "pod-baseline", "pod-to-pod", "msk", "tcp-service"];

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
