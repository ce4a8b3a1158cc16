import type { Estate, FoundGroup, FoundRule } from "./model";

/** Groups that a module may be made for, with the values that its call would have. */
export interface Candidate {
  readonly module: string;
  readonly groups: readonly FoundGroup[];
  /** The values, with ids of groups as they are. */
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** The tags that the modules set themselves. */
const OWN_TAGS = ["Name", "Region", "CreatedBy", "Platform"];

/**
 * The pairs that look like the article's: `NAME` and `NAME-for-pods` in one VPC. Which groups are the nodes' and the ingress'
 * follows from the rules of the pods' group: the first gets its DNS, the other sends it all TCP.
 */
export function articleCandidates({ groups, rules }: Estate): Candidate[] {
  const byName = new Map(groups.map((group) => [`${group.vpcId} ${group.name}`, group]));
  return groups.flatMap((rds): Candidate[] => {
    const pods = byName.get(`${rds.vpcId} ${rds.name}-for-pods`);
    if (pods === undefined) return [];
    const own = rules.filter(({ group }) => group === pods.id);
    const worker = peerOf(own, { direction: "egress", protocol: "udp", from: 53, to: 53 })[0];
    const ingress = peerOf(own, { direction: "ingress", protocol: "tcp", from: 0, to: 65535 }).find(
      (id) => id !== worker,
    );
    if (worker === undefined || ingress === undefined) return [];
    const tags = Object.fromEntries(Object.entries(rds.tags).filter(([key]) => !OWN_TAGS.includes(key)));
    const { Platform: platform } = rds.tags;
    return [
      {
        module: "rds-mysql",
        groups: [rds, pods],
        inputs: {
          name: rds.name,
          vpc_id: rds.vpcId,
          ...(platform !== undefined && { platform }),
          ...(Object.keys(tags).length > 0 && { tags }),
          security_groups: { k8s_worker: worker, k8s_ingress: ingress },
        },
      },
    ];
  });
}

function peerOf(
  rules: readonly FoundRule[],
  wanted: {
    readonly direction: string;
    readonly protocol: string;
    readonly from: number;
    readonly to: number;
  },
): string[] {
  return rules
    .filter(
      ({ direction, values }) =>
        direction === wanted.direction &&
        (values["protocol"] ?? values["ip_protocol"]) === wanted.protocol &&
        values["from_port"] === wanted.from &&
        values["to_port"] === wanted.to,
    )
    .flatMap(({ peers }) => peers);
}
