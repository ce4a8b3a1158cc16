import { DATA_SERVICES } from "../aws/data-services";
import type { Json } from "../io/json";
import { byText } from "../io/lists";
import { type Candidate, formProblem, mayBe, type Refused } from "./candidates";
import type { FoundGroup } from "./model";
import { type Purpose, purposeOf } from "./roles";
import type { Seen, SeenRule } from "./seen";
import {
  isGroup,
  isTcp,
  Keys,
  portsText,
  Rest,
  sameTraffic,
  tagValues,
  withoutEmpty,
  workloadName,
} from "./values";

/** The module of any service over TCP. */
const ANY = "tcp-service";

/** The end of the name of a workload's pods' group, as module `pod-group` gives it. */
export const FOR_PODS = "-for-pods";

/** The service's name in the name of its group. */
const SERVICE_NAME = /^[a-z][a-z0-9-]{0,31}$/;

/** Groups of data services that pods reach: those with the same ports in the group's rule and in that of the pods' group. */
export function serviceCandidates(
  seen: Seen,
  modules: ReadonlySet<string>,
): { readonly candidates: readonly Candidate[]; readonly refused: readonly Refused[] } {
  const candidates: Candidate[] = [];
  const refused: Refused[] = [];
  const purposes = new Map(seen.estate.groups.map((group) => [group.id, purposeOf(group, seen)]));
  for (const group of seen.estate.groups) {
    const found = serviceOf(group, seen, purposes, modules);
    if (found === undefined) continue;
    const reason = formProblem(group, seen.on(group.id));
    if ("inputs" in found && reason === undefined) candidates.push(found);
    else
      refused.push({
        module: found.module,
        group,
        reason: reason ?? ("reason" in found ? found.reason : ""),
      });
  }
  return { candidates, refused };
}

/** A port on which pods reach a service: the service's rule, and that of the pods' group. */
interface Access {
  readonly pods: FoundGroup;
  readonly ingress: SeenRule;
}

function serviceOf(
  group: FoundGroup,
  seen: Seen,
  purposes: ReadonlyMap<string, Purpose | undefined>,
  modules: ReadonlySet<string>,
): Candidate | { readonly module: string; readonly reason: string } | undefined {
  const purpose = purposes.get(group.id);
  if (purpose !== undefined && purpose !== "data") return undefined;
  const rules = seen.rulesOf(group.id);
  const fromPods = rules.flatMap((ingress): Access[] => {
    const { found, peer, traffic } = ingress;
    const pods = peer.kind === "group" ? seen.groups.get(peer.id) : undefined;
    return found.direction === "ingress" &&
      isTcp(traffic) &&
      pods !== undefined &&
      purposes.get(pods.id) === "pods"
      ? [{ pods, ingress }]
      : [];
  });
  const ports = fromPods.flatMap(({ ingress: { traffic } }) =>
    isTcp(traffic) && traffic.ports.from === traffic.ports.to ? [traffic.ports.from] : [],
  );
  const known = Object.entries(DATA_SERVICES).find(
    ([name, service]) =>
      modules.has(name) && Object.values(service.ports).some((port) => ports.includes(port)),
  );
  const module = known?.[0] ?? ANY;
  const isKnownPort = Object.values(DATA_SERVICES).some((service) =>
    Object.values(service.ports).some((port) => port !== 443 && ports.includes(port)),
  );
  if (fromPods.length === 0) {
    // On a data service, and closed to pods: nobody takes it for one of theirs unless it says so.
    return purpose === "data"
      ? { module: ANY, reason: `no group of pods reaches ${group.address}` }
      : undefined;
  }
  const isForPods = rules.every(
    ({ found, peer }) =>
      found.direction === "egress" ||
      (peer.kind === "group" && (peer.id === group.id || purposes.get(peer.id) === "pods")),
  );
  if (purpose !== "data" && !isKnownPort && !isForPods) return undefined;
  const both = fromPods.filter(({ pods, ingress }) =>
    seen
      .rulesOf(pods.id)
      .some(
        ({ found, peer, traffic }) =>
          found.direction === "egress" &&
          mayBe("per-rule", found) &&
          isGroup(peer, group.id) &&
          sameTraffic(traffic, ingress.traffic),
      ),
  );
  const pods = ownerOf(group, both);
  if (pods === undefined)
    return {
      module,
      reason: `${fromPods[0]?.pods.address} has no egress rule to ${group.address} like ${fromPods[0]?.ingress.found.address}, as resources of their own`,
    };
  return candidateOf(
    module,
    group,
    pods,
    both.filter((one) => one.pods === pods),
    rules,
  );
}

/** Whose service it is: of the pods that reach it those with its name, then with the most ports. */
function ownerOf(group: FoundGroup, access: readonly Access[]): FoundGroup | undefined {
  const score = (pods: FoundGroup) =>
    (nameWithin(group, pods) === undefined ? 0 : 1000) + access.filter((one) => one.pods === pods).length;
  return [...new Set(access.map(({ pods }) => pods))].sort(
    (a, b) => score(b) - score(a) || byText(a.address, b.address),
  )[0];
}

/** The workload's name, as its pods' group has it. */
export function workloadOf(pods: FoundGroup): string {
  return workloadName(pods.name.endsWith(FOR_PODS) ? pods.name.slice(0, -FOR_PODS.length) : pods.name);
}

/** The name of a service where its group's is that of the workload and this: `mysql` of `orders-mysql`. */
function nameWithin(group: FoundGroup, pods: FoundGroup): string | undefined {
  const start = `${workloadOf(pods)}-`;
  const rest = group.name.startsWith(start) ? group.name.slice(start.length) : "";
  return SERVICE_NAME.test(rest) && rest !== "for-pods" ? rest : undefined;
}

function candidateOf(
  module: string,
  group: FoundGroup,
  pods: FoundGroup,
  access: readonly Access[],
  rules: readonly SeenRule[],
): Candidate {
  const service = module === ANY ? undefined : DATA_SERVICES[module as keyof typeof DATA_SERVICES];
  const key = service?.key ?? "service";
  const within = nameWithin(group, pods);
  const rest = new Rest(rules);
  rest.take((rule) => access.some(({ ingress }) => ingress === rule));
  const member_ports = rest.takeSelfPorts(group.id);
  const usual = Object.fromEntries(
    Object.entries(service?.ports ?? {}).map(([name, port]) => [name, String(port)]),
  );
  const keys = new Keys();
  const named = (text: string, rule: SeenRule) =>
    Object.entries(usual).find(([, port]) => port === text)?.[0] ?? keys.of(rule);
  const ports: Json = {};
  for (const { ingress } of access) {
    if (!isTcp(ingress.traffic)) continue;
    const text = portsText(ingress.traffic.ports);
    const wanted = named(text, ingress);
    ports[wanted in ports ? `${wanted}_${Object.keys(ports).length}` : wanted] = text;
  }
  const isUsual =
    Object.keys(ports).length === Object.keys(usual).length &&
    Object.entries(usual).every(([name, port]) => ports[name] === port);
  const serviceName = within ?? (module === ANY ? serviceNameOf(group) : key.replaceAll("_", "-"));
  return {
    module,
    groups: { [key]: group },
    inputs: {
      name: workloadOf(pods),
      ...((module === ANY || serviceName !== key.replaceAll("_", "-")) && { service_name: serviceName }),
      ...(within === undefined && { group_name: group.name }),
      vpc_id: group.vpcId,
      ...tagValues(group),
      pods_security_group_id: pods.id,
      ...(!(isUsual && service !== undefined) && { ports }),
      ...withoutEmpty({ member_ports }),
      ...rest.takeMore(),
    },
  };
}

function serviceNameOf({ name }: FoundGroup): string {
  const text = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, 32)
    .replace(/-+$/, "");
  return SERVICE_NAME.test(text) && text !== "for-pods" ? text : "service";
}
