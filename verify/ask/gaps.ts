import { overlaps, type Traffic, trafficSet } from "../../network/traffic";
import type { Endpoint, Flow } from "../expect/model";
import { judge } from "../judge/judge";
import { dataNeeds, type UnclearAccess } from "../needs/data-access";
import { dnsNeeds } from "../needs/dns";
import type { Estate, Need, Party } from "../needs/model";
import { probeNeeds } from "../needs/probes";
import type { WrittenEndpoints } from "./endpoints";
import { trafficWords } from "./traffic-words";

/** A flow that is needed and certainly does not get through. */
export interface Gap {
  /** What it may be called. */
  readonly name: string;
  readonly words: string;
  /** What it is for, in a few words. */
  readonly why: string;
}

/**
 * What is needed and certainly missing: no rule that the input shows admits it, on none of the groups that may be on the
 * interface, and nothing that the input does not say could. What the flows of called modules state is theirs to say.
 */
export function gapsOf(estate: Estate, endpoints: WrittenEndpoints): Gap[] {
  const needs = [...dnsNeeds(estate), ...dataNeeds(estate).needs, ...probeNeeds(estate)];
  const found = needs.flatMap((need) => gapsIn(estate, endpoints, need));
  return [...new Map(found.map((gap) => [gap.words, gap])).values()];
}

/** The flows that one of some pods may need each, in the words of the file. */
export function unclearFlows(
  estate: Estate,
  endpoints: WrittenEndpoints,
): { readonly service: string; readonly flows: readonly string[] }[] {
  return dataNeeds(estate).unclear.map(({ service, traffic, pods }: UnclearAccess) => {
    const to = endpoints.ofParty({ groups: service.attachment.groups, mayCarry: [], name: "data" })?.name;
    const over = traffic === undefined ? "its port" : trafficWords(trafficSet(traffic));
    const flows = pods.map(({ party }) => `allow ${endpoints.ofParty(party)?.name} -> ${to} ${over}`);
    return { service: service.resource.address, flows };
  });
}

const SUFFIX: Readonly<Record<Need["what"], string>> = { dns: "-dns", data: "", probes: "-probes" };

function gapsIn(estate: Estate, endpoints: WrittenEndpoints, need: Need): Gap[] {
  const pairs = need.from.flatMap((from) => need.to.map((to) => ({ from, to })));
  const missing = need.traffic.filter((traffic) =>
    pairs.every(({ from, to }) => isMissing(estate, endpoints, from, to, traffic)),
  );
  if (missing.length === 0) return [];
  return pairs.flatMap(({ from, to }): Gap[] => {
    const [source, target] = [endpoints.ofParty(from)?.name, endpoints.ofParty(to)?.name];
    if (source === undefined || target === undefined) return [];
    return [
      {
        name: `${source}-to-${target}${SUFFIX[need.what]}`,
        words: `allow ${source} -> ${target} ${trafficWords(trafficSet(missing))}`,
        why: reasonOf(need, missing),
      },
    ];
  });
}

/** Whether it is broken between the ends as they are written, and with all groups that may be on them. */
function isMissing(
  estate: Estate,
  endpoints: WrittenEndpoints,
  from: Party,
  to: Party,
  traffic: Traffic,
): boolean {
  const ends = [
    [endpoints.widest(from), endpoints.widest(to)],
    [endpoints.ofParty(from)?.endpoint, endpoints.ofParty(to)?.endpoint],
  ] as const;
  return ends.every(
    ([source, target]) =>
      source !== undefined &&
      target !== undefined &&
      !isStated(estate, source, target, traffic) &&
      isBroken(estate, source, target, traffic),
  );
}

function isBroken({ inventory, mode }: Estate, from: Endpoint, to: Endpoint, traffic: Traffic): boolean {
  const flow: Flow = {
    id: { module: "", name: "" },
    expect: "allow",
    from,
    to,
    traffic: [traffic],
    required: new Set(),
  };
  // Where no packet can exist, no rule is missing.
  return judge(inventory, [flow], { mode }).every(
    ({ status, impossible }) => status === "broken" && impossible === undefined,
  );
}

/** Whether a flow says already what is between two ends. */
function isStated({ flows }: Estate, from: Endpoint, to: Endpoint, traffic: Traffic): boolean {
  const isOf = (end: Endpoint, other: Endpoint) => end.groups.some((group) => other.groups.includes(group));
  return flows.some(
    (flow) =>
      isOf(flow.from, from) && isOf(flow.to, to) && flow.traffic.some((one) => overlaps(one, traffic)),
  );
}

function reasonOf({ what, traffic }: Need, missing: readonly Traffic[]): string {
  if (what === "data") return "the pods no longer carry the node security group";
  if (what === "probes") {
    const isAny = missing.some((one) => "ports" in one && one.ports.from < one.ports.to);
    return `kubelet probes${isAny ? "; narrow it to their ports" : ""}`;
  }
  if (missing.length === traffic.length) return "without DNS the pods cannot resolve names";
  return missing.some(({ protocol }) => protocol === "tcp")
    ? "DNS falls back to TCP for long answers"
    : "DNS uses UDP first";
}
