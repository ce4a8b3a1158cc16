import fc from "fast-check";
import type { Json } from "../../../../io/json";
import type { Part } from "./groups";
import { type Block, type Estate, resource } from "./model";
import type { Direction } from "./rules";

/** Services that pods reach, with their ports. */
const SERVICES = {
  mysql: { main: 3306 },
  postgres: { main: 5432 },
  redis: { main: 6379 },
  search: { api: 9200, nodes: 9300 },
} as const;

/** How a team words what it writes. */
interface Look {
  readonly describes: boolean;
  readonly tags: Json | undefined;
}

/** Pods with a group of their own and the services that they reach, as a team writes them by hand: a resource for each rule. */
export interface DrawnWorkload {
  readonly name: string;
  /** How the groups are named: as this project's modules do, or otherwise. */
  readonly naming: "NAME-for-pods" | "NAME-pods";
  readonly look: Look;
  readonly ruleLook: Look;
  readonly dns: "group" | "address";
  readonly probes: readonly [from: number, to: number];
  readonly hasIngress: boolean;
  readonly internet: readonly string[];
  readonly gossips: boolean;
  readonly sources: readonly string[];
  readonly targets: readonly string[];
  readonly services: readonly (keyof typeof SERVICES)[];
  /** Something that no module has: then the group may go into the module for any. */
  readonly oddity: "none" | "egress to everything";
}

const look = fc.record({
  describes: fc.boolean(),
  tags: fc.constantFrom<(Json | undefined)[]>(undefined, { Team: "orders" }, { Name: "mine", Env: "prod" }),
});

export const drawnWorkload: fc.Arbitrary<DrawnWorkload> = fc.record({
  name: fc.constantFrom("orders", "payments", "stock-v2"),
  naming: fc.constantFrom("NAME-for-pods" as const, "NAME-pods" as const),
  look,
  ruleLook: look,
  dns: fc.constantFrom("group" as const, "group" as const, "address" as const),
  probes: fc.constantFrom([0, 65535] as const, [8080, 8080] as const),
  hasIngress: fc.boolean(),
  internet: fc.constantFrom(["443"], ["443", "80"], ["443", "::"], []),
  gossips: fc.boolean(),
  sources: fc.subarray(["10.0.0.0/8", "list", "udp"], { maxLength: 2 }),
  targets: fc.subarray(["203.0.113.0/24", "2001:db8::/32", "list"], { maxLength: 2 }),
  services: fc.subarray(Object.keys(SERVICES) as (keyof typeof SERVICES)[], { maxLength: 3 }),
  oddity: fc.oneof(
    { weight: 9, arbitrary: fc.constant("none" as const) },
    { weight: 1, arbitrary: fc.constant("egress to everything" as const) },
  ),
});

/**
 * The form of the rules of a workload: that of the modules made for it, or classic; then adoption is asked to give them that form, or it
 * leaves them as they are.
 */
export type WorkloadForm = "per-rule" | "classic converted" | "classic";

/** A rule as `[resource, direction, group, peer, protocol, from, to]`: groups by their resources' names. */
type Line = readonly [
  name: string,
  direction: Direction,
  group: string,
  peer: Json,
  protocol: string,
  from: number,
  to: number,
];

/** The module of each service. */
const SERVICE_MODULES: Readonly<Record<keyof typeof SERVICES, string>> = {
  mysql: "mysql",
  postgres: "rds-postgres",
  redis: "elasticache-redis",
  search: "tcp-service",
};

/** The peer of a rule as a classic one names it. */
function classicPeer(peer: Json, own: string): Json {
  const { referenced_security_group_id: group, cidr_ipv4, cidr_ipv6, prefix_list_id } = peer;
  if (group === own) return { self: true };
  return {
    ...(group !== undefined && { source_security_group_id: group }),
    ...(cidr_ipv4 !== undefined && { cidr_blocks: [cidr_ipv4] }),
    ...(cidr_ipv6 !== undefined && { ipv6_cidr_blocks: [cidr_ipv6] }),
    ...(prefix_list_id !== undefined && { prefix_list_ids: [prefix_list_id] }),
  };
}

/**
 * @param name what the resources start with: unique in the root
 * @param list the address of a prefix list
 */
export function workloadPart(
  drawn: DrawnWorkload,
  name: string,
  vpc: string,
  list: string,
  form: WorkloadForm,
): Part & Pick<Estate, "roles" | "reasons" | "rules"> {
  const pods = `${name}_pods`;
  const [nodes, ingress] = [`${name}_nodes`, `${name}_ingress`];
  const id = (group: string) => `\${aws_security_group.${group}.id}`;
  const of = (group: string): Json => ({ referenced_security_group_id: id(group) });
  const address = (text: string): Json =>
    text === "list"
      ? { prefix_list_id: `\${${list}.id}` }
      : { [text.includes(":") ? "cidr_ipv6" : "cidr_ipv4"]: text };
  const services = drawn.services.map((service) => ({ service, group: `${name}_${service}` }));
  const dns = drawn.dns === "group" ? of(nodes) : address("10.0.0.2/32");
  const lines: Line[] = [
    ["probes", "ingress", pods, of(nodes), "tcp", ...drawn.probes],
    ...(drawn.hasIngress
      ? ([["requests", "ingress", pods, of(ingress), "tcp", 8080, 8080]] satisfies Line[])
      : []),
    ...(["tcp", "udp"] as const).flatMap((protocol): Line[] => [
      [`dns_${protocol}`, "egress", pods, dns, protocol, 53, 53],
      ...(drawn.dns === "group"
        ? ([[`dns_${protocol}_in`, "ingress", nodes, of(pods), protocol, 53, 53]] satisfies Line[])
        : []),
    ]),
    ...drawn.internet.map((port): Line => {
      const number = port === "::" ? 443 : Number(port);
      const peer = address(port === "::" ? "::/0" : "0.0.0.0/0");
      return [`internet_${port.replace("::", "six")}`, "egress", pods, peer, "tcp", number, number];
    }),
    ...(drawn.gossips
      ? ([
          ["gossip_in", "ingress", pods, of(pods), "tcp", 7946, 7946],
          ["gossip_out", "egress", pods, of(pods), "tcp", 7946, 7946],
        ] satisfies Line[])
      : []),
    ...drawn.sources.map((source, index): Line => {
      const peer = source === "udp" ? of(ingress) : address(source);
      return [`from_${index}`, "ingress", pods, peer, source === "udp" ? "udp" : "tcp", 9100, 9101];
    }),
    ...drawn.targets.map((target, index): Line => {
      return [`to_${index}`, "egress", pods, address(target), "tcp", 8443, 8443];
    }),
    ...services.flatMap(({ service, group }) =>
      Object.entries(SERVICES[service]).flatMap(([port, number]): Line[] => [
        [`${service}_${port}_in`, "ingress", group, of(pods), "tcp", number, number],
        [`${service}_${port}_out`, "egress", pods, of(group), "tcp", number, number],
      ]),
    ),
    ...(drawn.oddity === "egress to everything"
      ? ([["everything", "egress", pods, address("0.0.0.0/0"), "-1", -1, -1]] satisfies Line[])
      : []),
  ];
  const group = (label: string, called: string): Block =>
    resource("aws_security_group", label, {
      name: called,
      vpc_id: `\${${vpc}}`,
      ...(drawn.look.describes && { description: `What ${called} may` }),
      ...(drawn.look.tags && { tags: drawn.look.tags }),
    });
  const ownName = drawn.naming.replace("NAME", drawn.name);
  return {
    root: [
      group(nodes, `${drawn.name} nodes`),
      group(ingress, `${drawn.name} ingress`),
      group(pods, ownName),
      ...services.map(({ service, group: label }) => group(label, `${drawn.name}-${service}`)),
      ...lines.map(([label, direction, on, peer, protocol, from, to]) =>
        form === "per-rule"
          ? resource(`aws_vpc_security_group_${direction}_rule`, `${name}_${label}`, {
              security_group_id: id(on),
              ip_protocol: protocol,
              ...(from !== -1 && { from_port: from, to_port: to }),
              ...peer,
              ...(drawn.ruleLook.describes && { description: `For ${label}` }),
              ...(drawn.ruleLook.tags && { tags: drawn.ruleLook.tags }),
            })
          : resource("aws_security_group_rule", `${name}_${label}`, {
              security_group_id: id(on),
              type: direction,
              protocol,
              from_port: Math.max(from, 0),
              to_port: Math.max(to, 0),
              ...classicPeer(peer, id(on)),
              // The emulator gives no such description to the import of a rule whose source is no address.
              ...(drawn.ruleLook.describes &&
                (form === "classic" || "cidr_ipv4" in peer || "cidr_ipv6" in peer) && {
                  description: `For ${label}`,
                }),
            }),
      ),
    ],
    rules: Object.fromEntries(
      form === "classic converted"
        ? [nodes, ingress, pods, ...services.map(({ group: label }) => label)].map((label) => [
            `aws_security_group.${label}`,
            "per-rule" as const,
          ])
        : [],
    ),
    reasons: Object.fromEntries([
      ...(form === "classic"
        ? [
            [pods, /^pod-group: .* is aws_security_group_rule, and the module's rules are/] as const,
            ...services.map(
              ({ service, group: label }) =>
                [
                  label,
                  new RegExp(
                    `^${SERVICE_MODULES[service]}: .* is aws_security_group_rule, and the module's rules are`,
                  ),
                ] as const,
            ),
          ]
        : drawn.oddity === "egress to everything"
          ? [[pods, /^pod-group: it has no rule like \S*everything/] as const]
          : []
      ).map(([label, words]) => [`aws_security_group.${label}`, words]),
    ]),
    roles: {
      [`aws_security_group.${pods}`]: "pods",
      ...Object.fromEntries(
        services.map(({ group: label }) => [`aws_security_group.${label}`, "service" as const]),
      ),
    },
  };
}
