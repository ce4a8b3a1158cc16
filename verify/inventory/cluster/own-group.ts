import { lastAttribute } from "../../../expression/resource-reference";
import type { Value } from "../../../expression/value";
import { groupedBy } from "../../../io/lists";
import type { GroupKey } from "../../../network/peers";
import { DIRECTIONS } from "../../../network/rules";
import type { Input, Resource, Source } from "../../read/model";
import type { Group, SecurityGroupRule } from "../model";
import { at, blocks, elements, isObject, text, textOrExpression } from "../values";

const ATTRIBUTE = "vpc_config[0].cluster_security_group_id";
/** The tag by which EKS names the cluster of its group, and how it names the group: both are in the page below. */
const TAG = "aws:eks:cluster-name";
const NAME = /^eks-cluster-sg-(.+?)-(?:\*|\d+)$/;
/** The outputs of the most used modules that make a cluster: those that name the cluster, and its group. */
const MODULES = [
  { clusters: ["cluster_name", "cluster_id", "cluster_arn"], group: "cluster_primary_security_group_id" },
  { clusters: ["eks_cluster_id", "eks_cluster_arn"], group: "eks_cluster_managed_security_group_id" },
];

/**
 * The group that EKS makes for each cluster, in all its spellings: an attribute of the cluster or of a data source of it, a
 * data source of the group by its tag or its name, an id, the output of a module. One cluster has one, which has one key.
 */
export class OwnGroups {
  /** Keys by the expressions and ids that name the group. */
  readonly names = new Map<string, GroupKey>();
  readonly keys: ReadonlySet<GroupKey>;
  /** Keys by what names the cluster. */
  private readonly clusters = new Map<string, GroupKey>();

  constructor({ resources }: Input) {
    const byType = groupedBy(resources, ({ mode, type }) => `${mode} ${type}`);
    const all = (type: string) => byType.get(type) ?? [];
    for (const cluster of all("managed aws_eks_cluster")) this.take(cluster, cluster.address);
    for (const cluster of all("data aws_eks_cluster"))
      this.take(cluster, textOrExpression(cluster.values["name"]));
    for (const group of [...all("data aws_security_group"), ...all("data aws_security_groups")]) {
      this.lookedUp(group);
    }
    this.keys = new Set(this.names.values());
  }

  /** The own group of a cluster that a value names; undefined where it names none. */
  of(cluster: Value | undefined): GroupKey | undefined {
    const name = textOrExpression(cluster);
    if (name === undefined) return undefined;
    return this.clusters.get(name) ?? ofModule(name);
  }

  private take({ address, values, isUncertain }: Resource, cluster: string | undefined): void {
    const own = `${address}.${ATTRIBUTE}`;
    const key = this.of(values["name"]) ?? own;
    const names = [address, ...(isUncertain ? [`${address}[0]`] : [])];
    for (const name of names) {
      this.names.set(`${name}.${ATTRIBUTE}`, key);
      for (const attribute of ["name", "id", "arn"]) this.clusters.set(`${name}.${attribute}`, key);
    }
    for (const name of [cluster, textOrExpression(values["name"]), text(values["arn"])]) {
      if (name !== undefined && !this.clusters.has(name)) this.clusters.set(name, key);
    }
    const id = text(at(values["vpc_config"], "cluster_security_group_id"));
    if (id) this.names.set(id, key);
  }

  private lookedUp({ address, type, values }: Resource): void {
    const cluster = clusterOf(values);
    if (cluster === undefined) return;
    const own = type === "aws_security_groups" ? `${address}.ids[0]` : `${address}.id`;
    const key = this.of(cluster) ?? own;
    this.names.set(own, key);
    const id = text(values["id"]);
    if (id?.startsWith("sg-")) this.names.set(id, key);
    const name = textOrExpression(cluster);
    if (name !== undefined && !this.clusters.has(name)) this.clusters.set(name, key);
  }
}

/**
 * The rules that EKS's own group certainly has: from and to itself, which EKS makes anew when they are taken away. Its egress
 * to everywhere is a default that may be gone.
 * https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html
 */
export function rulesOfOwnGroups(groups: Iterable<Group>, source: Source): SecurityGroupRule[] {
  return [...groups]
    .filter(({ isOwnOfCluster }) => isOwnOfCluster)
    .flatMap(({ key }) =>
      DIRECTIONS.map((direction) => ({
        address: key,
        form: "per-rule" as const,
        group: key,
        direction,
        traffic: { protocol: "all" as const },
        peer: { kind: "group" as const, group: key },
        source,
      })),
    );
}

/** Whether an expression names the own group of some cluster by what it is called. */
export function isOwnByName(expression: string): boolean {
  const last = lastAttribute(expression)?.name;
  return expression.endsWith(`.${ATTRIBUTE}`) || MODULES.some(({ group }) => group === last);
}

/** The cluster whose group a data source looks for. */
function clusterOf(values: Resource["values"]): Value | undefined {
  const tags = values["tags"];
  const tagged = isObject(tags) ? tags[TAG] : undefined;
  if (tagged !== undefined) return tagged;
  const filters = new Map(
    blocks(values["filter"]).map(({ name, values: list }) => [name, elements(list)[0]] as const),
  );
  const ofTag = filters.get(`tag:${TAG}`);
  if (ofTag !== undefined) return ofTag;
  const name = text(values["name"]) ?? text(filters.get("group-name"));
  return name === undefined ? undefined : NAME.exec(name)?.[1];
}

function ofModule(cluster: string): GroupKey | undefined {
  const output = lastAttribute(cluster);
  const made = MODULES.find(({ clusters }) => output !== undefined && clusters.includes(output.name));
  if (output?.of.startsWith("module.") && made) return `${output.of}.${made.group}`;
  return undefined;
}
