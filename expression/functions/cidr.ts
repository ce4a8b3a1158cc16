import { hostOf, isMapped, netmaskOf, prefixOf, subnetOf, subnetsOf } from "../cidr";
import type { Value } from "../value";
import { argument, type Functions, type Outcome, REFUSED, takes, takesRest } from "./function";

export const CIDR_FUNCTIONS: Functions = [
  ["cidrhost", (args) => onWhole(args, 1, (prefix, [number]) => hostOf(prefix, number as bigint))],
  ["cidrnetmask", takes(["string"], (text) => onPrefix(text, netmaskOf))],
  [
    "cidrsubnet",
    (args) => onWhole(args, 2, (prefix, [bits, number]) => subnetOf(prefix, Number(bits), number as bigint)),
  ],
  [
    "cidrsubnets",
    takesRest(["string"], "int", (text, bits) => onPrefix(text, (prefix) => subnetsOf(prefix, bits))),
  ],
];

type Prefix = NonNullable<ReturnType<typeof prefixOf>>;

function onPrefix(text: string, of: (prefix: Prefix) => Value | undefined): Outcome {
  const prefix = prefixOf(text);
  if (prefix && isMapped(prefix)) return undefined;
  return (prefix && of(prefix)) ?? REFUSED;
}

/** A function of a prefix and whole numbers of any size. */
function onWhole(
  args: readonly Value[],
  count: number,
  of: (prefix: Prefix, numbers: readonly bigint[]) => string | undefined,
): Outcome {
  if (args.length !== count + 1) return REFUSED;
  const text = argument("string", args[0] as Value);
  const numbers = args.slice(1).map((arg) => argument("number", arg));
  if (text === REFUSED || numbers.includes(REFUSED)) return REFUSED;
  if (typeof text !== "string" || numbers.includes(undefined)) return undefined;
  if (!numbers.every((number) => Number.isInteger(number))) return REFUSED;
  // What a subnet of less bits or of a negative number is depends on the version.
  if (count === 2 && numbers.some((number) => (number as number) < 0))
    return prefixOf(text) ? undefined : REFUSED;
  return onPrefix(text, (prefix) =>
    of(
      prefix,
      numbers.map((number) => BigInt(number as number)),
    ),
  );
}
