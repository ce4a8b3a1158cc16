import {
  DefaultTokenResolver,
  StringConcat,
  TerraformBackend,
  TerraformElement,
  type TerraformStack,
  Tokenization,
} from "cdktf";
import type { IConstruct } from "constructs";
import { InputError } from "../io/errors";
import { isJson, type Json } from "../io/json";
import { deepMerge, invokeAspects, overridesOf } from "./cdktf";
import { ModuleStack } from "./module-stack";
import { PROVIDERS } from "./providers";
import type { PlainStack } from "./stack";
import { holdsToken } from "./text";

const RESOLVER = new DefaultTokenResolver(new StringConcat());

/**
 * All that the cdktf CLI reads of a stack besides Terraform's own keys. Without `metadata` its `deploy` dies;
 * Terraform ignores the whole block.
 */
const CLI_BLOCK = { "//": { metadata: {} } };

/**
 * A stack as the object that Terraform reads: what cdktf makes of its elements, without metadata, with
 * ranges for the known providers.
 *
 * @param minimumTerraform the oldest version that it and the modules that it calls need
 * @throws InputError naming every address that stands twice, and a provider or a backend where none may be;
 * what the constructs' own validations say is cdktf's error
 */
export function renderStack(stack: PlainStack, minimumTerraform: string): Json {
  invokeAspects(stack);
  refuseAnnotations(stack);
  // The constructs' own validations; cdktf words what they find.
  stack.runAllValidations();

  const configuration: Json = {};
  const firstAt = new Map<string, string>();
  const duplicates: string[] = [];
  for (const element of stack.node.findAll().filter(TerraformElement.isTerraformElement)) {
    const fragment = resolve(stack, element.toTerraform());
    for (const address of addressesOf(fragment)) {
      const first = firstAt.get(address);
      if (first === undefined) firstAt.set(address, element.node.path);
      else duplicates.push(`${address} is declared twice, by ${first} and ${element.node.path}`);
    }
    dropMetadata(fragment);
    deepMerge(configuration, fragment);
  }
  const problems = [...duplicates, ...backendConstructs(stack)];

  useProviderRanges(configuration);
  deepMerge(configuration, { terraform: { required_version: `>= ${minimumTerraform}` } });
  // What was added with stack.addOverride() comes last, as in cdktf.
  deepMerge(configuration, resolve(stack, overridesOf(stack)));
  if (stack instanceof ModuleStack) problems.push(...portabilityProblems(configuration));
  if (problems.length > 0) throw new InputError(problems);
  for (const [key, value] of Object.entries(configuration)) {
    // Terraform refuses empty maps of labels, such as `"output": {}`.
    if (isJson(value) && Object.keys(value).length === 0) delete configuration[key];
  }
  return { ...configuration, ...CLI_BLOCK };
}

/**
 * The addresses that a configuration or a part of one declares: `aws_security_group.rds`, `var.name`,
 * `output.id`, `local.x`, `module.y`, `data.aws_region.current`, `provider.aws`, sorted by kind and name.
 */
export function addressesOf(configuration: Json): string[] {
  const labelled = (prefix: string, map: unknown) =>
    isJson(map) ? Object.keys(map).map((label) => `${prefix}${label}`) : [];
  const byType = (prefix: string, types: unknown) =>
    isJson(types) ? Object.entries(types).flatMap(([type, map]) => labelled(`${prefix}${type}.`, map)) : [];
  const providers = isJson(configuration["provider"]) ? Object.entries(configuration["provider"]) : [];
  return [
    ...byType("", configuration["resource"]),
    ...byType("data.", configuration["data"]),
    ...labelled("module.", configuration["module"]),
    ...labelled("var.", configuration["variable"]),
    ...labelled("local.", configuration["locals"]),
    ...labelled("output.", configuration["output"]),
    ...providers.flatMap(([name, blocks]) =>
      [blocks].flat().map((block) => {
        const alias = isJson(block) ? block["alias"] : undefined;
        return alias === undefined ? `provider.${name}` : `provider.${name}.${alias}`;
      }),
    ),
  ];
}

/** A value with its tokens as Terraform reads them. */
export function resolve(stack: TerraformStack, value: unknown): Json {
  // Preparing: only then does cdktf notice a reference into another stack.
  const byCdktf = (part: unknown) =>
    Tokenization.resolve(part, { scope: stack, resolver: RESOLVER, preparing: true });
  try {
    return resolved(value, byCdktf) as Json;
  } catch {
    // Its errors name the place in the whole.
    return byCdktf(value);
  }
}

/**
 * What cdktf would make of a value, which takes several times as long for what is data without tokens, as most is. What is
 * undefined is left out.
 */
function resolved(value: unknown, byCdktf: (part: unknown) => unknown): unknown {
  if (value === undefined || value === null || typeof value === "boolean") return value;
  if (typeof value === "string") return isText(value) ? value : byCdktf(value);
  if (Array.isArray(value)) {
    // A token may stand for the whole list, as a string or a number in it.
    if (value.some((item) => typeof item === "number" || (typeof item === "string" && !isText(item))))
      return byCdktf(value);
    return value.map((item) => resolved(item, byCdktf)).filter((item) => item !== undefined);
  }
  if (!isData(value)) return byCdktf(value);
  const result: Json = {};
  for (const [key, item] of Object.entries(value)) {
    const part = resolved(item, byCdktf);
    if (part !== undefined) result[key] = part;
  }
  return result;
}

/** Whether a string holds no token and is none of the values that cdktf gives to the maps that stand for one. */
function isText(value: string): boolean {
  return !holdsToken(value) && !value.endsWith("Map Token Value");
}

/** Whether a value is an object without tokens of its own: neither by its keys, nor by a function that makes one of it. */
function isData(value: unknown): value is Json {
  if (typeof value !== "object" || value === null) return false;
  if (Object.getPrototypeOf(value) !== Object.prototype || "resolve" in value) return false;
  return !Object.keys(value).some((key) => key === "__proto__" || holdsToken(key));
}

/** cdktf marks the body of every resource, data source and module call with its construct's path. */
function dropMetadata(fragment: Json): void {
  const bodies = [
    ...["resource", "data"].flatMap((kind) => Object.values(fragment[kind] ?? {})),
    fragment["module"] ?? {},
  ].flatMap((labels) => Object.values(labels as Json));
  for (const body of bodies) {
    if (isJson(body)) delete body["//"];
  }
}

function useProviderRanges(configuration: Json): void {
  const terraform = configuration["terraform"] as { required_providers?: Json } | undefined;
  const required = terraform?.required_providers ?? {};
  for (const [name, range] of Object.entries(PROVIDERS)) {
    // A copy: overrides are merged into it.
    if (name in required) required[name] = { ...range };
  }
}

/** A backend of cdktf would stand beside the one of the option, and Terraform takes one. */
function backendConstructs(stack: PlainStack): string[] {
  if (stack instanceof ModuleStack) return [];
  return stack.node
    .findAll()
    .filter(TerraformBackend.isBackend)
    .map(({ node }) => `${node.path} is a backend of cdktf: use the option "backend" of RootStack instead`);
}

/** What would make a module unfit to be called: each caller configures the provider and keeps the state. */
function portabilityProblems(configuration: Json): string[] {
  const providers = addressesOf({ provider: configuration["provider"] });
  const { backend, cloud } = (configuration["terraform"] ?? {}) as Json;
  return [
    ...providers.map(
      (address) => `a module configures no provider, but it has ${address}: that is for the root`,
    ),
    ...(backend || cloud ? ["a module has no backend: that is for the root that calls it"] : []),
  ];
}

/**
 * An error annotation would throw in a direct run but not under the cdktf CLI, which reports it after the
 * files have changed.
 */
function refuseAnnotations(stack: IConstruct): void {
  const problems = stack.node
    .findAll()
    .flatMap((construct) =>
      construct.node.metadata
        .filter(({ type }) => type === "@cdktf/error")
        .map(({ data }) => `${construct.node.path}: ${data}`),
    );
  if (problems.length > 0) throw new InputError(problems);
}
