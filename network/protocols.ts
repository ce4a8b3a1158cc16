/** The protocols that have names in rules, by IANA's numbers; -1 is all traffic. From the AWS provider's documents. */
const NUMBERS: Readonly<Record<string, number>> = {
  all: -1,
  icmp: 1,
  tcp: 6,
  udp: 17,
  esp: 50,
  ah: 51,
  icmpv6: 58,
};

/** The number of a protocol that is given by a name in any case or by a number, also as text; -1 for all traffic. */
export function protocolNumber(protocol: unknown): number | undefined {
  const named = typeof protocol === "string" ? NUMBERS[protocol.toLowerCase()] : undefined;
  const number = named ?? wholeNumber(protocol);
  return number !== undefined && number >= -1 && number <= 255 ? number : undefined;
}

/** The protocols that AWS calls by a name in its answers, by their numbers. */
export const PROTOCOL_NAMES: Readonly<Record<number, "icmp" | "tcp" | "udp" | "icmpv6">> = {
  1: "icmp",
  6: "tcp",
  17: "udp",
  58: "icmpv6",
};

/** A protocol as AWS has it in its answers: by name if it has one, else by its number, as text; undefined for what is none. */
export function protocolName(protocol: unknown): string | undefined {
  const number = protocolNumber(protocol);
  return number === undefined ? undefined : (PROTOCOL_NAMES[number] ?? String(number));
}

/** A whole number, also as text, as Terraform converts it. */
export function wholeNumber(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isInteger(value) ? value : undefined;
  return typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : undefined;
}
