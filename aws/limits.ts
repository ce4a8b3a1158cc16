/** What AWS allows, each with the page that says it; read in November 2026. */
export const LIMITS = {
  /**
   * Rules of a group, for each direction, IPv4 and IPv6 apart, unless the quota was raised.
   * https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups
   */
  rulesPerGroup: 60,
  /** Groups of a network interface, unless the quota was raised; of pods on Fargate in any case. The same page. */
  groupsPerInterface: 5,
  /** As far as that quota can be raised. The same page. */
  mostGroupsPerInterface: 16,
  /**
   * Characters of names and descriptions of groups and of descriptions of rules.
   * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
   */
  descriptionLength: 255,
} as const;
