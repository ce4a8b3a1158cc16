import { type Big, bigOf, compare, decimalOf, floorOf, negated, productOf, shortOf, sum } from "../numbers";
import { Unknown, type Value } from "../value";
import { expanded, isList, isObject, numberOf, text, toBig } from "../values";
import { type Functions, type Outcome, type PureFunction, REFUSED, takes } from "./function";

/** A function of one number, with all of its digits. */
const onNumber =
  (name: string, of: (number: Big) => Big): PureFunction =>
  (args) =>
    onNumbers(name, ([number]) => of(number as Big))(args.length === 1 ? args : []);

/** A function of numbers: at least one. */
const onNumbers =
  (name: string, of: (numbers: readonly Big[]) => Big): PureFunction =>
  (args) => {
    const numbers = bigsOf(args);
    if (numbers === REFUSED || args.length === 0) return REFUSED;
    return numbers && numberOf(of(numbers), `${name}(${args.map(text).join(", ")})`);
  };

function bigsOf(values: readonly Value[]): readonly Big[] | typeof REFUSED | undefined {
  const numbers = values.map(expanded).map((value): Big | "large" | typeof REFUSED | undefined => {
    if (value === null || typeof value === "boolean" || isList(value) || isObject(value)) return REFUSED;
    return toBig(value) ?? (value instanceof Unknown ? undefined : REFUSED);
  });
  if (numbers.includes(REFUSED)) return REFUSED;
  return numbers.some((number) => number === undefined || number === "large")
    ? undefined
    : (numbers as readonly Big[]);
}

export const NUMBER_FUNCTIONS: Functions = [
  ["abs", onNumber("abs", (number) => (number.mantissa < 0n ? negated(number) : number))],
  ["ceil", onNumber("ceil", (number) => negated(floorOf(negated(number))))],
  ["floor", onNumber("floor", floorOf)],
  ["log", takes(["number", "number"], logarithm)],
  ["max", onNumbers("max", (all) => all.reduce((a, b) => (compare(a, b) < 0 ? b : a)))],
  ["min", onNumbers("min", (all) => all.reduce((a, b) => (compare(b, a) < 0 ? b : a)))],
  ["parseint", parsed],
  ["pow", takes(["number", "number"], power)],
  ["signum", takes(["int"], (number) => Math.sign(number))],
  ["sum", ([list, ...rest]) => (rest.length > 0 || list === undefined ? REFUSED : added(list))],
];

function added(list: Value): Outcome {
  if (list instanceof Unknown) return undefined;
  if (!isList(list) || list.length === 0) return REFUSED;
  return onNumbers("sum", (all) => all.reduce(sum))(list);
}

/** Whole powers of the base alone: other logarithms end in digits that are rounded otherwise elsewhere. */
function logarithm(number: number, base: number): number | undefined {
  if (number <= 0 || base <= 0 || base === 1) return undefined;
  if (number === 1) return 0;
  const result = Math.log(number) / Math.log(base);
  return Number.isInteger(result) && base ** result === number ? result : undefined;
}

/** Powers that a double holds exactly. */
function power(base: number, exponent: number): number | undefined {
  if (!Number.isInteger(exponent) || exponent < 0 || exponent > 1_000) return undefined;
  const factor = bigOf(decimalOf(base)) as Big;
  let result: Big = { mantissa: 1n, exponent: 0 };
  for (let count = 0; count < exponent; count += 1) result = productOf(result, factor);
  const short = shortOf(result);
  // Fractions that are not binary ones are no doubles: 0.1.
  return short !== undefined && Number.isInteger(short * 2 ** 40) && Math.abs(short) < 2 ** 53
    ? short
    : undefined;
}

const DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** `parseint("ff", 16)`. Up to base 36 the case of letters does not matter. */
function parsed([number, base, ...rest]: readonly Value[]): Outcome {
  if (number === undefined || base === undefined || rest.length > 0) return REFUSED;
  if (number instanceof Unknown) return undefined;
  if (typeof number !== "string") return REFUSED;
  return takes(["int"], (radix) => {
    if (radix < 2 || radix > 62) return REFUSED;
    const [, sign, digits = ""] = /^([+-]?)(.+)$/s.exec(number) ?? [];
    const known = [...(radix <= 36 ? digits.toLowerCase() : digits)].map((digit) => DIGITS.indexOf(digit));
    if (known.length === 0 || known.some((digit) => digit < 0 || digit >= radix)) return REFUSED;
    const whole = known.reduce((value, digit) => value * BigInt(radix) + BigInt(digit), 0n);
    return numberOf(
      { mantissa: sign === "-" ? -whole : whole, exponent: 0 },
      `parseint(${text(number)}, ${radix})`,
    );
  })([base]);
}
