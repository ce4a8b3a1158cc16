import { Unknown, type Value } from "../../../expression/value";
import { groupedBy } from "../../../io/lists";
import type { GroupKey } from "../../../network/peers";
import type { Input, Resource } from "../../read/model";
import { allOf, anyOf, type Certainty } from "../certainty";
import { type GroupRegister, isGroup } from "../groups";
import { groupKeyIn } from "../interfaces/attachments";
import { openPlaceholders } from "../kubernetes/policy-shape";
import { isObject, text } from "../values";
import { likePattern } from "../wildcards";
import type { GroupTerm, NodeClass, NodeClassGroups } from "./karpenter";

/** A group that terms may find. */
interface Candidate {
  readonly key: GroupKey;
  readonly name: Found;
  /** Undefined where the input does not determine them. */
  readonly tags: ReadonlyMap<string, Found> | undefined;
}

/** A value that a group has; `prefix` is that of one of which AWS chooses the end. */
type Found = Value | { readonly prefix: string; readonly end: string };

/**
 * Finds groups as DescribeSecurityGroups does by filters: a value may have wildcards, and `*` stands for any tag of a key.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroups.html
 */
export class GroupFinder {
  private known: readonly Candidate[] | undefined;

  constructor(
    private readonly input: Input,
    private readonly register: GroupRegister,
  ) {}

  /** The groups that the nodes of a class carry: all that some term finds. */
  of(one: NodeClass): NodeClassGroups {
    const { address, terms, isUncertain } = one;
    if (isUncertain) return { unknown: `whether there is ${address} is not known` };
    if (terms === undefined) return { unknown: `${address} does not say by which terms it finds them` };
    const groups: GroupKey[] = [];
    for (const term of terms) {
      const found = term.kind === "ids" ? this.byIds(one, term.values) : this.byFilter(one, term);
      if ("unknown" in found) return found;
      groups.push(...found.groups);
    }
    return { groups: [...new Set(groups)] };
  }

  private byIds(one: NodeClass, ids: readonly Value[]): NodeClassGroups {
    const { address, isManifest } = one;
    const open = isManifest
      ? openPlaceholders(ids, this.input).filter((id) => this.register.declaredBy(id) === undefined)
      : [];
    if (open.length > 0) {
      return { unknown: `the group that ${open.join(", ")} in ${address} stands for is not known` };
    }
    const groups = ids.flatMap((id) => groupKeyIn(one, id, this.register));
    return groups.length > 0 ? { groups } : { unknown: `the groups that ${address} names are not known` };
  }

  private byFilter({ address }: NodeClass, term: Exclude<GroupTerm, { kind: "ids" }>): NodeClassGroups {
    const answers = this.candidates().map((one) => ({ one, is: matches(term, one) }));
    const open = answers.filter(({ is }) => is === "unknown").map(({ one }) => one.key);
    const words = wordsOf(term);
    if (open.length > 0) {
      return {
        unknown: `whether ${open.slice(0, 3).join(", ")} has ${words}, by which ${address} finds groups, is not known`,
      };
    }
    const groups = answers.filter(({ is }) => is === true).map(({ one }) => this.register.keyOf(one.key));
    if (groups.length > 0) return { groups };
    return { unknown: `no security group of the input has ${words}, by which ${address} finds them` };
  }

  private candidates(): readonly Candidate[] {
    this.known ??= this.collected();
    return this.known;
  }

  private collected(): Candidate[] {
    const { resources } = this.input;
    const added = groupedBy(
      resources.filter(({ mode, type }) => mode === "managed" && type === "aws_ec2_tag"),
      ({ values }) => this.register.keyOfId(values["resource_id"] ?? null),
    );
    const declared = resources.filter(isGroup).map((group) => candidateOf(group));
    const own = resources
      .filter(({ type }) => type === "aws_eks_cluster")
      .flatMap((cluster) => {
        const key = this.register.ownGroupOf(new Unknown(`${cluster.address}.name`));
        return key === undefined ? [] : [ownCandidate(key, cluster.values["name"])];
      });
    const all = new Map([...own, ...declared].map((one) => [one.key, one]));
    return [...all.values()].map((one) => withTags(one, added.get(one.key) ?? []));
  }
}

function candidateOf({ address, type, values }: Resource): Candidate {
  const { name = null, name_prefix: prefix = null, tags = null, tags_all: all = null } = values;
  const hasUnknown = tags instanceof Unknown || all instanceof Unknown;
  return {
    key: address,
    name: type === "aws_default_security_group" ? "default" : nameOf(name, prefix),
    tags: hasUnknown
      ? undefined
      : new Map(Object.entries({ ...(isObject(all) ? all : {}), ...(isObject(tags) ? tags : {}) })),
  };
}

/** Where a group is not named, Terraform makes a name of a prefix and 26 digits. */
function nameOf(name: Value, prefix: Value): Found {
  if (typeof name === "string") return name;
  if (typeof prefix === "string") return { prefix, end: "0".repeat(26) };
  return name === null && prefix === null
    ? { prefix: "terraform-", end: "0".repeat(26) }
    : new Unknown("name");
}

/** The name and the tags that EKS gives the group of a cluster: https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html */
function ownCandidate(key: GroupKey, cluster: Value | undefined): Candidate {
  const known = text(cluster);
  if (known === undefined) return { key, name: new Unknown("name"), tags: undefined };
  const name = { prefix: `eks-cluster-sg-${known}-`, end: "0000000000" };
  return {
    key,
    name,
    tags: new Map<string, Found>([
      ["Name", name],
      ["aws:eks:cluster-name", known],
      [`kubernetes.io/cluster/${known}`, "owned"],
    ]),
  };
}

/** With the tags that other resources put on a group. */
function withTags(one: Candidate, added: readonly Resource[]): Candidate {
  if (added.length === 0) return one;
  const known = added.flatMap(({ isUncertain, values: { key = null, value = null } }) =>
    typeof key === "string" ? [[key, isUncertain ? new Unknown(key) : value] as const] : [],
  );
  if (one.tags === undefined || known.length < added.length) return { ...one, tags: undefined };
  return { ...one, tags: new Map([...one.tags, ...known]) };
}

function matches(term: Exclude<GroupTerm, { kind: "ids" }>, { name, tags }: Candidate): Certainty {
  if (term.kind === "name") return isLike(term.value, name);
  if (tags === undefined) return "unknown";
  return allOf(
    term.tags.map(([key, values]) => {
      const value = tags.get(key);
      if (value === undefined || value === null) return false;
      return values.includes("*") || anyOf(values.map((pattern) => isLike(pattern, value)));
    }),
  );
}

/** Whether a value is as a pattern has it. What are two unknown values of one expression is the same. */
function isLike(pattern: Value, value: Found): Certainty {
  if (pattern instanceof Unknown || value instanceof Unknown) {
    const isOne =
      pattern instanceof Unknown && value instanceof Unknown && pattern.expression === value.expression;
    return isOne || "unknown";
  }
  const words = String(pattern);
  if (isChosen(value)) {
    // One that says all of it means this one.
    const isWhole = words.startsWith(value.prefix) && /^\d+$/.test(words.slice(value.prefix.length));
    return isWhole || likePattern(words).test(value.prefix + value.end);
  }
  return likePattern(words).test(String(value));
}

function isChosen(value: Found): value is { readonly prefix: string; readonly end: string } {
  return isObject(value as Value) && "prefix" in (value as object);
}

function wordsOf(term: Exclude<GroupTerm, { kind: "ids" }>): string {
  const shown = (value: Value) => (value instanceof Unknown ? value.expression : String(value));
  if (term.kind === "name") return `the name ${shown(term.value)}`;
  const tags = term.tags.map(([key, values]) => `${key}=${values.map(shown).join(",")}`);
  return `the ${tags.length > 1 ? "tags" : "tag"} ${tags.join(", ")}`;
}
