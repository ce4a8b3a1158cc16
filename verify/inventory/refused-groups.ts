import { withoutKeys, withoutLastKey } from "../../expression/address";
import { Unknown } from "../../expression/value";
import type { Input, Resource } from "../read/model";
import type { GroupRegister } from "./groups";
import { within } from "./interfaces/attachments";
import { INTERFACES } from "./interfaces/table";
import type { Group, Refusal, SecurityGroupRule } from "./model";
import { refusedId } from "./refused-rules";
import { elements } from "./values";

/** What Terraform refuses about resources as they are written: shapes, keys, circles. */
export function refusedByTerraform(input: Input, isOfRules: (resource: Resource) => boolean): Refusal[] {
  const resources = input.resources.filter(isOfRules);
  const carriers = input.resources.filter((resource) => !isOfRules(resource) && carriesGroups(resource));
  return [...resources.flatMap(misfits), ...carriers.flatMap(misfits), ...cycles(input, resources)];
}

/** What puts groups on something: what gives them to interfaces, and manifests, which may be policies. */
function carriesGroups({ mode, type }: Resource): boolean {
  return mode === "managed" && (type in INTERFACES || /^(?:kubernetes|kubectl)_manifest$/.test(type));
}

function misfits({ address, source, misfits: all = [] }: Resource): Refusal[] {
  return all.map((misfit): Refusal => {
    const base = { resource: address, source };
    if (misfit.kind === "no-list" || misfit.kind === "strange-argument")
      return { ...base, address, refused: misfit };
    // Keys are those of all instances together.
    if (misfit.kind === "late-instances" || misfit.kind === "failed-argument")
      return { ...base, address: misfit.module ?? withoutLastKey(address), refused: misfit };
    const { index, ...refused } = misfit;
    return { ...base, address: `${address}.${misfit.argument}[${index}]`, refused };
  });
}

/** What is attached and is no id of a group, by the lists of the table of interfaces. */
export function attachedWithoutIds(input: Input, register: GroupRegister): Refusal[] {
  if (input.kind === "state") return [];
  return input.resources.flatMap(({ mode, type, address, values, source }) => {
    const paths = mode === "managed" ? (INTERFACES[type]?.groups ?? []) : [];
    const ofIds = paths.filter((path) => !takesOthers(type, path));
    return ofIds.flatMap((path) =>
      within(values, path.split(".")).flatMap((list) =>
        elements(list).flatMap((value): Refusal[] => {
          const refused = refusedId(register, path, value);
          return refused === undefined ? [] : [{ address, resource: address, refused, source }];
        }),
      ),
    );
  });
}

/** Whether an argument takes ARNs, or, in the default VPC, names. */
function takesOthers(type: string, path: string): boolean {
  if (path.endsWith("_arns")) return true;
  return path === "security_groups" && ["aws_instance", "aws_spot_instance_request"].includes(type);
}

/** Circles with groups or rules in them: all members are refused at the first of these. */
function cycles({ cycles: all = [] }: Input, resources: readonly Resource[]): Refusal[] {
  return all.flatMap((members) => {
    const own = resources.filter(({ address }) => members.includes(withoutKeys(address)));
    const [first] = own;
    if (first === undefined) return [];
    const address = withoutKeys(first.address);
    const refused = { kind: "cycle", members } as const;
    return own.map(({ address: resource, source }) => ({ address, resource, refused, source }));
  });
}

/**
 * What may join VPCs, so that groups of one may name those of the other: peering, transit gateways, a core network of Cloud
 * WAN (https://docs.aws.amazon.com/network-manager/latest/cloudwan/cloudwan-policies-json.html), and a group that is
 * associated with further VPCs (https://docs.aws.amazon.com/vpc/latest/userguide/security-group-assoc.html).
 */
const JOINS_VPCS = /vpc_peering|transit_gateway|networkmanager|security_group_vpc_association/;

/**
 * Rules for a group of another VPC, which AWS does not find: InvalidGroup.NotFound. Groups of peered VPCs are found
 * (https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html), so that nothing is said where the input
 * joins VPCs, or a module of it is not read. Certain are only VPCs that the configuration itself makes, and the default VPC.
 */
export function inTwoVpcs(
  { kind, resources, modules, hangsOnDefault = () => false }: Input,
  register: GroupRegister,
  rules: readonly SecurityGroupRule[],
): Refusal[] {
  const isJoined = resources.some(({ type }) => JOINS_VPCS.test(type));
  const hasUnread = modules.some(({ passed }) => passed !== undefined);
  if (kind !== "configuration" || isJoined || hasUnread) return [];
  const made = new Set(
    resources.flatMap(({ mode, type, address }) =>
      mode === "managed" && type === "aws_vpc" ? [`${address}.id`] : [],
    ),
  );
  const vpcOf = ({ vpc }: Group) => {
    if (vpc === undefined || vpc === null) return DEFAULT;
    return vpc instanceof Unknown && made.has(vpc.expression) ? vpc.expression : undefined;
  };
  return rules.flatMap(({ address, group: key, peer, source, form }): Refusal[] => {
    const group = key === undefined ? undefined : register.groups.get(key);
    const other = peer.kind === "group" ? register.groups.get(peer.group) : undefined;
    if (!group?.declaredAt || !other?.declaredAt) return [];
    const [own, its] = [vpcOf(group), vpcOf(other)];
    if (own === undefined || its === undefined || own === its) return [];
    // Whoever calls the module may name another.
    if ([group, other].some(({ key: one }) => hangsOnDefault(one, "vpc_id"))) return [];
    const vpcs = [named(own), named(its)] as const;
    const refused = { kind: "two-vpcs", group: group.key, peer: other.key, vpcs } as const;
    return [{ address, resource: form === "inline" ? group.key : address, refused, source }];
  });
}

const DEFAULT = "the default VPC";

function named(vpc: string): string | undefined {
  return vpc === DEFAULT ? undefined : vpc.replace(/\.id$/, "");
}
