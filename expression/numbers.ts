/*
 * Numbers as Terraform computes them: binary fractions of 512 bits, rounded to nearest even
 * (https://pkg.go.dev/math/big#Float, as go-cty uses it).
 */

/** `mantissa` × 2 ^ `exponent`, with a mantissa of at most 512 bits. */
export interface Big {
  readonly mantissa: bigint;
  readonly exponent: number;
}

const PRECISION = 512;
/** Exponents beyond are no numbers that anybody writes, and computing with them takes long. */
const LARGEST_EXPONENT = 1_000;

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** A number from its decimal notation; undefined where the text has none, and `"large"` beyond all measure. */
export function bigOf(text: string): Big | "large" | undefined {
  const [, sign, whole = "", fraction = "", power = "0"] = DECIMAL.exec(text) ?? [];
  if (sign === undefined || whole + fraction === "") return undefined;
  const exponent = Number(power) - fraction.length;
  if (Math.abs(exponent) > LARGEST_EXPONENT || whole.length + fraction.length > LARGEST_EXPONENT)
    return "large";
  const digits = BigInt(`${whole}${fraction}`) * (sign === "-" ? -1n : 1n);
  return exponent >= 0
    ? rounded(digits * 10n ** BigInt(exponent), 0)
    : quotient(digits, 10n ** BigInt(-exponent));
}

/** The number in JavaScript whose shortest notation means this one; undefined where there is none. */
export function shortOf({ mantissa, exponent }: Big): number | undefined {
  // In two steps, because the power alone may be smaller than all numbers.
  const half = Math.trunc(exponent / 2);
  const near = Number(mantissa) * 2 ** half * 2 ** (exponent - half);
  if (!Number.isFinite(near)) return undefined;
  const back = bigOf(decimalOf(near));
  return back !== undefined && back !== "large" && compare(back, { mantissa, exponent }) === 0
    ? near + 0
    : undefined;
}

/** A number without an exponent, as Terraform makes text of it: `0.0000001`, not `1e-7`. */
export function decimalOf(number: number): string {
  const text = String(number);
  const [, sign, first, rest = "", power] = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text) ?? [];
  if (power === undefined) return text;
  const digits = `${first}${rest}`;
  const point = 1 + Number(power);
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  return `${sign}${digits.padEnd(point, "0")}`;
}

export function sum(a: Big, b: Big): Big {
  const exponent = Math.min(a.exponent, b.exponent);
  return rounded(aligned(a, exponent) + aligned(b, exponent), exponent);
}

export function negated({ mantissa, exponent }: Big): Big {
  return { mantissa: -mantissa, exponent };
}

export function productOf(a: Big, b: Big): Big {
  return rounded(a.mantissa * b.mantissa, a.exponent + b.exponent);
}

/** @param b not zero */
export function quotientOf(a: Big, b: Big): Big {
  const { mantissa, exponent } = quotient(a.mantissa, b.mantissa);
  return rounded(mantissa, exponent + a.exponent - b.exponent);
}

/** Less than zero where the first is the smaller one, as for sorting. */
export function compare(a: Big, b: Big): number {
  const exponent = Math.min(a.exponent, b.exponent);
  const difference = aligned(a, exponent) - aligned(b, exponent);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The greatest whole number that is not greater. */
export function floorOf({ mantissa, exponent }: Big): Big {
  // Shifting rounds down, also below zero.
  return exponent >= 0 ? { mantissa, exponent } : rounded(mantissa >> BigInt(-exponent), 0);
}

/** The whole number that is left without the fraction. */
export function truncated(big: Big): Big {
  return big.mantissa < 0n ? negated(floorOf(negated(big))) : floorOf(big);
}

/** The number as a whole one; undefined where it has a fraction. */
export function wholeOf(big: Big): bigint | undefined {
  return compare(floorOf(big), big) === 0 ? aligned(floorOf(big), 0) : undefined;
}

function aligned({ mantissa, exponent }: Big, to: number): bigint {
  return mantissa << BigInt(exponent - to);
}

function quotient(of: bigint, by: bigint): Big {
  if (of === 0n) return { mantissa: 0n, exponent: 0 };
  // Two more bits than are kept, and a last one that says whether anything is left.
  const shift = Math.max(0, PRECISION + 2 + bitsOf(by) - bitsOf(of));
  const scaled = of << BigInt(shift);
  const whole = scaled / by;
  const isRest = whole * by !== scaled;
  const sign = of < 0n === by < 0n ? 1n : -1n;
  return rounded((whole << 1n) + (isRest ? sign : 0n), -shift - 1);
}

/** Rounded to 512 bits, and without zeros at the end, so that a number has one form. */
function rounded(mantissa: bigint, exponent: number): Big {
  if (mantissa === 0n) return { mantissa: 0n, exponent: 0 };
  const sign = mantissa < 0n ? -1n : 1n;
  let size = mantissa * sign;
  let power = exponent;
  const excess = bitsOf(size) - PRECISION;
  if (excess > 0) {
    const cut = BigInt(excess);
    const rest = size & ((1n << cut) - 1n);
    const half = 1n << (cut - 1n);
    size >>= cut;
    if (rest > half || (rest === half && (size & 1n) === 1n)) size += 1n;
    power += excess;
  }
  return { mantissa: size * sign, exponent: power };
}

function bitsOf(value: bigint): number {
  return (value < 0n ? -value : value).toString(2).length;
}
