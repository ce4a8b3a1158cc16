import { callerOf, withoutLastKey } from "../../../expression/address";
import { evaluateExpression, type Scope } from "../../../expression/evaluate";
import { SyntaxProblem } from "../../../expression/syntax";
import { type Each, Unknown, type Value } from "../../../expression/value";
import { plain } from "../../../expression/values";
import { InputError } from "../../../io/errors";
import { shownPath } from "../../../io/files";
import { isJson } from "../../../io/json";
import type { Input, LateInstances, Misfit, Resource } from "../model";
import { argumentNames } from "./bodies";
import { surroundingsOf } from "./configuration-files";
import { dependenciesOf } from "./dependencies";
import { ignoredChangesOf, within } from "./instances";
import { languageOf } from "./languages";
import { LateInstancesReader } from "./late-instances";
import { misfitsOf } from "./misfits";
import { type Known, Module } from "./module";
import type { Block } from "./module-files";
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
  const all = [{ module: root, call: undefined }, ...called(root)];
  const late = new LateInstancesReader(context, tree, rootVariable, dependencies.needsResources, (one) => [
    one,
    ...called(one).flatMap(({ module }) => module ?? []),
  ]);
  const lateCalls = options.known ? new Map() : lateCallsOf(all, late);
  const lateOf = ({ path }: Module, block: Block) => {
    // A plan has found all keys.
    if (options.known || block.kind !== "resource") return [];
    const own = late.of(path, block, `${block.type}.${block.name}`);
    return [...(lateCalls.get(path) ?? []), ...(own ? [own] : [])];
  };
  const byPath = new Map(all.flatMap(({ module }) => (module ? [[module.path, module] as const] : [])));

  return {
    kind: "configuration",
    path: folder,
    resources: [...byPath.values()].flatMap((module) => resourcesOf(module, lateOf)).map(normalized),
    modules: all.flatMap(({ module, call }) =>
      call === undefined
        ? []
        : [
            {
              address: call.address,
              ...(module
                ? { folder: shownPath(module.tree.files.folder) }
                : { passed: call.passed.map(plain) }),
              source: call.block.source,
            },
          ],
    ),
    cycles: dependencies.cycles,
    hangsOnDefault: dependencies.hangsOnDefault,
    declared: new Set([...byPath.values()].flatMap((module) => module.declared())),
    evaluate: (expression, module = "", each) =>
      evaluateText(expression, byPath.get(module) ?? scopeOf([], new Map(), () => undefined)(module), each),
    notes: [...new Set(notes)].sort(),
  };
}

type Call = ReturnType<Module["calls"]>[number];

function called(caller: Module): { module: Module | undefined; call: Call }[] {
  return caller
    .calls()
    .flatMap((call) => [{ module: call.module, call }, ...(call.module ? called(call.module) : [])]);
}

/** What is late about the calls of modules, by their addresses: of a module inside another, of both. */
function lateCallsOf(
  all: readonly { readonly call: Call | undefined }[],
  late: LateInstancesReader,
): ReadonlyMap<string, readonly LateInstances[]> {
  const byPath = new Map<string, readonly LateInstances[]>();
  // Callers come before those that they call.
  for (const { call } of all) {
    if (call === undefined) continue;
    const caller = callerOf(call.address);
    const own = late.of(caller, call.block, `module.${call.block.name}`);
    const around = byPath.get(caller) ?? [];
    const found = own ? [...around, { ...own, module: withoutLastKey(call.address) }] : around;
    if (found.length > 0) byPath.set(call.address, found);
  }
  return byPath;
}

function resourcesOf(
  module: Module,
  lateOf: (module: Module, block: Block) => readonly Misfit[],
): Resource[] {
  return module.resources().map(({ block, instance, address, isUncertain }) => {
    const misfits = [...lateOf(module, block), ...misfitsOf(block)];
    const body = isJson(block.body) ? block.body : {};
    const ignoredChanges = ignoredChangesOf(body);
    const values = argumentNames(body)
      .map((name) => [name, plain(module.argument(block, instance, address, name))] as const)
      .filter(([, value]) => value !== null);
    return {
      address,
      module: module.path,
      mode: block.kind === "data" ? "data" : "managed",
      type: block.type,
      name: block.name,
      values: Object.fromEntries(values),
      ...(misfits.length > 0 && { misfits }),
      ...(ignoredChanges.length > 0 && { ignoredChanges }),
      ...(isUncertain && { isUncertain }),
      source: block.source,
    };
  });
}

/** Evaluates the text of an expression that a user wrote. @throws InputError when it is none */
export function evaluateText(expression: string, scope: Scope, each?: Each): Value {
  try {
    const own = each === undefined ? scope : within(scope, scope.label, "each", { ...each });
    return plain(evaluateExpression(expression, own));
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    throw new InputError([
      `${expression}: this is no expression: ${error.what} at character ${error.position + 1}. Expected is one such as var.security_groups["k8s_worker"] or aws_security_group.pods.id.`,
    ]);
  }
}
