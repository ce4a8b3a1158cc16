import { setOf, unified } from "../collections";
import { Unknown, type Value } from "../value";
import {
  asMap,
  isList,
  isObject,
  isSetOfUnknownSize,
  LongNumber,
  objectFrom,
  toBig,
  toBoolean,
  toNumber,
  toText,
} from "../values";
import { type Functions, type Outcome, type PureFunction, REFUSED } from "./function";

/** Null stays null; what is of another kind, or is no such text, is refused. */
const to =
  (convert: (value: Value) => Outcome): PureFunction =>
  ([value, ...rest]) => {
    if (value === undefined || rest.length > 0) return REFUSED;
    if (value instanceof Unknown && !(value instanceof LongNumber)) return undefined;
    return value === null ? null : convert(value);
  };

const unchanged: PureFunction = ([value, ...rest]) =>
  rest.length > 0 || value === undefined ? REFUSED : value;

export const CONVERSION_FUNCTIONS: Functions = [
  ["nonsensitive", unchanged],
  ["sensitive", unchanged],
  ["tobool", to((value) => (typeof value === "number" ? REFUSED : (toBoolean(value) ?? REFUSED)))],
  ["tolist", to(listFrom)],
  ["tomap", to(mapFrom)],
  ["tonumber", to(numberFrom)],
  ["toset", to((value) => (isList(value) ? (unified(value) ? setOf(value) : REFUSED) : REFUSED))],
  ["tostring", to((value) => (value instanceof LongNumber ? undefined : (toText(value) ?? REFUSED)))],
];

function numberFrom(value: Value): Outcome {
  if (value instanceof LongNumber) return value;
  if (typeof value === "boolean") return REFUSED;
  return toBig(value) === undefined ? REFUSED : toNumber(value);
}

function listFrom(value: Value): Outcome {
  if (!isList(value)) return REFUSED;
  return isSetOfUnknownSize(value) ? undefined : (unified(value) ?? REFUSED);
}

function mapFrom(value: Value): Outcome {
  if (!isObject(value)) return REFUSED;
  const keys = Object.keys(value);
  const values = unified(Object.values(value));
  return values ? asMap(objectFrom(keys.map((key, index) => [key, values[index] as Value]))) : REFUSED;
}
