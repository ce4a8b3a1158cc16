import { isJson, type Json } from "../../io/json";
import { DIRECTIONS } from "../../network/rules";
import { isIcmp } from "../icmp";
import type { ListedGroup, ListedInterface, ListedRule, PeerArgument } from "./model";

/*
 * Items of the lists, as the API documents them.
 *
 * - https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroup.html
 * - https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
 * - https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroupRule.html
 * - https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html
 */

/** A group; undefined where it lacks what each has. */
export function listedGroup(item: Json): ListedGroup | undefined {
  const [id, name, vpcId] = [text(item, "GroupId"), text(item, "GroupName"), text(item, "VpcId")];
  if (id === "" || name === "" || vpcId === "") return undefined;
  if (!Array.isArray(item["IpPermissions"]) || !Array.isArray(item["IpPermissionsEgress"])) return undefined;
  return {
    id,
    name,
    description: text(item, "Description"),
    vpcId,
    owner: text(item, "OwnerId"),
    region: text(item, "SecurityGroupArn").split(":")[3] ?? "",
    tags: tagsOf(item["Tags"]),
  };
}

/** The rules of a group, one for each source; undefined where one of them has none that is known. */
export function permittedRules(item: Json): ListedRule[] | undefined {
  const group = text(item, "GroupId");
  const owner = text(item, "OwnerId");
  const rules = DIRECTIONS.flatMap((direction) =>
    objects(item[direction === "ingress" ? "IpPermissions" : "IpPermissionsEgress"]).flatMap((permission) => {
      const base = { group, direction, ...trafficOf(permission), tags: {} };
      const peers = SOURCES.flatMap(({ list, peerOf }) =>
        objects(permission[list]).map((source): ListedRule | undefined => {
          const peer = peerOf(source, owner);
          return peer && { ...base, peer, description: text(source, "Description") };
        }),
      );
      return peers.length === 0 ? [undefined] : peers;
    }),
  );
  return rules.every((rule) => rule !== undefined) ? rules : undefined;
}

/** A rule; undefined where it lacks what each has. */
export function listedRule(item: Json): ListedRule | undefined {
  const [id, group] = [text(item, "SecurityGroupRuleId"), text(item, "GroupId")];
  const isEgress = item["IsEgress"];
  const owner = text(item, "GroupOwnerId");
  const info = item["ReferencedGroupInfo"];
  const peer = isJson(info)
    ? groupPeer(info, owner)
    : (peerOf("cidr_ipv4", text(item, "CidrIpv4")) ??
      peerOf("cidr_ipv6", text(item, "CidrIpv6")) ??
      peerOf("prefix_list_id", text(item, "PrefixListId")));
  if (id === "" || group === "" || typeof isEgress !== "boolean" || peer === undefined) return undefined;
  return {
    id,
    group,
    direction: isEgress ? "egress" : "ingress",
    ...trafficOf(item),
    peer,
    description: text(item, "Description"),
    tags: tagsOf(item["Tags"]),
  };
}

/** An interface; undefined where it lacks what each has. */
export function listedInterface(item: Json): ListedInterface | undefined {
  const id = text(item, "NetworkInterfaceId");
  if (id === "" || !Array.isArray(item["Groups"])) return undefined;
  const attachment = isJson(item["Attachment"]) ? item["Attachment"] : {};
  return {
    id,
    type: text(item, "InterfaceType"),
    description: text(item, "Description"),
    requester: text(item, "RequesterId"),
    instance: text(attachment, "InstanceId"),
    instanceOwner: text(attachment, "InstanceOwnerId"),
    tagKeys: Object.keys(tagsOf(item["TagSet"])),
    groups: objects(item["Groups"]).map((group) => text(group, "GroupId")),
  };
}

type Peer = ListedRule["peer"];

/** The lists of an IpPermission, each with what names a source in it. */
const SOURCES: readonly {
  readonly list: string;
  readonly peerOf: (source: Json, owner: string) => Peer | undefined;
}[] = [
  { list: "IpRanges", peerOf: (source) => peerOf("cidr_ipv4", text(source, "CidrIp")) },
  { list: "Ipv6Ranges", peerOf: (source) => peerOf("cidr_ipv6", text(source, "CidrIpv6")) },
  { list: "PrefixListIds", peerOf: (source) => peerOf("prefix_list_id", text(source, "PrefixListId")) },
  { list: "UserIdGroupPairs", peerOf: groupPeer },
];

function peerOf(argument: PeerArgument, value: string): Peer | undefined {
  return value === "" ? undefined : { argument, value };
}

/** A group, with its account where that is another one, as the provider writes it: `111122223333/sg-0a1b`. */
function groupPeer(pair: Json, owner: string): Peer | undefined {
  const [id, account] = [text(pair, "GroupId"), text(pair, "UserId")];
  const isOther = account !== "" && owner !== "" && account !== owner;
  return peerOf("referenced_security_group_id", id !== "" && isOther ? `${account}/${id}` : id);
}

/** The protocol, and ports where it has any: those of others the list of rules writes as -1, and that of groups leaves out. */
function trafficOf(item: Json): Pick<ListedRule, "protocol" | "from" | "to"> {
  const protocol = text(item, "IpProtocol");
  const [from, to] = [item["FromPort"], item["ToPort"]];
  if (typeof from !== "number" || typeof to !== "number") return { protocol };
  return isIcmp(protocol) || PORTED.includes(protocol) ? { protocol, from, to } : { protocol };
}

const PORTED = ["tcp", "udp", "6", "17"];

function tagsOf(value: unknown): Record<string, string> {
  return Object.fromEntries(objects(value).map((tag) => [text(tag, "Key"), text(tag, "Value")]));
}

function objects(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isJson) : [];
}

function text(item: Json, name: string): string {
  const value = item[name];
  return typeof value === "string" ? value : "";
}
