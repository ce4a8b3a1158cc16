/**
 * The prefix lists that AWS manages, by the part of their names behind `com.amazonaws.REGION.` or `com.amazonaws.global.`,
 * and how many rules each counts for in the quota of a security group.
 * https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html, read in November 2026.
 */
const WEIGHTS: Readonly<Record<string, number>> = {
  "cloudfront.origin-facing": 55,
  dynamodb: 1,
  "ec2-instance-connect": 2,
  groundstation: 5,
  "route53-healthchecks": 25,
  s3: 1,
  s3express: 6,
  "vpc-lattice": 10,
};

/** The services whose list for IPv6 is one of its own: the other one holds IPv4. */
const HAS_IPV6 = ["cloudfront.origin-facing", "ec2-instance-connect", "route53-healthchecks", "vpc-lattice"];

/**
 * What a prefix list of AWS counts for.
 *
 * @param name its name, in which the region may be an expression: `com.amazonaws.${var.region}.s3`
 * @returns undefined for a list that AWS does not manage
 */
export function managedPrefixList(
  name: string,
): { readonly weight: number; readonly family?: "IPv4" | "IPv6" } | undefined {
  const [, ipv6, service = ""] =
    /^com\.amazonaws\.(?:[a-z0-9-]+|\$\{[^}]*\})\.(ipv6\.)?([a-z0-9.-]+)$/.exec(name) ?? [];
  const weight = Object.hasOwn(WEIGHTS, service) ? WEIGHTS[service] : undefined;
  if (weight === undefined) return undefined;
  if (ipv6) return { weight, family: "IPv6" };
  return { weight, ...(HAS_IPV6.includes(service) && { family: "IPv4" as const }) };
}
