import { managedPrefixList } from "../../aws/prefix-lists";
import { Unknown, type Value } from "../../expression/value";
import { canonicalCidr } from "../../network/cidr";
import type { Input, Resource } from "../read/model";
import { blocks, elements, text, textOrExpression } from "./values";

/** A prefix list of the input. */
export interface PrefixList {
  /** Its address. */
  readonly id: string;
  /** Its CIDRs in canonical form; absent when the input does not say them all. */
  readonly entries?: readonly string[];
  /** How many rules it counts for in the quota of a group. */
  readonly maxEntries?: number;
  readonly family?: "IPv4" | "IPv6";
}

const LIST = "aws_ec2_managed_prefix_list";
/** The older data source, which finds lists of AWS alone. */
const AWS_LIST = "aws_prefix_list";
const ENTRY = "aws_ec2_managed_prefix_list_entry";

/** The prefix lists of an input, by `<address>.id` and by their ids where those are known. */
export function prefixLists(input: Input): ReadonlyMap<string, PrefixList> {
  const result = new Map<string, PrefixList>();
  const separate = separateEntries(input);
  for (const resource of input.resources) {
    const { address, mode, type, values } = resource;
    if (type !== LIST && !(type === AWS_LIST && mode === "data")) continue;
    const managed = mode === "data" ? managedPrefixList(nameOf(values)) : undefined;
    const id = text(values["id"]);
    const names = id === undefined ? [`${address}.id`] : [`${address}.id`, id];
    const cidrs = [...ownEntries(resource), ...names.flatMap((name) => separate.get(name) ?? [])];
    const entries = cidrs.map((cidr) => (typeof cidr === "string" ? canonicalCidr(cidr) : undefined));
    const isComplete = !entries.includes(undefined);
    const max = values["max_entries"];
    const family = values["address_family"];
    const list: PrefixList = {
      id: address,
      ...(isComplete && { entries: [...new Set(entries as string[])].sort() }),
      ...(typeof max === "number" && { maxEntries: max }),
      ...(managed && { maxEntries: managed.weight }),
      ...((family === "IPv4" || family === "IPv6") && { family }),
      ...(managed?.family && { family: managed.family }),
    };
    for (const name of names) result.set(name, list);
  }
  return result;
}

/** The name by which a data source looks for a list, also as a filter; empty where it does not. */
function nameOf(values: Resource["values"]): string {
  const filters = blocks(values["filter"]).filter(({ name }) => name === "prefix-list-name");
  const [name] = [values["name"], ...filters.flatMap((filter) => elements(filter["values"]))].filter(
    (one) => one !== undefined,
  );
  // Text with a region that is not known is an expression in quotes.
  return name instanceof Unknown ? name.expression.replace(/^"|"$/g, "") : (text(name) ?? "");
}

function ownEntries({ mode, values }: Resource): (Value | undefined)[] {
  const block = values[mode === "data" ? "entries" : "entry"];
  // What a data source looks up is known in a plan or a state alone.
  if (block instanceof Unknown || (mode === "data" && block === undefined)) return [undefined];
  return blocks(block).map((entry) => entry["cidr"]);
}

function separateEntries(input: Input): ReadonlyMap<string, Value[]> {
  const result = new Map<string, Value[]>();
  for (const { type, values } of input.resources) {
    if (type !== ENTRY) continue;
    const list = values["prefix_list_id"];
    const name = textOrExpression(list);
    if (name === undefined) continue;
    const entries = result.get(name);
    if (entries) entries.push(values["cidr"] ?? null);
    else result.set(name, [values["cidr"] ?? null]);
  }
  return result;
}
