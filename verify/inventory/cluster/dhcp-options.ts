import type { Value } from "../../../expression/value";
import type { Resource } from "../../read/model";
import type { Inventory } from "../model";
import { resources } from "../resources";
import { elements, text, textOrExpression } from "../values";

/** https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html: no group filters what goes to these. */
const AMAZON = ["AmazonProvidedDNS", "169.254.169.253", "fd00:ec2::253"];

/**
 * The resolvers that a VPC gives to what starts in it, other than its own, as addresses: pods that ask as their node does ask
 * these. None where the VPC's own resolver answers; unknown where the input does not say.
 * https://docs.aws.amazon.com/vpc/latest/userguide/VPC_DHCP_Options.html
 *
 * @param vpcs the VPC of each group of the pods, as far as the input says
 */
export function resolversOf(
  inventory: Inventory,
  vpcs: readonly (Value | undefined)[],
): readonly string[] | "unknown" {
  const associations = resources(inventory, "aws_vpc_dhcp_options_association");
  const own = vpcs.flatMap((vpc) => textOrExpression(vpc) ?? []);
  const ofPods = associations.filter(({ values }) => own.includes(textOrExpression(values["vpc_id"]) ?? ""));
  if (ofPods.length === 0) {
    const isAnother = ({ values }: Resource) => vpcs.every((vpc) => areTwo(inventory, values["vpc_id"], vpc));
    return associations.every(isAnother) ? [] : "unknown";
  }
  const servers = ofPods.flatMap(({ values, isUncertain }): readonly Value[] =>
    isUncertain ? [null] : serversIn(inventory, values["dhcp_options_id"]),
  );
  if (!servers.every((server) => typeof server === "string")) return "unknown";
  const reserved = resources(inventory, "aws_vpc").flatMap((vpc) => reservedIn(vpc) ?? []);
  return [...new Set(servers)].filter((server) => !AMAZON.includes(server) && !reserved.includes(server));
}

/** The servers of a set of options, with null for what is not known. */
function serversIn(inventory: Inventory, id: Value | undefined): readonly Value[] {
  if (id === "default") return [];
  const options = resources(inventory, "aws_vpc_dhcp_options").find(
    ({ address, values }) =>
      textOrExpression(id) === `${address}.id` || (id !== undefined && id === values["id"]),
  );
  return options === undefined ? [null] : elements(options.values["domain_name_servers"]);
}

/** Whether two names are certainly of two VPCs: two ids, or two that the input declares. */
function areTwo(inventory: Inventory, one: Value | undefined, other: Value | undefined): boolean {
  if (typeof one === "string" && typeof other === "string") return one !== other;
  const declared = resources(inventory, "aws_vpc", "aws_default_vpc").map(({ address }) => `${address}.id`);
  return [one, other].every((name) => declared.includes(textOrExpression(name) ?? ""));
}

/** The address of the VPC's own resolver: two behind the first of its network. */
function reservedIn({ values }: Resource): string | undefined {
  const [, network = ""] = /^(\d+\.\d+\.\d+\.\d+)\//.exec(text(values["cidr_block"]) ?? "") ?? [];
  const parts = network.split(".").map(Number);
  return parts.length === 4 ? [...parts.slice(0, 3), (parts[3] as number) + 2].join(".") : undefined;
}
