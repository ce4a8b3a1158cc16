import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { flowIdText } from "../../verify/expect/flow-id";
import { verify } from "../../verify/verify";
import { committedStack, PROJECT } from "../support/project";
import { folderWith } from "../verify/read/support/configuration";

/*
 * Every rule of a committed module matters to one of the flows that it states: without the rule, the flow is broken.
 */

const CLUSTER = {
  vpc_id: "vpc-0a1b2c3d4e5f60000",
  platform: "shop",
  security_groups: { k8s_worker: "sg-0a1b2c3d4e5f60001", k8s_ingress: "sg-0a1b2c3d4e5f60002" },
};
const TARGETS = {
  partner: { cidr_ipv4: "203.0.113.0/24", ports: "8443" },
  shared: { security_group_id: "sg-0a1b2c3d4e5f60007", protocol: "udp", ports: "8125" },
};
/** What both modules for the access to the cluster are asked for, with resolvers by a group or by addresses. */
const ACCESS = {
  ...CLUSTER,
  internet_targets: { all: { cidr_ipv4: "0.0.0.0/0" }, ipv6: { cidr_ipv6: "2000::/3" } },
  vpc_endpoint_security_groups: { s3: "sg-0a1b2c3d4e5f60006" },
};
const RESOLVERS = { vpc: { cidr_ipv4: "10.0.0.2/32" }, six: { cidr_ipv6: "fd00::a/128" } };

/** Of every rule: the flows that are broken without it. */
type Broken = Readonly<Record<string, readonly string[]>>;

function accessFlows(own: "pods" | "baseline"): Broken {
  return {
    [`${own}_egress_https`]: ["RQ1-https", 'RQ1-https-targets["ipv6"]'],
    [`${own}_egress_http`]: ["RQ1-http", 'RQ1-http-targets["ipv6"]'],
    [`vpc_endpoint_ingress_https_from_${own}`]: ['RQ1-vpc-endpoints["s3"]'],
    [`${own}_ingress_from_ingress_security_group`]: ['RQ2["all_tcp"]'],
    [`${own}_ingress_from_worker_security_group`]: ['RQ5["all_tcp"]'],
    [`${own}_egress_dns_tcp_to_security_group`]: ["RQ4"],
    [`${own}_egress_dns_udp_to_security_group`]: ["RQ4"],
    [`dns_ingress_tcp_from_${own}`]: ["RQ4"],
    [`dns_ingress_udp_from_${own}`]: ["RQ4"],
  };
}

/** Where the internet is open, it is open to the addresses of endpoints, too. */
const ENDPOINTS_ALONE = {
  ...CLUSTER,
  internet_protocols: [],
  vpc_endpoint_security_groups: ACCESS.vpc_endpoint_security_groups,
};
const endpointFlows = (own: "pods" | "baseline"): Broken => ({
  [`${own}_egress_https_to_vpc_endpoints`]: ['RQ1-vpc-endpoints["s3"]'],
});

function resolverFlows(own: "pods" | "baseline"): Broken {
  const flows = ['RQ4-resolvers["vpc"]', 'RQ4-resolvers["six"]'];
  return { [`${own}_egress_dns_tcp_to_cidrs`]: flows, [`${own}_egress_dns_udp_to_cidrs`]: flows };
}

const service = (key: string): Broken => ({
  [`${key}_ingress_from_pods`]: ['ACCESS["port"]'],
  [`pods_egress_to_${key}`]: ['ACCESS["port"]'],
  [`${key}_ingress_from_self`]: ['MEMBERS["gossip"]'],
  [`${key}_egress_to_self`]: ['MEMBERS["gossip"]'],
  [`${key}_ingress_from_sources`]: ['MORE-sources["partner"]', 'MORE-sources["shared"]'],
  [`${key}_egress_to_targets`]: ['MORE-targets["partner"]', 'MORE-targets["shared"]'],
});
const SERVICE = {
  name: "orders",
  vpc_id: CLUSTER.vpc_id,
  platform: "shop",
  pods_security_group_id: "${aws_security_group.pods.id}",
  ports: { port: "7000" },
  member_ports: { gossip: "7946" },
  ingress_sources: TARGETS,
  egress_targets: TARGETS,
};

const CALLS: [module: string, what: string, values: object, broken: Broken][] = [
  [
    "pod-group",
    "all options, DNS through a group",
    {
      name: "orders",
      ...ACCESS,
      self_ports: { gossip: "7946" },
      ingress_sources: TARGETS,
      egress_targets: TARGETS,
    },
    {
      ...accessFlows("pods"),
      pods_ingress_from_self: ['SELF["gossip"]'],
      pods_egress_to_self: ['SELF["gossip"]'],
      pods_ingress_from_sources: ['MORE-sources["partner"]', 'MORE-sources["shared"]'],
      pods_egress_to_targets: ['MORE-targets["partner"]', 'MORE-targets["shared"]'],
    },
  ],
  [
    "pod-group",
    "DNS by addresses",
    { name: "orders", ...ACCESS, dns_cidrs: RESOLVERS },
    resolverFlows("pods"),
  ],
  [
    "pod-group",
    "VPC endpoints and no internet",
    { name: "orders", ...ENDPOINTS_ALONE },
    endpointFlows("pods"),
  ],
  [
    "pod-baseline",
    "VPC endpoints and no internet",
    { cluster_name: "shop", ...ENDPOINTS_ALONE },
    endpointFlows("baseline"),
  ],
  ["pod-baseline", "DNS through a group", { cluster_name: "shop", ...ACCESS }, accessFlows("baseline")],
  [
    "pod-baseline",
    "DNS by addresses",
    { cluster_name: "shop", ...ACCESS, dns_cidrs: RESOLVERS },
    resolverFlows("baseline"),
  ],
  [
    "pod-to-pod",
    "both protocols",
    {
      platform: "shop",
      client_name: "orders",
      client_security_group_id: "${aws_security_group.pods.id}",
      server_name: "payments",
      server_security_group_id: "sg-0a1b2c3d4e5f60008",
      ports: { http: "8080" },
      udp_ports: { statsd: "8125" },
    },
    {
      client_egress_tcp_to_server: ['TCP["http"]'],
      server_ingress_tcp_from_client: ['TCP["http"]'],
      client_egress_udp_to_server: ['UDP["statsd"]'],
      server_ingress_udp_from_client: ['UDP["statsd"]'],
    },
  ],
  ["mysql", "with members", SERVICE, service("mysql")],
  ["rds-postgres", "with members", SERVICE, service("postgres")],
  ["elasticache-redis", "with members", SERVICE, service("redis")],
  ["tcp-service", "with members", { ...SERVICE, service_name: "search" }, service("service")],
];

const TYPES = ["aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"];

/** The flows of a call by their names in the module, without one of its rules. */
async function flowsOf(module: string, values: object, without?: string) {
  const configuration = committedStack(module);
  for (const type of TYPES) {
    if (without !== undefined) delete configuration.resource[type]?.[without];
  }
  const folder = folderWith({
    "main.tf.json": {
      resource: { aws_security_group: { pods: { name: "pods" } } },
      module: { m: { source: "./module", ...values } },
    },
    "module/cdk.tf.json": configuration,
    "module/flows.yaml": readFileSync(join(PROJECT, "cdktf.out/stacks", module, "flows.yaml"), "utf8"),
  });
  const { verdicts, notes } = await verify(folder);
  return {
    notes,
    broken: verdicts
      .filter(({ status }) => status === "broken")
      .map(({ flow }) => flowIdText(flow.id).replace("module.m/", "")),
  };
}

describe.each(CALLS)("the module %s, %s", (module, _what, values, broken) => {
  test("has no broken flow, and none that cannot be judged", async () => {
    expect(await flowsOf(module, values)).toStrictEqual({ broken: [], notes: [] });
  });

  test.each(Object.entries(broken))("without %s breaks its flows", async (rule, flows) => {
    const { broken } = await flowsOf(module, values, rule);
    expect(broken.sort()).toStrictEqual([...flows].sort());
  });
});

test.each([...new Set(CALLS.map(([module]) => module))])("every rule of %s is tried", (module) => {
  const tried = CALLS.filter(([name]) => name === module).flatMap(([, , , broken]) => Object.keys(broken));
  const rules = TYPES.flatMap((type) => Object.keys(committedStack(module).resource[type] ?? {}));
  expect([...new Set(tried)].sort()).toStrictEqual(rules.sort());
});
