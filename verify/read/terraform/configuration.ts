import { isRuleType, isSecurityGroupType } from "../../../aws/security-group-types";
import { evaluateData, evaluateExpression, type Scope } from "../../../expression/evaluate";
import { SyntaxProblem } from "../../../expression/syntax";
import { type Each, Unknown, type Value } from "../../../expression/value";
import { isObject, plain } from "../../../expression/values";
import { InputError } from "../../../io/errors";
import { shownPath } from "../../../io/files";
import { isJson } from "../../../io/json";
import type { Input, Resource } from "../model";
import { argumentNames } from "./bodies";
import { surroundingsOf } from "./configuration-files";
import { type Dependencies, dependenciesOf } from "./dependencies";
import { InstanceMisfits } from "./instance-misfits";
import { ignoredChangesOf, preventsDestroyIn, within } from "./instances";
import { languageOf } from "./languages";
import { LateInstancesReader } from "./late-instances";
import { misfitsOf, unreadKeys } from "./misfits";
import { type Known, Module } from "./module";
import { asObjects, dynamicBlocks } from "./module-files";
import { loadModuleTree } from "./module-tree";
import { normalized } from "./normalized";
import { scopeOf } from "./plan-scope";
import { readVariableFiles } from "./variable-files";

const NOTHING_KNOWN: Known = { attribute: () => undefined, keys: () => undefined };

/** What a reading of configuration can be told beyond its folder. */
export interface ConfigurationOptions {
  readonly varFiles?: readonly string[];
  /** Whether it is read as OpenTofu reads it, whatever files it holds. */
  readonly tofu?: boolean;
  /** Values of the root's variables that go before those of files. */
  readonly variables?: ReadonlyMap<string, Value>;
  readonly known?: Known;
}

/**
 * Reads a folder of Terraform configuration and evaluates it.
 *
 * @throws InputError
 */
export async function readConfiguration(folder: string, options: ConfigurationOptions = {}): Promise<Input> {
  const notes: string[] = [];
  const language = languageOf(folder, options.tofu ?? false);
  const tree = await loadModuleTree(folder, language, notes);
  const fromFiles = await readVariableFiles(folder, options.varFiles ?? []);
  const given = new Map([...fromFiles.values, ...(options.variables ?? [])]);
  // A plan has the values of all variables, whatever file they come from.
  const hidden = options.variables ? [] : fromFiles.hidden;
  notes.push(...hidden);
  const rootVariable = (variable: string) =>
    hidden.length > 0 && !given.has(variable) ? new Unknown(`var.${variable}`) : given.get(variable);
  const note = (sentence: string) => {
    notes.push(sentence);
  };
  const context = {
    root: folder,
    surroundings: surroundingsOf(folder, note),
    known: options.known ?? NOTHING_KNOWN,
    language,
    note,
  };
  const dependencies = dependenciesOf(tree, (variable) => rootVariable(variable) !== undefined);
  const root = new Module(context, tree, "", rootVariable);
  const calls = called(root);
  const all = [{ caller: undefined, module: root, call: undefined }, ...calls];
  const late = new LateInstancesReader(context, tree, rootVariable, dependencies.needsResources, (one) => [
    one,
    ...called(one).flatMap(({ module }) => module ?? []),
  ]);
  // A plan has found all instances.
  const misfits = options.known ? undefined : new InstanceMisfits(late, dependencies.hangsOnDefault, calls);
  const byPath = new Map(all.flatMap(({ module }) => (module ? [[module.path, module] as const] : [])));

  return {
    kind: "configuration",
    path: folder,
    resources: [...byPath.values()]
      .flatMap((module) => resourcesOf(module, misfits, dependencies.hangsOnDefault))
      .map((resource) => withDefaultTags(resource, root))
      .map(normalized),
    modules: all.flatMap(({ caller, module, call }) =>
      call === undefined
        ? []
        : [
            {
              address: call.address,
              ...(module
                ? {
                    ...(!module.tree.isByArguments && { folder: shownPath(module.tree.files.folder) }),
                    ...(module.tree.isFetched && { isFetched: true as const }),
                  }
                : {
                    passed: Object.fromEntries(
                      Object.entries(call.passed).map(([name, value]) => [name, plain(value)]),
                    ),
                  }),
              source: (caller ?? root).sourceOf(call.block),
            },
          ],
    ),
    namesIn: (module) => byPath.get(module)?.names() ?? [],
    cycles: dependencies.cycles,
    hangsOnDefault: dependencies.hangsOnDefault,
    relocations: [...byPath.values()].flatMap((module) => module.relocations()),
    declared: new Set([...byPath.values()].flatMap((module) => module.declared())),
    evaluate: (expression, module = "", each) =>
      evaluateText(expression, byPath.get(module) ?? scopeOf([], new Map(), () => undefined)(module), each),
    ignores: [...new Set([...byPath.values()].map(({ tree: { files } }) => files))].flatMap(
      ({ ignores }) => ignores,
    ),
    notes: [...new Set(notes)].sort(),
  };
}

type Call = ReturnType<Module["calls"]>[number];

function called(caller: Module): { caller: Module; module: Module | undefined; call: Call }[] {
  return caller
    .calls()
    .flatMap((call) => [{ caller, module: call.module, call }, ...(call.module ? called(call.module) : [])]);
}

function resourcesOf(
  module: Module,
  instanceMisfits: InstanceMisfits | undefined,
  hangsOnDefault: Dependencies["hangsOnDefault"],
): Resource[] {
  return module.resources().map(({ block, instance, address, isUncertain }) => {
    const isOfRules =
      block.kind === "resource" && (isRuleType(block.type) || isSecurityGroupType(block.type));
    const body = isJson(block.body) ? block.body : {};
    const ignoredChanges = ignoredChangesOf(body);
    const provider = module.providerOf(block);
    const given = argumentNames(body).map(
      (name) => [name, module.argument(block, instance, address, name)] as const,
    );
    const iterated = Object.entries(dynamicBlocks(body)).flatMap(([name, blocks]) =>
      asObjects(blocks).map((one) => [name, evaluateData(one["for_each"], instance.scope)] as const),
    );
    const misfits = [
      ...(instanceMisfits?.of(module, block) ?? []),
      ...misfitsOf(block, instance.scope, (argument) => hangsOnDefault(address, argument)),
      ...(isOfRules
        ? [...given, ...iterated].flatMap(
            ([name, value]) => instanceMisfits?.failed(address, name, value) ?? [],
          )
        : []),
    ];
    const unread = isOfRules ? unreadKeys(body, instance.scope) : [];
    const values = given
      .map(([name, value]) => [name, plain(value)] as const)
      .filter(([, value]) => value !== null);
    return {
      address,
      module: module.path,
      mode: block.kind === "data" ? "data" : "managed",
      type: block.type,
      name: block.name,
      values: Object.fromEntries(values),
      ...(misfits.length > 0 && { misfits }),
      ...(unread.length > 0 && { unread }),
      ...(ignoredChanges.length > 0 && { ignoredChanges }),
      ...(preventsDestroyIn(body) && { preventsDestroy: true }),
      ...(provider !== undefined && { provider }),
      ...(isUncertain && { isUncertain }),
      source: module.sourceOf(block),
    };
  });
}

/** A group with the tags that its provider adds, which a plan and a state show as `tags_all`. */
function withDefaultTags(resource: Resource, root: Module): Resource {
  const { type, provider = "aws", values } = resource;
  const added = isSecurityGroupType(type) ? root.defaultTags(provider) : undefined;
  if (added === undefined || added === null) return resource;
  const { tags = null } = values;
  const all = isObject(added) && isObject(tags) ? { ...added, ...tags } : added;
  return { ...resource, values: { ...values, tags_all: all } };
}

/** Evaluates the text of an expression that a user wrote. @throws InputError when it is none */
export function evaluateText(expression: string, scope: Scope, each?: Each): Value {
  try {
    const own = each === undefined ? scope : within(scope, scope.label, "each", { ...each });
    return plain(evaluateExpression(expression, own));
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    throw new InputError([
      `${expression}: this is not an expression: ${error.what} at character ${error.position + 1}. Expected one such as var.security_groups["k8s_worker"] or aws_security_group.pods.id.`,
    ]);
  }
}
