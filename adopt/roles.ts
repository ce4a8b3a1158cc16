import type { Role } from "../verify/inventory/model";
import { DATA_ROLES } from "../verify/inventory/model";
import type { FoundGroup } from "./model";
import type { Seen, SeenRule } from "./seen";

/** What a group is for, as far as modules differ by it. */
export type Purpose = "pods" | "nodes" | "ingress" | "dns" | "endpoint" | "data";

/** What the words of names say, in the order in which they count. */
const WORDS: readonly { readonly purpose: Purpose; readonly words: ReadonlySet<string> }[] = [
  { purpose: "endpoint", words: new Set(["endpoint", "endpoints", "vpce"]) },
  { purpose: "dns", words: new Set(["coredns", "dns", "kubedns"]) },
  { purpose: "pods", words: new Set(["pod", "pods"]) },
  {
    purpose: "data",
    words: new Set(
      "db dbs database databases rds mysql mariadb postgres postgresql pg aurora redis valkey cache elasticache memcached kafka msk opensearch elasticsearch neptune docdb documentdb mongo mongodb redshift efs".split(
        " ",
      ),
    ),
  },
  { purpose: "nodes", words: new Set(["node", "nodes", "worker", "workers"]) },
  {
    purpose: "ingress",
    words: new Set([
      "ingress",
      "alb",
      "elb",
      "nlb",
      "lb",
      "gateway",
      "nginx",
      "traefik",
      "envoy",
      "balancer",
    ]),
  },
];

/** What it is on says it before any name. */
const ROLES: Readonly<Partial<Record<Role, Purpose>>> = {
  pods: "pods",
  nodes: "nodes",
  cluster: "nodes",
  ingress: "ingress",
  "load-balancer": "ingress",
  endpoint: "endpoint",
  ...Object.fromEntries(DATA_ROLES.map((role) => [role, "data"])),
};

/** What a group is for: by what it is attached to, else by its name, else by rules that only pods have. */
export function purposeOf(group: FoundGroup, seen: Seen): Purpose | undefined {
  const roles = [...seen.rolesOf(group)];
  if (roles.length > 0) {
    const purposes = new Set(roles.map((role) => ROLES[role]));
    return purposes.has("pods") ? "pods" : purposes.size === 1 ? [...purposes][0] : undefined;
  }
  return purposeOfName(group.name) ?? (hasRulesOfPods(seen.rulesOf(group.id)) ? "pods" : undefined);
}

function purposeOfName(name: string): Purpose | undefined {
  // Whom it admits is not what it is.
  const words = name
    .toLowerCase()
    .replace(/(from|to)[-_ ]+[a-z]+/g, "")
    .split(/[^a-z]+/);
  return WORDS.find((one) => words.some((word) => one.words.has(word)))?.purpose;
}

/** Whether a group opens DNS to another one that reaches it over TCP: the nodes, with the kubelet and its resolver. */
function hasRulesOfPods(rules: readonly SeenRule[]): boolean {
  const peersOf = (
    direction: "ingress" | "egress",
    protocol: "tcp" | "udp",
    isIt: (port: number) => boolean,
  ) =>
    rules.flatMap(({ found, traffic, peer }) =>
      found.direction === direction &&
      traffic.protocol === protocol &&
      isIt(traffic.ports.from) &&
      peer.kind === "group" &&
      peer.id !== found.group
        ? [peer.id]
        : [],
    );
  const isDns = (port: number) => port === 53;
  const tcp = peersOf("egress", "tcp", isDns);
  const probing = peersOf("ingress", "tcp", () => true);
  return peersOf("egress", "udp", isDns).some((id) => tcp.includes(id) && probing.includes(id));
}
