import {
  any,
  differs,
  equals,
  isEmpty,
  isGiven,
  isNull,
  listOf,
  quoted,
} from "../../../expression/conditions";
import { variablesOf } from "../../../expression/variables";
import { ALL_PORTS } from "../../../network/rules";
import type { VariableSpecs } from "../../../synth/contract";
import { EXAMPLE, isSecurityGroupId, securityGroupsVariable } from "../ids";
import { type PeerInput, peersVariable } from "../peers";
import { type Ports, portsVariable } from "../ports";

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

/** References to the variables that both modules have. */
export const variable = variablesOf<ClusterAccessVariables>();

export const WORKER = `${variable("security_groups")}.k8s_worker`;
export const INGRESS = `${variable("security_groups")}.k8s_ingress`;
export const COREDNS = `${variable("security_groups")}.coredns`;

/** The group that DNS goes through. */
export const DNS_GROUP = `${isGiven(COREDNS)} ? ${COREDNS} : ${WORKER}`;

const DEFAULTS = {
  ports: { all_tcp: `${ALL_PORTS.from}-${ALL_PORTS.to}` },
  protocols: ["http", "https"],
  targets: { all: { cidr_ipv4: "0.0.0.0/0" } },
} as const;

export const clusterAccessVariables: VariableSpecs<ClusterAccessVariables> = {
  security_groups: {
    type: "object({ k8s_worker = optional(string), k8s_ingress = optional(string), coredns = optional(string) })",
    description:
      "Ids of the cluster's security groups: k8s_worker is on the worker nodes (where kubelet and, without coredns, CoreDNS run), k8s_ingress on what sends requests to the pods, coredns on CoreDNS if it has its own group. A workload on the baseline needs none of them: {}.",
    example: { k8s_worker: EXAMPLE.worker, k8s_ingress: EXAMPLE.ingress },
    accepted: {
      short_group_ids: { k8s_worker: "sg-0a1b2c3d", k8s_ingress: "sg-0a1b2c3e", coredns: "sg-0a1b2c3f" },
    },
    validations: [
      ...Object.entries({ k8s_worker: WORKER, k8s_ingress: INGRESS, coredns: COREDNS }).map(
        ([key, group]) => ({
          condition: any(isNull(group), isSecurityGroupId(group)),
          message: `The id ${key} must be sg- and 8 or 17 hexadecimal digits.`,
          refused: {
            [`nothing_as_${key}`]: { k8s_worker: EXAMPLE.worker, k8s_ingress: EXAMPLE.ingress, [key]: "" },
            [`an_address_as_${key}`]: {
              k8s_worker: EXAMPLE.worker,
              k8s_ingress: EXAMPLE.ingress,
              [key]: "10.0.0.0/8",
            },
          },
        }),
      ),
      {
        // Null only where both are left out.
        condition: any(isNull(WORKER), isNull(INGRESS), differs(WORKER, INGRESS)),
        message:
          "The ids k8s_worker and k8s_ingress must differ: with one group in both places, two rules are the same but for their description, which AWS rejects. Where the ingress runs on the worker nodes, leave k8s_ingress out, set ingress_ports = {}, and name its ports in probe_ports.",
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
      "Whether to add the ingress rules for DNS to the group of coredns or k8s_worker. false if somebody else manages that group's rules.",
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
        condition: isEmpty(`setsubtract(${variable("internet_protocols")}, ${listOf(["http", "https"])})`),
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
      "Groups of interface VPC endpoints that the pods reach over HTTPS, by names of your choice. The ingress rules on these groups are added as well.",
    example: { ecr: EXAMPLE.other },
  }),
};

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
  return equals(`jsonencode(${variable(name)})`, quoted(JSON.stringify(written)));
}
