import type { Check } from "./check";
import { listed } from "./words";

/** AWS's default; it can be raised to 16. */
const QUOTA = 5;

export const check: Check = {
  id: "groups-per-interface",
  severity: "error",
  title: "Too many groups on one interface",
  why: "An interface carries five security groups unless the quota was raised, and 16 at most. For pods nothing is said when the policy is applied: they stay in ContainerCreating. All policies that match a pod add up.",
  reference:
    "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups",
  run: ({ inventory }) =>
    inventory.attachments
      .filter(({ groups }) => groups.length > QUOTA)
      .map(({ address, groups, source }) => ({
        address,
        source,
        message: `${address} puts ${groups.length} groups on one interface: ${listed(groups)}. AWS allows ${QUOTA} unless the quota was raised (16 at most). Merge groups, or have the quota raised.`,
      })),
};
