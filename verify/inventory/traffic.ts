import { Unknown, type Value } from "../../expression/value";
import { text } from "../../expression/values";
import { protocolNumber, wholeNumber } from "../../network/protocols";
import { ALL_PORTS } from "../../network/rules";
import type { Traffic } from "../../network/traffic";
import type { UnknownTraffic } from "./model";

/** The arguments of a rule that say its traffic, by their names in its form. */
export interface TrafficArguments {
  readonly protocol: Value | undefined;
  readonly from: Value | undefined;
  readonly to: Value | undefined;
}

/** Traffic, or what is not determined about it; with `wrong` where it is known and means nothing. */
export type ParsedTraffic =
  | { readonly traffic: Traffic }
  | { readonly unknown: UnknownTraffic; readonly wrong?: "protocol" | "ports" | "icmp" };

/**
 * The traffic of a rule. Protocols are names in any case or numbers, as numbers or text; `-1` and `all` are all
 * traffic, whatever the ports say. ICMP has its type in from_port and its code in to_port, -1 for any.
 */
export function parseTraffic({ protocol, from, to }: TrafficArguments): ParsedTraffic {
  if (protocol instanceof Unknown) return unknown("protocol", protocol);
  const number = protocolNumber(protocol);
  if (number === undefined) {
    return { ...unknown("protocol", protocol), wrong: "protocol" };
  }
  if (number === -1) return { traffic: { protocol: "all" } };
  if (![1, 6, 17, 58].includes(number)) return { traffic: { protocol: "other", number } };

  if (from instanceof Unknown) return unknown("from_port", from);
  if (to instanceof Unknown) return unknown("to_port", to);
  return number === 6 || number === 17
    ? parsePorts(number === 6 ? "tcp" : "udp", from, to)
    : parseIcmp(number === 1 ? "icmp" : "icmpv6", from, to);
}

function unknown(argument: UnknownTraffic["argument"], value: Value | undefined) {
  return { unknown: { argument, expression: text(value ?? null) } };
}

function parsePorts(protocol: "tcp" | "udp", from: Value | undefined, to: Value | undefined): ParsedTraffic {
  const first = wholeNumber(from);
  const last = wholeNumber(to);
  // AWS's own spelling of all ports.
  if (first === -1 && last === -1) return { traffic: { protocol, ports: ALL_PORTS } };
  if (first === undefined || last === undefined || first < 0 || last > ALL_PORTS.to || first > last) {
    return { ...unknown("from_port", from), wrong: "ports" };
  }
  return { traffic: { protocol, ports: { from: first, to: last } } };
}

function parseIcmp(
  protocol: "icmp" | "icmpv6",
  from: Value | undefined,
  to: Value | undefined,
): ParsedTraffic {
  const type = wholeNumber(from ?? -1);
  const code = wholeNumber(to ?? -1);
  if (type === undefined || code === undefined || Math.min(type, code) < -1 || Math.max(type, code) > 255) {
    return { ...unknown("from_port", from), wrong: "icmp" };
  }
  return { traffic: { protocol, type, code: type === -1 ? -1 : code } };
}
