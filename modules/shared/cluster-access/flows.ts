import { differs, each, group, isEmpty, isIn, isNotEmpty, not, quoted } from "../../../expression/conditions";
import type { Direction } from "../../../network/rules";
import type { ModuleFlows, StatedFlow, Suppression } from "../../../synth/flows";
import { EACH_PEER, IS_ADDRESS } from "../peers";
import { CLUSTER_REQUIREMENTS, opens } from "./rules";
import { DNS_GROUP, INGRESS, variable, WORKER } from "./variables";

const ANYWHERE = quoted("0.0.0.0/0");
const IS_ANYWHERE = isIn(
  ANYWHERE,
  each("target", `values(${variable("internet_targets")})`, (target) => `${target}.cidr_ipv4`),
);
const IS_NOT_ANYWHERE = differs("each.value.cidr_ipv4", ANYWHERE);
const HAS_RESOLVERS = isNotEmpty(variable("dns_cidrs"));
const HAS_NO_RESOLVERS = isEmpty(variable("dns_cidrs"));

/** Who has to do with a group: `Own` are the pods. */
export type AccessEndpoint<Own extends string> = Own | "worker" | "ingress" | "dns" | "peer" | "vpc_endpoint";

type Flows<Own extends string> = Readonly<Record<string, StatedFlow<AccessEndpoint<Own> | "internet">>>;

interface FlowsOptions<Own extends string> {
  /** The endpoint that the pods are. */
  readonly own: Own;
  /** The address of their group. */
  readonly group: string;
  /** An expression that switches the rules of the cluster off. */
  readonly unless?: string;
  readonly more?: Flows<Own>;
  /** Expressions that say whether the caller opens more than the options of this file. */
  readonly opensMore?: Readonly<Record<Direction, string>>;
}

/**
 * What must work and what must stay closed. Written apart from the rules on purpose: it says what they are for, not what
 * they are.
 */
export function clusterAccessFlows<Own extends string>(
  options: FlowsOptions<Own>,
): ModuleFlows<AccessEndpoint<Own>> {
  const { own, group: address, more } = options;
  return {
    nodes: "worker",
    endpoints: {
      [own]: { group: address, isOnNodes: true },
      worker: { group: WORKER, isOnNodes: true },
      ingress: { group: INGRESS, isOnNodes: true },
      dns: {
        group: DNS_GROUP,
        isOnNodes: true,
      },
      peer: EACH_PEER,
      vpc_endpoint: { group: "each.value" },
    } as ModuleFlows<AccessEndpoint<Own>>["endpoints"],
    flows: [requiredFlows(options), ...(more ? [more] : []), closedFlows(options)],
    suppress: suppressions(options),
  };
}

/** What the article requires, by its keys. */
function requiredFlows<Own extends string>({ own, unless }: FlowsOptions<Own>): Flows<Own> {
  const wanted = unless === undefined ? [] : [not(unless)];
  const toInternet = (protocol: "http" | "https", port: number) => {
    const out = { verdict: "allow", from: own } as const;
    const label = protocol.toUpperCase();
    return {
      whole: {
        ...out,
        when: [opens(protocol), IS_ANYWHERE, ...wanted],
        description: `The pods reach the internet over ${label}.`,
        to: "internet",
        traffic: `TCP ${port}`,
      },
      target: {
        ...out,
        forEach: variable("internet_targets"),
        when: [opens(protocol), IS_ADDRESS, IS_NOT_ANYWHERE, ...wanted],
        description: `The pods reach \${each.key} over ${label}.`,
        to: "peer",
        traffic: `TCP ${port}`,
      },
    } as const;
  };
  const https = toInternet("https", 443);
  const http = toInternet("http", 80);
  const dns = {
    description: CLUSTER_REQUIREMENTS.RQ4,
    verdict: "allow",
    from: own,
    to: "dns",
    traffic: "TCP 53, UDP 53",
  } as const;
  return {
    "RQ1-https": https.whole,
    "RQ1-http": http.whole,
    "RQ1-https-targets": https.target,
    "RQ1-http-targets": http.target,
    "RQ1-vpc-endpoints": {
      forEach: variable("vpc_endpoint_security_groups"),
      description: "The pods reach the VPC endpoint ${each.key} over HTTPS.",
      verdict: "allow",
      from: own,
      to: "vpc_endpoint",
      traffic: "TCP 443",
      required: "vpc_endpoint",
      requiredNote: "Both rules are in this module.",
    },
    RQ2: {
      forEach: variable("ingress_ports"),
      when: wanted,
      description: CLUSTER_REQUIREMENTS.RQ2,
      verdict: "allow",
      from: "ingress",
      to: own,
      traffic: "TCP ${each.value}",
    },
    RQ4: {
      ...dns,
      when: [HAS_NO_RESOLVERS, variable("manage_dns_ingress"), ...wanted],
      required: "dns",
      requiredNote: "Both rules are in this module, including those of the DNS group.",
    },
    "RQ4-managed-elsewhere": {
      ...dns,
      when: [HAS_NO_RESOLVERS, not(variable("manage_dns_ingress")), ...wanted],
    },
    "RQ4-resolvers": { ...dns, forEach: variable("dns_cidrs"), when: wanted, to: "peer" },
    RQ5: {
      forEach: variable("probe_ports"),
      when: wanted,
      description: CLUSTER_REQUIREMENTS.RQ5,
      verdict: "allow",
      from: "worker",
      to: own,
      traffic: "TCP ${each.value}",
    },
  };
}

/** What stays closed, unless the caller opens more. */
function closedFlows<Own extends string>({ own, opensMore }: FlowsOptions<Own>): Flows<Own> {
  const unlessOpened = (direction: Direction) => (opensMore ? [not(group(opensMore[direction]))] : []);
  const out = (traffic: string, description: string, condition: string) =>
    ({
      when: [...unlessOpened("egress"), condition],
      description,
      verdict: "deny",
      from: own,
      to: "internet",
      traffic,
    }) as const;
  return {
    [`internet-not-to-${own}`]: {
      when: unlessOpened("ingress"),
      description: "Nothing on the internet reaches the pods.",
      verdict: "deny",
      from: "internet",
      to: own,
      traffic: "all",
    },
    [`${own}-not-to-other-internet`]: out(
      "all except TCP 80, 443",
      "The pods reach nothing else on the internet.",
      HAS_NO_RESOLVERS,
    ),
    [`${own}-not-to-other-internet-but-resolvers`]: out(
      "all except TCP 53, 80, 443, UDP 53",
      "The pods reach nothing else on the internet, where the resolvers may be.",
      HAS_RESOLVERS,
    ),
    [`${own}-not-to-internet-over-http`]: out(
      "TCP 80",
      "Without http in internet_protocols there is none.",
      not(opens("http")),
    ),
    [`${own}-not-to-internet-over-https`]: out(
      "TCP 443",
      "Without https in internet_protocols there is none.",
      not(opens("https")),
    ),
  };
}

function suppressions({ group: address, unless }: FlowsOptions<string>): Suppression[] {
  const noProbePath = { check: "no-probe-path", address };
  return [
    {
      ...noProbePath,
      withPolicies: true,
      when: isEmpty(variable("probe_ports")),
      reason: "The pods have no probes: probe_ports is empty.",
    },
    // Whether a policy gives the baseline's group, too, is seen at the policy.
    ...(unless === undefined
      ? []
      : [
          {
            ...noProbePath,
            when: unless,
            reason: "The pods also carry the baseline group, which allows the nodes.",
          },
        ]),
  ];
}
