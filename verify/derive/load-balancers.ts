import { Unknown } from "../../expression/value";
import { field } from "../../expression/values";
import type { Traffic } from "../../network/traffic";
import type { Endpoint } from "../expect/model";
import { targetsOf } from "../inventory/balancers";
import type { Balancer, Target } from "../inventory/balancers/model";
import {
  type Protocol,
  portNumber,
  type Service,
  type ServicePort,
  servicesTo,
  targetPortOf,
} from "../inventory/kubernetes/services";
import { endpointsOf } from "./endpoints";
import type { Subject, Wanted } from "./model";
import { nodesWithKubelets } from "./probes";

/**
 * What load balancers of the AWS Load Balancer Controller send to pods, where the rules for it are the user's: traffic and
 * health checks from the balancer, or from clients whose addresses it shows; by way of nodes also from these.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html and
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-update-security-groups.html
 */
export function loadBalancersOf(subject: Subject): Wanted[] {
  const { estate, workload, notes } = subject;
  const { certain, possible } = servicesTo(estate.inventory, workload);
  for (const service of possible) {
    for (const { by } of targetsOf(estate.inventory, service)) {
      notes.add(workload, `whether ${by} leads to its pods is not known, so it is not judged`);
    }
  }
  return certain.flatMap((service) =>
    targetsOf(estate.inventory, service).flatMap((target) => wantedBy(subject, service, target)),
  );
}

function wantedBy(subject: Subject, service: Service, target: Target): Wanted[] {
  const { by, type, rulesBy } = target;
  const unjudged = (what: string) => {
    subject.notes.add(
      subject.workload,
      `${what} is not known, so what ${by} sends to its pods is not judged`,
    );
    return [];
  };
  const port = service.ports?.find((one) => isMeant(one, target));
  if (port === undefined) return unjudged(`the port of ${service.address} that it names`);
  if (type === undefined) return unjudged("its target type, ip or instance,");
  if (rulesBy === undefined) return unjudged(target.unknown ?? "who writes the rules for it");
  if (type === "instance") return byNodes(subject, service, target, port);
  if (rulesBy === "controller") return [];
  if (target.unknown !== undefined) return unjudged(target.unknown);
  const number = targetPortOf(port, subject.workload.spec);
  if (number === undefined) return unjudged(`the port of the pods behind ${service.address}`);
  const sent = {
    target,
    traffic: trafficOf(target, port, number),
    health: healthPort(service, target, number),
  };
  return sentTo(subject, sent, subject.own, "");
}

function isMeant({ name, port }: ServicePort, target: Target): boolean {
  const number = portNumber(target.port);
  return number === undefined ? name !== undefined && name === target.port : port === number;
}

function trafficOf({ protocols }: Target, { protocol }: ServicePort, port: number): readonly Traffic[] {
  return (protocols ?? [protocol ?? "tcp"]).flatMap((one) => (one === "sctp" ? [] : [trafficOn(one, port)]));
}

function trafficOn(protocol: Exclude<Protocol, "sctp">, port: number): Traffic {
  return { protocol, ports: { from: port, to: port } };
}

/** The port of the pods that health checks connect to; undefined where it is not known. */
function healthPort({ ports }: Service, { healthPort: stated }: Target, traffic: number): number | undefined {
  if (stated === "traffic-port") return traffic;
  return portNumber(stated) ?? portNumber(ports?.find(({ name }) => name === stated)?.targetPort);
}

interface Sent {
  readonly target: Target;
  readonly traffic: readonly Traffic[];
  readonly health: number | undefined;
}

/** What each balancer sends to an end: traffic, and the connections of health checks, where traffic is not the same. */
function sentTo(
  { workload, notes }: Subject,
  { target, traffic, health }: Sent,
  to: Endpoint,
  way: string,
): Wanted[] {
  const { id, by, at, balancers, showsClients } = target;
  const unjudged = (what: string) => {
    notes.add(workload, `${what} not known, so what ${by} sends to its pods is not judged`);
    return [];
  };
  return balancers.flatMap((balancer) => {
    const own = balancers.length > 1 ? `/${balancer.name}` : "";
    const base = `${id}${own}${way}`;
    const ofTraffic = traffic.flatMap((one): Wanted[] => {
      const isUdp = one.protocol === "udp";
      // UDP always shows the addresses of clients.
      const from =
        isUdp || showsClients !== undefined ? sender(balancer, isUdp || showsClients === true) : "unknown";
      if (from === "unknown") return unjudged(unknownOf(balancer, isUdp || showsClients));
      const port = "ports" in one ? one.ports.from : 0;
      return [{ id: `${base}/${isUdp ? "udp/" : ""}${port}`, from, to, traffic: [one], words: by, at }];
    });
    if (health === undefined) return [...ofTraffic, ...unjudged("the port of health checks is")];
    const from = sender(balancer, false);
    if (from === "unknown") return [...ofTraffic, ...unjudged(unknownOf(balancer, false))];
    if (ofTraffic.some((one) => isTcpOn(one.traffic, health) && isSame(one.from, from))) return ofTraffic;
    const check = { from, to, traffic: [trafficOn("tcp", health)], words: `health checks of ${by}`, at };
    return [...ofTraffic, { id: `${base}/health/${health}`, ...check }];
  });
}

function isTcpOn([traffic]: readonly Traffic[], port: number): boolean {
  return traffic?.protocol === "tcp" && traffic.ports.from === port;
}

/** Rules name what has groups by them. */
function isSame(a: Endpoint, b: Endpoint): boolean {
  const by = ({ groups, cidrs }: Endpoint) => JSON.stringify(groups.length > 0 ? groups : cidrs);
  return by(a) === by(b);
}

/**
 * What connects. A balancer with groups is named by them, also where its packets have the addresses of clients; one without,
 * by addresses alone.
 */
function sender({ name, groups, addresses, clients }: Balancer, showsClients: boolean): Endpoint | "unknown" {
  if (groups === undefined) return "unknown";
  if (groups.length > 0) return { name, groups, ...(addresses && !showsClients && { cidrs: addresses }) };
  const cidrs = showsClients ? clients : addresses;
  return cidrs === undefined ? "unknown" : { name: showsClients ? "clients" : name, groups, cidrs };
}

function unknownOf({ name, groups }: Balancer, showsClients: boolean | undefined): string {
  if (groups === undefined) return `which groups ${name} carries is`;
  if (showsClients === undefined) return "whether targets see the addresses of clients is";
  return showsClients
    ? `which clients ${name} has is`
    : `in which subnets ${name} is, which has no groups, is`;
}

/** By way of nodes: what comes to their port is the balancer's, and what comes to the pods the nodes'. */
function byNodes(subject: Subject, service: Service, target: Target, port: ServicePort): Wanted[] {
  const { estate, workload, own: to, notes } = subject;
  const { id, by, at, rulesBy, unknown } = target;
  const unjudged = (what: string) => {
    notes.add(workload, `${what} is not known, so what ${by} sends by way of nodes is not judged`);
    return [];
  };
  // Then the packets keep their addresses, and stay on the node: what the mode standard does not filter.
  if (field(service.spec, "externalTrafficPolicy") === "Local") return [];
  const policy = field(service.spec, "externalTrafficPolicy");
  if (policy instanceof Unknown) return unjudged("the externalTrafficPolicy of its Service");
  const nodes = nodesWithKubelets(estate);
  if (nodes.length === 0) return unjudged("which groups the cluster's nodes carry");
  const number = targetPortOf(port, workload.spec);
  const all = endpointsOf(estate, nodes, "nodes");
  const fromNodes =
    number === undefined
      ? unjudged(`the port of the pods behind ${service.address}`)
      : trafficOf(target, port, number).flatMap((traffic) =>
          all.map(({ suffix, endpoint: from }): Wanted => {
            const udp = traffic.protocol === "udp" ? "udp/" : "";
            return {
              id: `${id}/nodes/${udp}${number}${suffix}`,
              from,
              to,
              traffic: [traffic],
              words: `${by} by way of nodes`,
              at,
            };
          }),
        );
  if (rulesBy === "controller") return fromNodes;
  const { nodePort } = port;
  if (unknown !== undefined) return [...fromNodes, ...unjudged(unknown)];
  if (nodePort === undefined) return [...fromNodes, ...unjudged(`the nodePort of ${service.address}`)];
  const health = target.healthPort === "traffic-port" ? nodePort : nodeHealthPort(service, target);
  const sent = { target, traffic: trafficOf(target, port, nodePort), health };
  const toNodes = all.flatMap(({ suffix, endpoint }) =>
    sentTo(subject, sent, endpoint, `/node-port${suffix}`),
  );
  return [...fromNodes, ...toNodes];
}

function nodeHealthPort({ ports }: Service, { healthPort: stated }: Target): number | undefined {
  return portNumber(stated) ?? ports?.find(({ name }) => name === stated)?.nodePort;
}
