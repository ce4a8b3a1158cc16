import { Unknown } from "../value";
import { toNumber } from "../values";
import { REFUSED, type TerraformFunction } from "./function";

/** A function of numbers alone: nothing where one of them is not known, and Terraform refuses all that is none. */
const onNumbers =
  (of: (...numbers: number[]) => number): TerraformFunction =>
  (args) => {
    if (args.length === 0) return REFUSED;
    const numbers = args.map((arg) => (arg instanceof Unknown ? undefined : (toNumber(arg) ?? REFUSED)));
    if (numbers.includes(REFUSED)) return REFUSED;
    // There is no -0 in Terraform.
    return numbers.every((number) => typeof number === "number") ? of(...numbers) + 0 : undefined;
  };

export const NUMBER_FUNCTIONS: readonly (readonly [string, TerraformFunction])[] = [
  ["abs", onNumbers(Math.abs)],
  ["ceil", onNumbers(Math.ceil)],
  ["floor", onNumbers(Math.floor)],
  ["max", onNumbers(Math.max)],
  ["min", onNumbers(Math.min)],
  ["signum", onNumbers(Math.sign)],
];
