import type { Validation, VariableSpec } from "../synth/contract";

/*
 * What modules ask for, said once: the same name means the same, with the same words and the same limits.
 */

/** Ids for examples and tests. */
export const EXAMPLE = {
  vpc: "vpc-0a1b2c3d4e5f60000",
  worker: "sg-0a1b2c3d4e5f60001",
  ingress: "sg-0a1b2c3d4e5f60002",
  database: "sg-0a1b2c3d4e5f60003",
  pods: "sg-0a1b2c3d4e5f60004",
  other: "sg-0a1b2c3d4e5f60005",
} as const;

/** Names of groups and tags of rules hold the name and up to 100 characters more. AWS allows 255. */
export const LONGEST_NAME = 128;

const SECURITY_GROUP_ID = '"^sg-([0-9a-f]{8}|[0-9a-f]{17})$"';

/** Whether an expression is the id of a security group. */
export const isSecurityGroupId = (expression: string) => `can(regex(${SECURITY_GROUP_ID}, ${expression}))`;

/**
 * Names and descriptions of security groups: at most 255 of these characters; a name must not start with
 * `sg-`, and AWS trims spaces at its end, after which Terraform would replace the group at every apply.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_UserIdGroupPair.html
 * https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html
 */
export const nameCharacters = (more: "" | "&") => `"^[a-zA-Z0-9 ._:/()#,@+=${more};{}!$*\\\\[\\\\]-]*$"`;

/**
 * A name that names of groups start with, and that descriptions of rules hold.
 *
 * @param longest its characters at most
 * @param more what AWS allows in names of groups, but not in descriptions of rules whose peer is a group
 */
export function nameVariable(
  description: string,
  longest: number,
  more: "" | "&" = "",
): VariableSpec<string> {
  return {
    type: "string",
    description,
    example: "orders",
    accepted: {
      the_longest_name: "n".repeat(longest),
      a_name_with_every_allowed_character: `aZ09 ._-:/()#,@[]+=${more};{}!$*`,
      a_name_that_looks_like_a_template: "orders-${x}",
    },
    validations: [
      {
        condition: `length(var.name) >= 1 && length(var.name) <= ${longest}`,
        message: `The name must have 1 to ${longest} characters: the longest rule description holds it, and AWS allows 255.`,
        refused: { an_empty_name: "", [`a_name_of_${longest + 1}_characters`]: "n".repeat(longest + 1) },
      },
      {
        condition: `can(regex(${nameCharacters(more)}, var.name))`,
        message: `The name may hold the characters that AWS allows in names of security groups and in descriptions of rules: a-z, A-Z, 0-9, spaces and ._-:/()#,@[]+=${more};{}!$*.`,
        refused: {
          a_name_with_an_umlaut: "bestellungen-für-alle",
          a_name_with_a_quote: 'orders"',
          a_name_of_two_lines: "orders\npayments",
          a_name_with_a_percent_sign: "orders_100%",
          ...(more === "" && { a_name_with_an_ampersand: "orders & payments" }),
        },
      },
      {
        condition: 'can(regex("[^ ]$", var.name)) || length(var.name) == 0',
        message:
          "The name must not end with a space: AWS trims it, and Terraform would replace the group at every apply.",
        refused: { a_name_that_ends_with_a_space: "orders " },
      },
      {
        condition: '!can(regex("^sg-", var.name))',
        message: "The name must not start with sg-, which AWS keeps for ids.",
        refused: { a_name_that_starts_like_an_id: "sg-orders" },
      },
    ],
  };
}

/** A variable with more to follow than its kind. */
export function withValidations<T>(
  spec: VariableSpec<T>,
  ...validations: readonly Validation<T>[]
): VariableSpec<T> {
  return { ...spec, validations: [...(spec.validations ?? []), ...validations] };
}

export function vpcIdVariable(description: string): VariableSpec<string> {
  return {
    type: "string",
    description,
    example: EXAMPLE.vpc,
    accepted: { a_short_vpc_id: "vpc-0a1b2c3d" },
    validations: [
      {
        condition: 'can(regex("^vpc-([0-9a-f]{8}|[0-9a-f]{17})$", var.vpc_id))',
        message: "The VPC's id must be vpc- and 8 or 17 hexadecimal digits.",
        refused: {
          an_empty_vpc_id: "",
          a_subnet_as_vpc: "subnet-0a1b2c3d4e5f60000",
          a_vpc_id_of_12_digits: "vpc-0a1b2c3d4e5f",
          a_vpc_id_in_upper_case: "vpc-0A1B2C3D4E5F60000",
        },
      },
    ],
  };
}

/** @param of what carries the tag, such as `both security groups` */
export function platformVariable(of: string): VariableSpec<string> {
  return {
    type: "string",
    description: `Value of the tag Platform of ${of}.`,
    example: "shop",
    accepted: { the_longest_platform: "p".repeat(256) },
    validations: [
      {
        condition: "length(trimspace(var.platform)) >= 1 && length(var.platform) <= 256",
        message: "The platform must not be blank and have at most 256 characters, as AWS allows in tags.",
        refused: {
          an_empty_platform: "",
          a_blank_platform: "  ",
          a_platform_of_257_characters: "p".repeat(257),
        },
      },
    ],
  };
}

/** The id of one group. @param name the variable's */
export function securityGroupVariable(
  name: string,
  { description, example }: { readonly description: string; readonly example: string },
): VariableSpec<string> {
  return {
    type: "string",
    description,
    example,
    accepted: { [`a_short_id_in_${name}`]: "sg-0a1b2c3d" },
    validations: [
      {
        condition: isSecurityGroupId(`var.${name}`),
        message: `The ${name} must be sg- and 8 or 17 hexadecimal digits.`,
        refused: {
          [`nothing_in_${name}`]: "",
          [`a_name_in_${name}`]: "sg-workers",
          [`an_address_in_${name}`]: "10.0.0.0/8",
        },
      },
    ],
  };
}

/** Ports by stable keys: a port, or a range such as `8000-8100`. */
export type Ports = Readonly<Record<string, string | number>>;

/** Keys stand in addresses of rules, in their tags and in their descriptions. */
const KEY = '"^[a-z][a-z0-9_]{0,31}$"';
const PORT = "(0|[1-9][0-9]{0,4})";

/** Whether every key of a map can stand in an address. */
export function keysValidation<T>(name: string, refused: Readonly<Record<string, T>>): Validation<T> {
  return {
    condition: `alltrue([for key in keys(var.${name}) : can(regex(${KEY}, key))])`,
    message: `The keys of ${name} must start with a lower-case letter and hold at most 32 lower-case letters, digits and underscores: they stand in addresses.`,
    refused,
  };
}

interface PortsOptions {
  readonly description: string;
  readonly default?: Ports;
  readonly example: Ports;
  /** Whether `{}` is a choice: none. */
  readonly mayBeEmpty?: boolean;
}

/** A map of ports or ranges, of one protocol that has ports. */
export function portsVariable(name: string, options: PortsOptions): VariableSpec<Ports> {
  const { mayBeEmpty = false, ...spec } = options;
  const all = `values(var.${name})`;
  const validations: Validation<Ports>[] = [
    {
      condition: `alltrue([for ports in ${all} : can(regex("^${PORT}(-${PORT})?$", ports))])`,
      message: `The ${name} must be ports or ranges, such as 8080 or 8000-8100.`,
      refused: {
        [`a_word_in_${name}`]: { http: "http" },
        [`a_list_in_${name}`]: { http: "80,443" },
        [`a_negative_port_in_${name}`]: { http: "-1" },
        [`no_port_in_${name}`]: { http: "" },
        [`a_null_port_in_${name}`]: { http: null as never },
      },
    },
    {
      condition: `alltrue([for ports in ${all} : try(alltrue([for port in split("-", ports) : tonumber(port) <= 65535]), true)])`,
      message: `The ${name} must be between 0 and 65535.`,
      refused: {
        [`port_65536_in_${name}`]: { http: "65536" },
        [`a_range_to_65536_in_${name}`]: { http: "0-65536" },
      },
    },
    {
      condition: `alltrue([for ports in ${all} : try(tonumber(split("-", ports)[0]) <= tonumber(reverse(split("-", ports))[0]), true)])`,
      message: `The ranges of ${name} must not be reversed: the lower port first.`,
      refused: { [`a_reversed_range_in_${name}`]: { http: "8100-8000" } },
    },
    {
      condition: `length(distinct([for ports in ${all} : try(join("-", distinct(split("-", ports))), ports)])) == length(${all})`,
      message: `The ${name} must differ: AWS refuses two rules that differ only in their description.`,
      refused: { [`one_port_twice_in_${name}`]: { http: "8080", web: "8080-8080" } },
    },
    keysValidation<Ports>(name, {
      [`an_upper_case_key_in_${name}`]: { HTTP: "8080" },
      [`an_empty_key_in_${name}`]: { "": "8080" },
    }),
  ];
  if (!mayBeEmpty) {
    validations.unshift({
      condition: `length(var.${name}) > 0`,
      message: `The ${name} must name at least one port.`,
      refused: { [`an_empty_map_of_${name}`]: {} },
    });
  }
  return {
    type: "map(string)",
    ...spec,
    accepted: {
      [`every_port_in_${name}`]: { all: "0-65535" },
      [`a_number_and_a_range_in_${name}`]: { http: 8080, data_2: "8000-8100" },
    },
    validations,
  };
}

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
const IN_ONE_SPELLING =
  'merge(one, { ports = try(join("-", distinct(split("-", one.ports))), one.ports), icmp_code = coalesce(one.icmp_code, -1) })';

const PEER_EXAMPLES: Readonly<Record<PeerKind, string>> = {
  cidr_ipv4: "10.0.0.0/16",
  cidr_ipv6: "2001:db8::/32",
  prefix_list_id: "pl-0a1b2c3d",
  security_group_id: EXAMPLE.other,
};

const attributes = (types: Readonly<Record<string, string>>) =>
  Object.entries(types)
    .map(([name, type]) => `${name} = optional(${type})`)
    .join(", ");

const listed = (words: readonly string[]) => words.join(", ").replace(/, ([^,]*)$/, " or $1");

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
const peersIn = (name: string) => `[for one in values(var.${name}) : one if one != null]`;

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
  const all = peersIn(name);
  const peer = { cidr_ipv4: PEER_EXAMPLES.cidr_ipv4 };
  const isIcmp = 'startswith(one.protocol, "icmp")';
  return mapOfPeers(
    name,
    options,
    { protocol: 'string, "tcp"', ports: "string", icmp_type: "number", icmp_code: "number" },
    [
      {
        condition: `alltrue([for one in ${all} : contains(["tcp", "udp", "icmp", "icmpv6"], one.protocol)])`,
        message: `The protocol of ${name} must be tcp, udp, icmp or icmpv6.`,
        refused: {
          [`a_protocol_in_capitals_in_${name}`]: { a: { ...peer, protocol: "TCP" as "tcp", ports: "80" } },
          [`all_protocols_in_${name}`]: { a: { ...peer, protocol: "-1" as "tcp", ports: "80" } },
        },
      },
      {
        condition: `alltrue([for one in ${all} : ${isIcmp} || try(can(regex("^${PORT}(-${PORT})?$", one.ports)) && tonumber(split("-", one.ports)[0]) <= tonumber(reverse(split("-", one.ports))[0]) && tonumber(reverse(split("-", one.ports))[0]) <= 65535, false)])`,
        message: `The ports of ${name} with tcp or udp must be a port or a range from 0 to 65535, the lower port first, such as 8080 or 8000-8100.`,
        refused: {
          [`no_ports_in_${name}`]: { a: peer },
          [`a_word_as_ports_in_${name}`]: { a: { ...peer, ports: "http" } },
          [`port_65536_in_${name}`]: { a: { ...peer, ports: 65536 } },
          [`a_reversed_range_in_${name}`]: { a: { ...peer, ports: "8100-8000" } },
        },
      },
      {
        condition: `alltrue([for one in ${all} : !${isIcmp} || contains(range(-1, 256), coalesce(one.icmp_type, 256)) && contains(range(-1, 256), coalesce(one.icmp_code, -1))])`,
        message: `The icmp_type of ${name} with icmp or icmpv6 must be a whole number from 0 to 255, or -1 for any; so must the icmp_code, if there is one.`,
        refused: {
          [`no_icmp_type_in_${name}`]: { a: { ...peer, protocol: "icmp" } },
          [`half_an_icmp_type_in_${name}`]: { a: { ...peer, protocol: "icmp", icmp_type: 1.5 } },
          [`icmp_type_256_in_${name}`]: { a: { ...peer, protocol: "icmp", icmp_type: 256 } },
          [`icmp_code_256_in_${name}`]: { a: { ...peer, protocol: "icmp", icmp_type: 3, icmp_code: 256 } },
        },
      },
      {
        condition: `alltrue([for one in ${all} : !${isIcmp} || coalesce(one.icmp_type, 256) != -1 || coalesce(one.icmp_code, -1) == -1])`,
        message: `In ${name}, all icmp types (-1) go with all codes: leave the icmp_code out.`,
        refused: {
          [`a_code_of_all_icmp_types_in_${name}`]: {
            a: { ...peer, protocol: "icmp", icmp_type: -1, icmp_code: 3 },
          },
        },
      },
      {
        condition: `alltrue([for one in ${all} : !(one.protocol == "icmp" && one.cidr_ipv6 != null || one.protocol == "icmpv6" && one.cidr_ipv4 != null)])`,
        message: `In ${name}, icmp goes with cidr_ipv4 and icmpv6 with cidr_ipv6: no packet would match.`,
        refused: {
          [`icmp_over_ipv6_in_${name}`]: {
            a: { cidr_ipv6: PEER_EXAMPLES.cidr_ipv6, protocol: "icmp", icmp_type: 8 },
          },
          [`icmpv6_over_ipv4_in_${name}`]: { a: { ...peer, protocol: "icmpv6", icmp_type: 128 } },
        },
      },
      {
        condition: `alltrue([for one in ${all} : ${isIcmp} ? one.ports == null : one.icmp_type == null && one.icmp_code == null])`,
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
  const all = peersIn(name);
  // What is refused must be right but for the peer.
  const one = (peer: PeerInput) => ({
    a: { ...peer, ...("ports" in further && { ports: "80" }) } as unknown as T,
  });
  const others = PEER_KINDS.filter((kind) => !kinds.includes(kind));
  const exactlyOne: Validation<Peers<T>> = {
    condition: `alltrue([for one in values(var.${name}) : try(length([for value in [${kinds.map((kind) => `one.${kind}`).join(", ")}] : value if value != null]) == 1${others.map((kind) => ` && one.${kind} == null`).join("")}, false)])`,
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
  const wellFormed: Record<PeerKind, Validation<Peers<T>>> = {
    cidr_ipv4: {
      condition: `alltrue([for one in ${all} : one.cidr_ipv4 == null || try(can(regex("^[0-9.]+/[0-9]+$", one.cidr_ipv4)) && cidrsubnet(one.cidr_ipv4, 0, 0) == one.cidr_ipv4, false)])`,
      message: `The cidr_ipv4 of ${name} must be IPv4 without host bits, such as 10.0.0.0/16.`,
      refused: {
        [`an_address_without_a_prefix_in_${name}`]: one({ cidr_ipv4: "10.0.0.1" }),
        [`host_bits_in_${name}`]: one({ cidr_ipv4: "10.0.0.1/16" }),
        [`ipv6_as_ipv4_in_${name}`]: one({ cidr_ipv4: "2001:db8::/32" }),
        [`a_prefix_of_33_bits_in_${name}`]: one({ cidr_ipv4: "10.0.0.0/33" }),
      },
    },
    cidr_ipv6: {
      condition: `alltrue([for one in ${all} : one.cidr_ipv6 == null || try(can(regex(":", one.cidr_ipv6)) && cidrsubnet(one.cidr_ipv6, 0, 0) == one.cidr_ipv6, false)])`,
      message: `The cidr_ipv6 of ${name} must be IPv6 without host bits, in its short lower-case form, such as 2001:db8::/32 or ::/0.`,
      refused: {
        [`ipv4_as_ipv6_in_${name}`]: one({ cidr_ipv6: "10.0.0.0/16" }),
        [`ipv6_host_bits_in_${name}`]: one({ cidr_ipv6: "2001:db8::1/32" }),
        [`ipv6_in_capitals_in_${name}`]: one({ cidr_ipv6: "2001:DB8::/32" }),
      },
    },
    prefix_list_id: {
      condition: `alltrue([for one in ${all} : one.prefix_list_id == null || can(regex("^pl-([0-9a-f]{8}|[0-9a-f]{17})$", one.prefix_list_id))])`,
      message: `The prefix_list_id of ${name} must be pl- and 8 or 17 hexadecimal digits.`,
      refused: {
        [`a_name_as_prefix_list_in_${name}`]: one({ prefix_list_id: "com.amazonaws.eu-west-1.s3" }),
      },
    },
    security_group_id: {
      condition: `alltrue([for one in ${all} : one.security_group_id == null || ${isSecurityGroupId("one.security_group_id")}])`,
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
              condition: `length(var.${name}) > 0`,
              message: `The ${name} must name at least one.`,
              refused: { [`an_empty_map_of_${name}`]: {} },
            },
          ]),
      exactlyOne,
      ...kinds.map((kind) => wellFormed[kind]),
      ...validations,
      {
        condition: `length(distinct([for one in ${all} : jsonencode(${"ports" in further ? IN_ONE_SPELLING : "one"})])) == length(${all})`,
        message: `The values of ${name} must differ: AWS refuses two rules that differ only in their description.`,
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

/** Groups by stable keys. */
export function securityGroupsVariable(
  name: string,
  {
    description,
    example,
  }: { readonly description: string; readonly example: Readonly<Record<string, string>> },
): VariableSpec<Readonly<Record<string, string>>> {
  return {
    type: "map(string)",
    description,
    default: {},
    example,
    accepted: { [`a_short_id_in_${name}`]: { a: "sg-0a1b2c3d" } },
    validations: [
      {
        condition: `alltrue([for id in values(var.${name}) : ${isSecurityGroupId("id")}])`,
        message: `The ids of ${name} must be sg- and 8 or 17 hexadecimal digits.`,
        refused: { [`a_vpc_in_${name}`]: { a: EXAMPLE.vpc }, [`nothing_in_${name}`]: { a: "" } },
      },
      {
        condition: `length(distinct(values(var.${name}))) == length(var.${name})`,
        message: `The ids of ${name} must differ.`,
        refused: { [`one_group_twice_in_${name}`]: { a: EXAMPLE.other, b: EXAMPLE.other } },
      },
      keysValidation<Readonly<Record<string, string>>>(name, {
        [`an_upper_case_key_in_${name}`]: { A: EXAMPLE.other },
      }),
    ],
  };
}
