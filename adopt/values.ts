import { parseAddress } from "../expression/address";
import type { Json } from "../io/json";
import type { Traffic } from "../network/traffic";
import type { FoundGroup } from "./model";
import { Names } from "./names";
import type { SeenPeer, SeenRule } from "./seen";

/** The tags that the modules set themselves. */
const OWN_TAGS = ["Name", "Region", "CreatedBy", "Platform"];

/** The values of `platform` and `tags` that a group has tags of. */
export function tagValues({ tags }: FoundGroup): Json {
  const further = Object.fromEntries(Object.entries(tags).filter(([key]) => !OWN_TAGS.includes(key)));
  const { Platform: platform } = tags;
  return {
    ...(platform !== undefined && { platform }),
    ...(Object.keys(further).length > 0 && { tags: further }),
  };
}

/** Text as a part of a module's name for a workload: what names of groups and descriptions of rules may hold. */
export function workloadName(text: string): string {
  const name = text
    .replace(/[^a-zA-Z0-9._-]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 100);
  return name === "" || name.startsWith("sg-") || name.toLowerCase() === "default" ? `group-${name}` : name;
}

/** Keys of a map of rules: what stands in addresses, at most 32 characters, each once. */
export class Keys {
  private readonly names = new Names();

  /** A key for a rule: that of its resource's instance, else the resource's name. */
  of({ found }: SeenRule): string {
    const resource = parseAddress(found.address)?.resource;
    const { key, name = "rule" } = resource ?? {};
    return this.next(typeof key === "string" ? key : key === undefined ? name : `${name}_${key}`);
  }

  private next(text: string): string {
    // Room for a number where it is taken.
    return this.names.next(
      text
        .slice(0, 28)
        .replace(/^[^a-zA-Z]+/, "rule_")
        .slice(0, 28),
    );
  }
}

/** The ports of TCP or UDP as the variables of modules have them: `8080`, `8000-8100`. */
export function portsText({ from, to }: { readonly from: number; readonly to: number }): string {
  return from === to ? String(from) : `${from}-${to}`;
}

/** A peer as the variables of modules have it. */
export function peerValue(peer: SeenPeer): Record<string, string> {
  switch (peer.kind) {
    case "group":
      return { security_group_id: peer.id };
    case "cidr":
      return peer.cidr.includes(":") ? { cidr_ipv6: peer.cidr } : { cidr_ipv4: peer.cidr };
    case "prefix-list":
      return { prefix_list_id: peer.id };
  }
}

/** What a peer may send or be sent, as `ingress_sources` and `egress_targets` have it; undefined for what they cannot hold. */
export function trafficValue({ peer, traffic }: SeenRule): Json | undefined {
  const value = peerValue(peer);
  switch (traffic.protocol) {
    case "tcp":
      return { ...value, ports: portsText(traffic.ports) };
    case "udp":
      return { ...value, protocol: "udp", ports: portsText(traffic.ports) };
    case "icmp":
    case "icmpv6": {
      const isOtherFamily = (traffic.protocol === "icmp" ? "cidr_ipv6" : "cidr_ipv4") in value;
      const { type, code } = traffic;
      return isOtherFamily || (type === -1 && code !== -1)
        ? undefined
        : {
            ...value,
            protocol: traffic.protocol,
            icmp_type: type,
            ...(code !== -1 && { icmp_code: code }),
          };
    }
    default:
      return undefined;
  }
}

/** Rules that wait for the variable that makes them. */
export class Rest {
  constructor(private rules: readonly SeenRule[]) {}

  /** Those that a condition takes, which wait no more. */
  take(isIt: (rule: SeenRule) => boolean): SeenRule[] {
    const taken = this.rules.filter(isIt);
    this.rules = this.rules.filter((rule) => !taken.includes(rule));
    return taken;
  }

  /** Those that a condition would take. */
  like(isIt: (rule: SeenRule) => boolean): SeenRule[] {
    return this.rules.filter(isIt);
  }

  /** Ports on which a group reaches itself, both ways; they wait no more. @param id the group's */
  takeSelfPorts(id: string): Json {
    const isSelf = (direction: string) => (rule: SeenRule) =>
      rule.found.direction === direction && isTcp(rule.traffic) && isGroup(rule.peer, id);
    const keys = new Keys();
    const ports: Json = {};
    for (const rule of this.like(isSelf("ingress"))) {
      const [other] = this.like((one) => isSelf("egress")(one) && sameTraffic(one.traffic, rule.traffic));
      if (other === undefined || !isTcp(rule.traffic)) continue;
      ports[keys.of(rule)] = portsText(rule.traffic.ports);
      this.take((one) => one === rule || one === other);
    }
    return ports;
  }

  /** What the others are as `ingress_sources` and `egress_targets`; what these cannot hold still waits. */
  takeMore(): Json {
    const map = (direction: string) => {
      const keys = new Keys();
      return Object.fromEntries(
        this.take((rule) => rule.found.direction === direction && trafficValue(rule) !== undefined).map(
          (rule) => [keys.of(rule), trafficValue(rule)],
        ),
      );
    };
    return withoutEmpty({ ingress_sources: map("ingress"), egress_targets: map("egress") });
  }
}

/** Values without maps that are empty, as their default is. */
export function withoutEmpty(values: Json): Json {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => Object.keys(value as object).length > 0),
  );
}

export function isTcp(traffic: Traffic): traffic is Extract<Traffic, { readonly protocol: "tcp" | "udp" }> {
  return traffic.protocol === "tcp";
}

/** Whether traffic is one port of a protocol. */
export function isPort(traffic: Traffic, protocol: "tcp" | "udp", port: number): boolean {
  return traffic.protocol === protocol && traffic.ports.from === port && traffic.ports.to === port;
}

export function isGroup(peer: SeenPeer, id: string): boolean {
  return peer.kind === "group" && peer.id === id;
}

export function sameTraffic(one: Traffic, other: Traffic): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
