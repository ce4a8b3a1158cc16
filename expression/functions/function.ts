import type { Surroundings } from "../surroundings";
import { Unknown, type Value } from "../value";
import { expanded, isList, isObject, toBig, toBoolean, toNumber, toText, type ValueObject } from "../values";

/** What a function gives where Terraform refuses to go on: `one(["a", "b"])`. */
export const REFUSED = Symbol("refused");

export type Outcome = Value | typeof REFUSED | undefined;

/** What a function can use beside its arguments. */
export interface Calling {
  readonly surroundings: Surroundings | undefined;
  /** Evaluates a template with names of its own. @param seesFiles whether it may call functions that read files */
  readonly render: (template: string, names: ValueObject, seesFiles: boolean) => Outcome;
}

/**
 * A function of Terraform, on arguments whose references are expanded. It gives nothing where they are not known, or
 * not what it takes here.
 */
export type TerraformFunction = (args: readonly Value[], calling: Calling) => Outcome;

/** A function that uses nothing but its arguments. */
export type PureFunction = (args: readonly Value[]) => Outcome;

export type Functions = readonly (readonly [name: string, of: TerraformFunction])[];

/**
 * What an argument must be, or can be made to be; null is refused. `int` is a whole number of 64 bits at most. `any` is
 * what is left to the function, unknown values and null among it.
 */
interface Kinds {
  string: string;
  number: number;
  int: number;
  any: Value;
}
type Kind = keyof Kinds;
type Arguments<K extends readonly Kind[]> = { [I in keyof K]: Kinds[K[I]] };

/**
 * A function of so many arguments of such kinds. As Terraform does, it refuses other numbers of arguments and what is
 * of another kind, and is unknown where an argument is.
 */
export function takes<const K extends readonly Kind[]>(
  kinds: K,
  of: (...args: Arguments<K>) => Outcome,
): PureFunction {
  return (args) => {
    if (args.length !== kinds.length) return REFUSED;
    const given = args.map((arg, index) => argument(kinds[index] as Kind, arg));
    if (given.includes(REFUSED)) return REFUSED;
    return given.includes(undefined) ? undefined : of(...(given as unknown as Arguments<K>));
  };
}

/** As `takes`, with any number of further arguments of one kind. */
export function takesRest<const K extends readonly Kind[], R extends Kind>(
  kinds: K,
  rest: R,
  of: (...args: [...Arguments<K>, readonly Kinds[R][]]) => Outcome,
): PureFunction {
  return (args) => {
    if (args.length < kinds.length) return REFUSED;
    const given = args.map((arg, index) => argument(kinds[index] ?? rest, arg));
    if (given.includes(REFUSED)) return REFUSED;
    if (given.includes(undefined)) return undefined;
    const known = [...given.slice(0, kinds.length), given.slice(kinds.length)];
    return of(...(known as unknown as [...Arguments<K>, readonly Kinds[R][]]));
  };
}

/** An argument as one of a kind; refused where it is none, and nothing where that is not known. */
export function argument(kind: Kind, value: Value): Outcome {
  if (kind === "any") return value;
  if (value === null || isList(value) || isObject(value)) return REFUSED;
  if (kind === "string") return value instanceof Unknown ? undefined : toText(value);
  if (typeof value === "boolean") return REFUSED;
  const big = toBig(value);
  if (big === undefined) return value instanceof Unknown ? undefined : REFUSED;
  const number = toNumber(value);
  if (kind === "int" && number !== undefined && !Number.isInteger(number)) return REFUSED;
  return kind === "int" && number !== undefined && !Number.isSafeInteger(number) ? undefined : number;
}

/** The items of what Terraform takes for a list of texts; null among them is kept. */
export function textsOf(value: Value): (string | null)[] | typeof REFUSED | undefined {
  if (value instanceof Unknown) return undefined;
  if (!isList(value)) return REFUSED;
  const texts = value.map((item): string | null | typeof REFUSED | undefined => {
    const known = expanded(item);
    if (known === null) return null;
    if (known instanceof Unknown) return undefined;
    return toText(known) ?? REFUSED;
  });
  if (texts.includes(REFUSED)) return REFUSED;
  return texts.includes(undefined) ? undefined : (texts as (string | null)[]);
}

/** The items of what Terraform takes for a list of booleans; an unknown one is undefined. */
export function booleansOf(list: readonly Value[]): (boolean | null | undefined)[] | typeof REFUSED {
  const items = list.map((item) => {
    const known = expanded(item);
    if (known === null) return null;
    if (known instanceof Unknown) return undefined;
    return toBoolean(known) ?? REFUSED;
  });
  return items.includes(REFUSED) ? REFUSED : (items as (boolean | null | undefined)[]);
}
