import { bounded } from "../limits";
import { unknownFrom } from "../unknown";
import type { Value } from "../value";
import { composed, expanded, failure, isFailed, isList, isSure, Reference, text } from "../values";
import { CIDR_FUNCTIONS } from "./cidr";
import { COLLECTION_FUNCTIONS } from "./collections";
import { CONVERSION_FUNCTIONS } from "./conversions";
import { DIGEST_FUNCTIONS } from "./digests";
import { ENCODING_FUNCTIONS } from "./encodings";
import { FILE_FUNCTIONS } from "./files";
import { FORMAT_FUNCTIONS } from "./format";
import { type Calling, REFUSED, type TerraformFunction } from "./function";
import { NUMBER_FUNCTIONS } from "./numbers";
import { PARTLY_KNOWN } from "./partial";
import { REGEX_FUNCTIONS } from "./regex";
import { TEXT_FUNCTIONS } from "./texts";
import { TIME_FUNCTIONS } from "./times";

const FUNCTIONS: ReadonlyMap<string, TerraformFunction> = new Map([
  ...CIDR_FUNCTIONS,
  ...COLLECTION_FUNCTIONS,
  ...CONVERSION_FUNCTIONS,
  ...DIGEST_FUNCTIONS,
  ...ENCODING_FUNCTIONS,
  ...FILE_FUNCTIONS,
  ...FORMAT_FUNCTIONS,
  ...NUMBER_FUNCTIONS,
  ...REGEX_FUNCTIONS,
  ...TEXT_FUNCTIONS,
  ...TIME_FUNCTIONS,
]);

/** The names of the functions that are evaluated. */
export const FUNCTION_NAMES: readonly string[] = [...FUNCTIONS.keys(), "try", "can"].sort();

/**
 * The names of Terraform's other functions, which stay unknown: what they give depends on time, chance, the machine,
 * how a value came about, or on a compressor or a key.
 */
export const NOT_EVALUATED: readonly string[] = [
  "abspath",
  "base64gzip",
  "bcrypt",
  "ephemeralasnull",
  "issensitive",
  "pathexpand",
  "plantimestamp",
  "rsadecrypt",
  "timestamp",
  "uuid",
];

/** A function that is Terraform's own may be called by its full name, too. */
const OWN = /^core::/;

/** Calls a function of Terraform; one that is not known here, or that needs what is not known, is unknown. */
export function callFunction(
  written: string,
  args: readonly Value[],
  isSpread: boolean,
  calling: Calling,
): Value {
  const name = written.replace(OWN, "");
  const spelled = () => `${name}(${args.map(text).join(", ")}${isSpread ? "..." : ""})`;
  if (name === "try" || name === "can") {
    const result = name === "try" ? tried(args) : can(args);
    if (result !== undefined) return result;
    return unknownFrom(spelled(), [], undefined, args.filter((arg) => !isFailed(arg)).slice(0, 1));
  }
  const last = expanded(args.at(-1) ?? null);
  if (isSpread && !isList(last)) return unknownFrom(spelled(), args);
  const values = (isSpread ? [...args.slice(0, -1), ...(last as readonly Value[])] : args).map(expanded);
  const failed = values.find((value) => value instanceof Reference && isFailed(value));
  if (failed instanceof Reference) return failure(spelled(), failed.why);
  const result = FUNCTIONS.get(name)?.(values, calling);
  if (result === REFUSED) return failure(spelled(), `${name} does not take these arguments`);
  // Null is a result: lookup(map, "self", null).
  if (result === undefined) return unknownFrom(spelled(), args, PARTLY_KNOWN.get(name)?.(values));
  return typeof result === "string" ? composed(bounded(result, `${name}()`)) : bounded(result, `${name}()`);
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
