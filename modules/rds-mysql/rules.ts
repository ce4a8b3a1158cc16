import { ALL_PORTS, ANYWHERE, port, type Rule } from "../../network/rules";

/** What the rules are for, by the article's keys. */
export const REQUIREMENTS = {
  RQ1: "The pods reach the internet (HTTP and HTTPS).",
  RQ2: "The ingress nodes reach the pods.",
  RQ3: "The pods reach the database.",
  RQ4: "The pods resolve DNS, over TCP and UDP, through the node security group.",
  RQ5: "The worker nodes reach the pods: without it the kubelet's probes fail.",
} as const;

/** The groups of the rules: two that the module makes, two that the cluster has. */
export type RdsMysqlGroup = "rds" | "pods" | "k8s_worker" | "k8s_ingress";

type RdsMysqlRule = Rule<RdsMysqlGroup> & { readonly requirement?: keyof typeof REQUIREMENTS };

const MYSQL = port(3306);
const DNS = port(53);

/**
 * The article's eleven rules, by the names of their resources.
 *
 * @param name the names of the two groups as the descriptions of the rules hold them
 */
export function rules(name: { readonly rds: string; readonly pods: string }): Record<string, RdsMysqlRule> {
  return {
    rds_ingress_from_pods: {
      group: "rds",
      direction: "ingress",
      peer: { group: "pods" },
      protocol: "tcp",
      ports: MYSQL,
      description: `Ingress: Allow access from ${name.pods}.`,
      requirement: "RQ3",
    },
    // Serves no requirement: `rds` has no egress, so alone it carries no traffic. The article has it.
    rds_ingress_to_self: {
      group: "rds",
      direction: "ingress",
      peer: { self: true },
      protocol: "tcp",
      ports: MYSQL,
      description: "Ingress: Allow access to itself.",
    },
    pods_ingress_all_tcp_from_worker_security_group: {
      group: "pods",
      direction: "ingress",
      peer: { group: "k8s_worker" },
      protocol: "tcp",
      ports: ALL_PORTS,
      description: "Ingress: Allow all TCP from the worker security group (required for probes to work).",
      requirement: "RQ5",
    },
    pods_ingress_all_tcp_from_ingress_security_group: {
      group: "pods",
      direction: "ingress",
      peer: { group: "k8s_ingress" },
      protocol: "tcp",
      ports: ALL_PORTS,
      description: "Ingress: Allow all TCP from the ingress security group (required for ingress to work).",
      requirement: "RQ2",
    },
    pods_egress_to_rds: {
      group: "pods",
      direction: "egress",
      peer: { group: "rds" },
      protocol: "tcp",
      ports: MYSQL,
      description: `Egress: Allow access to ${name.rds}.`,
      requirement: "RQ3",
    },
    pods_egress_https_all: {
      group: "pods",
      direction: "egress",
      peer: ANYWHERE,
      protocol: "tcp",
      ports: port(443),
      description: "Egress: HTTPS",
      requirement: "RQ1",
    },
    pods_egress_http_all: {
      group: "pods",
      direction: "egress",
      peer: ANYWHERE,
      protocol: "tcp",
      ports: port(80),
      description: "Egress: HTTP",
      requirement: "RQ1",
    },
    pods_egress_dns_tcp_to_worker_security_group: {
      group: "pods",
      direction: "egress",
      peer: { group: "k8s_worker" },
      protocol: "tcp",
      ports: DNS,
      description: "Egress: Allow DNS resolution (TCP) via worker security group",
      requirement: "RQ4",
    },
    pods_egress_dns_udp_to_worker_security_group: {
      group: "pods",
      direction: "egress",
      peer: { group: "k8s_worker" },
      protocol: "udp",
      ports: DNS,
      description: "Egress: Allow DNS resolution (UDP) via worker security group",
      requirement: "RQ4",
    },
    worker_ingress_dns_tcp_from_pods_security_group: {
      group: "k8s_worker",
      direction: "ingress",
      peer: { group: "pods" },
      protocol: "tcp",
      ports: DNS,
      description: `Ingress: Allow DNS resolution (via TCP) from ${name.pods}.`,
      requirement: "RQ4",
    },
    worker_ingress_dns_udp_from_pods_security_group: {
      group: "k8s_worker",
      direction: "ingress",
      peer: { group: "pods" },
      protocol: "udp",
      ports: DNS,
      description: `Ingress: Allow DNS resolution (via UDP) from ${name.pods}.`,
      requirement: "RQ4",
    },
  };
}
