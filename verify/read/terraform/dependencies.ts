import { absoluteIn, withoutKeys } from "../../../expression/address";
import { referencesInData } from "../../../expression/references";
import { isJson, type Json } from "../../../io/json";
import { components } from "./assignment";
import type { Block } from "./module-files";
import type { ModuleTree } from "./module-tree";

/** What a configuration declares, and what that needs: as Terraform orders it, without the keys of instances. */
export interface Dependencies {
  /** Resources that need each other in a circle, each circle once, in the order in which they need each other. */
  readonly cycles: readonly (readonly string[])[];
  /**
   * Whether an argument of a resource hangs on the default of a variable of the root: another value may be given.
   *
   * @param address of the resource, in any instance
   */
  readonly hangsOnDefault: (address: string, argument: string) => boolean;
  /** Whether an argument of a resource or of a module call needs any resource or data source; the address is as above. */
  readonly needsResources: (address: string, argument: string) => boolean;
}

interface Node {
  /** The module that it stands in, where its references are meant. */
  readonly module: string;
  /** What is written there. */
  readonly data: unknown;
  readonly isResource: boolean;
  /** Whether it is a variable of the root that has a default, and no value is given. */
  readonly isDefault: boolean;
}

/** Nodes by their names, and the modules that are called with `count` or `for_each`. */
class Nodes extends Map<string, Node> {
  readonly repeated = new Set<string>();
}

/**
 * @param isGiven whether a value is given for a variable of the root
 */
export function dependenciesOf(tree: ModuleTree, isGiven: (variable: string) => boolean): Dependencies {
  const nodes = new Nodes();
  addModule(nodes, tree, "", undefined, isGiven);
  const edges = new Map([...nodes].map(([name, node]) => [name, targetsOf(nodes, node, node.data)] as const));
  return {
    cycles: cyclesIn(nodes, edges),
    hangsOnDefault: (address, argument) => {
      const node = nodes.get(withoutKeys(address));
      if (node === undefined || !isJson(node.data)) return false;
      // What `each` and the iterator of a dynamic block are is written beside.
      const own = [argument, "dynamic", "for_each", "count"].map((name) => (node.data as Json)[name] ?? null);
      return [...reached(targetsOf(nodes, node, own), edges)].some((name) => nodes.get(name)?.isDefault);
    },
    needsResources: (address, argument) => {
      const node = nodes.get(withoutKeys(address));
      if (node === undefined || !isJson(node.data)) return false;
      const targets = targetsOf(nodes, node, node.data[argument]);
      return [...reached(targets, edges)].some((name) => nodes.get(name)?.isResource);
    },
  };
}

function addModule(
  nodes: Nodes,
  { files, calls }: ModuleTree,
  path: string,
  caller: { readonly block: Block; readonly module: string } | undefined,
  isGiven: (variable: string) => boolean,
): void {
  const given = isJson(caller?.block.body) ? caller.block.body : {};
  for (const block of files.blocks.values()) {
    const body = isJson(block.body) ? block.body : {};
    // In JSON, `//` is a comment.
    const { "//": _, ...code } = body;
    const node = {
      module: path,
      data: block.isJson && isJson(block.body) ? code : block.body,
      isResource: false,
      isDefault: false,
    };
    const add = (name: string, more: Partial<Node> = {}) =>
      nodes.set(absoluteIn(path, name), { ...node, ...more });
    switch (block.kind) {
      case "local":
        add(`local.${block.name}`);
        break;
      case "output":
        add(`output.${block.name}`, { data: [body["value"], body["depends_on"]] });
        break;
      case "variable": {
        const isRoot = caller === undefined;
        const isDefault = isRoot && Object.hasOwn(body, "default") && !isGiven(block.name);
        const value = Object.hasOwn(given, block.name) ? given[block.name] : null;
        add(`var.${block.name}`, { module: caller?.module ?? "", data: value, isDefault });
        break;
      }
      case "resource":
        add(`${block.type}.${block.name}`, { isResource: true });
        break;
      case "data":
        add(`data.${block.type}.${block.name}`, { isResource: true });
        break;
      case "module": {
        const child = calls.get(block.name);
        if (child === undefined) break;
        const own = absoluteIn(path, `module.${block.name}`);
        add(`module.${block.name}`);
        if (body["count"] != null || body["for_each"] != null) nodes.repeated.add(own);
        addModule(nodes, child, own, { block, module: path }, isGiven);
      }
    }
  }
}

/** The nodes that data of a node refers to. */
function targetsOf(nodes: Nodes, { module }: Node, data: unknown): string[] {
  const names = referencesInData(data).map((path) => {
    const [first, second, third, fourth] = path.map(String);
    if (first === "data") return `data.${second}.${third}`;
    if (first !== "module") return `${first}.${second}`;
    // Behind a module stands one of its outputs, or the key of an instance and then the output.
    const isRepeated = nodes.repeated.has(absoluteIn(module, `module.${second}`));
    return `module.${second}.output.${isRepeated ? fourth : third}`;
  });
  return [...new Set(names.map((name) => absoluteIn(module, name)))].filter((name) => nodes.has(name));
}

function reached(from: readonly string[], edges: ReadonlyMap<string, readonly string[]>): Set<string> {
  const seen = new Set(from);
  for (const name of seen) for (const next of edges.get(name) ?? []) seen.add(next);
  return seen;
}

/** Circles of resources: of each group of nodes that all need each other, one that is as short as possible. */
function cyclesIn(
  nodes: ReadonlyMap<string, Node>,
  edges: ReadonlyMap<string, readonly string[]>,
): string[][] {
  const names = [...nodes.keys()];
  const positions = new Map(names.map((name, position) => [name, position]));
  const leadsTo = names.map((name) => (edges.get(name) ?? []).map((next) => positions.get(next) as number));
  return components(leadsTo).flatMap((members) => {
    const resources = members.map((at) => names[at] as string).filter((name) => nodes.get(name)?.isResource);
    const isAlone = members.length === 1 && !leadsTo[members[0] as number]?.includes(members[0] as number);
    const [first] = isAlone ? [] : resources;
    const path = first === undefined ? undefined : shortestCircle(first, edges);
    return path === undefined ? [] : [path.filter((step) => nodes.get(step)?.isResource)];
  });
}

/** The shortest way from a node back to itself, without its end; undefined where there is none. */
function shortestCircle(start: string, edges: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const before = new Map<string, string>();
  const queue = [start];
  for (const name of queue) {
    for (const next of edges.get(name) ?? []) {
      if (next === start) return pathTo(name, start, before);
      if (before.has(next)) continue;
      before.set(next, name);
      queue.push(next);
    }
  }
  return undefined;
}

function pathTo(end: string, start: string, before: ReadonlyMap<string, string>): string[] {
  const path = [end];
  for (let at = end; at !== start; path.unshift(at)) at = before.get(at) as string;
  return path;
}
