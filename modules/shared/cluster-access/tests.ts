import type { Json } from "../../../io/json";
import { EXAMPLE } from "../ids";
import type { ExpectedRules } from "../rule-assertions";

/*
 * What callers of `pod-group` and of `pod-baseline` rely on: the rules of each requirement, by the article's defaults
 * and with every option. Written apart from the rules on purpose.
 */

/** The id of the group that the module makes, in its tests. */
export const OWN_GROUP = EXAMPLE.pods;

const COREDNS = EXAMPLE.other;
const ENDPOINT = "sg-0a1b2c3d4e5f60006";

interface AccessCase {
  readonly variables: Json;
  readonly rules: Readonly<Record<string, ExpectedRules>>;
}

/** The names of all rules. @param own what the names start with */
export function accessRuleNames(own: string): string[] {
  return [
    `${own}_ingress_from_worker_security_group`,
    `${own}_ingress_from_ingress_security_group`,
    `${own}_egress_https`,
    `${own}_egress_http`,
    `${own}_egress_dns_tcp_to_security_group`,
    `${own}_egress_dns_udp_to_security_group`,
    `${own}_egress_dns_tcp_to_cidrs`,
    `${own}_egress_dns_udp_to_cidrs`,
    `dns_ingress_tcp_from_${own}`,
    `dns_ingress_udp_from_${own}`,
    `${own}_egress_https_to_vpc_endpoints`,
    `vpc_endpoint_ingress_https_from_${own}`,
  ];
}

/** Both halves of DNS through a group. */
function dns(own: string, name: string, group: string): Record<string, ExpectedRules> {
  const halves = (protocol: "tcp" | "udp"): Record<string, ExpectedRules> => {
    const traffic = `${protocol} 53-53`;
    const label = protocol.toUpperCase();
    return {
      [`${own}_egress_dns_${protocol}_to_security_group`]: {
        dns: {
          group: OWN_GROUP,
          traffic,
          security_group_id: group,
          description: `Egress: Allow DNS resolution (${label}) via security group`,
        },
      },
      [`dns_ingress_${protocol}_from_${own}`]: {
        dns: {
          group,
          traffic,
          security_group_id: OWN_GROUP,
          description: `Ingress: Allow DNS resolution (via ${label}) from ${name}.`,
        },
      },
    };
  };
  return { ...halves("tcp"), ...halves("udp") };
}

/** What the article has, without an option. @param name the name of the group */
export function articleAccess(own: string, name: string): AccessCase {
  const anywhere = { group: OWN_GROUP, cidr_ipv4: "0.0.0.0/0" };
  const allTcp = { group: OWN_GROUP, traffic: "tcp 0-65535" };
  return {
    variables: {},
    rules: {
      [`${own}_egress_https`]: {
        all: { ...anywhere, traffic: "tcp 443-443", description: "Egress: HTTPS to all" },
      },
      [`${own}_egress_http`]: {
        all: { ...anywhere, traffic: "tcp 80-80", description: "Egress: HTTP to all" },
      },
      [`${own}_ingress_from_ingress_security_group`]: {
        all_tcp: {
          ...allTcp,
          security_group_id: EXAMPLE.ingress,
          description:
            "Ingress: Allow all_tcp from the ingress security group (required for ingress to work).",
        },
      },
      ...dns(own, name, EXAMPLE.worker),
      [`${own}_ingress_from_worker_security_group`]: {
        all_tcp: {
          ...allTcp,
          security_group_id: EXAMPLE.worker,
          description: "Ingress: Allow all_tcp from the worker security group (required for probes to work).",
        },
      },
    },
  };
}

/** Named ports, HTTPS alone, to all kinds of targets, DNS through a group of its own, VPC endpoints. */
export function accessWithOptions(own: string, name: string): AccessCase {
  const fromWorker = { group: OWN_GROUP, security_group_id: EXAMPLE.worker };
  const probes = (key: string) =>
    `Ingress: Allow ${key} from the worker security group (required for probes to work).`;
  const https = { group: OWN_GROUP, traffic: "tcp 443-443" };
  return {
    variables: {
      security_groups: { k8s_worker: EXAMPLE.worker, k8s_ingress: EXAMPLE.ingress, coredns: COREDNS },
      probe_ports: { http: 8080, metrics: "9090-9099" },
      ingress_ports: { http: 8080 },
      internet_protocols: ["https"],
      internet_targets: {
        everything: { cidr_ipv6: "::/0" },
        partner: { cidr_ipv4: "203.0.113.0/24" },
        s3: { prefix_list_id: "pl-0a1b2c3d" },
      },
      vpc_endpoint_security_groups: { ecr: ENDPOINT },
    },
    rules: {
      [`${own}_ingress_from_worker_security_group`]: {
        http: { ...fromWorker, traffic: "tcp 8080-8080", description: probes("http") },
        metrics: { ...fromWorker, traffic: "tcp 9090-9099", description: probes("metrics") },
      },
      [`${own}_ingress_from_ingress_security_group`]: {
        http: {
          group: OWN_GROUP,
          traffic: "tcp 8080-8080",
          security_group_id: EXAMPLE.ingress,
          description: "Ingress: Allow http from the ingress security group (required for ingress to work).",
        },
      },
      [`${own}_egress_https`]: {
        everything: { ...https, cidr_ipv6: "::/0", description: "Egress: HTTPS to everything" },
        partner: { ...https, cidr_ipv4: "203.0.113.0/24", description: "Egress: HTTPS to partner" },
        s3: { ...https, prefix_list_id: "pl-0a1b2c3d", description: "Egress: HTTPS to s3" },
      },
      ...dns(own, name, COREDNS),
      [`${own}_egress_https_to_vpc_endpoints`]: {
        ecr: { ...https, security_group_id: ENDPOINT, description: "Egress: HTTPS to VPC endpoint ecr" },
      },
      [`vpc_endpoint_ingress_https_from_${own}`]: {
        ecr: {
          group: ENDPOINT,
          traffic: "tcp 443-443",
          security_group_id: OWN_GROUP,
          description: `Ingress: HTTPS from ${name}.`,
        },
      },
    },
  };
}

/** Nothing but DNS, to addresses: then no group of the cluster is needed. */
export function closedAccess(own: string): AccessCase {
  const to = (protocol: "tcp" | "udp"): ExpectedRules => {
    const rule = (key: string) => ({
      group: OWN_GROUP,
      traffic: `${protocol} 53-53`,
      description: `Egress: Allow DNS resolution (${protocol.toUpperCase()}) via ${key}`,
    });
    return {
      vpc: { ...rule("vpc"), cidr_ipv4: "10.0.0.2/32" },
      vpc_ipv6: { ...rule("vpc_ipv6"), cidr_ipv6: "fd00:ec2::253/128" },
    };
  };
  return {
    variables: {
      security_groups: {},
      probe_ports: {},
      ingress_ports: {},
      internet_protocols: [],
      dns_cidrs: { vpc: { cidr_ipv4: "10.0.0.2/32" }, vpc_ipv6: { cidr_ipv6: "fd00:ec2::253/128" } },
    },
    rules: {
      [`${own}_egress_dns_tcp_to_cidrs`]: to("tcp"),
      [`${own}_egress_dns_udp_to_cidrs`]: to("udp"),
    },
  };
}

/** A DNS group whose rules somebody else manages, and HTTP without HTTPS. */
export const DNS_LEFT_TO_OTHERS = {
  variables: { manage_dns_ingress: false, internet_protocols: ["http"] },
  /** The keys of the rules, by the names of their resources. */
  keys: (own: string): Record<string, string[]> => ({
    [`${own}_egress_http`]: ["all"],
    [`${own}_ingress_from_ingress_security_group`]: ["all_tcp"],
    [`${own}_ingress_from_worker_security_group`]: ["all_tcp"],
    [`${own}_egress_dns_tcp_to_security_group`]: ["dns"],
    [`${own}_egress_dns_udp_to_security_group`]: ["dns"],
  }),
};
