import { version as cdktfVersion } from "cdktf/package.json";
import { Construct } from "constructs";
import { InputError } from "./errors";
import { type Json, stringify } from "./json";
import { ModuleCall } from "./module-call";
import { moduleReadme } from "./module-readme";
import { ModuleStack } from "./module-stack";
import { renderStack } from "./render";
import { RootStack } from "./root-stack";
import { terraformTests } from "./terraform-tests";
import { type Files, type WriteResult, writeFiles } from "./write";

/** Makes one stack. It must pass both arguments on to the stack's constructor. */
export type StackFactory = (app: Construct, id: string) => ModuleStack | RootStack;

/** The stacks of an app by their names, which are also the names of their folders. */
export type Stacks = Readonly<Record<string, StackFactory>>;

export interface SynthesisResult extends WriteResult {
  /** For each stack, in the order of the app: its name, what it is, and what its `cdk.tf.json` holds. */
  readonly stacks: readonly { name: string; kind: "module" | "root"; configuration: Json }[];
}

interface RenderedStack {
  readonly name: string;
  readonly stack: ModuleStack | RootStack;
  readonly configuration: Json;
}

/**
 * Synthesizes an app: constructs every stack, renders all in memory, then writes `OUTDIR/stacks/NAME/` and
 * `OUTDIR/manifest.json`, whole or not at all. Use it instead of cdktf's `App` and its `synth()`, which would
 * write metadata, absolute paths and exact provider versions.
 *
 * @throws InputError naming the stack and the cause of every problem; then nothing on disk has changed
 */
export function synthesize(stacks: Stacks, outdir: string): SynthesisResult {
  const rendered = renderAll(stacks);
  return {
    ...writeFiles(outdir, filesOf(rendered)),
    stacks: rendered.map(({ name, stack, configuration }) => ({
      name,
      kind: stack instanceof ModuleStack ? "module" : "root",
      configuration,
    })),
  };
}

/**
 * The root of the construct tree. Not cdktf's `App`, whose constructor makes folders on disk; it answers for
 * one where cdktf asks for the app of a cross-stack reference, to say what to do instead.
 */
class Tree extends Construct {
  constructor() {
    super(undefined as unknown as Construct, "");
    Object.defineProperty(this, Symbol.for("cdktf/App"), { value: true });
  }

  crossStackReference(from: Construct, _to: Construct, identifier: string): never {
    throw new InputError([
      `it refers to ${identifier} of stack "${from.node.id}": values go from stack to stack as outputs and variables, because cdktf's own cross-stack references add outputs with unreadable names`,
    ]);
  }
}

function renderAll(stacks: Stacks): RenderedStack[] {
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

  const constructed = Object.entries(stacks).flatMap(([name, factory]) => {
    const stack = attempt(name, () => construct(tree, name, factory));
    return stack ? [{ name, stack }] : [];
  });
  const rendered = constructed.flatMap(({ name, stack }) => {
    const configuration = attempt(name, () => {
      checkNeighbours(stack, Object.keys(stacks), constructed);
      return renderStack(stack);
    });
    return configuration ? [{ name, stack, configuration }] : [];
  });
  if (Object.keys(stacks).length === 0) problems.push("the app has no stacks");
  if (problems.length > 0) throw new InputError(problems);
  return rendered;
}

function construct(tree: Construct, name: string, factory: StackFactory): ModuleStack | RootStack {
  const stack = factory(tree, name);
  if (!(stack instanceof ModuleStack || stack instanceof RootStack)) {
    throw new InputError(["it must be a ModuleStack or a RootStack"]);
  }
  if (stack.node.path !== name) {
    throw new InputError([
      `its factory made "${stack.node.path}": pass the given app and id on to the constructor`,
    ]);
  }
  return stack;
}

/** Whether the stacks that a stack calls or waits for are in the app, and the waiting ends. */
function checkNeighbours(
  stack: ModuleStack | RootStack,
  names: readonly string[],
  constructed: readonly { name: string; stack: ModuleStack | RootStack }[],
): void {
  const called = stack.node
    .findAll()
    .filter((element) => element instanceof ModuleCall)
    .map((call) => ({ name: call.stackName, what: `module call "${call.node.id}"` }));
  const waited = dependenciesOf(stack).map((name) => ({ name, what: "dependsOn" }));
  const problems = [...called, ...waited]
    .filter(({ name }) => !names.includes(name))
    .map(({ name, what }) => `${what}: there is no stack "${name}" in the app; it has ${names.join(", ")}`);

  const reached = new Set<string>();
  const follow = (name: string) => {
    const next = constructed.find((other) => other.name === name);
    for (const dependency of next ? dependenciesOf(next.stack) : []) {
      if (reached.has(dependency)) continue;
      reached.add(dependency);
      follow(dependency);
    }
  };
  follow(stack.node.id);
  if (reached.has(stack.node.id)) problems.push("dependsOn: it waits for itself");
  if (problems.length > 0) throw new InputError(problems);
}

function dependenciesOf(stack: ModuleStack | RootStack): readonly string[] {
  return stack instanceof RootStack ? stack.dependsOnStacks : [];
}

function problemsOf(stack: string, error: unknown): string[] {
  const problems =
    error instanceof InputError ? error.problems : [(error as Error)?.message ?? String(error)];
  if (process.env["SYNTH_STACK_TRACE"] && error instanceof Error && error.stack) {
    return [`stack "${stack}": ${error.stack}`];
  }
  return problems.map((problem) => `stack "${stack}": ${problem}`);
}

function filesOf(rendered: readonly RenderedStack[]): Files {
  const files: Record<string, string> = { "manifest.json": stringify(manifest(rendered)) };
  for (const { name, stack, configuration } of rendered) {
    const folder = `stacks/${name}`;
    files[`${folder}/cdk.tf.json`] = stringify(configuration);
    if (!(stack instanceof ModuleStack)) continue;
    files[`${folder}/README.md`] = moduleReadme(name, JSON.parse(stringify(configuration)), stack.contract);
    if (stack.contract.provider !== "aws") continue;
    for (const [path, test] of Object.entries(terraformTests(stack.contract))) {
      files[`${folder}/${path}`] = stringify(test);
    }
  }
  return files;
}

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
  return { stacks: Object.fromEntries(entries), version: cdktfVersion };
}
