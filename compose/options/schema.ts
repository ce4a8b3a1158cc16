import * as z from "zod";
import { isJson, type Json } from "../../io/json";
import { nearest } from "../../io/nearest";
import type { AnyModuleContract, VariableSpec } from "../../synth/contract";
import { optionName, variableName } from "./names";

/*
 * Options of TypeScript, each said once: the schema that reads it and gives the names of the modules, with the words
 * and the types of which `npm run generate` makes the declarations that editors show (`declared.ts`). An option is a
 * variable of a module, with its words and its default. Values are checked by the modules' own validations.
 */

/** What an editor shows of an option, besides its name. */
export interface OptionWords {
  readonly description: string;
  /** Its type, as TypeScript. */
  readonly type: string;
  readonly isRequired?: boolean;
  /** Whether null is a value, which may have to be given. */
  readonly isNullable?: boolean;
  /** As JSON, in the names of the modules. */
  readonly default?: unknown;
  readonly example?: unknown;
}

/**
 * An object of options, by its name in the declarations.
 *
 * @internal Of zod, which the users of the package do not have.
 */
export interface Options {
  readonly name: string;
  readonly description: string;
  readonly options: Readonly<Record<string, z.ZodType>>;
}

/** @internal The words of every option. */
export const WORDS = z.registry<OptionWords>();

/** An option whose value the module checks. */
export function option(words: OptionWords, schema: z.ZodType = z.any()): z.ZodType {
  const isGiven = (value: unknown) => value !== undefined && (value !== null || words.isNullable === true);
  const checked = words.isRequired
    ? schema.refine(isGiven, `must be given: ${words.description}`)
    : schema.optional();
  return checked.register(WORDS, words);
}

/** An option that is a variable of a module. Left out, it has the module's default. */
export function variableOption(
  { variables }: AnyModuleContract,
  values: string,
  name: string,
  {
    type = `${values}["${name}"]`,
    schema = z.any(),
    ...more
  }: Partial<OptionWords> & { schema?: z.ZodType } = {},
): z.ZodType {
  const { description, default: fallback, example, isNullable = false } = variables[name] as VariableSpec;
  const words = {
    description,
    type,
    isRequired: fallback === undefined,
    isNullable,
    ...(fallback !== undefined && fallback !== null && { default: fallback }),
    ...(example !== null && { example }),
    ...more,
  };
  return option(words, schema);
}

/** Attributes of a variable that is an object: their types are those of the module's own declarations. */
export function attributes(
  of: string,
  words: Readonly<Record<string, string>>,
  required: readonly string[] = [],
): Options["options"] {
  return Object.fromEntries(
    Object.entries(words).map(([name, description]) => [
      name,
      option({
        description,
        type: `${of}["${variableName(name)}"]`,
        ...(required.includes(name) && { isRequired: true }),
      }),
    ]),
  );
}

/** A map of such objects, by keys of the user's choice. */
export function mapOf(of: Options): z.ZodType {
  return orReference(z.record(z.string(), orReference(objectOf(of))));
}

/** An object of these options alone, which becomes one with the modules' names. */
export function objectOf({ options }: Options): z.ZodType {
  return z
    .strictObject(options, optionsOnly(Object.keys(options)))
    .transform((value) =>
      Object.fromEntries(Object.entries(value).map(([name, one]) => [variableName(name), one])),
    );
}

/** The words for an object of these options alone: one in a module's name, or a misspelled one, is named as it is here. */
export function optionsOnly(names: readonly string[]) {
  const accepted = names.join(", ");
  const known = (key: string) => {
    const meant = names.find((name) => name === optionName(key)) ?? nearest(optionName(key), names);
    return meant === undefined ? `"${key}"` : `"${key}" (write ${meant})`;
  };
  return {
    error: (issue: { code?: string; keys?: string[] }) =>
      issue.code === "unrecognized_keys"
        ? `does not know ${issue.keys?.map(known).join(", ")}; accepted: ${accepted}`
        : `must be an object with ${accepted}`,
  };
}

/** Data of a schema. What is no object passes: a reference, of which Terraform knows what it is, or what the module refuses. */
export function orReference(schema: z.ZodType): z.ZodType {
  return z.any().transform((value, context) => {
    if (!isData(value)) return value;
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    // As they are, with their paths and words.
    for (const issue of result.error.issues) context.issues.push({ ...issue, input: value } as never);
    return z.NEVER;
  });
}

/** cdktf's references are objects of classes, and those to maps hold their mark as a key. */
function isData(value: unknown): value is Json {
  if (!isJson(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null;
  return isPlain && !Object.keys(value).some((key) => key.includes("TfToken["));
}
