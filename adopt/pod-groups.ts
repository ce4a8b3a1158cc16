import type { Json } from "../io/json";
import { type Candidate, formProblem, type IsFree, mayBe, type Refused } from "./candidates";
import type { FoundGroup } from "./model";
import type { Questions } from "./questions";
import { purposeOf } from "./roles";
import type { Seen, SeenPeer, SeenRule } from "./seen";
import { FOR_PODS, workloadOf } from "./services";
import {
  isGroup,
  isPort,
  isTcp,
  Keys,
  peerValue,
  portsText,
  Rest,
  sameTraffic,
  tagValues,
  withoutEmpty,
} from "./values";

const MODULE = "pod-group";
const ALL_TCP = "0-65535";

/**
 * Groups of pods, with the values that make their rules.
 *
 * @param isFree whether no other call holds a rule, such as that of a data service the egress to it
 */
export function podGroupCandidates(
  groups: readonly FoundGroup[],
  seen: Seen,
  isFree: IsFree,
  questions: Questions,
): { readonly candidates: readonly Candidate[]; readonly refused: readonly Refused[] } {
  const candidates: Candidate[] = [];
  const refused: Refused[] = [];
  for (const group of groups) {
    if (purposeOf(group, seen) !== "pods") continue;
    const reason = formProblem(group, seen.on(group.id).filter(isFree));
    const found = reason ?? candidateOf(group, seen, isFree, questions);
    if (typeof found === "string") refused.push({ module: MODULE, group, reason: found });
    else candidates.push(found);
  }
  return { candidates, refused };
}

/** The candidate, or why there is none. */
function candidateOf(
  group: FoundGroup,
  seen: Seen,
  isFree: IsFree,
  questions: Questions,
): Candidate | string {
  const rest = new Rest(seen.rulesOf(group.id).filter(({ found }) => isFree(found)));
  const dns = dnsOf(group, rest, seen, isFree);
  if (dns === undefined && !seen.isBesideOthers(group))
    return `${group.address} has no egress rule for DNS (TCP and UDP 53)`;
  const isNamed = group.name.endsWith(FOR_PODS);
  return {
    module: MODULE,
    groups: { pods: group },
    inputs: {
      name: workloadOf(group),
      ...(!isNamed && { group_name: group.name }),
      vpc_id: group.vpcId,
      ...tagValues(group),
      ...(dns === undefined
        ? { on_baseline: true, security_groups: {} }
        : accessOf(group, dns, rest, seen, questions)),
      ...withoutEmpty({ vpc_endpoint_security_groups: endpointsOf(group, rest, seen, isFree) }),
      ...withoutEmpty({ self_ports: rest.takeSelfPorts(group.id) }),
      ...rest.takeMore(),
    },
  };
}

/** Through whom names are resolved. */
interface Dns {
  /** The group, or none where it is addresses. */
  readonly group?: string;
  readonly isNodes: boolean;
  readonly inputs: Json;
}

/** Takes the rules for DNS: to a group, else to addresses. */
function dnsOf(group: FoundGroup, rest: Rest, seen: Seen, isFree: IsFree): Dns | undefined {
  const isDns =
    (protocol: "tcp" | "udp") =>
    ({ found, traffic }: SeenRule) =>
      found.direction === "egress" && isPort(traffic, protocol, 53);
  const over = { tcp: rest.like(isDns("tcp")), udp: rest.like(isDns("udp")) };
  const peers = over.udp
    .map(({ peer }) => peer)
    .filter((peer) => over.tcp.some((other) => samePeer(other.peer, peer)));
  const take = (isIt: (peer: SeenPeer) => boolean) =>
    rest.take((rule) => (isDns("tcp")(rule) || isDns("udp")(rule)) && isIt(rule.peer));
  const groups = peers.flatMap((peer) => (peer.kind === "group" && peer.id !== group.id ? [peer.id] : []));
  const purposeOfId = (id: string) => {
    const other = seen.groups.get(id);
    return other === undefined ? undefined : purposeOf(other, seen);
  };
  const isProbing = (id: string) =>
    rest.like(
      ({ found, peer, traffic }) => found.direction === "ingress" && isTcp(traffic) && isGroup(peer, id),
    ).length > 0;
  const rank = (id: string) =>
    purposeOfId(id) === "dns" ? 0 : purposeOfId(id) === "nodes" ? 1 : isProbing(id) ? 2 : 3;
  const [through] = [...groups].sort((a, b) => rank(a) - rank(b));
  if (through !== undefined) {
    take((peer) => isGroup(peer, through));
    const isManaged = (["tcp", "udp"] as const).every((protocol) =>
      seen
        .rulesOf(through)
        .some(
          ({ found, peer, traffic }) =>
            found.direction === "ingress" &&
            mayBe("per-rule", found) &&
            isFree(found) &&
            isPort(traffic, protocol, 53) &&
            isGroup(peer, group.id),
        ),
    );
    return {
      group: through,
      isNodes: purposeOfId(through) !== "dns" && (purposeOfId(through) === "nodes" || isProbing(through)),
      inputs: isManaged ? {} : { manage_dns_ingress: false },
    };
  }
  const cidrs = peers.filter(({ kind }) => kind === "cidr");
  if (cidrs.length === 0) return undefined;
  const taken = take((peer) => cidrs.some((cidr) => samePeer(cidr, peer)));
  const keys = new Keys();
  return {
    isNodes: false,
    inputs: {
      dns_cidrs: Object.fromEntries(
        taken.filter(isDns("udp")).map((rule) => [keys.of(rule), peerValue(rule.peer)]),
      ),
    },
  };
}

/** Takes the rules for probes, ingress and the internet. */
function accessOf(group: FoundGroup, dns: Dns, rest: Rest, seen: Seen, questions: Questions): Json {
  const isFrom = (id: string) => (rule: SeenRule) =>
    rule.found.direction === "ingress" && isTcp(rule.traffic) && isGroup(rule.peer, id);
  const sources = [
    ...new Set(
      rest
        .like(({ found, traffic }) => found.direction === "ingress" && isTcp(traffic))
        .flatMap(({ peer }) => (peer.kind === "group" && peer.id !== group.id ? [peer.id] : [])),
    ),
  ];
  const worker = dns.isNodes ? dns.group : nodesAmong(group, sources, seen, questions);
  const others = sources.filter((id) => id !== worker);
  const isWhole = (id: string) => rest.like(isFrom(id)).some(({ traffic }) => isAllTcp(traffic));
  const isIngress = (id: string) => purposeAt(id, seen) === "ingress";
  const ingress =
    others.find(isIngress) ?? others.find((id) => isWhole(id) && purposeAt(id, seen) === undefined);
  const ports = (id: string | undefined) => {
    const keys = new Keys();
    const taken = id === undefined ? [] : rest.take(isFrom(id));
    return Object.fromEntries(
      taken.map((rule) => [
        isAllTcp(rule.traffic) ? "all_tcp" : keys.of(rule),
        isTcp(rule.traffic) ? portsText(rule.traffic.ports) : "",
      ]),
    );
  };
  const orDefault = (name: string, made: Json) =>
    Object.keys(made).length === 1 && made["all_tcp"] === ALL_TCP ? {} : { [name]: made };
  const { group: through } = dns;
  return {
    security_groups: {
      ...(worker !== undefined && { k8s_worker: worker }),
      ...(ingress !== undefined && { k8s_ingress: ingress }),
      ...(through !== undefined && through !== worker && { coredns: through }),
    },
    ...orDefault("probe_ports", ports(worker)),
    ...orDefault("ingress_ports", ports(ingress)),
    ...dns.inputs,
    ...internetOf(rest),
  };
}

function isAllTcp(traffic: SeenRule["traffic"]): boolean {
  return isTcp(traffic) && portsText(traffic.ports) === ALL_TCP;
}

function purposeAt(id: string, seen: Seen) {
  const group = seen.groups.get(id);
  return group === undefined ? undefined : purposeOf(group, seen);
}

/** The nodes' group among those that reach the pods: the one that says so, else whichever an answer names. */
function nodesAmong(
  group: FoundGroup,
  sources: readonly string[],
  seen: Seen,
  questions: Questions,
): string | undefined {
  const said = sources.filter((id) => purposeAt(id, seen) === "nodes");
  if (said.length === 1) return said[0];
  const unclear = said.length > 1 ? said : sources.filter((id) => purposeAt(id, seen) === undefined);
  if (unclear.length === 0) return undefined;
  const choices = unclear.map((value) => {
    const name = seen.groups.get(value)?.name;
    return {
      value,
      words: name === undefined ? value : `${value} (${name})`,
      reason: "it reaches the pods over TCP, as the kubelet's probes do",
    };
  });
  const answer = questions.answerTo({
    topic: "nodes",
    about: group.id,
    words: `Which group is the nodes', whose kubelet probes the pods of ${group.name}?`,
    choices: [...choices, { value: "none", words: "none of them", reason: "then the pods have no probes" }],
    otherwise: "they all are ingress_sources, with the same rules",
  });
  return answer === "none" ? undefined : answer;
}

/** Takes the egress over HTTP and HTTPS to addresses. */
function internetOf(rest: Rest): Json {
  const over = (port: number) =>
    rest.like(
      ({ found, traffic, peer }) =>
        found.direction === "egress" && isPort(traffic, "tcp", port) && peer.kind !== "group",
    );
  const [http, https] = [over(80), over(443)];
  const both = https.filter(({ peer }) => http.some((other) => samePeer(other.peer, peer)));
  const targets = both.length > 0 ? both : https.length > 0 ? https : http;
  if (targets.length === 0) return { internet_protocols: [] };
  const isTarget = (rule: SeenRule) => targets.some(({ peer }) => samePeer(peer, rule.peer));
  const used = both.length > 0 ? [...http, ...https] : targets;
  rest.take((rule) => used.includes(rule) && isTarget(rule));
  const keys = new Keys();
  const isWhole = (peer: SeenPeer) => peer.kind === "cidr" && peer.cidr === "0.0.0.0/0";
  const isDefault = targets.length === 1 && targets.every(({ peer }) => isWhole(peer));
  return {
    ...(both.length === 0 && { internet_protocols: [https.length > 0 ? "https" : "http"] }),
    ...(!isDefault && {
      internet_targets: Object.fromEntries(
        targets.map((rule) => [isWhole(rule.peer) ? "all" : keys.of(rule), peerValue(rule.peer)]),
      ),
    }),
  };
}

/** Takes the egress over HTTPS to groups of VPC endpoints, which have the ingress rule. */
function endpointsOf(group: FoundGroup, rest: Rest, seen: Seen, isFree: IsFree): Json {
  const keys = new Keys();
  const taken = rest.take(
    ({ found, traffic, peer }) =>
      found.direction === "egress" &&
      isPort(traffic, "tcp", 443) &&
      peer.kind === "group" &&
      purposeAt(peer.id, seen) === "endpoint" &&
      seen
        .rulesOf(peer.id)
        .some(
          (other) =>
            other.found.direction === "ingress" &&
            mayBe("per-rule", other.found) &&
            isFree(other.found) &&
            sameTraffic(other.traffic, traffic) &&
            isGroup(other.peer, group.id),
        ),
  );
  return Object.fromEntries(
    taken.map((rule) => [keys.of(rule), rule.peer.kind === "group" ? rule.peer.id : ""]),
  );
}

function samePeer(one: SeenPeer, other: SeenPeer): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
