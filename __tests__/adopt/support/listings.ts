import type { Json } from "../../../io/json";
import { VPC } from "./state";

/*
 * What the AWS CLI prints, in the shapes that its service model gives and that aws-cli 1.45 prints.
 */

const OWNER = "111122223333";

export interface Source {
  readonly cidr?: string;
  readonly cidr6?: string;
  readonly list?: string;
  readonly group?: string;
  /** Of a group: its account. */
  readonly account?: string;
}

/** A rule: its id, its group, and what it admits. */
export interface Rule extends Source {
  readonly id: string;
  readonly on: string;
  readonly egress?: boolean;
  readonly protocol?: string;
  readonly ports?: readonly [number, number];
  readonly description?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

const tagged = (tags: Readonly<Record<string, string>> = {}) =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** A group of describe-security-groups with its rules among these; AWS puts those of the same ports together. */
export function listedGroup(id: string, name: string, rules: readonly Rule[], more: Json = {}): Json {
  const permissions = (isEgress: boolean) => {
    const byTraffic = new Map<string, Json>();
    for (const rule of rules.filter((one) => one.on === id && (one.egress ?? false) === isEgress)) {
      const { protocol = "tcp", ports, cidr, cidr6, list, group, account = OWNER, description } = rule;
      const key = JSON.stringify([protocol, ports]);
      const permission = byTraffic.get(key) ?? {
        IpProtocol: protocol,
        ...(ports && { FromPort: ports[0], ToPort: ports[1] }),
        UserIdGroupPairs: [],
        IpRanges: [],
        Ipv6Ranges: [],
        PrefixListIds: [],
      };
      byTraffic.set(key, permission);
      const words = description === undefined ? {} : { Description: description };
      const push = (name: string, item: Json) => (permission[name] as Json[]).push({ ...item, ...words });
      if (cidr) push("IpRanges", { CidrIp: cidr });
      if (cidr6) push("Ipv6Ranges", { CidrIpv6: cidr6 });
      if (list) push("PrefixListIds", { PrefixListId: list });
      if (group) push("UserIdGroupPairs", { GroupId: group, UserId: account });
    }
    return [...byTraffic.values()];
  };
  return {
    GroupId: id,
    GroupName: name,
    Description: `Group ${name}.`,
    VpcId: VPC,
    OwnerId: OWNER,
    SecurityGroupArn: `arn:aws:ec2:eu-west-1:${OWNER}:security-group/${id}`,
    Tags: [],
    IpPermissions: permissions(false),
    IpPermissionsEgress: permissions(true),
    ...more,
  };
}

/** A rule of describe-security-group-rules: it writes -1 where there are no ports. */
export function listedRule(rule: Rule): Json {
  const { id, on, egress = false, protocol = "tcp", ports = [-1, -1], cidr, cidr6, list } = rule;
  const { group, account = OWNER, description, tags } = rule;
  return {
    SecurityGroupRuleId: id,
    GroupId: on,
    GroupOwnerId: OWNER,
    IsEgress: egress,
    IpProtocol: protocol,
    FromPort: ports[0],
    ToPort: ports[1],
    ...(cidr && { CidrIpv4: cidr }),
    ...(cidr6 && { CidrIpv6: cidr6 }),
    ...(list && { PrefixListId: list }),
    ...(group && { ReferencedGroupInfo: { GroupId: group, UserId: account } }),
    ...(description !== undefined && { Description: description }),
    Tags: tagged(tags),
  };
}

/** Groups by their ids, each with its name, and their rules as both commands print them. */
export function listings(
  groups: Readonly<Record<string, string>>,
  rules: readonly Rule[],
  more: Readonly<Record<string, Json>> = {},
): { readonly "groups.json": string; readonly "rules.json": string } {
  const listed = Object.entries(groups).map(([id, name]) => listedGroup(id, name, rules, more[id]));
  return {
    "groups.json": JSON.stringify({ SecurityGroups: listed }),
    "rules.json": JSON.stringify({ SecurityGroupRules: rules.map(listedRule) }),
  };
}
