import { Unknown, type Value } from "../value";
import { isList, isObject, toBoolean, toNumber, toText } from "../values";
import { REFUSED, type TerraformFunction } from "./function";

/** Null stays null; what is of another kind, or is no such text, is refused. */
const to =
  (convert: (value: Value) => Value | undefined): TerraformFunction =>
  ([value]) => {
    if (value === undefined || value instanceof Unknown) return undefined;
    return value === null ? null : (convert(value) ?? REFUSED);
  };

const unchanged: TerraformFunction = ([value]) => value;

export const CONVERSION_FUNCTIONS: readonly (readonly [string, TerraformFunction])[] = [
  ["tostring", to((value) => (isList(value) || isObject(value) ? undefined : toText(value)))],
  ["tonumber", to((value) => (typeof value === "boolean" ? undefined : toNumber(value)))],
  ["tobool", to(toBoolean)],
  ["sensitive", unchanged],
  ["nonsensitive", unchanged],
];
