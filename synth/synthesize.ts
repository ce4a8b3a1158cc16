import { posix } from "node:path";
import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { describe, given, InputError } from "../io/errors";
import { type Json, stringify } from "../io/json";
import type { Files } from "../io/write";
import { APP, withoutCreationStacks } from "./cdktf";
import { cniRecord, exclusions } from "./cni";
import { moduleFlowsYaml } from "./flows-yaml";
import { minimumTerraformOf } from "./minimum-terraform";
import { ModuleCall } from "./module-call";
import { moduleReadme } from "./module-readme";
import { ModuleStack } from "./module-stack";
import { RemoteState } from "./remote-state";
import { renderStack } from "./render";
import { RootStack } from "./root-stack";
import { terraformTests } from "./terraform-tests";
import { type WriteResult, writeFiles } from "./write";

/** Makes one stack. It must pass both arguments on to the stack's constructor. */
export type StackFactory = (app: Construct, id: string) => ModuleStack | RootStack;

/** A class of stacks, such as `class Shop extends RootStack`, whose constructor needs nothing else. */
export type StackClass = new (app: Construct, id: string) => ModuleStack | RootStack;

/**
 * The stacks of an app by their names, which are also the names of their folders: classes, or functions that make
 * what needs more than its name.
 */
export type Stacks = Readonly<Record<string, StackClass | StackFactory>>;

/** Gives what makes the stack of a module, or nothing for a module that it does not know. */
export type ModuleLibrary = (contract: ModuleCall<object, string>["contract"]) => StackFactory | undefined;

export interface SynthesisOptions {
  /** Where modules come from that stacks call and the app does not list. Default: nowhere. */
  readonly library?: ModuleLibrary;
  /** Makes further files, which belong to those of the stacks. */
  readonly further?: FurtherFiles;
}

/** What synthesis makes of an app, in memory. */
export interface RenderedApp {
  /** The content of each file, by its path in the output folder. */
  readonly files: Files;
  /** For each stack, first the modules that were added: its name, what it is, and what its `cdk.tf.json` holds. */
  readonly stacks: readonly { name: string; kind: "module" | "root"; configuration: Json }[];
  /** What was said with cdktf's `Annotations.addWarning()`. */
  readonly warnings: readonly string[];
}

export interface SynthesisResult extends WriteResult {
  readonly stacks: RenderedApp["stacks"];
}

/**
 * Makes further files of what was synthesized, by their paths in the output folder. What it throws as an InputError
 * leaves the folder as it is.
 */
export type FurtherFiles = (stacks: RenderedApp["stacks"]) => Files;

interface ConstructedStack {
  readonly name: string;
  readonly stack: ModuleStack | RootStack;
}

interface RenderedStack extends ConstructedStack {
  readonly configuration: Json;
  readonly files: Files;
}

/**
 * Synthesizes an app: constructs every stack, renders all in memory, then writes `OUTDIR/stacks/NAME/` and
 * `OUTDIR/manifest.json`, whole or not at all. Use it instead of cdktf's `App` and its `synth()`, which would
 * write metadata, absolute paths and exact provider versions.
 *
 * @throws InputError naming the stack and the cause of every problem; then nothing on disk has changed
 */
export function synthesize(stacks: Stacks, outdir: string, options?: SynthesisOptions): SynthesisResult {
  const app = renderApp(stacks, options);
  const result = writeFiles(outdir, app.files);
  return { ...result, warnings: [...app.warnings, ...result.warnings], stacks: app.stacks };
}

/**
 * Constructs every stack of an app and renders all in memory.
 *
 * @throws InputError naming the stack and the cause of every problem
 */
export function renderApp(stacks: Stacks, options: SynthesisOptions = {}): RenderedApp {
  const { library = () => undefined, further = () => ({}) } = options;
  const render = () => renderAll(stacks, library);
  const rendered = isTraceWanted() ? render() : withoutCreationStacks(render);
  const synthesized = rendered.map(({ name, stack, configuration }) => ({
    name,
    kind: stack instanceof ModuleStack ? ("module" as const) : ("root" as const),
    configuration,
  }));
  const files = Object.assign(
    { "manifest.json": stringify(manifest(rendered)) },
    ...rendered.map((one) => one.files),
    further(synthesized),
  );
  return { files, stacks: synthesized, warnings: rendered.flatMap(warningsOf) };
}

/**
 * The root of the construct tree. Not cdktf's `App`, whose constructor makes folders on disk; it answers for
 * one where cdktf asks for the app of a cross-stack reference, to say what to do instead.
 */
class Tree extends Construct {
  constructor() {
    super(undefined as unknown as Construct, "");
    Object.defineProperty(this, APP, { value: true });
  }

  crossStackReference(from: Construct, _to: Construct, identifier: string): never {
    throw new InputError([
      `it refers to ${identifier} of stack "${from.node.id}": pass values between stacks as outputs and variables; cdktf's own cross-stack references would add outputs with unreadable names`,
    ]);
  }
}

function renderAll(stacks: Stacks, library: ModuleLibrary): RenderedStack[] {
  const tree = new Tree();
  const problems: string[] = [];
  const attempt = <T>(name: string, step: () => T): T | undefined => {
    try {
      return step();
    } catch (error) {
      problems.push(...problemsOf(name, error));
      return undefined;
    }
  };

  const constructAll = (some: Stacks) =>
    Object.entries(some).flatMap(([name, make]): ConstructedStack[] => {
      const stack = attempt(name, () => construct(tree, name, make));
      return stack ? [{ name, stack }] : [];
    });
  const listed = constructAll(stacks);
  const called = calledModules(listed, library, Object.keys(stacks));
  const constructed = [...constructAll(called), ...listed];
  const names = [...Object.keys(called), ...Object.keys(stacks)];
  const rendered = constructed.flatMap(({ name, stack }): RenderedStack[] => {
    const result = attempt(name, () => {
      checkNeighbours(stack, names, constructed);
      const stackOf = (other: string) => constructed.find(({ name }) => name === other)?.stack;
      const configuration = renderStack(stack, minimumTerraformOf(stack, stackOf));
      return { configuration, files: filesOf(name, stack, configuration) };
    });
    return result ? [{ name, stack, ...result }] : [];
  });
  problems.push(...sharedStates(rendered));
  if (Object.keys(stacks).length === 0) problems.push("the app has no stacks");
  if (problems.length > 0) throw new InputError(problems);
  return rendered;
}

/** What makes the modules that are called and not listed, in the order of their names. */
function calledModules(
  listed: readonly ConstructedStack[],
  library: ModuleLibrary,
  names: readonly string[],
): Stacks {
  const calls = listed
    .flatMap(({ stack }) => stack.node.findAll())
    .filter((element) => element instanceof ModuleCall)
    // One under another name is the caller's own affair.
    .filter(({ stackName, contract }) => stackName === contract.name && !names.includes(stackName))
    .sort((a, b) => (a.stackName < b.stackName ? -1 : 1));
  const known = calls.flatMap(({ stackName, contract }): [string, StackFactory][] => {
    const factory = library(contract);
    return factory ? [[stackName, factory]] : [];
  });
  return Object.fromEntries(known);
}

function construct(tree: Construct, name: string, make: StackClass | StackFactory): ModuleStack | RootStack {
  if (typeof make !== "function") {
    throw new InputError([
      `it must be a class that extends RootStack or ModuleStack, or a function that creates a stack with its arguments (${given(make)})`,
    ]);
  }
  const before = new Set(tree.node.children);
  const stack = isClass(make) ? new make(tree, name) : make(tree, name);
  if (isPromise(stack)) {
    // What it still does is of no use, and its failure must not end the process in the middle of another stack.
    stack.then(undefined, () => {});
    throw new InputError(["its factory returned a promise: await it before, and return the stack"]);
  }
  if (!(stack instanceof ModuleStack || stack instanceof RootStack)) {
    throw new InputError([
      "it must be a RootStack or a ModuleStack: extend RootStack instead of TerraformStack",
    ]);
  }
  if (stack.node.path !== name) {
    throw new InputError([
      `its factory created "${stack.node.path}": pass the given app and id on to the constructor`,
    ]);
  }
  const others = tree.node.children
    .filter((child) => !before.has(child))
    .flatMap((child) => child.node.findAll())
    .filter((made) => TerraformStack.isStack(made) && made !== stack);
  const problems = others.map(
    (other) => `creating it also created the stack "${other.node.path}": give every stack its own entry`,
  );
  if (problems.length > 0) throw new InputError(problems);
  return stack;
}

/** A class cannot be called. What tells it: its prototype is fixed, while a function's is not and an arrow function has none. */
function isClass(make: StackClass | StackFactory): make is StackClass {
  return Object.getOwnPropertyDescriptor(make, "prototype")?.writable === false;
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | undefined)?.then === "function";
}

/** Whether the stacks that a stack calls or waits for are in the app and fit, and the waiting ends. */
function checkNeighbours(
  stack: ModuleStack | RootStack,
  names: readonly string[],
  constructed: readonly ConstructedStack[],
): void {
  const stackOf = (name: string) => constructed.find((other) => other.name === name)?.stack;
  const unknown = (name: string) =>
    names.includes(name) ? [] : [`there is no stack "${name}" in the app; it has ${names.join(", ")}`];

  const calls = stack.node.findAll().filter((element) => element instanceof ModuleCall);
  const remoteStates = stack.node
    .findAll()
    .filter((element) => element instanceof RemoteState)
    .filter(({ backend }) => backend === undefined);
  const problems = [
    ...calls.flatMap((call) =>
      [...unknown(call.stackName), ...misfits(call, stackOf(call.stackName), stack)].map(
        (problem) => `module call "${call.node.id}": ${problem}`,
      ),
    ),
    ...dependenciesOf(stack).flatMap((name) => {
      const isRead = remoteStates.some(({ root }) => root === name);
      return [
        ...unknown(name),
        ...(stackOf(name) instanceof ModuleStack
          ? [`stack "${name}" is a module, and modules are not deployed by themselves`]
          : []),
      ].map((problem) => `${isRead ? "remoteState" : "dependsOn"}: ${problem}`);
    }),
    ...remoteStates.flatMap((state) => {
      const other = stackOf(state.root);
      const missing = other instanceof RootStack ? state.problemsWith(other) : [];
      return missing.map((problem) => `remoteState of "${state.root}": ${problem}`);
    }),
  ];

  const reached = new Set<string>();
  const follow = (name: string) => {
    const next = stackOf(name);
    for (const dependency of next ? dependenciesOf(next) : []) {
      if (reached.has(dependency)) continue;
      reached.add(dependency);
      follow(dependency);
    }
  };
  follow(stack.node.id);
  if (reached.has(stack.node.id)) problems.push("dependsOn: it depends on itself");
  else if (stack instanceof RootStack) {
    const before = [...reached].map(stackOf).filter((other) => other instanceof RootStack);
    problems.push(...exclusions(stack, before));
  }
  if (problems.length > 0) throw new InputError(problems);
}

/** Why a module call cannot lead to a stack. Nothing is said of one that could not be constructed. */
function misfits(
  { contract }: ModuleCall<object, string>,
  target: ModuleStack | RootStack | undefined,
  caller: ModuleStack | RootStack,
): string[] {
  if (target === undefined) return [];
  if (target === caller) return ["it calls its own stack"];
  if (target instanceof RootStack)
    return [`stack "${target.node.id}" is a root, and only modules can be called`];
  if (target.contract.name === contract.name) return [];
  return [`stack "${target.node.id}" is the module "${target.contract.name}", not "${contract.name}"`];
}

function dependenciesOf(stack: ModuleStack | RootStack): readonly string[] {
  return stack instanceof RootStack ? stack.dependsOnStacks : [];
}

/** A problem for every root that would write the state of another one. */
function sharedStates(rendered: readonly RenderedStack[]): string[] {
  const firstAt = new Map<string, string>();
  return rendered.flatMap(({ name, stack, configuration }) => {
    const state = stack instanceof RootStack ? stateOf(name, configuration) : undefined;
    if (state === undefined) return [];
    const first = firstAt.get(state);
    if (first === undefined) {
      firstAt.set(state, name);
      return [];
    }
    return [`stack "${name}": its state is also the state of stack "${first}": ${state}`];
  });
}

/** Where a root keeps its state, in words that are the same for the same place. */
function stateOf(name: string, { terraform }: Json): string | undefined {
  const { backend, cloud } = terraform as { backend?: Record<string, Json>; cloud?: Json };
  const { local, s3 } = backend ?? {};
  if (local) return `the file ${posix.join("stacks", name, String(local["path"]))}`;
  if (s3) return `s3://${s3["bucket"]}/${s3["key"]}`;
  // Workspaces that are chosen by tags are not known before Terraform runs.
  const workspace = (cloud?.["workspaces"] as Json | undefined)?.["name"];
  if (workspace === undefined) return undefined;
  return `workspace ${workspace} of ${cloud?.["organization"]} at ${cloud?.["hostname"] ?? "app.terraform.io"}`;
}

const isTraceWanted = () => Boolean(process.env["SYNTH_STACK_TRACE"]);

function problemsOf(stack: string, error: unknown): string[] {
  const withTrace = isTraceWanted();
  const isList = error instanceof InputError && error.problems.length > 0 && !withTrace;
  const problems = isList ? error.problems : [describe(error, withTrace)];
  return problems.map((problem) => `stack "${stack}": ${problem}`);
}

/** What was said with cdktf's `Annotations.addWarning()`, also by aspects. */
function warningsOf({ name, stack }: RenderedStack): string[] {
  return stack.node
    .findAll()
    .flatMap(({ node }) =>
      node.metadata
        .filter(({ type }) => type === "@cdktf/warn")
        .map(({ data }) => `stack "${name}": ${node.path}: ${data}`),
    );
}

/** The files of one stack, by their paths in the output folder. */
function filesOf(name: string, stack: ModuleStack | RootStack, configuration: Json): Files {
  const folder = `stacks/${name}`;
  const json = stringify(configuration);
  const files: Record<string, string> = { [`${folder}/cdk.tf.json`]: json };
  if (stack instanceof RootStack) {
    const record = cniRecord(stack, configuration);
    if (record) files[`${folder}/flows.yaml`] = record;
    return files;
  }
  files[`${folder}/README.md`] = moduleReadme(name, JSON.parse(json), stack.contract);
  if (stack.contract.flows) files[`${folder}/flows.yaml`] = moduleFlowsYaml(stack.contract.flows);
  for (const [path, test] of Object.entries(terraformTests(stack.contract))) {
    files[`${folder}/${path}`] = stringify(test);
  }
  return files;
}

/**
 * The version of cdktf whose manifest this is. Neither the CLI of cdktf nor that of cdktn looks at it, so it does not depend on
 * which of the libraries is installed: the bytes are the same.
 */
const MANIFEST_VERSION = "0.21.0";

/** What the cdktf CLI reads to know the stacks and their order. */
function manifest(rendered: readonly RenderedStack[]): Json {
  const entries = rendered.map(({ name, stack }) => [
    name,
    {
      annotations: [],
      constructPath: name,
      dependencies: dependenciesOf(stack),
      name,
      stackMetadataPath: `stacks/${name}/metadata.json`,
      synthesizedStackPath: `stacks/${name}/cdk.tf.json`,
      workingDirectory: `stacks/${name}`,
    },
  ]);
  return { stacks: Object.fromEntries(entries), version: MANIFEST_VERSION };
}
