import { callerOf, moduleOf, parseAddress, relativeTo } from "../../expression/address";
import { quote } from "../../expression/hcl";
import { pathKey, type ReferencePath, referenceOf, referencesIn } from "../../expression/references";
import { Unknown, type Value } from "../../expression/value";
import { expanded, isList, isObject, SetValue } from "../../expression/values";
import type { GroupKey } from "../../network/peers";
import type { Input, ModuleInput, NamedValue } from "../read/model";
import type { GroupRegister } from "./groups";
import type { GroupNames } from "./model";
import { text } from "./values";

/** Names are looked for when they are asked for: only what is missing needs them. */
export function groupNames(input: Input, register: GroupRegister): GroupNames {
  const foreign = new ForeignNames(input);
  const ids = new Map<GroupKey, string>();
  const uncertain = new Set(input.resources.flatMap((one) => (one.isUncertain ? [one.address] : [])));
  for (const { address, values } of input.resources) {
    const id = text(values["id"]);
    if (id !== undefined && register.declaredAt(address)) ids.set(address, id);
  }
  const known = new Map<string, Directory>();
  const directoryOf = (module: string): Directory => {
    const directory = known.get(module) ?? directoryFrom(input.namesIn?.(module) ?? [], register);
    known.set(module, directory);
    return directory;
  };
  return {
    nameIn: (module, group) => {
      const listed = directoryOf(module).names.get(group);
      if (listed !== undefined) return listed;
      if (group.startsWith("sg-")) return quote(group);
      if (!register.declaredAt(group)) return foreign.nameIn(module, group);
      // What is not listed though it may have several instances has no name.
      if (moduleOf(group) === module && !uncertain.has(group)) return `${relativeTo(module, group)}.id`;
      const id = ids.get(group);
      return id === undefined ? undefined : quote(id);
    },
    callOf: (module) => {
      const caller = callerOf(module);
      return directoryOf(caller).names.get(module) ?? relativeTo(caller, module);
    },
    mayBeAbsent: (group) => uncertain.has(group),
    isTaken: (module, expression) => directoryOf(module).expressions.has(expression),
  };
}

interface Directory {
  readonly names: ReadonlyMap<GroupKey, string>;
  readonly expressions: ReadonlySet<string>;
}

/** More items of one list or map are not looked at. */
const MOST_ITEMS = 1_000;

function directoryFrom(values: readonly NamedValue[], register: GroupRegister): Directory {
  const names = new Map<GroupKey, string>();
  const add = (group: GroupKey | undefined, expression: string) => {
    if (group !== undefined && !names.has(group)) names.set(group, expression);
  };
  // What is an id goes before what has one among others.
  const collections: NamedValue[] = [];
  for (const { expression, value } of values) {
    const parts = expanded(value);
    if (isList(parts) || isObject(parts)) collections.push({ expression, value: parts });
    else add(...nameOf(register, expression, parts));
  }
  for (let next = collections.shift(); next !== undefined; next = collections.shift()) {
    for (const { expression, value } of itemsOf(next).slice(0, MOST_ITEMS)) {
      const parts = expanded(value);
      if (isList(parts) || isObject(parts)) collections.push({ expression, value: parts });
      else add(...nameOf(register, expression, parts));
    }
  }
  return { names, expressions: new Set(values.map(({ expression }) => expression)) };
}

/** The group that a value is the id of, or that it is as a whole resource, and the expression of its id. */
function nameOf(
  register: GroupRegister,
  expression: string,
  value: Value,
): [group: GroupKey | undefined, expression: string] {
  const resource = value instanceof Unknown ? register.declaredAt(value.expression) : undefined;
  return resource === undefined ? [register.keyOfId(value), expression] : [resource, `${expression}.id`];
}

/** The items of a list or a map, by the expressions that name them; of a set only one that is alone. */
function itemsOf({ expression, value }: NamedValue): NamedValue[] {
  if (value instanceof SetValue) {
    return value.length === 1 ? [{ expression: `one(${expression})`, value: value[0] as Value }] : [];
  }
  if (isList(value))
    return value.map((item, index) => ({ expression: `${expression}[${index}]`, value: item }));
  return Object.entries(value as Readonly<Record<string, Value>>).map(([key, item]) => ({
    expression: `${expression}[${quote(key)}]`,
    value: item,
  }));
}

/** What only stands in the block that makes instances. */
const OF_INSTANCES = ["count", "each", "self"];

/** A group that the input does not declare: its key is an absolute expression, and each module names its own. */
class ForeignNames {
  /** The modules of an input by their addresses as paths. */
  private readonly modules: ReadonlyMap<string, ModuleInput>;

  constructor({ modules }: Input) {
    this.modules = new Map(modules.map((module) => [pathKey(pathOf(module.address)), module]));
  }

  nameIn(module: string, key: GroupKey): string | undefined {
    const references = referencesIn(key);
    if (references.length === 0 || referenceOf(key)?.length === 1) return undefined;
    if (references.some((path) => this.homeOf(path) !== module)) return undefined;
    return module === "" ? key : key.replaceAll(`${module}.`, "");
  }

  /** The module whose files a reference can stand in: for an output the one that calls. */
  private homeOf(path: ReferencePath): string | undefined {
    let length = 0;
    let module: ModuleInput | undefined;
    for (let end = 2; end < path.length; end += 1) {
      const found = this.modules.get(pathKey(path.slice(0, end)));
      if (found) [module, length] = [found, end];
    }
    const rest = path.slice(length);
    if (OF_INSTANCES.includes(String(rest[0]))) return undefined;
    if (module === undefined) return "";
    return module.passed || rest.length === 1 ? callerOf(module.address) : module.address;
  }
}

function pathOf(module: string): ReferencePath {
  const { calls } = parseAddress(module) ?? { calls: [] };
  return calls.flatMap(({ name, key }) => ["module", name, ...(key === undefined ? [] : [key])]);
}
