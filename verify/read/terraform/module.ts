import { relative, resolve } from "node:path";
import { isSecurityGroupType } from "../../../aws/security-group-types";
import { absoluteIn, relativeTo, withKey } from "../../../expression/address";
import { evaluateData, type Scope } from "../../../expression/evaluate";
import { expressionIn } from "../../../expression/parse";
import type { Surroundings } from "../../../expression/surroundings";
import { converted, type Type, typeOf } from "../../../expression/types";
import { Unknown, type Value } from "../../../expression/value";
import { attribute, isList, isObject, Late, plain, Reference, text } from "../../../expression/values";
import { isJson, type Json } from "../../../io/json";
import { type NamedValue, type Relocation, type Source, UNKNOWN_KEY } from "../model";
import { argumentOf, givesArgument, partOf } from "./bodies";
import {
  enabledOf,
  type Instance,
  type Instances,
  instancesOf,
  MOST_INSTANCES,
  mayBeNone,
} from "./instances";
import type { Language } from "./languages";
import type { Block } from "./module-files";
import type { ModuleTree } from "./module-tree";

/** What is known beyond the configuration: a plan's values. */
export interface Known {
  /** The value of a resource's attribute that the configuration does not give. */
  readonly attribute: (address: string, name: string, block: Block) => Value | undefined;
  /** The keys of the instances at an address without a key. */
  readonly keys: (address: string) => readonly (string | number)[] | undefined;
}

/** What all modules of a configuration share. */
export interface Context {
  /** The folder of the root module. */
  readonly root: string;
  readonly surroundings: Surroundings;
  readonly known: Known;
  readonly language: Language;
  readonly note: (note: string) => void;
}

/** An unknown value that is longer than this goes by the name of the local value that holds it. */
const LONGEST_EXPRESSION = 200;

/** A module in one instance: what its names mean, and its resources. Everything is worked out when it is asked for. */
export class Module implements Scope {
  readonly label: string;
  readonly surroundings: Surroundings;
  private readonly values = new Map<string, Value>();
  private readonly running = new Set<string>();
  private readonly instances = new Map<string, Instances>();
  private readonly children = new Map<string, Module>();
  /** The types of the resources that it declares. */
  private readonly types: ReadonlySet<string>;

  /**
   * @param path its address, "" for the root
   * @param given the values of variables that the caller or files give
   * @param isUncertain whether it is called at all is not known
   * @param entry of one that `terraform init` fetched: the call in the user's own configuration that leads to it
   * @param provider the root's name of a configuration of a provider, of its name in the module
   */
  constructor(
    private readonly context: Context,
    readonly tree: ModuleTree,
    readonly path: string,
    private readonly given: (variable: string) => Value | undefined,
    private readonly isUncertain = false,
    private readonly entry?: Source,
    private readonly provider: (local: string) => string = (local) => local,
  ) {
    this.label = path;
    this.surroundings = context.surroundings;
    this.types = new Set(this.blocks("resource").map(({ type }) => type));
  }

  name = (name: string): Value => {
    switch (name) {
      case "var":
        return this.group("var", (variable) => this.variable(variable));
      case "local":
        return this.group("local", (local) => this.local(local));
      case "module":
        return this.group("module", (call) => this.call(call));
      case "data":
        return this.group("data", (type) => this.typed("data", type));
      case "resource":
        // `resource.aws_security_group.a` is `aws_security_group.a`: a way to write types that are called like other names.
        return this.group("resource", (type) => this.typed("resource", type));
      case "path":
        return this.group("path", (folder) => this.folder(folder));
      case "terraform":
      case "each":
      case "count":
      case "self":
        return new Reference(this.absolute(name), (key) => new Unknown(this.absolute(`${name}.${key}`)));
      default:
        return this.typed("resource", name);
    }
  };

  /** Its resources and data sources, in every instance. */
  resources(): {
    readonly block: Block;
    readonly instance: Instance;
    readonly address: string;
    readonly isUncertain: boolean;
  }[] {
    return this.blocks("resource", "data").flatMap((block) => {
      const address = this.addressOf(block);
      const instances = this.noted(block);
      const isOneUncertain = this.isUncertain || mayBeNone(instances);
      return instances.all.map((instance) => ({
        block,
        instance,
        address: withKey(address, instance.key),
        isUncertain: isOneUncertain,
      }));
    });
  }

  /** The modules that it calls, in every instance; without a module for one that is not on this machine. */
  calls(): {
    readonly block: Block;
    readonly address: string;
    readonly module: Module | undefined;
    /** What the call of a module says that cannot be read. */
    readonly passed: { readonly [argument: string]: Value };
  }[] {
    return this.blocks("module").flatMap((block) => {
      const address = this.addressOf(block);
      return this.noted(block).all.map((instance) => {
        const own = withKey(address, instance.key);
        const module = this.child(block, instance, own);
        const passed = module
          ? {}
          : Object.fromEntries(
              Object.entries(bodyOf(block)).map(([name, value]) => [
                name,
                evaluateData(value, instance.scope),
              ]),
            );
        return { block, address: own, module, passed };
      });
    });
  }

  /** What its `moved` blocks and its `removed` blocks, which have no `to`, say of objects: absolute. */
  relocations(): Relocation[] {
    const endpoint = (value: unknown) =>
      typeof value === "string" ? this.absolute(expressionIn(value)) : undefined;
    return this.blocks("moved", "removed").flatMap((block) => {
      const [from, to] = [endpoint(bodyOf(block)["from"]), endpoint(bodyOf(block)["to"])];
      return from === undefined ? [] : [{ from, ...(to !== undefined && { to }) }];
    });
  }

  /** Where one of its blocks stands, for those who write the configuration. */
  sourceOf({ source }: Block): Source {
    if (this.entry === undefined) return source;
    return this.tree.isByArguments ? this.entry : { ...this.entry, inside: source };
  }

  /** What an argument of a resource gives. */
  argument(block: Block, instance: Instance, address: string, name: string): Value {
    const given = bodyOf(block)[name];
    // Most arguments are constants: nothing to work out, and nothing to remember.
    if (typeof given === "number" || typeof given === "boolean") return given;
    if (typeof given === "string" && !given.includes("{")) return given;
    return this.once(`${address} ${name}`, `${address}.${name}`, () =>
      argumentOf(block.type, bodyOf(block), name, instance.scope, (nested) =>
        this.context.note(
          `${address}: how many ${nested} blocks it has is not known; they are treated as one with unknown values.`,
        ),
      ),
    );
  }

  /** What an argument of a block gives that all of its instances share, such as `count`. */
  shared(block: Block, argument: string): Value {
    return evaluateData(bodyOf(block)[argument], this);
  }

  /** The configuration of the provider of a resource, as the root names it; undefined for the default one. */
  providerOf(block: Block): string | undefined {
    const [kind = ""] = block.type.split("_");
    const given = bodyOf(block)["provider"];
    const name = this.provider(typeof given === "string" ? expressionIn(given) : kind);
    return name === kind ? undefined : name;
  }

  /** Of the root: what a configuration of the AWS provider adds to the tags of all resources; undefined where nothing. */
  defaultTags(provider: string): Value | undefined {
    const given = this.tree.files.defaultTags.get(provider);
    if (given === undefined) return undefined;
    const name = `provider.${provider}.default_tags`;
    return this.once(name, name, () => plain(evaluateData(given, this)));
  }

  /** What a module that it calls has for its configurations of providers: the given ones, and else the default ones. */
  private providersFor(block: Block, address: string): (local: string) => string {
    const { providers } = bodyOf(block);
    const given = new Map(
      Object.entries(isJson(providers) ? providers : {}).map(([local, name]) => [
        expressionIn(local),
        expressionIn(String(name)),
      ]),
    );
    return (local) => {
      const name = given.get(local);
      if (name !== undefined) return this.provider(name);
      return local.includes(".") ? `${address}:${local}` : this.provider(local);
    };
  }

  /** What its blocks declare, absolute and without keys of instances. */
  declared(): string[] {
    return [
      ...this.blocks("resource", "data", "module").map((block) => this.addressOf(block)),
      ...this.blocks("variable").map(({ name }) => this.absolute(`var.${name}`)),
      ...this.blocks("local").map(({ name }) => this.absolute(`local.${name}`)),
    ];
  }

  /**
   * What may name a security group inside of it: its own groups, its variables, the modules that it calls, and their
   * outputs.
   */
  names(): NamedValue[] {
    const groups = this.blocks("resource").filter(({ type }) => isSecurityGroupType(type));
    const variables = this.path === "" ? [] : this.blocks("variable");
    return [
      ...groups.flatMap((block) =>
        this.spelled(block).map(({ expression, address }) => ({ expression, value: new Unknown(address) })),
      ),
      ...variables.map(({ name }) => ({ expression: `var.${name}`, value: this.variable(name) })),
      ...this.blocks("module").flatMap((block) =>
        this.spelled(block).flatMap(({ expression, address, instance }) => {
          const child = this.child(block, instance, address);
          const outputs = (child?.blocks("output") ?? []).map(({ name }) => ({
            expression: `${expression}.${name}`,
            value: child?.output(name) ?? null,
          }));
          return [{ expression, value: new Unknown(address) }, ...outputs];
        }),
      ),
    ];
  }

  /**
   * The instances of a block, as an expression beside it names them: of an unknown `count` it is the first, of an unknown
   * `for_each` one whose key is yet to be put in.
   */
  private spelled(
    block: Block,
  ): { readonly expression: string; readonly address: string; readonly instance: Instance }[] {
    const address = this.addressOf(block);
    const { form, all } = this.instancesOf(block);
    const anyKey = bodyOf(block)["for_each"] === undefined ? 0 : UNKNOWN_KEY;
    return all.map((instance) => {
      const own = withKey(address, instance.key);
      const named = form === "unknown" ? withKey(address, anyKey) : own;
      return { expression: relativeTo(this.path, named), address: own, instance };
    });
  }

  private blocks(...kinds: Block["kind"][]): Block[] {
    return [...this.tree.files.blocks.values()].filter(({ kind }) => kinds.includes(kind));
  }

  private absolute(expression: string): string {
    return absoluteIn(this.path, expression);
  }

  private addressOf({ kind, type, name }: Block): string {
    const own =
      kind === "resource" ? `${type}.${name}` : kind === "data" ? `data.${type}.${name}` : `module.${name}`;
    return this.absolute(own);
  }

  private group(name: string, of: (key: string) => Value): Reference {
    return new Reference(this.absolute(name), (key) => of(String(key)));
  }

  /** `path.module` and the like, as Terraform writes them when it runs in the folder of the root module. */
  private folder(name: string): Value {
    const { root } = this.context;
    switch (name) {
      case "root":
        return ".";
      case "module":
        return relative(root, this.tree.files.folder).replaceAll("\\", "/") || ".";
      case "cwd":
        return resolve(root).replaceAll("\\", "/");
      default:
        return new Unknown(this.absolute(`path.${name}`));
    }
  }

  /** Works a value out when it is asked for first. One that needs itself is unknown, by its own name. */
  private once(key: string, name: string, compute: () => Value): Value {
    const known = this.values.get(key);
    if (known !== undefined) return known;
    if (this.running.has(key)) return new Unknown(name);
    this.running.add(key);
    try {
      const value = compute();
      this.values.set(key, value);
      return value;
    } finally {
      this.running.delete(key);
    }
  }

  private variable(name: string): Value {
    const unknown = new Unknown(this.absolute(`var.${name}`));
    return this.once(`var.${name}`, unknown.expression, () => {
      const block = this.tree.files.blocks.get(`variable.${name}`);
      if (!block) return unknown;
      const body = bodyOf(block);
      const type: Type = typeOf(body["type"]);
      const given = this.given(name);
      const isGiven = given !== undefined && !(given === null && body["nullable"] === false);
      if (isGiven) return converted(given, type);
      if (!Object.hasOwn(body, "default")) return unknown;
      const fallback = block.isJson ? (body["default"] as Value) : evaluateData(body["default"], this);
      return converted(fallback, type);
    });
  }

  private local(name: string): Value {
    const named = new Unknown(this.absolute(`local.${name}`));
    return this.once(`local.${name}`, named.expression, () => {
      const block = this.tree.files.blocks.get(`local.${name}`);
      if (!block) return named;
      const value = evaluateData(block.body, this);
      const isLong =
        value instanceof Unknown && !(value instanceof Late) && value.expression.length > LONGEST_EXPRESSION;
      return isLong && !(value instanceof Reference) ? new Unknown(named.expression, value.parts) : value;
    });
  }

  private typed(kind: "resource" | "data", type: string): Reference {
    const prefix = kind === "data" ? `data.${type}` : type;
    return new Reference(this.absolute(prefix), (name) => {
      const block = this.tree.files.blocks.get(`${kind}.${type}.${name}`);
      if (!block) return attribute(this.absolute(`${prefix}.${name}`));
      return this.instanced(block, (instance, address) => this.resource(block, instance, address));
    });
  }

  private call(name: string): Value {
    const block = this.tree.files.blocks.get(`module.${name}`);
    if (!block)
      return new Reference(
        this.absolute(`module.${name}`),
        (key) => new Unknown(this.absolute(`module.${name}.${key}`)),
      );
    return this.instanced(block, (instance, address) => {
      const child = this.child(block, instance, address);
      return new Reference(
        address,
        (key) => child?.output(String(key)) ?? child?.inner(String(key)) ?? new Unknown(`${address}.${key}`),
      );
    });
  }

  /**
   * What a name means inside, where the module has no output of that name. No Terraform expression says so; `flows.yaml`
   * does, which names all that an input holds by its absolute address: `module.a.data.aws_eks_cluster.main.…`.
   */
  private inner(name: string): Value | undefined {
    const isNamed = ["data", "local", "module", "var"].includes(name) || this.types.has(name);
    return isNamed ? this.name(name) : undefined;
  }

  /** A reference to what `count` or `for_each` may have made several of. */
  private instanced(block: Block, of: (instance: Instance, address: string) => Value): Value {
    const address = this.addressOf(block);
    const { form, all } = this.instancesOf(block);
    if (form === "disabled") return null;
    if (form === "single" || form === "optional") return of(all[0] as Instance, address);
    const at = (instance: Instance) => of(instance, withKey(address, instance.key));
    const byKey = new Map(all.map((instance) => [String(instance.key), instance]));
    return new Reference(
      address,
      (key) => {
        const instance = form === "unknown" ? undefined : byKey.get(String(key));
        if (instance) return at(instance);
        return attribute(`${address}[${text(key)}]`, form === "unknown" ? undefined : "fails");
      },
      () => {
        if (form === "unknown") return undefined;
        if (form === "count") return all.map(at);
        return Object.fromEntries(all.map((instance) => [String(instance.key), at(instance)]));
      },
    );
  }

  /** The instances of a block, with notes of what is not known of them. */
  private noted(block: Block): Instances {
    const address = this.addressOf(block);
    const instances = this.instancesOf(block);
    if (instances.form === "unknown") {
      this.context.note(
        instances.areTooMany
          ? `${address}: it has more than ${MOST_INSTANCES} instances, which are not expanded; it is treated as one with unknown keys.`
          : `${address}: its instances are not known; it is treated as one with unknown keys.`,
      );
    }
    if (instances.form === "optional") this.context.note(`${address}: whether it is enabled is not known.`);
    if (this.context.language === "Terraform" && enabledOf(bodyOf(block)) !== undefined) {
      this.context.note(
        `${address}: lifecycle.enabled belongs to OpenTofu 1.11 and is judged as there; Terraform rejects it.`,
      );
    }
    return instances;
  }

  private instancesOf(block: Block): Instances {
    const address = this.addressOf(block);
    const known = this.instances.get(address);
    if (known) return known;
    // A for_each that needs its own resource has no keys that could be known.
    this.instances.set(address, {
      form: "unknown",
      all: [{ key: undefined, scope: { name: this.name, label: address, surroundings: this.surroundings } }],
    });
    const instances = instancesOf(bodyOf(block), address, this, this.context.known.keys(address));
    this.instances.set(address, instances);
    return instances;
  }

  private resource(block: Block, instance: Instance, address: string): Reference {
    const body = bodyOf(block);
    return new Reference(address, (key) => {
      const name = String(key);
      const given = givesArgument(body, name) ? this.argument(block, instance, address, name) : null;
      if (given !== null) return nested(given, `${address}.${name}`);
      return (
        this.context.known.attribute(address, name, block) ?? attribute(`${address}.${name}`, "succeeds")
      );
    });
  }

  private child(block: Block, instance: Instance, address: string): Module | undefined {
    const tree = this.tree.calls.get(block.name);
    if (!tree) return undefined;
    const known = this.children.get(address);
    if (known) return known;
    const body = bodyOf(block);
    const given = (variable: string) =>
      Object.hasOwn(body, variable)
        ? this.once(`${address} ${variable}`, `${address}.var.${variable}`, () =>
            evaluateData(body[variable], instance.scope),
          )
        : undefined;
    const isUncertain = this.isUncertain || mayBeNone(this.instancesOf(block));
    const providers = this.providersFor(block, address);
    const entry = this.entry ?? (tree.isFetched ? block.source : undefined);
    const child = new Module(this.context, tree, address, given, isUncertain, entry, providers);
    this.children.set(address, child);
    return child;
  }

  private output(name: string): Value | undefined {
    const block = this.tree.files.blocks.get(`output.${name}`);
    if (!block) return undefined;
    return this.once(`output.${name}`, this.absolute(name), () => evaluateData(bodyOf(block)["value"], this));
  }
}

function bodyOf(block: Block): Json {
  return isJson(block.body) ? block.body : {};
}

/** What a block of a resource always has when that is made: the group that EKS makes for a cluster (`vpc_config`). */
function isMadeByAws(name: string | number): boolean {
  return name === "cluster_security_group_id";
}

/** The blocks of a resource: what they do not give is the provider's, and unknown. */
function nested(value: Value, address: string): Value {
  if (!isList(value) || !value.some(isObject)) return value;
  const blocks = value.map((block, index) => {
    if (!isObject(block)) return block;
    const own = `${address}[${index}]`;
    return new Reference(
      own,
      (name) =>
        partOf(block, name) ?? attribute(`${own}.${name}`, isMadeByAws(name) ? "succeeds" : undefined),
      () => block,
    );
  });
  return new Reference(
    address,
    (index) => blocks[Number(index)] ?? attribute(`${address}[${text(index)}]`),
    () => blocks,
  );
}
