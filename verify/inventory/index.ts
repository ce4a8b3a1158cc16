import { absoluteFor } from "../../expression/address";
import { type Each, Unknown, type Value } from "../../expression/value";
import { groupedBy } from "../../io/lists";
import type { GroupKey } from "../../network/peers";
import { helmReleases } from "../read/kubernetes/helm";
import { kubernetesObjects } from "../read/kubernetes/objects";
import type { Input, KubernetesObject } from "../read/model";
import { eniConfigsIn } from "./cluster/eni-configs";
import { classesInUse, nodeClassesIn, nodePoolsIn } from "./cluster/karpenter";
import { GroupFinder } from "./cluster/node-class-groups";
import { rulesOfOwnGroups } from "./cluster/own-group";
import { Families, familiesOn, hasIpv6Pods } from "./families";
import { GroupRegister, isGroup } from "./groups";
import { AttachmentReader, attachmentOf, groupKeyIn } from "./interfaces/attachments";
import { isPodPolicy, policyOf } from "./kubernetes/policies";
import { ruleMeaning } from "./meaning";
import type { Inventory, Policy, Refusal, RefusedPlace, SecurityGroupRule } from "./model";
import { groupNames } from "./names";
import { prefixLists } from "./prefix-lists";
import { attachedWithoutIds, inTwoVpcs, refusedByTerraform } from "./refused-groups";
import { refusedPlaces } from "./refused-places";
import { isRule, RuleReader } from "./rules";
import { isObject } from "./values";

/**
 * The groups, rules and attachments of an input. Time: linear in its resources.
 *
 * What the input does not determine stays in the inventory as unknown. Groups, rules and attachments stand in the
 * order of the input's resources.
 */
export function takeInventory(input: Input): Inventory {
  const register = new GroupRegister(input);
  for (const [words, meaning] of input.groupWords ?? []) {
    const key = resolveGroup(register, input, meaning.trim(), "", undefined);
    if (key !== null) register.call(words, key);
  }
  const lists = prefixLists(input);
  const reader = new RuleReader(input, register, lists);
  const read = input.resources.flatMap((resource) => reader.read(resource));
  const refusals = [
    ...reader.refusals,
    ...refusedByTerraform(input, (resource) => isGroup(resource) || isRule(resource)),
    ...attachedWithoutIds(input, register),
    ...inTwoVpcs(input, register, read),
  ];
  const places = refusedPlaces(refusals);
  for (const { resource, address } of refusals)
    register.refuse(resource, places.get(address) ?? { place: address });
  const rules = inDoubtOf(refusals, places, input.kind === "configuration" ? read : withoutRepeated(read));
  for (const { group, form } of rules) {
    if (group !== undefined) register.groups.get(group)?.forms.add(form);
  }
  const passedTogether = groupsPassed(input, register);
  for (const key of passedTogether.flat()) register.open(key);
  const families = new Families(input);
  const { manifests = [] } = input;
  const objects = [...kubernetesObjects(input.resources), ...manifests];
  const podPolicies = groupedBy(objects.filter(isPodPolicy), ({ address }) => address);
  const policies: Policy[] = [];
  const interfaces = new AttachmentReader(input, register, families);
  const attachedBy = (address: string) => {
    const own = (podPolicies.get(address) ?? []).map((object) =>
      policyOf(object, (value) => groupsOfPolicy(value, object, register)),
    );
    policies.push(...own);
    return own.flatMap((policy) => attachmentOf(policy, register));
  };
  const finder = new GroupFinder(input, register);
  const nodePools = nodePoolsIn(objects);
  const nodeClasses = classesInUse(nodeClassesIn(objects), nodePools).map((one) => ({
    ...one,
    found: finder.of(one),
  }));
  const attachments = [
    ...input.resources.flatMap((resource) => [...interfaces.read(resource), ...attachedBy(resource.address)]),
    ...manifests.flatMap((object) => [...interfaces.ofObject(object), ...attachedBy(object.address)]),
    ...eniConfigsIn(objects, input.resources).flatMap((one) => interfaces.ofEniConfig(one)),
    ...nodeClasses.flatMap((one) => interfaces.ofNodeClass(one)),
  ];
  refuseGroupsOf(policies, register);
  return {
    input,
    groups: register.groups,
    rules,
    refusals,
    // Flows may name groups that nothing else names.
    get implied() {
      return rulesOfOwnGroups(register.groups.values(), { file: input.path });
    },
    attachments: [...attachments, ...interfaces.fromModules()],
    passedTogether,
    policies,
    objects,
    nodeClasses,
    nodePools,
    releases: helmReleases(input.resources),
    prefixLists: lists,
    familiesOn: familiesOn(attachments),
    hasIpv6Pods: hasIpv6Pods(input),
    names: groupNames(input, register),
    resolveGroup: (expression, module = "", each) =>
      resolveGroup(register, input, expression.trim(), module, each),
  };
}

/** Rules of their own that are refused, each in doubt for every place at which it is. */
function inDoubtOf(
  refusals: readonly Refusal[],
  places: ReadonlyMap<string, RefusedPlace>,
  rules: readonly SecurityGroupRule[],
): readonly SecurityGroupRule[] {
  const ofResources = groupedBy(refusals, ({ resource }) => resource);
  return rules.map((rule) => {
    const { doubts = [] } = rule;
    const known = doubts.flatMap((doubt) => (doubt.kind === "refused" ? [doubt.place] : []));
    const all = new Set((ofResources.get(rule.address) ?? []).map(({ address }) => address));
    const others = [...all].filter((place) => !known.includes(place));
    if (others.length === 0) return rule;
    const refused = others.map(
      (place) => ({ kind: "refused", ...(places.get(place) ?? { place }) }) as const,
    );
    return { ...rule, doubts: [...refused, ...doubts] };
  });
}

/**
 * No pod gets the groups of policies that are refused, so that flows from and to these hang on them: unless another
 * policy gives them, or something else carries them.
 */
function refuseGroupsOf(policies: readonly Policy[], register: GroupRegister): void {
  for (const { address, problems, meantGroups } of policies) {
    for (const key of problems.length > 0 ? meantGroups : []) {
      if (register.groups.get(key)?.roles.size === 0) register.refuse(key, { place: address });
    }
  }
}

/**
 * In a state or a plan the attributes of a group repeat all of its live rules: those that are rules of their own
 * are dropped here.
 */
function withoutRepeated(rules: readonly SecurityGroupRule[]): SecurityGroupRule[] {
  const separate = new Set(
    rules.filter(({ form }) => form !== "inline").flatMap((rule) => ruleMeaning(rule) ?? []),
  );
  return rules.filter((rule) => {
    if (rule.form !== "inline") return true;
    const meaning = ruleMeaning(rule);
    return meaning === undefined || !separate.has(meaning);
  });
}

/** What stands in a manifest is an id or stands for one, and is never taken for the name of a group. */
function groupsOfPolicy(value: Value, object: KubernetesObject, register: GroupRegister): GroupKey[] {
  const isEmpty = object.isManifest && typeof value === "string" && value.trim() === "";
  return isEmpty ? [] : groupKeyIn(object, value, register);
}

/** Of each module that was not read the groups that it is given: it may add rules to them, and attach them together. */
function groupsPassed({ modules }: Input, register: GroupRegister): GroupKey[][] {
  const within = (value: Value): Value[] => {
    if (Array.isArray(value)) return value.flatMap(within);
    return isObject(value) ? Object.values(value).flatMap(within) : [value];
  };
  return modules.flatMap(({ passed = {} }) => {
    const groups = Object.values(passed)
      .flatMap(within)
      .flatMap((value) => {
        const named = value instanceof Unknown ? register.named(value, value.expression) : undefined;
        return named && "group" in named && register.declaredAt(named.group) ? [named.group] : [];
      });
    return groups.length === 0 ? [] : [[...new Set(groups)]];
  });
}

function resolveGroup(
  register: GroupRegister,
  input: Input,
  expression: string,
  module: string,
  each: Each | undefined,
): GroupKey | null {
  const declared = register.declaredAt(absoluteFor(module, expression));
  if (declared !== undefined) return declared;
  if (/^sg-[0-9a-f]+$/.test(expression)) return register.keyOf(expression);
  const value = input.evaluate(expression, module, each);
  if (value === null) return null;
  const named = register.named(value, expression);
  if (named !== undefined && "group" in named) return named.group;
  return register.keyOf(value instanceof Unknown ? value.expression : expression);
}
