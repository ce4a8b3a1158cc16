import { isSecurityGroupType } from "../../aws/security-group-types";
import { isPartOf, withoutLastKey } from "../../expression/address";
import {
  chosenReference,
  itemReferences,
  pathKey,
  type ReferencePath,
  referenceOf,
  soleReference,
} from "../../expression/references";
import {
  isAttribute,
  lastAttribute,
  type ResourceReference,
  resourceReference,
  wordsOf,
} from "../../expression/resource-reference";
import { Unknown, type Value } from "../../expression/value";
import type { GroupKey } from "../../network/peers";
import type { Input, Resource } from "../read/model";
import { isOwnByName, OwnGroups } from "./cluster/own-group";
import { groupNamedBy } from "./ids";
import type { Group, Inventory, RefusedPlace, Role, RuleForm } from "./model";
import { isObject, text, textOrExpression } from "./values";

/** A group while its rules and attachments are being collected. */
export interface GroupEntry extends Group {
  readonly forms: Set<RuleForm>;
  readonly roles: Set<Role>;
}

/** Which group a value names; `unknown` when it may be one of several candidates,
 * or, without candidates, any. */
export type Named =
  | { readonly group: GroupKey }
  | { readonly unknown: string; readonly candidates: readonly GroupKey[] };

/** A cluster makes a group of its own, a VPC its default group. */
const MAKES_GROUPS = ["aws_eks_cluster", "aws_vpc", "aws_default_vpc"];

/** The groups of an input: those that it declares from the start, the others as they are named. */
export class GroupRegister {
  readonly groups = new Map<GroupKey, GroupEntry>();
  /** Keys by all that names a declared group: `<address>.id`, its id, the default group of a VPC. */
  private readonly names = new Map<string, GroupKey>();
  /** Declared groups by their addresses without the last index, for references to all of them. */
  private readonly instances = new Map<string, GroupKey[]>();
  /**
   * Groups that have no id yet: what a plan knows after apply is one of them. One array for all, because a plan may
   * have thousands of such rules.
   */
  private readonly created: GroupKey[] = [];
  /** Whether something without an id yet makes groups that the input does not declare: then it may be one of those. */
  private readonly createsOthers: boolean;
  /** Groups whose number is not known: a reference with a key, such as `….x[0].id`, is one of them. */
  private readonly uncounted = new Set<string>();
  private readonly own: OwnGroups;
  /** Keys of groups by the paths of the references that name them; made when it is first asked for. */
  private byPath: Map<string, GroupKey> | undefined;

  constructor(input: Input) {
    this.own = new OwnGroups(input);
    for (const [name, key] of this.own.names) this.names.set(name, key);
    for (const resource of input.resources) if (isGroup(resource)) this.declare(resource);
    this.createsOthers = input.resources.some(
      ({ mode, type, values }) =>
        mode === "managed" && MAKES_GROUPS.includes(type) && text(values["id"]) === undefined,
    );
  }

  /**
   * The group that a value names: undefined when it names none. A reference names one group; what is more than a
   * reference may name any.
   *
   * @param own the expression of the argument itself, or of the resource that it is an argument of: in a plan, that is
   *   what stands for "known after apply"
   */
  named(value: Value, own: string): Named | undefined {
    if (typeof value === "string") return value === "" ? undefined : { group: this.keyOf(value) };
    if (!(value instanceof Unknown)) return undefined;
    const { expression } = value;
    const reference = resourceReference(expression);
    const known = this.names.get(expression) ?? this.uncountedGroup(reference) ?? this.wrapped(expression);
    if (known !== undefined) return { group: this.keyOf(known) };
    if (isPartOf(own, expression)) {
      return { unknown: expression, candidates: this.createsOthers ? [] : this.created };
    }
    const instances = reference && this.instances.get(reference.address);
    if (instances && isAllIds(reference)) return { unknown: expression, candidates: instances };
    // One name alone, such as null, is no reference to anything.
    return (referenceOf(expression)?.length ?? 0) > 1
      ? { group: this.keyOf(expression) }
      : { unknown: expression, candidates: [] };
  }

  /** Lets words, such as a placeholder or an id, mean a group. */
  call(words: string, key: GroupKey): void {
    this.names.set(words, this.keyOf(key));
  }

  /** The key of what an id or an expression names; a group that was not met before is a foreign one. */
  keyOf(name: string): GroupKey {
    const key = this.keyFor(name);
    if (!this.groups.has(key)) this.groups.set(key, foreignGroup(key, this.isOwn(key)));
    return key;
  }

  private keyFor(name: string): GroupKey {
    // An id may carry the account of its owner, and is unique without.
    const id = name.replace(/^(?:\d{12}\/|arn:.*:security-group\/)(?=sg-)/, "");
    return this.names.get(id) ?? id;
  }

  /**
   * The key of the group whose id a value is, wherever that group exists; nothing is noted of a group that was not met
   * before. Of `var.create ? aws_security_group.a[0].id : null` it is the key of the group.
   */
  keyOfId(value: Value): GroupKey | undefined {
    if (typeof value === "string") return value === "" ? undefined : this.keyFor(value);
    if (!(value instanceof Unknown)) return undefined;
    const { expression } = value;
    const known = this.names.get(expression) ?? this.uncountedGroup(resourceReference(expression));
    if (known !== undefined) return known;
    const sole = chosenReference(expression);
    const found = sole && (this.at(sole) ?? this.uncountedAt(sole));
    return found ?? this.keyFor(expression);
  }

  /** The group of an unknown number of which a path leads to one: `["aws_security_group", "a", 0, "id"]`. */
  private uncountedAt(path: ReferencePath): GroupKey | undefined {
    const [last, ...before] = [...path].reverse();
    if (last !== "id") return undefined;
    const of = pathKey(before.reverse().filter((part) => typeof part === "string"));
    return [...this.uncounted].find((address) => pathKey(referenceOf(address) ?? []) === of);
  }

  /** The declared group whose id a value is. */
  declaredBy(value: Value): GroupKey | undefined {
    const name = textOrExpression(value);
    return name === undefined ? undefined : this.names.get(name);
  }

  /** The one declared group that a value which is no id means: by its name, or by another attribute of it. */
  meantBy(value: Value): GroupKey | undefined {
    if (value instanceof Unknown) {
      const address = groupNamedBy(value);
      return address === undefined ? undefined : this.declaredAt(address);
    }
    const named = [...this.groups.values()].filter(({ name, declaredAt }) => declaredAt && name === value);
    return named.length === 1 ? named[0]?.key : undefined;
  }

  /** The group that EKS makes for a cluster; undefined where the value names no cluster. */
  ownGroupOf(cluster: Value | undefined): GroupKey | undefined {
    const key = this.own.of(cluster);
    return key === undefined ? undefined : this.keyOf(key);
  }

  private isOwn(key: GroupKey): boolean {
    return isOwnByName(key) || this.own.keys.has(key);
  }

  /** The groups that are named somewhere in text or in an expression: declared ones, and ids. */
  namedIn(words: string): GroupKey[] {
    const declared = [...this.groups.values()].filter(({ key, name, declaredAt }) => {
      if (declaredAt === undefined) return false;
      const isReferred = ["id", "name"].some((attribute) => mentions(words, `${key}.${attribute}`));
      return isReferred || (name !== undefined && mentions(words, name));
    });
    const ids = words.match(/\bsg-[0-9a-f]{8,17}\b/g) ?? [];
    return [...new Set([...declared.map(({ key }) => key), ...ids.map((id) => this.keyOf(id))])];
  }

  /** The group of an expression that can be nothing else, such as `try(aws_security_group.a[0].id, null)`. */
  private wrapped(expression: string): GroupKey | undefined {
    if (!/^\w+\(/.test(expression)) return undefined;
    const path = soleReference(expression);
    return path && this.at(path);
  }

  /** The groups of a list that is an expression, such as `compact([…])`; what is not known of it is a group by itself. */
  listed(list: Unknown): GroupKey[] {
    const items = itemReferences(list.expression).map((path) => path && this.at(path));
    const known = items.flatMap((key) => (key === undefined ? [] : [this.keyOf(key)]));
    return items.length === known.length ? known : [...known, this.keyOf(list.expression)];
  }

  private at(path: ReferencePath): GroupKey | undefined {
    this.byPath ??= new Map(
      [...this.names].flatMap(([name, key]) => {
        const reference = referenceOf(name);
        return reference ? [[pathKey(reference), key] as const] : [];
      }),
    );
    return this.byPath.get(pathKey(path));
  }

  /** The group that is declared at an address. */
  declaredAt(address: string): GroupKey | undefined {
    return this.groups.get(address)?.declaredAt ? address : undefined;
  }

  private uncountedGroup(reference: ResourceReference | undefined): GroupKey | undefined {
    if (reference === undefined || !this.uncounted.has(reference.all)) return undefined;
    return reference.rest.length === 0 || isAttribute(reference, "id") ? reference.all : undefined;
  }

  /** Takes the rules of a group for a lower bound: something that was not read may add to them. */
  open(key: GroupKey): void {
    const group = this.groups.get(key);
    if (group) this.groups.set(key, { ...group, knowledge: "some" });
  }

  /** Notes a place at which the resource of a group is refused. */
  refuse(key: GroupKey, at: RefusedPlace): void {
    const group = this.groups.get(key);
    const { refusedAt = [] } = group ?? {};
    if (group && !refusedAt.some(({ place }) => place === at.place))
      this.groups.set(key, { ...group, refusedAt: [...refusedAt, at] });
  }

  give(key: GroupKey, role: Role): void {
    this.groups.get(key)?.roles.add(role);
  }

  private declare(resource: Resource): void {
    const { address, type, values, source } = resource;
    const name = text(values["name"]);
    const description = text(values["description"]);
    const id = text(values["id"]);
    this.groups.set(address, {
      key: address,
      label: address,
      knowledge: leavesRules(resource) ? "some" : "all",
      ...(name !== undefined && { name }),
      ...(description !== undefined && { description }),
      ...(values["vpc_id"] !== undefined && { vpc: values["vpc_id"] }),
      tags: { ...tagsOf(values["tags_all"]), ...tagsOf(values["tags"]) },
      forms: new Set(),
      roles: new Set(),
      declaredAt: source,
    });
    if (id === undefined) this.created.push(address);
    if (resource.isUncertain) this.uncounted.add(address);
    this.names.set(`${address}.id`, address);
    this.names.set(`${address}.arn`, address);
    if (id !== undefined) this.names.set(id, address);
    const vpc = values["vpc_id"];
    if (type === "aws_default_security_group" && vpc instanceof Unknown) {
      const id = lastAttribute(vpc.expression);
      if (id?.name === "id") this.names.set(`${id.of}.default_security_group_id`, address);
    }
    const base = withoutLastKey(address);
    const siblings = this.instances.get(base);
    if (siblings) siblings.push(address);
    else this.instances.set(base, [address]);
  }
}

/** Whether others may change the rules of a group, and Terraform leaves them: then those that are seen are not all. */
function leavesRules({ ignoredChanges = [] }: Resource): boolean {
  return ["ingress", "egress", "all"].some((argument) => ignoredChanges.includes(argument));
}

/** Whether words hold a name that is not a part of a longer one. */
function mentions(words: string, name: string): boolean {
  for (let at = words.indexOf(name); at >= 0; at = words.indexOf(name, at + 1)) {
    const around = (words[at - 1] ?? " ") + (words[at + name.length] ?? " ");
    if (!/[\w.-]/.test(around)) return true;
  }
  return false;
}

/** Whether the input shows all rules of a group. */
export function showsAllRules({ groups }: Pick<Inventory, "groups">, group: GroupKey): boolean {
  return groups.get(group)?.knowledge === "all";
}

export function isGroup({ mode, type }: Resource): boolean {
  return mode === "managed" && isSecurityGroupType(type);
}

function foreignGroup(key: GroupKey, isOwnOfCluster: boolean): GroupEntry {
  return {
    key,
    label: key,
    knowledge: "some",
    tags: {},
    forms: new Set(),
    roles: new Set(isOwnOfCluster ? ["cluster"] : roleByName(key)),
    ...(isOwnOfCluster && { isOwnOfCluster: true as const }),
  };
}

/** Whether a reference is the list of the ids of all instances: `aws_security_group.pods[*].id`. */
function isAllIds({ rest }: ResourceReference): boolean {
  const [all, ...more] = rest;
  return all !== undefined && "isSplat" in all && isAttribute({ rest: more }, "id");
}

/** The roles that an expression gives away: the article's keys, and EKS's own group for a cluster. */
function roleByName(expression: string): Role[] {
  const words = wordsOf(expression) ?? [];
  if (words.includes("k8s_worker")) return ["nodes"];
  if (words.includes("k8s_ingress")) return ["ingress"];
  return words.at(-1)?.endsWith("cluster_security_group_id") ? ["cluster"] : [];
}

function tagsOf(value: Value | undefined): Readonly<Record<string, Value>> {
  return isObject(value) ? value : {};
}
