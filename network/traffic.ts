import type { PortRange } from "./rules";

/** Traffic of a rule or a flow, without its peer. */
export type Traffic =
  | { readonly protocol: "all" }
  | { readonly protocol: "tcp" | "udp"; readonly ports: PortRange }
  /** ICMP and ICMPv6: type and code, -1 for any. */
  | { readonly protocol: "icmp" | "icmpv6"; readonly type: number; readonly code: number }
  /** Any other IP protocol, by its number. */
  | { readonly protocol: "other"; readonly number: number };

import { type Interval, type IntervalSet, intersect, subtract, union } from "./intervals";
import { PROTOCOL_NAMES } from "./protocols";

/**
 * Traffic as a set of numbers, so that all questions about it are questions about intervals: each of the 256 IP
 * protocols has a block of 65,536 numbers. In the blocks of TCP and UDP a number is a port, in those of ICMP and
 * ICMPv6 it is 256 × type + code. Any other protocol is its block as a whole.
 */
export type TrafficSet = IntervalSet<number>;

const BLOCK = 65_536;

/** IANA's numbers of the protocols that have names in rules. */
export const PROTOCOL_NUMBERS = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58 } as const;

export const ALL_TRAFFIC: TrafficSet = [{ first: 0, last: 256 * BLOCK - 1 }];

/** By the list: thousands of flows share the few lists that their file has. */
const sets = new WeakMap<readonly Traffic[], TrafficSet>();
const descriptions = new WeakMap<readonly Traffic[], string>();
const single = new WeakMap<Traffic, TrafficSet>();

/** The set of some traffic. */
export function trafficSet(traffic: readonly Traffic[]): TrafficSet {
  return once(sets, traffic, () => union(traffic.map(interval)));
}

/** The set of one description of traffic, made once for each. */
export function setOf(traffic: Traffic): TrafficSet {
  const known = single.get(traffic);
  if (known) return known;
  const made = [interval(traffic)];
  single.set(traffic, made);
  return made;
}

/** All traffic of a protocol. */
export function protocolSet(protocol: keyof typeof PROTOCOL_NUMBERS): TrafficSet {
  const first = PROTOCOL_NUMBERS[protocol] * BLOCK;
  return [{ first, last: first + BLOCK - 1 }];
}

/** A set as the fewest descriptions, in the order of the protocols' numbers; all of it is one. */
export function trafficOf(set: TrafficSet): Traffic[] {
  return set.flatMap((part) => {
    if (part.first === 0 && part.last === 256 * BLOCK - 1) return [{ protocol: "all" as const }];
    const first = Math.floor(part.first / BLOCK);
    const last = Math.floor(part.last / BLOCK);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index).flatMap((number) =>
      trafficInBlock(number, {
        first: Math.max(part.first - number * BLOCK, 0),
        last: Math.min(part.last - number * BLOCK, BLOCK - 1),
      }),
    );
  });
}

/** Whether all of the second is in the first. */
export function covers(outer: Traffic, inner: Traffic): boolean {
  return subtract([interval(inner)], [interval(outer)]).length === 0;
}

export function overlaps(a: Traffic, b: Traffic): boolean {
  return intersect([interval(a)], [interval(b)]).length > 0;
}

/** Traffic in words: `TCP 3306`, `TCP 1024-2048`, `all TCP`, `ICMP type 3 code 4`, `all traffic`. */
export function describeTraffic(traffic: Traffic): string {
  switch (traffic.protocol) {
    case "all":
      return "all traffic";
    case "tcp":
    case "udp": {
      const name = traffic.protocol.toUpperCase();
      const { from, to } = traffic.ports;
      if (from === 0 && to === BLOCK - 1) return `all ${name}`;
      return `${name} ${from === to ? from : `${from}-${to}`}`;
    }
    case "icmp":
    case "icmpv6": {
      const name = traffic.protocol === "icmp" ? "ICMP" : "ICMPv6";
      if (traffic.type === -1) return `all ${name}`;
      return `${name} type ${traffic.type}${traffic.code === -1 ? "" : ` code ${traffic.code}`}`;
    }
    case "other":
      return `IP protocol ${traffic.number}`;
  }
}

/**
 * Several in words; ports of one protocol stand together: `TCP 80, 443 and UDP 53`. What is nearly everything is said
 * by what it leaves out: `all traffic except TCP 80, 443`.
 */
export function describeAll(traffic: readonly Traffic[]): string {
  return once(descriptions, traffic, () => {
    if (traffic.length <= MANY) return list(traffic);
    const rest = trafficOf(subtract(ALL_TRAFFIC, trafficSet(traffic)));
    return rest.length < traffic.length ? `all traffic except ${list(rest)}` : list(traffic);
  });
}

/** From here on, traffic may be shorter to say by what it leaves out. */
const MANY = 8;

function once<T>(cache: WeakMap<readonly Traffic[], T>, traffic: readonly Traffic[], make: () => T): T {
  const known = cache.get(traffic);
  if (known !== undefined) return known;
  const made = make();
  cache.set(traffic, made);
  return made;
}

function list(traffic: readonly Traffic[]): string {
  const words: string[] = [];
  for (const part of traffic) {
    const description = describeTraffic(part);
    const name = description.split(" ")[0] as string;
    const previous = words.at(-1);
    const isPorts = "ports" in part && !description.startsWith("all");
    if (isPorts && previous?.startsWith(`${name} `)) {
      words[words.length - 1] = `${previous}, ${description.slice(name.length + 1)}`;
    } else words.push(description);
  }
  if (words.length < 2) return words[0] ?? "nothing";
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

function interval(traffic: Traffic): Interval<number> {
  switch (traffic.protocol) {
    case "all":
      return ALL_TRAFFIC[0] as Interval<number>;
    case "tcp":
    case "udp": {
      const start = PROTOCOL_NUMBERS[traffic.protocol] * BLOCK;
      return { first: start + traffic.ports.from, last: start + traffic.ports.to };
    }
    case "icmp":
    case "icmpv6": {
      const start = PROTOCOL_NUMBERS[traffic.protocol] * BLOCK;
      if (traffic.type === -1) return { first: start, last: start + BLOCK - 1 };
      const type = start + traffic.type * 256;
      if (traffic.code === -1) return { first: type, last: type + 255 };
      return { first: type + traffic.code, last: type + traffic.code };
    }
    case "other":
      return { first: traffic.number * BLOCK, last: traffic.number * BLOCK + BLOCK - 1 };
  }
}

function trafficInBlock(number: number, { first, last }: Interval<number>): Traffic[] {
  const name = PROTOCOL_NAMES[number];
  if (name === undefined) return [{ protocol: "other", number }];
  if (name === "tcp" || name === "udp") return [{ protocol: name, ports: { from: first, to: last } }];
  if (first === 0 && last === BLOCK - 1) return [{ protocol: name, type: -1, code: -1 }];
  const result: Traffic[] = [];
  for (let at = first; at <= last; ) {
    const type = Math.floor(at / 256);
    const isWholeType = at % 256 === 0 && at + 255 <= last;
    result.push({ protocol: name, type, code: isWholeType ? -1 : at % 256 });
    at += isWholeType ? 256 : 1;
  }
  return result;
}
