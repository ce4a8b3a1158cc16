import { ALL_PORTS, type Direction, type Peer, port, portsIn, type Rule, type Rules } from "../network/rules";
import type { Precondition, VariableSpecs } from "../synth/contract";
import {
  EXAMPLE,
  isSecurityGroupId,
  type PeerInput,
  type Ports,
  peersVariable,
  portsVariable,
  securityGroupsVariable,
} from "./variables";

/*
 * What pods need of their cluster: DNS, probes, ingress, the internet. Module `pod-group` gives it to one workload,
 * module `pod-baseline` once to all: the same variables, rules and flows, around a group with another address.
 */

export interface ClusterAccessVariables {
  /** Ids of the groups that the cluster has. Without `coredns`, DNS goes through the worker nodes' group. */
  security_groups: { k8s_worker?: string | null; k8s_ingress?: string | null; coredns?: string | null };
  /** TCP ports on which the worker nodes reach the pods. Default: all. */
  probe_ports?: Ports;
  /** TCP ports on which the ingress nodes reach the pods. Default: all. */
  ingress_ports?: Ports;
  /** Addresses of the resolvers, instead of a group. */
  dns_cidrs?: Readonly<Record<string, PeerInput>>;
  /** Whether the DNS group gets its half of the rules here. Default: true. */
  manage_dns_ingress?: boolean;
  /** Default: both. */
  internet_protocols?: readonly ("http" | "https")[];
  /** Where these protocols lead. Default: all of IPv4. */
  internet_targets?: Readonly<Record<string, PeerInput>>;
  /** Groups of interface VPC endpoints, reached over HTTPS. */
  vpc_endpoint_security_groups?: Readonly<Record<string, string>>;
}

/** The groups that the rules speak of besides the pods' own. */
export type ClusterGroup = "k8s_worker" | "k8s_ingress" | "dns" | "vpc_endpoint";

/** The ids of these groups, as Terraform expressions. */
export const CLUSTER_GROUPS: Readonly<Record<ClusterGroup, string>> = {
  k8s_worker: "var.security_groups.k8s_worker",
  k8s_ingress: "var.security_groups.k8s_ingress",
  // The element of the rule's map.
  dns: "each.value",
  vpc_endpoint: "each.value",
};

const WORKER = "var.security_groups.k8s_worker";
const INGRESS = "var.security_groups.k8s_ingress";
const COREDNS = "var.security_groups.coredns";

const DEFAULTS = {
  ports: { all_tcp: `${ALL_PORTS.from}-${ALL_PORTS.to}` },
  protocols: ["http", "https"],
  targets: { all: { cidr_ipv4: "0.0.0.0/0" } },
} as const;

export const clusterAccessVariables: VariableSpecs<ClusterAccessVariables> = {
  security_groups: {
    type: "object({ k8s_worker = optional(string), k8s_ingress = optional(string), coredns = optional(string) })",
    description:
      "Ids of the security groups that the cluster has: k8s_worker is on the worker nodes (where kubelet and, without coredns, CoreDNS run), k8s_ingress on what sends requests to the pods, coredns on CoreDNS where it has a group of its own. A workload on the baseline needs none of them: {}.",
    example: { k8s_worker: EXAMPLE.worker, k8s_ingress: EXAMPLE.ingress },
    accepted: {
      short_group_ids: { k8s_worker: "sg-0a1b2c3d", k8s_ingress: "sg-0a1b2c3e", coredns: "sg-0a1b2c3f" },
    },
    validations: [
      ...(["k8s_worker", "k8s_ingress", "coredns"] as const).map((key) => ({
        condition: `var.security_groups.${key} == null || ${isSecurityGroupId(`var.security_groups.${key}`)}`,
        message: `The id ${key} must be sg- and 8 or 17 hexadecimal digits.`,
        refused: {
          [`nothing_as_${key}`]: { k8s_worker: EXAMPLE.worker, k8s_ingress: EXAMPLE.ingress, [key]: "" },
          [`an_address_as_${key}`]: {
            k8s_worker: EXAMPLE.worker,
            k8s_ingress: EXAMPLE.ingress,
            [key]: "10.0.0.0/8",
          },
        },
      })),
      {
        // Null only where both are left out.
        condition: `${WORKER} == null || ${INGRESS} == null || ${WORKER} != ${INGRESS}`,
        message:
          "The ids k8s_worker and k8s_ingress must differ: with one group in both places, two rules are the same but for their description, which AWS refuses. Where the ingress runs on the worker nodes, leave k8s_ingress out, set ingress_ports = {}, and name its ports in probe_ports.",
        refused: { one_group_in_both_places: { k8s_worker: EXAMPLE.worker, k8s_ingress: EXAMPLE.worker } },
      },
    ],
  },
  probe_ports: portsVariable("probe_ports", {
    description:
      "TCP ports on which the worker nodes (the kubelet's probes) reach the pods, by names of your choice. {} for none.",
    default: DEFAULTS.ports,
    example: { http: 8080 },
    mayBeEmpty: true,
  }),
  ingress_ports: portsVariable("ingress_ports", {
    description:
      "TCP ports on which the ingress nodes reach the pods, by names of your choice. {} for none: then k8s_ingress may be left out.",
    default: DEFAULTS.ports,
    example: { http: 8080 },
    mayBeEmpty: true,
  }),
  dns_cidrs: peersVariable("dns_cidrs", {
    description:
      "Addresses of the resolvers, by names of your choice, where DNS does not go through a security group. Without any: through coredns, else k8s_worker.",
    default: {},
    example: { vpc: { cidr_ipv4: "10.0.0.2/32" } },
    kinds: ["cidr_ipv4", "cidr_ipv6"],
  }),
  manage_dns_ingress: {
    type: "bool",
    description:
      "Whether to add the other half of DNS to the group of coredns or k8s_worker. false where somebody else manages that group's rules.",
    default: true,
    example: true,
  },
  internet_protocols: {
    type: "set(string)",
    description:
      "What the pods may open to internet_targets: http (TCP 80), https (TCP 443). [] for nothing.",
    default: DEFAULTS.protocols,
    example: ["https"],
    accepted: { no_internet: [], https_alone: ["https"] },
    validations: [
      {
        condition: 'length(setsubtract(var.internet_protocols, ["http", "https"])) == 0',
        message: "The internet_protocols must be http, https, both or none.",
        refused: {
          an_unknown_protocol: ["https", "ftp"] as never,
          a_protocol_in_capitals: ["HTTPS"] as never,
        },
      },
    ],
  },
  internet_targets: peersVariable("internet_targets", {
    description: "Where internet_protocols lead, by names of your choice: IPv4, IPv6, prefix lists.",
    default: DEFAULTS.targets,
    example: { partner: { cidr_ipv4: "203.0.113.0/24" } },
    kinds: ["cidr_ipv4", "cidr_ipv6", "prefix_list_id"],
    mayBeEmpty: false,
  }),
  vpc_endpoint_security_groups: securityGroupsVariable("vpc_endpoint_security_groups", {
    description:
      "Groups of interface VPC endpoints that the pods reach over HTTPS, by names of your choice. Each gets its half of the rule, too.",
    example: { ecr: EXAMPLE.other },
  }),
};

/** What no value of one variable can show to be wrong. */
export function clusterAccessPreconditions(on: string, unless?: string): Precondition[] {
  const needed = (condition: string) => (unless === undefined ? condition : `${unless} || ${condition}`);
  return [
    {
      on,
      condition: needed(
        `${WORKER} != null || (length(var.probe_ports) == 0 && (${COREDNS} != null || length(var.dns_cidrs) > 0))`,
      ),
      message:
        "Give k8s_worker in security_groups: probes come from it, and DNS goes through it unless coredns or dns_cidrs is given. Without probes: probe_ports = {}.",
      refused: { no_worker_group: { security_groups: { k8s_ingress: EXAMPLE.ingress } } },
    },
    {
      on,
      condition: needed(`${INGRESS} != null || length(var.ingress_ports) == 0`),
      message:
        "Give k8s_ingress in security_groups, where requests come from. Without ingress: ingress_ports = {}.",
      refused: { no_ingress_group: { security_groups: { k8s_worker: EXAMPLE.worker } } },
    },
    {
      on,
      condition: `${COREDNS} == null || length(var.dns_cidrs) == 0`,
      message: "DNS goes through the group coredns or to dns_cidrs, not both: leave one out.",
      refused: {
        a_group_and_addresses_for_dns: {
          security_groups: {
            k8s_worker: EXAMPLE.worker,
            k8s_ingress: EXAMPLE.ingress,
            coredns: EXAMPLE.other,
          },
          dns_cidrs: { vpc: { cidr_ipv4: "10.0.0.2/32" } },
        },
      },
    },
    {
      on,
      condition: `length(var.internet_protocols) > 0 || ${isDefault("internet_targets")}`,
      message: "There are internet_targets but no internet_protocols that lead to them: leave one out.",
      refused: {
        targets_without_a_protocol: {
          internet_protocols: [],
          internet_targets: { partner: { cidr_ipv4: "203.0.113.0/24" } },
        },
      },
    },
  ];
}

/** Whether a variable has its default: as JSON, because a typed map never equals a literal one. */
export function isDefault(
  name: "probe_ports" | "ingress_ports" | "internet_protocols" | "internet_targets",
): string {
  const written = {
    probe_ports: DEFAULTS.ports,
    ingress_ports: DEFAULTS.ports,
    internet_protocols: DEFAULTS.protocols,
    internet_targets: {
      all: { ...DEFAULTS.targets.all, cidr_ipv6: null, prefix_list_id: null, security_group_id: null },
    },
  }[name];
  return `jsonencode(var.${name}) == ${JSON.stringify(JSON.stringify(written))}`;
}

/** What the rules are for, by the article's keys. */
export const CLUSTER_REQUIREMENTS = {
  RQ1: "The pods reach the internet (HTTP and HTTPS).",
  RQ2: "The ingress nodes reach the pods.",
  RQ4: "The pods resolve DNS, over TCP and UDP.",
  RQ5: "The worker nodes reach the pods: without it the kubelet's probes fail.",
} as const;

/** The maps that the rules are made for, as locals of the module. @param unless an expression that switches all off */
export function clusterAccessLocals(unless?: string): Readonly<Record<string, string>> {
  const filter = (condition?: string) =>
    [condition, unless && `!${unless}`].filter(Boolean).join(" && ") || undefined;
  const only = (map: string, condition?: string) => {
    const all = filter(condition);
    return all === undefined ? map : `{ for key, value in ${map} : key => value if ${all} }`;
  };
  return {
    probe_ports: only("var.probe_ports"),
    ingress_ports: only("var.ingress_ports"),
    // A map of one: its key is known before the group is.
    dns_groups: only(`{ dns = ${COREDNS} != null ? ${COREDNS} : ${WORKER} }`, "length(var.dns_cidrs) == 0"),
    dns_ingress_groups: "{ for key, value in local.dns_groups : key => value if var.manage_dns_ingress }",
    dns_cidrs: only("var.dns_cidrs"),
    https_targets: only("var.internet_targets", 'contains(var.internet_protocols, "https")'),
    http_targets: only("var.internet_targets", 'contains(var.internet_protocols, "http")'),
  };
}

type ClusterRules<Own extends string> = Rules<Own | ClusterGroup>;

/**
 * The rules, by the names of their resources.
 *
 * @param own the key of the pods' group, which the names start with
 * @param name the name of that group, for descriptions
 */
export function clusterAccessRules<Own extends string>(own: Own, name: string): ClusterRules<Own> {
  const dns = (protocol: "tcp" | "udp"): ClusterRules<Own> => {
    const traffic = { protocol, ports: port(53), requirement: "RQ4" } as const;
    const label = protocol.toUpperCase();
    return {
      [`${own}_egress_dns_${protocol}_to_security_group`]: {
        group: own,
        direction: "egress",
        peer: { group: "dns" },
        ...traffic,
        forEach: "local.dns_groups",
        description: `Egress: Allow DNS resolution (${label}) via security group`,
      },
      [`${own}_egress_dns_${protocol}_to_cidrs`]: {
        group: own,
        direction: "egress",
        peer: EACH,
        ...traffic,
        forEach: "local.dns_cidrs",
        description: `Egress: Allow DNS resolution (${label}) via \${each.key}`,
      },
      [`dns_ingress_${protocol}_from_${own}`]: {
        group: "dns",
        direction: "ingress",
        peer: { group: own },
        ...traffic,
        forEach: "local.dns_ingress_groups",
        description: `Ingress: Allow DNS resolution (via ${label}) from ${name}.`,
      },
    } as ClusterRules<Own>;
  };
  const internet = (protocol: "http" | "https"): Rule<Own> => ({
    group: own,
    direction: "egress",
    peer: EACH,
    protocol: "tcp",
    ports: port(protocol === "http" ? 80 : 443),
    forEach: `local.${protocol}_targets`,
    description: `Egress: ${protocol.toUpperCase()} to \${each.key}`,
    requirement: "RQ1",
  });
  const admitted = (from: "k8s_worker" | "k8s_ingress", what: string, requirement: string) =>
    ({
      group: own,
      direction: "ingress",
      peer: { group: from },
      protocol: "tcp",
      ports: portsIn("each.value"),
      forEach: from === "k8s_worker" ? "local.probe_ports" : "local.ingress_ports",
      description: `Ingress: Allow \${each.key} from the ${what}.`,
      requirement,
    }) as const;
  return {
    [`${own}_ingress_from_worker_security_group`]: admitted(
      "k8s_worker",
      "worker security group (required for probes to work)",
      "RQ5",
    ),
    [`${own}_ingress_from_ingress_security_group`]: admitted(
      "k8s_ingress",
      "ingress security group (required for ingress to work)",
      "RQ2",
    ),
    [`${own}_egress_https`]: internet("https"),
    [`${own}_egress_http`]: internet("http"),
    ...dns("tcp"),
    ...dns("udp"),
    [`${own}_egress_https_to_vpc_endpoints`]: {
      group: own,
      direction: "egress",
      peer: { group: "vpc_endpoint" },
      protocol: "tcp",
      ports: port(443),
      forEach: "var.vpc_endpoint_security_groups",
      description: "Egress: HTTPS to VPC endpoint ${each.key}",
    },
    [`vpc_endpoint_ingress_https_from_${own}`]: {
      group: "vpc_endpoint",
      direction: "ingress",
      peer: { group: own },
      protocol: "tcp",
      ports: port(443),
      forEach: "var.vpc_endpoint_security_groups",
      description: `Ingress: HTTPS from ${name}.`,
    },
  } as ClusterRules<Own>;
}

/** The element of the rule's map. */
const EACH: Peer<never> = { expression: "each.value" };

/** Prefix lists have no addresses that could be looked at. */
export const IS_ADDRESS = "each.value.prefix_list_id == null";

interface FlowsOptions {
  /** The endpoint that the pods are. */
  readonly own: string;
  /** The address of their group. */
  readonly group: string;
  /** An expression that switches the rules of the cluster off. */
  readonly unless?: string;
  /** Further flows, as YAML. */
  readonly more?: string;
  /** Expressions that say whether the caller opens more than the options of this file. */
  readonly opensMore?: { readonly ingress: string; readonly egress: string };
}

/**
 * What must work and what must stay closed, as a `flows.yaml`. Written apart from the rules on purpose: it says what
 * they are for, not what they are.
 */
export function clusterAccessFlows({ own, group, unless, more = "", opensMore }: FlowsOptions): string {
  const when = (...conditions: readonly string[]) =>
    `'${[...conditions, ...(unless ? [`!${unless}`] : [])].join(" && ")}'`;
  const always = unless === undefined ? "" : `\n    when: ${when()}`;
  const opens = (protocol: string) => `contains(var.internet_protocols, "${protocol}")`;
  const closed = (direction: Direction, ...conditions: readonly string[]) => {
    const all = [...(opensMore ? [`!(${opensMore[direction]})`] : []), ...conditions].join(" && ");
    return all === "" ? "" : `\n    when: '${all}'`;
  };
  // Whether a policy gives the baseline's group, too, is seen at the policy.
  const suppress = [
    [
      "length(var.probe_ports) == 0",
      "The pods have no probes: probe_ports is empty.",
      "\n    with_policies: true",
    ],
    ...(unless ? [[unless, "The pods also carry the baseline group, which admits the nodes.", ""]] : []),
  ].map(
    ([when, reason, policies]) => `  - check: no-probe-path
    address: ${group}${policies}
    when: ${when}
    reason: "${reason}"
`,
  );
  const isAnywhere = 'contains([for target in values(var.internet_targets) : target.cidr_ipv4], "0.0.0.0/0")';
  const isNotAnywhere = 'each.value.cidr_ipv4 != "0.0.0.0/0"';
  return `# Generated by \`npm run synth\`: the flows of this module, which \`npm run verify\` checks at every call of it.
format: 1
nodes: worker

endpoints:
  ${own}: { group: ${group}, on_nodes: true }
  worker: { group: var.security_groups.k8s_worker, on_nodes: true }
  ingress: { group: var.security_groups.k8s_ingress, on_nodes: true }
  dns: { group: 'var.security_groups.coredns != null ? var.security_groups.coredns : var.security_groups.k8s_worker', on_nodes: true }
  # Of flows that are stated for each of a map: a group or an address, whichever the element has.
  peer: { group: each.value.security_group_id, cidrs: ["\${each.value.cidr_ipv4}", "\${each.value.cidr_ipv6}"] }
  vpc_endpoint: { group: each.value }

flows:
  RQ1-https:
    when: ${when(opens("https"), isAnywhere)}
    description: The pods reach the internet over HTTPS.
    flow: allow ${own} -> internet TCP 443
  RQ1-http:
    when: ${when(opens("http"), isAnywhere)}
    description: The pods reach the internet over HTTP.
    flow: allow ${own} -> internet TCP 80
  RQ1-https-targets:
    for_each: var.internet_targets
    when: ${when(opens("https"), IS_ADDRESS, isNotAnywhere)}
    description: The pods reach \${each.key} over HTTPS.
    flow: allow ${own} -> peer TCP 443
  RQ1-http-targets:
    for_each: var.internet_targets
    when: ${when(opens("http"), IS_ADDRESS, isNotAnywhere)}
    description: The pods reach \${each.key} over HTTP.
    flow: allow ${own} -> peer TCP 80
  RQ1-vpc-endpoints:
    for_each: var.vpc_endpoint_security_groups
    description: The pods reach the VPC endpoint \${each.key} over HTTPS.
    flow: allow ${own} -> vpc_endpoint TCP 443
    # Both halves are this module's.
    required: vpc_endpoint
  RQ2:
    for_each: var.ingress_ports${always}
    description: ${CLUSTER_REQUIREMENTS.RQ2}
    flow: allow ingress -> ${own} TCP \${each.value}
  RQ4:
    when: ${when("length(var.dns_cidrs) == 0", "var.manage_dns_ingress")}
    description: ${CLUSTER_REQUIREMENTS.RQ4}
    flow: allow ${own} -> dns TCP 53, UDP 53
    # Both halves are this module's: the DNS group's rules come with it.
    required: dns
  RQ4-managed-elsewhere:
    when: ${when("length(var.dns_cidrs) == 0", "!var.manage_dns_ingress")}
    description: ${CLUSTER_REQUIREMENTS.RQ4}
    flow: allow ${own} -> dns TCP 53, UDP 53
  RQ4-resolvers:
    for_each: var.dns_cidrs${always}
    description: ${CLUSTER_REQUIREMENTS.RQ4}
    flow: allow ${own} -> peer TCP 53, UDP 53
  RQ5:
    for_each: var.probe_ports${always}
    description: "${CLUSTER_REQUIREMENTS.RQ5}"
    flow: allow worker -> ${own} TCP \${each.value}
${more}
  internet-not-to-${own}:
    description: Nothing on the internet reaches the pods.${closed("ingress")}
    flow: deny internet -> ${own} all
  ${own}-not-to-other-internet:
    description: The pods reach nothing else on the internet.${closed("egress", "length(var.dns_cidrs) == 0")}
    flow: deny ${own} -> internet all except TCP 80, 443
  ${own}-not-to-other-internet-but-resolvers:
    description: The pods reach nothing else on the internet, where the resolvers may be.${closed("egress", "length(var.dns_cidrs) > 0")}
    flow: deny ${own} -> internet all except TCP 53, 80, 443, UDP 53
  ${own}-not-to-internet-over-http:
    description: Without http in internet_protocols there is none.${closed("egress", `!${opens("http")}`)}
    flow: deny ${own} -> internet TCP 80
  ${own}-not-to-internet-over-https:
    description: Without https in internet_protocols there is none.${closed("egress", `!${opens("https")}`)}
    flow: deny ${own} -> internet TCP 443

suppress:
${suppress.join("")}`;
}
