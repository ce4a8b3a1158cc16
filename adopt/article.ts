import { type Candidate, mayBe } from "./candidates";
import type { FoundGroup } from "./model";
import type { Seen, SeenRule } from "./seen";
import { isGroup, isPort, tagValues } from "./values";

/**
 * The pairs that look like the article's: a database's group that another one reaches on MySQL's port, with classic rules. Which
 * groups are the nodes' and the ingress' follows from the rules of the pods' group: the first gets its DNS, the other sends it
 * all TCP.
 */
export function articleCandidates(seen: Seen): Candidate[] {
  return seen.estate.groups.flatMap((rds): Candidate[] => {
    const own = seen.rulesOf(rds.id);
    if (own.length === 0 || own.some(({ found }) => !mayBe("classic", found))) return [];
    const isMysql = ({ found, traffic }: SeenRule) =>
      found.direction === "ingress" && isPort(traffic, "tcp", 3306);
    if (!own.some((rule) => isMysql(rule) && isGroup(rule.peer, rds.id))) return [];
    return own.flatMap((rule) => {
      const pods = rule.peer.kind === "group" ? seen.groups.get(rule.peer.id) : undefined;
      return isMysql(rule) && pods !== undefined && pods !== rds ? pair(rds, pods, seen) : [];
    });
  });
}

function pair(rds: FoundGroup, pods: FoundGroup, seen: Seen): Candidate[] {
  const rules = seen.rulesOf(pods.id);
  const peersOf = (direction: string, isIt: (rule: SeenRule) => boolean) =>
    rules.flatMap((rule) =>
      rule.found.direction === direction && isIt(rule) && rule.peer.kind === "group" ? [rule.peer.id] : [],
    );
  const worker = peersOf("egress", ({ traffic }) => isPort(traffic, "udp", 53))[0];
  const isAllTcp = ({ traffic }: SeenRule) =>
    traffic.protocol === "tcp" && traffic.ports.from === 0 && traffic.ports.to === 65535;
  const ingress = peersOf("ingress", isAllTcp).find((id) => id !== worker);
  if (worker === undefined || ingress === undefined) return [];
  return [
    {
      module: "rds-mysql",
      groups: { rds, pods },
      inputs: {
        name: rds.name,
        ...(pods.name !== `${rds.name}-for-pods` && { pods_group_name: pods.name }),
        vpc_id: rds.vpcId,
        ...tagValues(rds),
        security_groups: { k8s_worker: worker, k8s_ingress: ingress },
      },
    },
  ];
}
