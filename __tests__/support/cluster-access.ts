import { EACH, FROM, type RuleRow, TO } from "./rules";

const WORKER = "var.security_groups.k8s_worker";
const INGRESS = "var.security_groups.k8s_ingress";

/**
 * What pods need of their cluster, as rows. The article's facts, written here a second time on purpose.
 *
 * @param own the key of the pods' group
 */
export function clusterAccessRows(own: string): RuleRow[] {
  const pods = `aws_security_group.${own}.id`;
  const name = `\${aws_security_group.${own}.name}`;
  const endpoints = "var.vpc_endpoint_security_groups";
  const managed = "local.dns_ingress_groups";
  const viaGroup = (protocol: string) => `Egress: Allow DNS resolution (${protocol}) via security group`;
  const viaCidr = (protocol: string) => `Egress: Allow DNS resolution (${protocol}) via \${each.key}`;
  const dns = (protocol: string) => `Ingress: Allow DNS resolution (via ${protocol}) from ${name}.`;
  const probes = "Ingress: Allow ${each.key} from the worker security group (required for probes to work).";
  const requests =
    "Ingress: Allow ${each.key} from the ingress security group (required for ingress to work).";
  return [
    [
      `${own}_egress_https`,
      pods,
      EACH,
      "tcp",
      443,
      443,
      "local.https_targets",
      "Egress: HTTPS to ${each.key}",
    ],
    [`${own}_egress_http`, pods, EACH, "tcp", 80, 80, "local.http_targets", "Egress: HTTP to ${each.key}"],
    [
      `${own}_ingress_from_ingress_security_group`,
      pods,
      INGRESS,
      "tcp",
      FROM,
      TO,
      "local.ingress_ports",
      requests,
    ],
    [`${own}_ingress_from_worker_security_group`, pods, WORKER, "tcp", FROM, TO, "local.probe_ports", probes],
    [
      `${own}_egress_dns_tcp_to_security_group`,
      pods,
      "each.value",
      "tcp",
      53,
      53,
      "local.dns_groups",
      viaGroup("TCP"),
    ],
    [
      `${own}_egress_dns_udp_to_security_group`,
      pods,
      "each.value",
      "udp",
      53,
      53,
      "local.dns_groups",
      viaGroup("UDP"),
    ],
    [`${own}_egress_dns_tcp_to_cidrs`, pods, EACH, "tcp", 53, 53, "local.dns_cidrs", viaCidr("TCP")],
    [`${own}_egress_dns_udp_to_cidrs`, pods, EACH, "udp", 53, 53, "local.dns_cidrs", viaCidr("UDP")],
    [`dns_ingress_tcp_from_${own}`, "each.value", pods, "tcp", 53, 53, managed, dns("TCP")],
    [`dns_ingress_udp_from_${own}`, "each.value", pods, "udp", 53, 53, managed, dns("UDP")],
    [
      `${own}_egress_https_to_vpc_endpoints`,
      pods,
      "each.value",
      "tcp",
      443,
      443,
      endpoints,
      "Egress: HTTPS to VPC endpoint ${each.key}",
    ],
    [
      `vpc_endpoint_ingress_https_from_${own}`,
      "each.value",
      pods,
      "tcp",
      443,
      443,
      endpoints,
      `Ingress: HTTPS from ${name}.`,
    ],
  ];
}

/** The defaults of the article. */
export const ARTICLE_DEFAULTS = {
  probe_ports: { all_tcp: "0-65535" },
  ingress_ports: { all_tcp: "0-65535" },
  dns_cidrs: {},
  manage_dns_ingress: true,
  internet_protocols: ["http", "https"],
  internet_targets: { all: { cidr_ipv4: "0.0.0.0/0" } },
  vpc_endpoint_security_groups: {},
  platform: null,
  tags: {},
  group_name: null,
  own_tags: null,
  rule_tags: null,
  descriptions: {},
};
