import { unknownFrom } from "../unknown";
import type { Value } from "../value";
import { expanded, failure, isFailed, isList, isSure, text } from "../values";
import { COLLECTION_FUNCTIONS } from "./collections";
import { CONVERSION_FUNCTIONS } from "./conversions";
import { ENCODING_FUNCTIONS, PARTLY_KNOWN } from "./encodings";
import { REFUSED, type TerraformFunction } from "./function";
import { NUMBER_FUNCTIONS } from "./numbers";
import { REGEX_FUNCTIONS } from "./regex";
import { TEXT_FUNCTIONS } from "./texts";

const FUNCTIONS: ReadonlyMap<string, TerraformFunction> = new Map([
  ...COLLECTION_FUNCTIONS,
  ...TEXT_FUNCTIONS,
  ...REGEX_FUNCTIONS,
  ...CONVERSION_FUNCTIONS,
  ...ENCODING_FUNCTIONS,
  ...NUMBER_FUNCTIONS,
]);

/** The names of the functions that are evaluated. */
export const FUNCTION_NAMES: readonly string[] = [...FUNCTIONS.keys(), "try", "can"].sort();

/** Calls a function of Terraform; one that is not known here, or that needs what is not known, is unknown. */
export function callFunction(name: string, args: readonly Value[], isSpread: boolean): Value {
  const spelled = () => `${name}(${args.map(text).join(", ")}${isSpread ? "..." : ""})`;
  if (name === "try" || name === "can") {
    const result = name === "try" ? tried(args) : can(args);
    return result === undefined ? unknownFrom(spelled(), []) : result;
  }
  const last = expanded(args.at(-1) ?? null);
  if (isSpread && !isList(last)) return unknownFrom(spelled(), args);
  const values = (isSpread ? [...args.slice(0, -1), ...(last as readonly Value[])] : args).map(expanded);
  const result = FUNCTIONS.get(name)?.(values);
  if (result === REFUSED) return failure(spelled());
  // Null is a result: lookup(map, "self", null).
  return result === undefined ? unknownFrom(spelled(), args, PARTLY_KNOWN.get(name)?.(values)) : result;
}

/** The first argument that does not fail. An unknown one may fail or not, and so decides nothing. */
function tried(args: readonly Value[]): Value | undefined {
  const [first] = args.filter((arg) => !isFailed(arg));
  return first !== undefined && isSure(first) ? first : undefined;
}

function can([arg]: readonly Value[]): boolean | undefined {
  if (arg === undefined) return undefined;
  if (isFailed(arg)) return false;
  return isSure(arg) ? true : undefined;
}
