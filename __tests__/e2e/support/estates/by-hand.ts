import { ec2 } from "../ec2";
import { ADDED, type Change, RULES, type Rule } from "./drift";
import type { Drift } from "./model";

/** Does by hand what makes a group drift. @param id that of the group */
export async function driftLive({ changes }: Drift, id: string): Promise<void> {
  const permission = ({ protocol, port, cidrs, description }: Rule) => ({
    GroupId: id,
    "IpPermissions.1.IpProtocol": protocol,
    "IpPermissions.1.FromPort": String(port),
    "IpPermissions.1.ToPort": String(port),
    ...Object.fromEntries(cidrs.map((cidr, index) => [`IpPermissions.1.IpRanges.${index + 1}.CidrIp`, cidr])),
    ...(description !== undefined && { "IpPermissions.1.IpRanges.1.Description": description }),
  });
  const does: Readonly<Record<Change, () => Promise<unknown>>> = {
    added: () => ec2("AuthorizeSecurityGroupIngress", permission(ADDED)),
    removed: () => ec2("RevokeSecurityGroupIngress", permission(RULES.removed)),
    described: () =>
      ec2(
        "UpdateSecurityGroupRuleDescriptionsIngress",
        permission({ ...RULES.described, description: "By hand" }),
      ),
  };
  for (const change of changes) await does[change]();
}
