import { Unknown, type Value } from "../../expression/value";
import type { Family } from "../../network/addresses";
import type { GroupKey } from "../../network/peers";
import type { Input, Resource } from "../read/model";
import type { Attachment } from "./model";
import { at, blocks, elements, isTrue, text, textOrExpression } from "./values";

/** What a subnet gives to the network interfaces in it. */
interface Subnet {
  /** The families that it has addresses of. */
  readonly families: readonly Family[];
  /** Whether an interface gets an IPv6 address without asking for one. */
  readonly assignsIpv6: boolean;
}

const IPV4: readonly Family[] = ["ipv4"];
const IPV6: readonly Family[] = ["ipv6"];
const BOTH: readonly Family[] = ["ipv4", "ipv6"];

/** How a kind of resource says where its interfaces are, and which addresses they have. */
interface Carrier {
  /** The subnets, or the group of subnets, that it names. */
  readonly subnets: (values: Resource["values"]) => readonly Value[];
  /**
   * The families that it asks for: undefined where it asks for none, so that the subnets alone tell; null where that is
   * not known.
   */
  readonly asked?: (values: Resource["values"]) => readonly Family[] | undefined | null;
  /** Whether its interfaces get what the subnet assigns on creation. */
  readonly takesAssigned?: boolean;
}

/** Values of the arguments `network_type` and `ip_address_type`, in AWS's spellings, lower case. */
const TYPES: Readonly<Record<string, readonly Family[]>> = {
  ipv4: IPV4,
  ipv6: IPV6,
  dual: BOTH,
  dual_stack: BOTH,
  dualstack: BOTH,
  "dualstack-without-public-ipv4": BOTH,
};

/** The families that an argument names. */
function typed(
  value: Value | undefined,
  byDefault?: readonly Family[],
): readonly Family[] | undefined | null {
  if (value === undefined || value === null || value === "") return byDefault;
  return (typeof value === "string" && TYPES[value.toLowerCase()]) || null;
}

/** Whether an interface asks for IPv6 addresses of its own. */
function asksForIpv6(values: Resource["values"]): readonly Family[] | undefined | null {
  const asked = [
    "ipv6_address_count",
    "ipv6_addresses",
    "ipv6_address_list",
    "ipv6_prefixes",
    "ipv6_prefix_count",
  ]
    .map((name) => values[name])
    .filter((value) => value !== undefined && value !== null && value !== 0)
    .filter((value) => !(Array.isArray(value) && value.length === 0));
  if (asked.length === 0) return undefined;
  return asked.some((value) => value instanceof Unknown) ? null : BOTH;
}

const INTERFACE: Carrier = {
  subnets: (values) => elements(values["subnet_id"]),
  asked: asksForIpv6,
  takesAssigned: true,
};
/**
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-ip-address-type.html: IPv4 alone is
 * the default.
 */
const LOAD_BALANCER: Carrier = {
  subnets: (values) => [
    ...elements(values["subnets"]),
    ...blocks(values["subnet_mapping"]).flatMap((block) => elements(block["subnet_id"])),
  ],
  asked: (values) => typed(values["ip_address_type"], IPV4),
};
/**
 * The group of subnets decides, where the type is not stated
 * (https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html, NetworkType).
 */
const DATABASE: Carrier = {
  subnets: (values) => elements(values["db_subnet_group_name"]),
  asked: (values) => typed(values["network_type"]),
};
const CACHE: Carrier = {
  subnets: (values) => elements(values["subnet_group_name"]),
  asked: (values) => typed(values["network_type"]),
};

const CARRIERS: Readonly<Record<string, Carrier>> = {
  aws_instance: INTERFACE,
  aws_network_interface: INTERFACE,
  aws_lb: LOAD_BALANCER,
  aws_alb: LOAD_BALANCER,
  aws_db_instance: DATABASE,
  aws_rds_cluster: DATABASE,
  aws_elasticache_cluster: CACHE,
  aws_elasticache_replication_group: CACHE,
  aws_elasticache_serverless_cache: { ...CACHE, subnets: (values) => elements(values["subnet_ids"]) },
  aws_eks_cluster: { subnets: (values) => elements(at(values["vpc_config"], "subnet_ids")) },
};

const SUBNET_GROUPS = ["aws_db_subnet_group", "aws_elasticache_subnet_group"];

/** The families of the addresses of what carries security groups, as the input shows them. */
export class Families {
  private readonly subnets = new Map<string, Subnet>();
  /** The subnets of a group of subnets. */
  private readonly subnetGroups = new Map<string, readonly Value[]>();

  constructor(input: Input) {
    for (const resource of input.resources) {
      if (resource.isUncertain) continue;
      if (resource.type === "aws_subnet") this.addSubnet(resource);
      if (SUBNET_GROUPS.includes(resource.type)) {
        for (const name of namesOf(resource, ["id", "name"])) {
          this.subnetGroups.set(name, elements(resource.values["subnet_ids"]));
        }
      }
    }
  }

  /** The families of the interfaces of a resource; undefined where the input does not show them all. */
  of({ type, values }: Resource): readonly Family[] | undefined {
    const carrier = CARRIERS[type];
    if (carrier === undefined) return undefined;
    const asked = carrier.asked?.(values);
    if (asked === null) return undefined;
    const subnets = carrier.subnets(values).flatMap((value) => this.subnetsAt(value));
    const isIpv6Native = subnets.length > 0 && subnets.every((subnet) => subnet?.families === IPV6);
    if (isIpv6Native) return IPV6;
    // In a subnet that is not known, an interface with IPv6 addresses may have no others.
    if (asked && !(carrier.takesAssigned && subnets.includes(undefined))) return asked;
    if (subnets.length === 0) return undefined;
    const families = subnets.map((subnet) => assigned(subnet, carrier));
    return families.includes(undefined)
      ? undefined
      : BOTH.filter((one) => families.some((of) => of?.includes(one)));
  }

  private subnetsAt(value: Value): (Subnet | undefined)[] {
    const name = textOrExpression(value);
    if (name === undefined) return [undefined];
    const group = this.subnetGroups.get(name);
    return group ? group.flatMap((subnet) => this.subnetsAt(subnet)) : [this.subnets.get(name)];
  }

  private addSubnet(resource: Resource): void {
    const subnet = subnetOf(resource);
    if (subnet === undefined) return;
    for (const name of namesOf(resource, ["id"])) this.subnets.set(name, subnet);
  }
}

/** What an interface in a subnet gets without asking for it; undefined where that is not known. */
function assigned(subnet: Subnet | undefined, { takesAssigned }: Carrier): readonly Family[] | undefined {
  if (subnet === undefined || subnet.families !== BOTH) return subnet?.families;
  if (!takesAssigned) return undefined;
  return subnet.assignsIpv6 ? BOTH : IPV4;
}

function subnetOf({ mode, values }: Resource): Subnet | undefined {
  // A data source that was not read shows what is looked for, not what is there.
  if (mode === "data" && values["id"] === undefined) return undefined;
  const [native, assigns] = [values["ipv6_native"], values["assign_ipv6_address_on_creation"]];
  if (native instanceof Unknown || assigns instanceof Unknown) return undefined;
  if (isTrue(native)) return { families: IPV6, assignsIpv6: true };
  const block = values["ipv6_cidr_block"];
  const isUnknown = block instanceof Unknown;
  // An expression may be null; a subnet that assigns addresses must have some.
  if (isUnknown && !isTrue(assigns)) return undefined;
  const hasBlock = isUnknown || (text(block) ?? "") !== "";
  return { families: hasBlock ? BOTH : IPV4, assignsIpv6: isTrue(assigns) };
}

/** All that names a resource: references to its attributes, and their values. */
function namesOf({ address, values }: Resource, attributes: readonly string[]): string[] {
  return attributes.flatMap((name) => {
    const value = text(values[name]);
    return value === undefined ? [`${address}.${name}`] : [`${address}.${name}`, value];
  });
}

/**
 * The families of the interfaces that carry some groups together; undefined where nothing does, or where the input does
 * not show them of all that does.
 */
export function familiesOn(
  attachments: readonly Attachment[],
): (groups: readonly GroupKey[]) => readonly Family[] | undefined {
  const byGroup = new Map<GroupKey, Attachment[]>();
  for (const attachment of attachments) {
    for (const group of attachment.groups) {
      const others = byGroup.get(group);
      if (others) others.push(attachment);
      else byGroup.set(group, [attachment]);
    }
  }
  return ([first = "", ...others]) => {
    const carriers = (byGroup.get(first) ?? []).filter(({ groups }) =>
      others.every((group) => groups.includes(group)),
    );
    const families = carriers.map((carrier) => carrier.families);
    if (families.length === 0 || families.includes(undefined)) return undefined;
    return BOTH.filter((one) => families.some((of) => of?.includes(one)));
  };
}

/** Whether all clusters of an input, of which there is one at least, give their pods IPv6 addresses. */
export function hasIpv6Pods(input: Input): boolean {
  const clusters = input.resources.filter(
    ({ mode, type }) => mode === "managed" && type === "aws_eks_cluster",
  );
  return (
    clusters.length > 0 &&
    clusters.every(({ values }) => at(values["kubernetes_network_config"], "ip_family") === "ipv6")
  );
}
