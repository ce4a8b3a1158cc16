import { isRuleType, isSecurityGroupType } from "../aws/security-group-types";
import { moduleOf } from "../expression/address";
import type { Value } from "../expression/value";
import { attempt, InputError } from "../io/errors";
import { isJson, type Json } from "../io/json";
import { sortedOnce } from "../io/lists";
import { plural } from "../io/plural";
import { DIRECTIONS } from "../network/rules";
import { takeInventory } from "../verify/inventory";
import { ruleMeaning } from "../verify/inventory/meaning";
import type { SecurityGroupRule } from "../verify/inventory/model";
import type { Input } from "../verify/read/model";
import { normalized } from "../verify/read/terraform/normalized";
import { withoutNulls } from "../verify/read/terraform/recorded";
import { readRecorded } from "../verify/read/terraform/recorded-file";
import { blocksDeclaredBy, type DeclaresBlocks } from "./plan-blocks";
import { type Change, changesOf } from "./plan-changes";

/** What a plan would do to an object that no adoption does. */
export interface PlanFinding {
  /** The plan, as it is shown. */
  readonly plan: string;
  /** Absent where it is about the whole. */
  readonly address?: string;
  readonly words: string;
}

export interface PlansVerdict {
  readonly rejected: readonly PlanFinding[];
  /** Changes in place that leave all that is reachable as it is: tags and descriptions. */
  readonly inPlace: readonly PlanFinding[];
  readonly imported: number;
  readonly moved: number;
  readonly forgotten: number;
}

/**
 * Whether plans do what an adoption does and nothing else: import and move. Plans of several roots are judged together, because
 * what one forgets another must import.
 *
 * @param paths plans as `terraform show -json` prints them, or `-`
 * @param isUndo whether they undo an adoption of groups that no state held: then what they forget, nobody imports
 * @throws InputError where one of them cannot be read or is no plan
 */
export function checkPlans(
  paths: readonly string[],
  { stdin, isUndo = false }: { readonly stdin?: string | undefined; readonly isUndo?: boolean } = {},
): PlansVerdict {
  const problems: string[] = [];
  const plans = paths.flatMap((path) => {
    const read = attempt(problems, () => readRecorded(path, stdin));
    if (read === undefined) return [];
    const { kind, file, content } = read;
    const changes = content["resource_changes"] ?? [];
    if (kind === "plan" && !(Array.isArray(changes) && changes.every(isJson))) {
      problems.push(
        `${file}: its resource_changes are no list of changes. Give what \`terraform show -json PLAN\` prints.`,
      );
      return [];
    }
    if (kind === "plan")
      return [{ file, content, changes: changesOf(content), declaresBlocks: blocksDeclaredBy(content) }];
    problems.push(`${file}: it is a state; give a plan: \`terraform show -json PLAN\`.`);
    return [];
  });
  if (problems.length > 0) throw new InputError(problems);
  const all = plans.flatMap(({ changes }) => changes);
  const known = new Map(all.map((change) => [change, thingsOf(change)]));
  const things = (change: Change) => known.get(change) ?? [];
  const imports = all.filter(({ isImported }) => isImported);
  const blocks = plans.flatMap(({ changes, declaresBlocks }) => declaredBlocks(changes, declaresBlocks));
  // An apply that stopped midway has imported already: what a plan keeps as it is, it holds.
  const holders = all.filter(
    ({ isImported, isMoved, actions }) => isImported || (!isMoved && actions.join() === "no-op"),
  );
  const taken: Taken = {
    // Rules that a group reports are declared by nobody, unless it has blocks for them.
    held: new Set([...holders.flatMap(things), ...blocks.flatMap((group) => group.things)]),
    leaving: leavingGroups(all),
    staying: stayingThings(all, things, blocks),
    things,
  };
  // What is forgotten moves first, to an address without keys.
  const moved = all.filter(({ isMoved, actions }) => isMoved && !actions.includes("forget")).length;
  const found = plans.flatMap(({ file, content, changes }) => [
    ...wholeOf(content).map((words): Judged => ({ isRejected: true, finding: { plan: file, words } })),
    ...changes.flatMap((change) => {
      const judged = judge(change, taken, isUndo);
      return judged === undefined
        ? []
        : [{ ...judged, finding: { plan: file, address: change.address, words: judged.words } }];
    }),
  ]);
  const forgotten = all.filter(({ actions }) => actions.includes("forget")).length;
  const isNothing = imports.length === 0 && moved === 0 && forgotten === 0;
  return {
    rejected: [
      ...found.filter(({ isRejected }) => isRejected).map(({ finding }) => finding),
      ...(isNothing
        ? [
            {
              plan: plans.map(({ file }) => file).join(", "),
              words: "nothing is imported or moved, so that this is no adoption",
            },
          ]
        : []),
    ],
    inPlace: found.filter(({ isRejected }) => !isRejected).map(({ finding }) => finding),
    imported: imports.length,
    moved,
    forgotten,
  };
}

interface Judged {
  readonly isRejected: boolean;
  readonly finding: PlanFinding;
}

/** What is wrong with a plan as a whole. */
function wholeOf(plan: Json): string[] {
  return [
    ...(plan["errored"] === true ? ["the plan failed, so that it does not hold all that would happen"] : []),
    ...(plan["complete"] === false || isFilled(plan["deferred_changes"])
      ? ["the plan is not complete: further plans would follow"]
      : []),
    // What an action does stands in no change of a resource.
    ...(isFilled(plan["action_invocations"])
      ? ["the plan invokes actions, which an adoption does not need"]
      : []),
  ];
}

function isFilled(list: unknown): boolean {
  return Array.isArray(list) && list.length > 0;
}

/** What plans take over and keep, with groups by their ids and rules by what they mean: see `thingsOf`. */
interface Taken {
  /** What is imported, was imported before an apply stopped, or is a block of a group. */
  readonly held: ReadonlySet<string>;
  /** The ids of groups that leave the call of a module, each after the module that it leaves. */
  readonly leaving: ReadonlySet<string>;
  /** What is not imported and stays in a state, with the address that holds it. */
  readonly staying: ReadonlyMap<string, string>;
  /** What each change is about. */
  readonly things: ThingsOf;
}

type ThingsOf = (change: Change) => readonly string[];

/** What an object of a state is in AWS: a group by its id, or rules by what they mean, whatever their form. */
function thingsOf({ type, before, after }: Change): string[] {
  const values = before ?? after;
  return isSecurityGroupType(type) ? [`group ${String(values?.["id"])}`] : [...meaningsOf(type, values)];
}

interface Blocks {
  readonly group: Change;
  readonly things: readonly string[];
}

/** The rules that the groups of a plan have as blocks. */
function declaredBlocks(changes: readonly Change[], declaresBlocks: DeclaresBlocks): Blocks[] {
  return changes
    .filter(({ type, actions }) => isSecurityGroupType(type) && !actions.includes("forget"))
    .map((group) => ({
      group,
      things: DIRECTIONS.flatMap((direction) =>
        group.after !== undefined && declaresBlocks(group.address, direction)
          ? [...meaningsOf(group.type, { id: group.after["id"], [direction]: group.after[direction] })]
          : [],
      ),
    }));
}

function stayingThings(
  changes: readonly Change[],
  known: ThingsOf,
  blocks: readonly Blocks[],
): Map<string, string> {
  const stays = ({ isImported, actions }: Change) =>
    !isImported && !actions.some((action) => action === "forget" || action === "delete");
  const held = [
    ...changes.map((change) => ({ holder: change, things: known(change) })),
    ...blocks.map(({ group, things }) => ({ holder: group, things })),
  ].filter(({ holder }) => stays(holder));
  return new Map(
    held.flatMap(({ holder, things }) => things.map((thing) => [thing, holder.address] as const)),
  );
}

/** What is wrong with a change, or that it is one in place; undefined for what adoptions do. */
function judge(
  change: Change,
  taken: Taken,
  isUndo: boolean,
): { readonly isRejected: boolean; readonly words: string } | undefined {
  const { actions, type, before, after } = change;
  const rejected = (words: string) => ({ isRejected: true, words });
  const has = (action: string) => actions.includes(action);
  if (has("create") && has("delete"))
    return rejected("would be replaced: what carries it keeps the old one until it is changed");
  if (has("delete")) return rejected("would be destroyed");
  if (has("create")) return rejected("would be created, so that something would be there twice");
  if (has("forget")) {
    if (isTakenOver(change, taken)) return undefined;
    if (isUndone(change, taken))
      return {
        isRejected: false,
        words:
          "would be forgotten, as its group leaves the same call: the group must have it as a `dynamic` block, which a plan does not show",
      };
    if (isUndo && (isSecurityGroupType(type) || isRuleType(type))) return undefined;
    return rejected(
      "would be forgotten, and none of these plans imports it, holds it or has it as a block. Give the plan of the root that takes it over, too",
    );
  }
  if (change.isImported) {
    const [twice] = taken.things(change).flatMap((thing) => taken.staying.get(thing) ?? []);
    if (twice !== undefined)
      return rejected(
        `would be imported, and ${twice} holds it and stays, so that two would claim it: release that one (\`removed\`) in the same plan, or give the plan of the root that does`,
      );
  }
  if (has("update")) {
    if (!isSecurityGroupType(type) && !isRuleType(type))
      return rejected("would be changed, which is no part of an adoption: settle that first");
    if (change.isUnknown)
      return rejected("would be changed to something that is not known before it is applied");
    const [was, becomes] = [meaningsOf(type, before), meaningsOf(type, after)];
    const lost = [...was].filter((one) => !becomes.has(one));
    const gained = [...becomes].filter((one) => !was.has(one));
    if (lost.length === 0 && gained.length === 0) {
      const again = isSecurityGroupType(type) ? describedAnew(type, before, after) : [];
      if (again.length > 0)
        return rejected(
          `would be changed in place: the provider takes ${plural(again.length, "rule")} of its blocks away before it adds ${again.length === 1 ? "it" : "them"} again with another description (${again.join("; ")}). Change descriptions of blocks apart from an adoption`,
        );
      const names = changedNames(before, after);
      const isInTerraform =
        isSecurityGroupType(type) && names.every((name) => IN_TERRAFORM_ONLY.includes(name));
      const gone = tagsGone(before, after);
      return {
        isRejected: false,
        words: `changes ${names.join(", ")}${isInTerraform ? ", in Terraform only: nothing in AWS changes" : ""}${gone.length > 0 ? `, and takes the tags ${gone.join(", ")} away: if the provider of the old root ignored them (\`ignore_tags\`), the new one must, too` : ""}`,
      };
    }
    return rejected(
      `would be changed in place, after which ${[
        ...(lost.length > 0 ? [`${plural(lost.length, "rule")} would be gone (${lost.join("; ")})`] : []),
        ...(gained.length > 0
          ? [`${plural(gained.length, "rule")} would be new (${gained.join("; ")})`]
          : []),
      ].join(" and ")}`,
    );
  }
  const others = actions.filter((action) => action !== "no-op" && action !== "read");
  return others.length === 0
    ? undefined
    : rejected(`would be subject to ${others.join(", ")}, which is not known`);
}

/** What AWS does not know of a group: how its rules are divided into blocks, and what Terraform does before it deletes the group. */
const IN_TERRAFORM_ONLY = ["ingress", "egress", "revoke_rules_on_delete"];

function isTakenOver(change: Change, { held, things }: Taken): boolean {
  const own = change.before === undefined ? [] : things(change);
  return own.length > 0 && own.every((thing) => held.has(thing));
}

/** The groups that move out of a call, as an undo has it. */
function leavingGroups(changes: readonly Change[]): Set<string> {
  return new Set(
    changes.flatMap(({ type, address, previous, before }) => {
      const module = moduleOf(previous ?? "");
      const isLeaving = isSecurityGroupType(type) && module !== "" && moduleOf(address) !== module;
      return isLeaving ? [`${module} ${String(before?.["id"])}`] : [];
    }),
  );
}

/** Whether a rule is forgotten that leaves a call together with its group: an undo gives it back to blocks of the group. */
function isUndone({ type, previous, before }: Change, { leaving }: Taken): boolean {
  return (
    isRuleType(type) && leaving.has(`${moduleOf(previous ?? "")} ${String(before?.["security_group_id"])}`)
  );
}

/**
 * Rules of blocks that get another description. The provider revokes them and then authorizes them again: how they are divided into
 * blocks does not matter to it, and a description does (`updateSecurityGroupRules` of hashicorp/aws).
 */
function describedAnew(type: string, before: Json | undefined, after: Json | undefined): string[] {
  const described = (values: Json | undefined) =>
    rulesOf(type, values).map((rule) => ({
      meaning: ruleMeaning(rule) ?? "",
      words: `${ruleMeaning(rule)} ${rule.description ?? ""}`,
    }));
  const kept = new Set(described(after).map(({ words }) => words));
  return described(before).flatMap(({ meaning, words }) => (kept.has(words) ? [] : [meaning]));
}

/** What the rules of one object mean; groups are named by their ids. */
function meaningsOf(type: string, values: Json | undefined): Set<string> {
  return new Set(rulesOf(type, values).map((rule) => ruleMeaning(rule) ?? JSON.stringify(rule.peer)));
}

/** The rules of one object, as the verifier reads them. */
function rulesOf(type: string, values: Json | undefined): readonly SecurityGroupRule[] {
  if (values === undefined) return [];
  const id = typeof values["id"] === "string" ? values["id"] : type;
  const resource = normalized({
    address: id,
    module: "",
    mode: "managed" as const,
    type,
    name: id,
    values: withoutNulls(values as Readonly<Record<string, Value>>),
    source: { file: "" },
  });
  const input: Input = {
    kind: "state",
    path: "",
    resources: [resource],
    modules: [],
    evaluate: () => null,
    notes: [],
  };
  return takeInventory(input).rules;
}

/** The keys of tags that would be gone, by which others may know a group, such as `kubernetes.io/cluster/main`. */
function tagsGone(before: Json | undefined, after: Json | undefined): string[] {
  const keysOf = (values: Json | undefined) =>
    ["tags", "tags_all"].flatMap((name) => (isJson(values?.[name]) ? Object.keys(values[name]) : []));
  const kept = new Set(keysOf(after));
  return sortedOnce(keysOf(before).filter((key) => !kept.has(key)));
}

/** The names of the arguments that differ. */
function changedNames(before: Json | undefined, after: Json | undefined): string[] {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...names].filter((name) => JSON.stringify(before?.[name]) !== JSON.stringify(after?.[name])).sort();
}
