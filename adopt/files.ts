import { join } from "node:path";
import { readText } from "../io/files";
import { stringify } from "../io/json";
import type { Files } from "../io/write";
import {
  type Block,
  importBackBlocks,
  importBlocks,
  isConverted,
  joinedBlocks,
  moduleBlock,
  movedBackBlocks,
  movedBlocks,
  providersOf,
  type RegionProvider,
  released,
  removedBlocks,
  takenBy,
  today,
} from "./blocks";
import type { Calls } from "./calls";
import type { Conversion } from "./convert/model";
import type { Drift } from "./drift";
import { lostLifecycles } from "./lifecycle";
import { literal } from "./literal";
import { becomes } from "./map";
import type { Arguments, Call, FoundGroup, Move, Way } from "./model";
import { adoptionPage } from "./page";

export interface FilesOptions {
  readonly way: Way;
  readonly conversions: readonly Conversion[];
  /** What `moved` blocks of the configuration say. */
  readonly moves: readonly Move[];
  readonly stacks: string;
}

/**
 * The files of an adoption, by their paths in its folder.
 *
 * @param options.stacks the folder with the committed modules, which are copied
 */
export function adoptionFiles(calls: Adopted, { way, conversions, moves, stacks }: FilesOptions): Files {
  const taken = takenBy(calls.calls);
  const lost = lostLifecycles(calls.calls);
  const modules = [...new Set(calls.calls.map(({ module }) => module))].sort();
  const copies = modules.map((module) => [
    `modules/${module}/cdk.tf.json`,
    readText(join(stacks, module, "cdk.tf.json")),
  ]);
  const placed = way === "moved" ? inItsState(calls.calls, moves) : inAnotherState(calls.calls);
  return {
    ...placed.files,
    ...Object.fromEntries(copies),
    "adoption.md": adoptionPage(calls, { ...calls, way, conversions, notes: placed.notes }),
    "adoption.json": stringify({
      format: 1,
      calls: calls.calls.map(({ name, module, reason, takes, changes }) => ({
        call: `module.${name}`,
        module,
        ...(reason !== undefined && { reason }),
        takes: becomes(takes),
        ...(changes !== undefined && { changes }),
      })),
      ...(conversions.length > 0 && {
        conversions: conversions.map(({ group, from, to, rules, notes }) => ({
          group: group.address,
          id: group.id,
          from,
          to,
          rules,
          ...(notes.length > 0 && { notes }),
        })),
      }),
      left: calls.left,
      ...(lost.length > 0 && { lost }),
      drift: calls.drift,
      unlisted: calls.unlisted,
      counts: { taken: taken.length, left: calls.left.length },
    }),
  };
}

/** The calls, and what was found on the way to them. */
export interface Adopted extends Calls {
  readonly drift: readonly Drift[];
  /** The addresses of groups that what AWS lists does not have. */
  readonly unlisted: readonly string[];
}

interface Placed {
  readonly files: Files;
  readonly notes: readonly string[];
}

function callsBlock(calls: readonly Call[]) {
  return Object.fromEntries(calls.map((call) => [call.name, moduleBlock(call)]));
}

function inItsState(calls: readonly Call[], moves: readonly Move[]): Placed {
  const taken = takenBy(calls);
  const gained = taken.filter(isConverted);
  const lost = released(taken);
  return {
    files: {
      "adopted.tf.json": stringify({
        module: callsBlock(calls),
        ...exchanged(movedBlocks(taken), importBlocks(gained), lost),
      }),
      "undo/undo.tf.json": stringify(
        exchanged(
          movedBackBlocks(taken, moves),
          importBackBlocks(lost),
          gained.map(({ from, to }) => ({ address: to, type: from.type })),
        ),
      ),
    },
    notes: [],
  };
}

/** Blocks that move objects, import some and let others go, in one apply. Without the latter they need no newer Terraform. */
function exchanged(
  moved: readonly Block[],
  imported: readonly Block[],
  lost: readonly { readonly address: string; readonly type: string }[],
): Block {
  const gone = removedBlocks(lost);
  return {
    ...(lost.length > 0 && { terraform: { required_version: WITH_REMOVED } }),
    moved: [...moved, ...gone.moved],
    ...(imported.length > 0 && { import: imported }),
    ...(lost.length > 0 && { removed: gone.removed }),
  };
}

/** The blocks of rules as import reads them: otherwise the plan would show a change of their division. */
function withImportedBlocks(inputs: Call["inputs"]): Call["inputs"] {
  const names = ["inline_ingress", "inline_egress"].filter((name) => Array.isArray(inputs[name]));
  return {
    ...inputs,
    ...Object.fromEntries(names.map((name) => [name, joinedBlocks(inputs[name] as readonly Arguments[])])),
  };
}

/** Terraform that has `removed`. OpenTofu has its `lifecycle` since 1.10, which no constraint says for both. */
const WITH_REMOVED = ">= 1.7";

/** Besides, the provider that the modules take. */
const VERSIONS = {
  required_version: WITH_REMOVED,
  required_providers: { aws: { source: "hashicorp/aws", version: ">= 5.0, < 7.0" } },
};

function inAnotherState(calls: readonly Call[]): Placed {
  const taken = takenBy(calls);
  const groups = taken.flatMap(({ from }): FoundGroup[] => (from.kind === "group" ? [from] : []));
  const providers = providersOf(groups);
  const tagsOf = ({ defaultTags = {} }: RegionProvider) =>
    Object.keys(defaultTags).length > 0 ? { default_tags: { tags: literal(defaultTags) } } : {};
  const [, ...others] = providers;
  const aliases = new Map(others.flatMap(({ alias, groups }) => groups.map(({ id }) => [id, alias])));
  const placed = calls.map((call): Call => {
    const { provider: _, inputs, ...rest } = call;
    const { revoke_rules_on_delete: __, ...kept } = inputs;
    const own = { ...rest, inputs: withImportedBlocks(kept) };
    const [alias] = call.takes.flatMap(({ from }) => aliases.get(from.id) ?? []);
    return alias === undefined ? own : { ...own, provider: `aws.${alias}` };
  });
  const blocksOf = ({ inputs }: Call) =>
    [inputs["inline_ingress"] ?? [], inputs["inline_egress"] ?? []].flat();
  const joined = placed
    .filter((call, index) => blocksOf(call).length !== blocksOf(calls[index] ?? call).length)
    .map(({ name }) => `\`module.${name}\``)
    .join(", ");
  const those = calls
    .filter(({ takes }) => takes.some(({ from }) => from.kind === "group" && from.revokesRulesOnDelete))
    .map(({ name }) => `\`module.${name}\``)
    .join(", ");
  const held = today(taken);
  const back = removedBlocks(taken.map(({ from, to }) => ({ address: to, type: from.type })));
  return {
    files: {
      "versions.tf.json": stringify({
        terraform: VERSIONS,
        provider: {
          aws: providers.map((one, index) => ({
            ...(index > 0 && { alias: one.alias }),
            ...(one.region !== "" && { region: one.region }),
            ...(one.account !== undefined && { allowed_account_ids: [one.account] }),
            ...tagsOf(one),
          })),
        },
      }),
      "adopted.tf.json": stringify({ module: callsBlock(placed), import: importBlocks(taken) }),
      ...(held.length > 0 && {
        "old-root/released.tf.json": stringify({
          terraform: { required_version: WITH_REMOVED },
          ...removedBlocks(held),
        }),
        "undo/old-root.tf.json": stringify({ import: importBackBlocks(held) }),
      }),
      "undo/new-root.tf.json": stringify(back),
    },
    notes: [
      ...(providers.some(({ account }) => account !== undefined)
        ? [
            "The groups are in several accounts: give each provider in `versions.tf.json` the credentials of its account, such as by `assume_role`. It rejects those of another one (`allowed_account_ids`).",
          ]
        : []),
      ...(providers.some(({ region }) => region === "")
        ? [
            "The lists do not say the region of some groups: the provider in `versions.tf.json` takes it of your environment.",
          ]
        : []),
      ...(providers.some(({ defaultTags }) => defaultTags === undefined)
        ? [
            "The provider adds other tags to some of the groups than to others (`default_tags`): the provider in `versions.tf.json` adds none, so that the plan will show changes of tags. Give it yours first.",
          ]
        : []),
      ...(joined === ""
        ? []
        : [
            `AWS does not know how rules were divided into blocks: ${joined} has blocks of the same traffic as one, as import reads them. The undo shows a change in place of how they are divided, which changes nothing in AWS.`,
          ]),
      ...(groups.some(({ revokesRulesOnDelete }) => revokesRulesOnDelete)
        ? [
            `Import does not read \`revoke_rules_on_delete\`, which exists in Terraform only. The calls leave it out, so that the plan has no changes; set it to true in ${those} afterwards. The undo shows a change in place of it, which changes nothing in AWS.`,
          ]
        : []),
    ],
  };
}
