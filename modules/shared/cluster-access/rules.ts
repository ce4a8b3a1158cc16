import { all, isEmpty, isIn, not, quoted } from "../../../expression/conditions";
import { type Peer, port, portsIn, type Rule, type Rules } from "../../../network/rules";
import { DNS_GROUP, INGRESS, variable, WORKER } from "./variables";

/** The groups that the rules speak of besides the pods' own. */
export type ClusterGroup = "k8s_worker" | "k8s_ingress" | "dns" | "vpc_endpoint";

/** The ids of these groups, as Terraform expressions. */
export const CLUSTER_GROUPS: Readonly<Record<ClusterGroup, string>> = {
  k8s_worker: WORKER,
  k8s_ingress: INGRESS,
  // The element of the rule's map.
  dns: "each.value",
  vpc_endpoint: "each.value",
};

/** What the rules are for, by the article's keys. */
export const CLUSTER_REQUIREMENTS = {
  RQ1: "The pods reach the internet (HTTP and HTTPS).",
  RQ2: "The ingress nodes reach the pods.",
  RQ4: "The pods resolve DNS, over TCP and UDP.",
  RQ5: "The worker nodes reach the pods: without it the kubelet's probes fail.",
} as const;

type AccessLocal =
  | "probe_ports"
  | "ingress_ports"
  | "dns_groups"
  | "dns_ingress_groups"
  | "dns_cidrs"
  | "https_targets"
  | "http_targets";

const local = (name: AccessLocal) => `local.${name}`;

/** The elements of a map if a condition holds. */
const elementsIf = (map: string, condition: string) =>
  `{ for key, value in ${map} : key => value if ${condition} }`;

/** Whether the pods may open a protocol to the internet. */
export const opens = (protocol: "http" | "https") => isIn(quoted(protocol), variable("internet_protocols"));

/** The maps that the rules are made for, as locals of the module. @param unless an expression that switches all off */
export function clusterAccessLocals(unless?: string): Readonly<Record<AccessLocal, string>> {
  const filter = (condition?: string) =>
    [condition, unless && not(unless)].filter((one) => one !== undefined);
  const only = (map: string, condition?: string) => {
    const conditions = filter(condition);
    return conditions.length === 0 ? map : elementsIf(map, all(...conditions));
  };
  return {
    probe_ports: only(variable("probe_ports")),
    ingress_ports: only(variable("ingress_ports")),
    // A map of one: its key is known before the group is.
    dns_groups: only(`{ dns = ${DNS_GROUP} }`, isEmpty(variable("dns_cidrs"))),
    dns_ingress_groups: elementsIf(local("dns_groups"), variable("manage_dns_ingress")),
    dns_cidrs: only(variable("dns_cidrs")),
    https_targets: only(variable("internet_targets"), opens("https")),
    http_targets: only(variable("internet_targets"), opens("http")),
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
        forEach: local("dns_groups"),
        description: `Egress: Allow DNS resolution (${label}) via security group`,
      },
      [`${own}_egress_dns_${protocol}_to_cidrs`]: {
        group: own,
        direction: "egress",
        peer: EACH,
        ...traffic,
        forEach: local("dns_cidrs"),
        description: `Egress: Allow DNS resolution (${label}) via \${each.key}`,
      },
      [`dns_ingress_${protocol}_from_${own}`]: {
        group: "dns",
        direction: "ingress",
        peer: { group: own },
        ...traffic,
        forEach: local("dns_ingress_groups"),
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
    forEach: local(`${protocol}_targets`),
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
      forEach: local(from === "k8s_worker" ? "probe_ports" : "ingress_ports"),
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
      forEach: variable("vpc_endpoint_security_groups"),
      description: "Egress: HTTPS to VPC endpoint ${each.key}",
    },
    [`vpc_endpoint_ingress_https_from_${own}`]: {
      group: "vpc_endpoint",
      direction: "ingress",
      peer: { group: own },
      protocol: "tcp",
      ports: port(443),
      forEach: variable("vpc_endpoint_security_groups"),
      description: `Ingress: HTTPS from ${name}.`,
    },
  } as ClusterRules<Own>;
}

/** The element of the rule's map. */
const EACH: Peer<never> = { expression: "each.value" };
