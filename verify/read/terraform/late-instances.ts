import { join } from "node:path";
import { isComputed } from "../../../aws/computed-attributes";
import { absoluteIn, withoutKeys } from "../../../expression/address";
import { expressionIn } from "../../../expression/parse";
import { Unknown, type Value } from "../../../expression/value";
import { expanded, isList, Late, LongNumber, text } from "../../../expression/values";
import { InputError } from "../../../io/errors";
import { exists, shownPath } from "../../../io/files";
import { isJson, type Json } from "../../../io/json";
import { readTextFile } from "../../../io/text";
import type { LateInstances } from "../model";
import { givesArgument } from "./bodies";
import type { Dependencies } from "./dependencies";
import { JSON_LIMIT, parseJsonObject } from "./files";
import { type Context, Module } from "./module";
import type { Block } from "./module-files";
import { asObjects } from "./module-files";
import type { ModuleTree } from "./module-tree";

/**
 * Finds each `count` and `for_each` that Terraform refuses to plan, because it hangs on attributes of resources that are still
 * to be made: "cannot be determined until apply".
 *
 * The configuration is evaluated once more, as Terraform sees it when it plans: there an id is not known, and so nothing of it
 * is, not even that it is neither null nor empty. Certain is only what hangs on nothing else that is unknown. What the
 * root imports, or a state beside the files holds, is known.
 */
export class LateInstancesReader {
  private readonly context: Context;
  private modules: ReadonlyMap<string, Module> | undefined;
  private recorded: ReadonlySet<string> | undefined;

  constructor(
    context: Context,
    private readonly tree: ModuleTree,
    private readonly given: (variable: string) => Value | undefined,
    private readonly needsResources: Dependencies["needsResources"],
    private readonly modulesOf: (root: Module) => readonly Module[],
  ) {
    const imported = importedBy(tree);
    const attribute = (address: string, name: string, { kind, type, body }: Block) => {
      if (kind !== "resource" || imported.has(withoutKeys(address)) || this.isRecorded(address))
        return undefined;
      const isGiven = (argument: string) => isJson(body) && givesArgument(body, argument);
      return isComputed(type, name, isGiven) ? new Late(`${address}.${name}`, [address]) : undefined;
    };
    this.context = { ...context, note: () => undefined, known: { attribute, keys: () => undefined } };
  }

  /** What is late about the instances of a block of a module. @param own its address in the module */
  of(
    module: string,
    block: Block,
    own: string,
    argument: LateInstances["argument"],
  ): LateInstances | undefined {
    if (!this.needsResources(absoluteIn(module, own), argument)) return undefined;
    this.modules ??= new Map(
      this.modulesOf(new Module(this.context, this.tree, "", this.given)).map((one) => [one.path, one]),
    );
    const value = this.modules.get(module)?.shared(block, argument);
    const late = value === undefined ? undefined : lateIn(value, argument);
    if (value === undefined || late === undefined) return undefined;
    const resources = (isList(late) ? late : [late]).flatMap((one) =>
      one instanceof Late ? one.resources : [],
    );
    return {
      kind: "late-instances",
      argument,
      expression: text(late),
      resources: [...new Set(resources)],
      ...(this.tree.files.keepsStateElsewhere && { mayBeMade: true }),
    };
  }

  private isRecorded(address: string): boolean {
    this.recorded ??= recordedIn(this.context.root);
    return this.recorded.has(withoutKeys(address));
  }
}

/** What is late of a value, and must not be: of a map, which has keys, nothing. */
function lateIn(value: Value, argument: LateInstances["argument"]): Value | undefined {
  const known = expanded(value);
  if (known instanceof Late) return known;
  // A set must be known as a whole.
  const isOfKeys = argument === "for_each" && isList(known);
  return isOfKeys && known.some((item) => item instanceof Late) && areScalars(known) ? known : undefined;
}

function areScalars(items: readonly Value[]): boolean {
  return items.every(
    (item) => typeof item !== "object" || (item instanceof Unknown && !(item instanceof LongNumber)),
  );
}

/** The resources that the root imports, without keys: what they are is known when Terraform plans. */
function importedBy({ files }: ModuleTree): ReadonlySet<string> {
  const all = [...files.blocks.values()].flatMap(({ kind, body }) => {
    const to = kind === "import" && isJson(body) ? body["to"] : undefined;
    return typeof to === "string" ? [expressionIn(to).replace(/\[[^\]]*\]/g, "")] : [];
  });
  return new Set(all);
}

/** The resources of the state that Terraform keeps beside the files, where it has no other backend; without keys. */
function recordedIn(root: string): ReadonlySet<string> {
  const path = join(root, "terraform.tfstate");
  try {
    if (!exists(path)) return new Set();
    const state: Json = parseJsonObject(shownPath(path), readTextFile(path, JSON_LIMIT));
    const resources = asObjects(state["resources"]).filter(
      ({ instances }) => asObjects(instances).length > 0,
    );
    return new Set(
      resources.map(({ module = "", type, name }) =>
        withoutKeys(absoluteIn(String(module), `${String(type)}.${String(name)}`)),
      ),
    );
  } catch (error) {
    // What cannot be read tells nothing; as an input of its own it is said.
    if (!(error instanceof InputError)) throw error;
    return new Set();
  }
}
