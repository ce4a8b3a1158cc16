import { TerraformVariable, Token } from "cdktf";
import { describe, expect, test } from "vitest";
import type { WorkloadOptions } from "../../compose/options/declared";
import { Workload } from "../../compose/workload";
import { moduleStacks } from "../../modules";
import { PodBaselineStack } from "../../modules/pod-baseline";
import { podBaseline } from "../../modules/pod-baseline/contract";
import { PodGroupStack } from "../../modules/pod-group";
import { podGroup } from "../../modules/pod-group/contract";
import { PodToPodStack } from "../../modules/pod-to-pod";
import type { ModuleName } from "../../modules/registry";
import type { RuleForm } from "../../modules/shared/rule-form";
import { ModuleCall } from "../../synth/module-call";
import { type Stacks, synthesize } from "../../synth/synthesize";
import { temporaryFolder } from "../support/folders";
import {
  GROUPS,
  ORDERS,
  PLACE,
  problemsOf,
  type Root,
  statuses,
  synthesized,
  VALUES,
} from "../support/workloads";

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
    const baseline = new ModuleCall(root, "baseline", podBaseline, { cluster_name: "example", ...VALUES });
    return Array.from(
      { length: count },
      (_, index) => new Workload(root, `w${index}`, { ...PLACE, baseline }),
    );
  };

  test("40 of them leave 2 inbound DNS rules on the worker group, and no quota is in sight", async () => {
    const { report } = await synthesized((root) => many(root, 40));
    const inbound = report.rules.filter(
      ({ group, direction }) => group === GROUPS.k8sWorker && direction === "ingress",
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
      `rule-quota ${GROUPS.k8sWorker}`,
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

  test.each<[string, Partial<WorkloadOptions>]>([
    ["no internet", { internetProtocols: [] }],
    ["fewer probe ports", { probePorts: { http: 8080 } }],
    ["fewer ingress ports", { ingressPorts: {} }],
    ["resolvers of its own", { dnsCidrs: { vpc: { cidrIpv4: "10.0.0.2/32" } } }],
  ])("cannot be narrower than it: %s", (_what, option) => {
    const problems = problemsOf((root) => {
      const baseline = new ModuleCall(root, "baseline", podBaseline, { cluster_name: "example", ...VALUES });
      new Workload(root, "orders", { ...PLACE, baseline, ...option });
    });
    expect(problems).toStrictEqual([
      expect.stringContaining(
        'stack "root": workload "orders": A workload on the baseline cannot be narrower than it: the rules of two groups add up.',
      ),
    ]);
  });

  test("can have more than it", async () => {
    const { report } = await synthesized((root) => {
      const baseline = new ModuleCall(root, "baseline", podBaseline, { cluster_name: "example", ...VALUES });
      new Workload(root, "orders", {
        ...PLACE,
        baseline,
        selfPorts: { gossip: 7946 },
        egressTargets: { partner: { cidrIpv4: "203.0.113.0/24", ports: 8443 } },
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
        vpcId: "subnet-0a1b2c3d",
        securityGroups: { k8sWorker: "sg-workers", k8sIngress: GROUPS.k8sIngress },
        probePorts: { http: 65536 },
        egressTargets: { partner: { cidrIpv4: "10.0.0.1/8", ports: "80" } },
        services: {
          redis: { module: "elasticache-redis", ports: {} },
          cassandra: { module: "cassandra" as "msk" },
        },
      });
    });
    expect(problems.map((problem) => problem.replace('stack "root": workload "orders"', ""))).toStrictEqual([
      expect.stringMatching(/^: vpcId: The VPC's id must be .* \(given: "subnet-0a1b2c3d"\)$/),
      expect.stringMatching(/^: securityGroups: The id k8sWorker must be sg-.*"k8sWorker":"sg-workers"/),
      expect.stringMatching(
        /^: probePorts: The probePorts .* between 0 and 65535\. \(given: \{"http":65536\}\)$/,
      ),
      expect.stringMatching(
        /^: egressTargets: The cidrIpv4 of egressTargets must be IPv4 without host bits.*"cidrIpv4":"10\.0\.0\.1\/8"/,
      ),
      expect.stringMatching(
        /^\.services\.redis: ports: The ports must name at least one port\. \(given: \{\}\)$/,
      ),
      expect.stringMatching(
        /^\.services\.cassandra: there is no data service "cassandra"; there are aurora-mysql, /,
      ),
    ]);
  });

  test("in the names of the modules is told the options, at every depth", () => {
    const problems = problemsOf((root) => {
      new Workload(root, "orders", {
        vpc_id: "vpc-0a1b2c3d",
        platform: "shop",
        probe_port: { http: 8080 },
        securityGroups: { k8s_worker: GROUPS.k8sWorker },
        egressTargets: { partner: { cidr_ipv4: "203.0.113.0/24", ports: 8443 } },
        services: { search: { module: "tcp-service", ports: { http: 9200 }, member_ports: {} } },
      } as unknown as WorkloadOptions);
    });
    const said = problems.map((problem) => problem.replace('stack "root": workload "orders"', ""));
    expect(said).toHaveLength(5);
    expect(said.join("\n")).toContain(
      '.securityGroups: does not know "k8s_worker" (write k8sWorker); accepted: k8sWorker, k8sIngress, coredns (given: {"k8s_worker":"sg-0a1b2c3d4e5f60001"})',
    );
    expect(said.join("\n")).toContain(
      '.egressTargets.partner: does not know "cidr_ipv4" (write cidrIpv4); accepted: cidrIpv4, ',
    );
    expect(said.join("\n")).toContain(
      '.services.search: does not know "member_ports" (write memberPorts); accepted: module, ports, memberPorts',
    );
    expect(said.join("\n")).toContain(
      ': does not know "vpc_id" (write vpcId), "probe_port" (write probePorts); accepted: name, vpcId, ',
    );
    expect(said.join("\n")).toContain(".vpcId: must be given: Id of the VPC");
  });

  test("has references for values at every depth", async () => {
    const { configuration } = await synthesized((root) => {
      const variable = new TerraformVariable(root, "given", {});
      new Workload(root, "orders", {
        vpcId: variable.stringValue,
        platform: "shop",
        securityGroups: variable.value,
        dnsCidrs: Token.asAnyMap(variable.value),
        egressTargets: {
          one: variable.value,
          two: { cidrIpv4: variable.stringValue, ports: variable.numberValue },
        },
        services: { redis: { module: "elasticache-redis", ports: Token.asAnyMap(variable.value) } },
      });
    });
    const reference = "${var.given}";
    expect(configuration.module["orders"]).toMatchObject({
      vpc_id: reference,
      security_groups: reference,
      dns_cidrs: reference,
      egress_targets: { one: reference, two: { cidr_ipv4: reference, ports: reference } },
    });
    expect(configuration.module["orders_redis"]).toMatchObject({ vpc_id: reference, ports: reference });
  });

  test.each<[string, Partial<WorkloadOptions>, string]>([
    [
      "one group as worker and ingress",
      { securityGroups: { ...GROUPS, k8sIngress: GROUPS.k8sWorker } },
      "must differ",
    ],
    ["IPv6 in an IPv4 field", { internetTargets: { a: { cidrIpv4: "::/0" } } }, "must be IPv4"],
    ["an empty list of targets", { internetTargets: {} }, "must name at least one"],
    [
      "targets without a protocol",
      { internetProtocols: [], internetTargets: { a: { cidrIpv4: "10.0.0.0/8" } } },
      "leave one out",
    ],
    [
      "a group and addresses for DNS",
      {
        securityGroups: { ...GROUPS, coredns: "sg-0a1b2c3d" },
        dnsCidrs: { a: { cidrIpv4: "10.0.0.2/32" } },
      },
      "not both",
    ],
    ["neither a baseline nor groups", { securityGroups: {} }, "Give k8sWorker"],
    [
      "an unknown option",
      { probing: 8080 } as object,
      'workload "orders": does not know "probing"; accepted: name, ',
    ],
    [
      "services that are no services",
      { services: null } as object,
      'workload "orders".services: must be services by their names, such as { redis: { module: "elasticache-redis" } } (given: null)',
    ],
    [
      "a service that is nothing",
      { services: { redis: null } } as object,
      'workload "orders".services.redis: must be an object with module, ports, memberPorts (given: null)',
    ],
    [
      "a service's module by its name alone",
      { services: { redis: "elasticache-redis" } } as object,
      'workload "orders".services.redis: must be an object with module, ports, memberPorts (given: "elasticache-redis")',
    ],
    [
      "a service without a module",
      { services: { redis: { ports: { redis: 6379 } } } } as object,
      'workload "orders".services.redis.module: must be the name of a data service, such as "elasticache-redis", or "tcp-service" (nothing was given)',
    ],
    [
      "a service with what is the workload's",
      { services: { redis: { module: "elasticache-redis", vpcId: "vpc-0a1b2c3d" } } } as object,
      'workload "orders".services.redis: does not know "vpcId"; accepted: module, ports, memberPorts',
    ],
    [
      "two services with one address",
      { services: { "a-b": { module: "msk" }, a_b: { module: "mysql" } } },
      'workload "orders": the services "a-b" and "a_b" would both be module.orders_a_b: rename one',
    ],
    [
      "a baseline by its address",
      { baseline: "module.baseline" } as object,
      'workload "orders".baseline: must be a PodBaseline, which calls module "pod-baseline" (given: "module.baseline")',
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
    const problems = problemsOf((root) => new Workload(root, "orders", description as WorkloadOptions));
    expect(problems).toStrictEqual([
      expect.stringMatching(/^stack "root": workload "orders": must be an object with a workload's options/),
    ]);
  });

  test("a call of another module is no baseline", () => {
    const problems = problemsOf((root) => {
      const group = new ModuleCall(root, "group", podGroup, { name: "other", ...VALUES });
      new Workload(root, "orders", { ...PLACE, baseline: group as never });
    });
    expect(problems).toStrictEqual([
      'stack "root": workload "orders".baseline: must be a PodBaseline, which calls module "pod-baseline" (given: a call of module "pod-group")',
    ]);
  });

  test("null is as good as nothing where the module has a default that is a value", async () => {
    const { report } = await synthesized((root) => {
      new Workload(root, "orders", {
        ...ORDERS,
        probePorts: null as never,
        internetProtocols: null as never,
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
    new Workload(root, "orders", { ...ORDERS, dnsCidrs: { public: { cidrIpv4: "8.8.8.8/32" } } });
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
    for (const Stack of [PodGroupStack, PodBaselineStack, PodToPodStack]) {
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
