import {
  all,
  any,
  areDistinct,
  differs,
  each,
  equals,
  every,
  group,
  isGiven,
  isIn,
  isNotEmpty,
  isNull,
  isOneOf,
  matches,
  not,
  orFalse,
  quoted,
  those,
} from "../../expression/conditions";
import { variableNamed } from "../../expression/variables";
import type { Validation, VariableSpec } from "../../synth/contract";
import type { FlowEndpoint } from "../../synth/flows";
import { EXAMPLE, isPrefixListId, isSecurityGroupId } from "./ids";
import { keysValidation } from "./keys";
import { inOneSpelling, isInOrder, isPort, isPortOrRange, lastPort } from "./ports";
import { listed } from "./words";

/** One end of a rule outside the module: exactly one of the four. */
export interface PeerInput {
  readonly cidr_ipv4?: string | null;
  readonly cidr_ipv6?: string | null;
  readonly prefix_list_id?: string | null;
  readonly security_group_id?: string | null;
}

/** A peer with what it may send or be sent. Without a protocol: TCP. */
export interface TrafficInput extends PeerInput {
  readonly protocol?: "tcp" | "udp" | "icmp" | "icmpv6" | null;
  /** Of TCP and UDP: a port or a range. */
  readonly ports?: string | number | null;
  /** Of ICMP and ICMPv6: 0 to 255, -1 for any. */
  readonly icmp_type?: number | null;
  /** Default: -1, any. */
  readonly icmp_code?: number | null;
}

export type PeerKind = keyof PeerInput;

const PEER_KINDS: readonly PeerKind[] = ["cidr_ipv4", "cidr_ipv6", "prefix_list_id", "security_group_id"];

/** A peer with its traffic as AWS compares them: 80 and 80-80 are the same ports, no code and -1 the same ICMP. */
const inAwsSpelling = (one: string) =>
  `merge(${one}, { ports = ${inOneSpelling(`${one}.ports`)}, icmp_code = ${icmpCode(one)} })`;

const PEER_EXAMPLES: Readonly<Record<PeerKind, string>> = {
  cidr_ipv4: "10.0.0.0/16",
  cidr_ipv6: "2001:db8::/32",
  prefix_list_id: "pl-0a1b2c3d",
  security_group_id: EXAMPLE.other,
};

/** The endpoint of flows that are stated for each of a map of peers. */
export const EACH_PEER: FlowEndpoint = {
  group: "each.value.security_group_id",
  cidrs: ["${each.value.cidr_ipv4}", "${each.value.cidr_ipv6}"],
  note: "Of flows that are stated for each of a map: a group or an address, whichever the element has.",
};

/** Whether it is more than a prefix list, which has no addresses that could be looked at. */
export const IS_ADDRESS = isNull("each.value.prefix_list_id");

const attributes = (types: Readonly<Record<string, string>>) =>
  Object.entries(types)
    .map(([name, type]) => `${name} = optional(${type})`)
    .join(", ");

interface PeersOptions<T> {
  readonly description: string;
  readonly default?: Readonly<Record<string, T>>;
  readonly example: Readonly<Record<string, T>>;
  /** What a peer may be. */
  readonly kinds?: readonly PeerKind[];
  /** Whether `{}` is a choice: none. */
  readonly mayBeEmpty?: boolean;
}

type Peers<T> = Readonly<Record<string, T>>;

/** The peers of a map without null, which `exactlyOne` refuses. */
const peersIn = (name: string) => those("one", `values(${variableNamed(name)})`, isGiven);

const isIcmp = (one: string) => `startswith(${one}.protocol, "icmp")`;

/** The type of ICMP, or a number that is none. */
const icmpType = (one: string) => `coalesce(${one}.icmp_type, 256)`;

/** The code of ICMP: none is -1, any. */
export const icmpCode = (one: string) => `coalesce(${one}.icmp_code, -1)`;

/** Whether a number is a type or a code of ICMP, or -1 for any. */
const isIcmpNumber = (number: string) => isIn(number, "range(-1, 256)");

/** Whether ports are a range that AWS takes: false of null. */
const isValidRange = (ports: string) =>
  orFalse(all(isPortOrRange(ports), isInOrder(ports), isPort(lastPort(ports))));

/** Whether a CIDR is as AWS and Terraform write it: without host bits, in the shortest form. */
const isCanonicalCidr = (cidr: string, pattern: string) =>
  orFalse(all(matches(cidr, pattern), equals(`cidrsubnet(${cidr}, 0, 0)`, cidr)));

/** A map of peers. The object has all four attributes whatever is accepted, so that all maps of peers have one type. */
export function peersVariable(
  name: string,
  options: PeersOptions<PeerInput>,
): VariableSpec<Peers<PeerInput>> {
  return mapOfPeers(name, options, {}, []);
}

/** A map of peers, each with its protocol and ports. */
export function trafficVariable(
  name: string,
  options: PeersOptions<TrafficInput>,
): VariableSpec<Peers<TrafficInput>> {
  const peers = peersIn(name);
  const peer = { cidr_ipv4: PEER_EXAMPLES.cidr_ipv4 };
  return mapOfPeers(
    name,
    options,
    { protocol: 'string, "tcp"', ports: "string", icmp_type: "number", icmp_code: "number" },
    [
      {
        condition: every("one", peers, (one) => isOneOf(`${one}.protocol`, "tcp", "udp", "icmp", "icmpv6")),
        message: `The protocol of ${name} must be tcp, udp, icmp or icmpv6.`,
        refused: {
          [`a_protocol_in_capitals_in_${name}`]: { a: { ...peer, protocol: "TCP" as "tcp", ports: "80" } },
          [`all_protocols_in_${name}`]: { a: { ...peer, protocol: "-1" as "tcp", ports: "80" } },
        },
      },
      {
        condition: every("one", peers, (one) => any(isIcmp(one), isValidRange(`${one}.ports`))),
        message: `The ports of ${name} with tcp or udp must be a port or a range from 0 to 65535, the lower port first, such as 8080 or 8000-8100.`,
        refused: {
          [`no_ports_in_${name}`]: { a: peer },
          [`a_word_as_ports_in_${name}`]: { a: { ...peer, ports: "http" } },
          [`port_65536_in_${name}`]: { a: { ...peer, ports: 65536 } },
          [`a_reversed_range_in_${name}`]: { a: { ...peer, ports: "8100-8000" } },
        },
      },
      {
        condition: every("one", peers, (one) =>
          any(not(isIcmp(one)), all(isIcmpNumber(icmpType(one)), isIcmpNumber(icmpCode(one)))),
        ),
        message: `The icmp_type of ${name} with icmp or icmpv6 must be a whole number from 0 to 255, or -1 for any; so must the icmp_code, if there is one.`,
        refused: {
          [`no_icmp_type_in_${name}`]: { a: { ...peer, protocol: "icmp" } },
          [`half_an_icmp_type_in_${name}`]: { a: { ...peer, protocol: "icmp", icmp_type: 1.5 } },
          [`icmp_type_256_in_${name}`]: { a: { ...peer, protocol: "icmp", icmp_type: 256 } },
          [`icmp_code_256_in_${name}`]: { a: { ...peer, protocol: "icmp", icmp_type: 3, icmp_code: 256 } },
        },
      },
      {
        condition: every("one", peers, (one) =>
          any(not(isIcmp(one)), differs(icmpType(one), "-1"), equals(icmpCode(one), "-1")),
        ),
        message: `In ${name}, all icmp types (-1) go with all codes: leave the icmp_code out.`,
        refused: {
          [`a_code_of_all_icmp_types_in_${name}`]: {
            a: { ...peer, protocol: "icmp", icmp_type: -1, icmp_code: 3 },
          },
        },
      },
      {
        condition: every("one", peers, (one) => {
          const isOver = (protocol: string, otherCidr: PeerKind) =>
            all(equals(`${one}.protocol`, quoted(protocol)), isGiven(`${one}.${otherCidr}`));
          return not(group(any(isOver("icmp", "cidr_ipv6"), isOver("icmpv6", "cidr_ipv4"))));
        }),
        message: `In ${name}, icmp goes with cidr_ipv4 and icmpv6 with cidr_ipv6: no packet would match.`,
        refused: {
          [`icmp_over_ipv6_in_${name}`]: {
            a: { cidr_ipv6: PEER_EXAMPLES.cidr_ipv6, protocol: "icmp", icmp_type: 8 },
          },
          [`icmpv6_over_ipv4_in_${name}`]: { a: { ...peer, protocol: "icmpv6", icmp_type: 128 } },
        },
      },
      {
        condition: every(
          "one",
          peers,
          (one) =>
            `${isIcmp(one)} ? ${isNull(`${one}.ports`)} : ${all(isNull(`${one}.icmp_type`), isNull(`${one}.icmp_code`))}`,
        ),
        message: `In ${name}, ports go with tcp and udp; icmp_type and icmp_code go with icmp and icmpv6.`,
        refused: {
          [`ports_of_icmp_in_${name}`]: { a: { ...peer, protocol: "icmp", icmp_type: 8, ports: "80" } },
          [`an_icmp_type_of_tcp_in_${name}`]: { a: { ...peer, ports: "80", icmp_type: 8 } },
        },
      },
    ],
  );
}

function mapOfPeers<T extends PeerInput>(
  name: string,
  { kinds = PEER_KINDS, mayBeEmpty = true, ...spec }: PeersOptions<T>,
  further: Readonly<Record<string, string>>,
  validations: readonly Validation<Peers<T>>[],
): VariableSpec<Peers<T>> {
  const peers = peersIn(name);
  // What is refused must be right but for the peer.
  const one = (peer: PeerInput) => ({
    a: { ...peer, ...("ports" in further && { ports: "80" }) } as unknown as T,
  });
  const others = PEER_KINDS.filter((kind) => !kinds.includes(kind));
  const exactlyOne: Validation<Peers<T>> = {
    condition: every("one", `values(${variableNamed(name)})`, (one) => {
      const accepted = `[${kinds.map((kind) => `${one}.${kind}`).join(", ")}]`;
      return orFalse(
        all(
          equals(`length(${those("value", accepted, isGiven)})`, "1"),
          ...others.map((kind) => isNull(`${one}.${kind}`)),
        ),
      );
    }),
    message: `Each of ${name} must have exactly one of ${listed(kinds)}.`,
    refused: {
      [`no_peer_in_${name}`]: one({}),
      [`null_as_peer_in_${name}`]: { a: null as unknown as T },
      [`two_peers_in_${name}`]: one({
        cidr_ipv4: PEER_EXAMPLES.cidr_ipv4,
        [kinds[1] as string]: PEER_EXAMPLES[kinds[1] as PeerKind],
      }),
      ...Object.fromEntries(
        others.map((kind) => [`a_${kind}_in_${name}`, one({ [kind]: PEER_EXAMPLES[kind] })]),
      ),
    },
  };
  const isNullOr = (kind: PeerKind, isWellFormed: (value: string) => string) =>
    every("one", peers, (one) => any(isNull(`${one}.${kind}`), isWellFormed(`${one}.${kind}`)));
  const wellFormed: Record<PeerKind, Validation<Peers<T>>> = {
    cidr_ipv4: {
      condition: isNullOr("cidr_ipv4", (cidr) => isCanonicalCidr(cidr, "^[0-9.]+/[0-9]+$")),
      message: `The cidr_ipv4 of ${name} must be IPv4 without host bits, such as 10.0.0.0/16.`,
      refused: {
        [`an_address_without_a_prefix_in_${name}`]: one({ cidr_ipv4: "10.0.0.1" }),
        [`host_bits_in_${name}`]: one({ cidr_ipv4: "10.0.0.1/16" }),
        [`ipv6_as_ipv4_in_${name}`]: one({ cidr_ipv4: "2001:db8::/32" }),
        [`a_prefix_of_33_bits_in_${name}`]: one({ cidr_ipv4: "10.0.0.0/33" }),
      },
    },
    cidr_ipv6: {
      condition: isNullOr("cidr_ipv6", (cidr) => isCanonicalCidr(cidr, ":")),
      message: `The cidr_ipv6 of ${name} must be IPv6 without host bits, in its short lower-case form, such as 2001:db8::/32 or ::/0.`,
      refused: {
        [`ipv4_as_ipv6_in_${name}`]: one({ cidr_ipv6: "10.0.0.0/16" }),
        [`ipv6_host_bits_in_${name}`]: one({ cidr_ipv6: "2001:db8::1/32" }),
        [`ipv6_in_capitals_in_${name}`]: one({ cidr_ipv6: "2001:DB8::/32" }),
      },
    },
    prefix_list_id: {
      condition: isNullOr("prefix_list_id", isPrefixListId),
      message: `The prefix_list_id of ${name} must be pl- and 8 or 17 hexadecimal digits.`,
      refused: {
        [`a_name_as_prefix_list_in_${name}`]: one({ prefix_list_id: "com.amazonaws.eu-west-1.s3" }),
      },
    },
    security_group_id: {
      condition: isNullOr("security_group_id", isSecurityGroupId),
      message: `The security_group_id of ${name} must be sg- and 8 or 17 hexadecimal digits.`,
      refused: { [`a_vpc_as_group_in_${name}`]: one({ security_group_id: EXAMPLE.vpc }) },
    },
  };
  const anyone = one({ cidr_ipv4: PEER_EXAMPLES.cidr_ipv4 });
  return {
    type: `map(object({ ${attributes(Object.fromEntries(PEER_KINDS.map((kind) => [kind, "string"])))}${Object.keys(further).length > 0 ? `, ${attributes(further)}` : ""} }))`,
    ...spec,
    accepted: Object.fromEntries(
      kinds.map((kind) => [`a_${kind}_in_${name}`, one({ [kind]: PEER_EXAMPLES[kind] })]),
    ) as Readonly<Record<string, Peers<T>>>,
    validations: [
      ...(mayBeEmpty
        ? []
        : [
            {
              condition: isNotEmpty(variableNamed(name)),
              message: `The ${name} must name at least one.`,
              refused: { [`an_empty_map_of_${name}`]: {} },
            },
          ]),
      exactlyOne,
      ...kinds.map((kind) => wellFormed[kind]),
      ...validations,
      {
        condition: areDistinct(
          each("one", peers, (one) => `jsonencode(${"ports" in further ? inAwsSpelling(one) : one})`),
          peers,
        ),
        message: `The values of ${name} must differ: AWS rejects two rules that differ only in their description.`,
        refused: {
          [`one_peer_twice_in_${name}`]: { a: anyone["a"] as T, b: anyone["a"] as T },
          ...("ports" in further && {
            [`one_port_in_two_spellings_in_${name}`]: {
              a: anyone["a"] as T,
              b: { ...anyone["a"], ports: "80-80" } as unknown as T,
            },
            [`one_icmp_type_in_two_spellings_in_${name}`]: {
              a: { ...anyone["a"], protocol: "icmp", ports: null, icmp_type: 8 } as unknown as T,
              b: {
                ...anyone["a"],
                protocol: "icmp",
                ports: null,
                icmp_type: 8,
                icmp_code: -1,
              } as unknown as T,
            },
          }),
        },
      },
      keysValidation<Peers<T>>(name, { [`an_upper_case_key_in_${name}`]: { A: anyone["a"] as T } }),
    ],
  };
}
