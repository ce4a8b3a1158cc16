import { subtract } from "../../../network/intervals";
import type { Traffic } from "../../../network/traffic";
import { ALL_TRAFFIC, trafficOf, trafficSet } from "../../../network/traffic";

export const TRAFFIC_SYNTAX =
  "TCP or UDP with ports (TCP 443, 8000-8080), ICMP or ICMPv6 with an optional type and code (ICMP 3 4), another IP protocol by its number (protocol 50), `all`, `all TCP`, `all except TCP 80, 443`";

/**
 * Reads traffic in words: parts separated by commas, each with a protocol or, after one with ports, a further port.
 *
 * @returns a problem, without the place, where the words are wrong
 */
export function parseTraffic(words: string): readonly Traffic[] | { problem: string } {
  const known = parsed.get(words) ?? parse(words);
  parsed.set(words, known);
  return known;
}

/** Parsed once: the flows of a module count at every call of it. */
const parsed = new Map<string, readonly Traffic[] | { problem: string }>();

function parse(words: string): readonly Traffic[] | { problem: string } {
  const text = words.trim();
  if (/^all$/i.test(text)) return [{ protocol: "all" }];
  const except = /^all\s+except\s+(.*)$/is.exec(text);
  if (except) {
    const excepted = parseTraffic(except[1] as string);
    return "problem" in excepted ? excepted : trafficOf(subtract(ALL_TRAFFIC, trafficSet(excepted)));
  }
  const result: Traffic[] = [];
  let protocol = "";
  for (const part of text.split(",").map((item) => item.trim())) {
    const match = /^(?:(all)\s+)?(?:(tcp|udp|icmpv6|icmp|protocol)\b\s*)?(.*)$/i.exec(
      part,
    ) as RegExpExecArray;
    const [, all, named, rest] = match as unknown as [string, string | undefined, string | undefined, string];
    protocol = named?.toLowerCase() ?? protocol;
    const traffic = all && !named ? undefined : one(protocol, all !== undefined, rest.trim());
    if (traffic === undefined) return { problem: `"${part}" is not traffic; accepted: ${TRAFFIC_SYNTAX}` };
    if (typeof traffic === "string") return { problem: `"${part}": ${traffic}` };
    result.push(...traffic);
  }
  return result;
}

/** One part; a sentence where its numbers are wrong, undefined where it is no traffic at all. */
function one(protocol: string, all: boolean, rest: string): readonly Traffic[] | string | undefined {
  if (protocol === "tcp" || protocol === "udp") {
    if (all) return rest === "" ? [{ protocol, ports: { from: 0, to: 65_535 } }] : undefined;
    const match = /^(\d{1,6})(?:\s*-\s*(\d{1,6}))?$/.exec(rest);
    if (!match) return undefined;
    const from = Number(match[1]);
    const to = Number(match[2] ?? match[1]);
    if (to > 65_535) return "ports are 0 to 65535";
    if (from > to) return `the range is reversed: write ${to}-${from}`;
    return [{ protocol, ports: { from, to } }];
  }
  if (protocol === "icmp" || protocol === "icmpv6") {
    if (rest === "") return [{ protocol, type: -1, code: -1 }];
    const match = /^(\d{1,3})(?:\s+(\d{1,3}))?$/.exec(rest);
    if (!match || all) return undefined;
    const type = Number(match[1]);
    const code = match[2] === undefined ? -1 : Number(match[2]);
    return type > 255 || code > 255 ? "types and codes are 0 to 255" : [{ protocol, type, code }];
  }
  if (protocol === "protocol" && !all && /^\d{1,3}$/.test(rest)) {
    const number = Number(rest);
    // The protocols that have names are those, whichever way they are written.
    return number > 255 ? "protocols are 0 to 255" : trafficOf(trafficSet([{ protocol: "other", number }]));
  }
  return undefined;
}
