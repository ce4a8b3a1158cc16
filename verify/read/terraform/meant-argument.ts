import { nearest } from "../../../io/nearest";

/** Any resource may have these. */
const EVERYWHERE = ["id", "region"];

/** What is one thing and is called otherwise in another form of rule. */
const SAME: readonly (readonly string[])[] = [
  ["cidr_blocks", "cidr_ipv4", "cidrs"],
  ["ipv6_cidr_blocks", "cidr_ipv6"],
  ["prefix_list_ids", "prefix_list_id"],
  ["protocol", "ip_protocol"],
  [
    "security_groups",
    "source_security_group_id",
    "referenced_security_group_id",
    "security_group_ids",
    "source_security_groups",
    "destination_security_group_id",
  ],
];

/**
 * The argument that is meant by a name which is none: it is misspelt, or of another form of rule. Undefined where it may be
 * an argument, or one of a later provider.
 *
 * @param known the arguments that there are
 */
export function meantArgument(name: string, known: readonly string[]): string | undefined {
  if (known.includes(name) || EVERYWHERE.includes(name)) return undefined;
  const others = SAME.flatMap((names) => (names.some((one) => known.includes(one)) ? names : []));
  const near = nearest(name, [...known, ...others]);
  if (near === undefined || known.includes(near)) return near;
  return SAME.find((names) => names.includes(near))?.find((one) => known.includes(one));
}
