/**
 * The address space of a small world, for the second opinion in `oracle.ts`. It has its own reading of CIDRs, so that
 * not even a mistake in a parser is shared.
 */

import type { Family } from "../../../network/addresses";
import type { RulePeer } from "../../../network/peers";
import type { Endpoint } from "../../../verify/expect/model";
import type { SecurityGroupRule } from "../../../verify/inventory/model";

/** Addresses of one family, from the first to the last. */
export interface Range {
  readonly family: Family;
  readonly first: bigint;
  readonly last: bigint;
}

export interface Address {
  readonly family: Family;
  readonly value: bigint;
}

export const FAMILIES: readonly Family[] = ["ipv4", "ipv6"];
export const WHOLE: Readonly<Record<Family, string>> = { ipv4: "0.0.0.0/0", ipv6: "::/0" };
const WIDTH: Readonly<Record<Family, number>> = { ipv4: 32, ipv6: 128 };

/**
 * Public unicast space: what IANA gives out for the internet
 * (https://www.iana.org/assignments/ipv4-address-space, https://www.iana.org/assignments/ipv6-unicast-address-assignments),
 * …
 */
const UNICAST: Readonly<Record<Family, readonly string[]>> = {
  ipv4: ["0.0.0.0/1", "128.0.0.0/2", "192.0.0.0/3"],
  ipv6: ["2000::/3"],
};

/**
 * … without the blocks that its registries of special-purpose addresses call not globally reachable
 * (https://www.iana.org/assignments/iana-ipv4-special-registry, https://www.iana.org/assignments/iana-ipv6-special-registry).
 */
const SPECIAL: Readonly<Record<Family, readonly string[]>> = {
  ipv4: [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.2.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
  ],
  ipv6: ["2001:db8::/32"],
};

export function familyOf(cidr: string): Family {
  return cidr.includes(":") ? "ipv6" : "ipv4";
}

function ipv4Value(text: string): bigint {
  return text.split(".").reduce((value, byte) => value * 256n + BigInt(byte), 0n);
}

function ipv6Value(text: string): bigint {
  const [head = "", tail] = text.split("::");
  const words = (part: string) => (part === "" ? [] : part.split(":"));
  const after = words(tail ?? "");
  const zeros = tail === undefined ? 0 : 8 - words(head).length - after.length;
  const all = [...words(head), ...Array<string>(zeros).fill("0"), ...after];
  return all.reduce((value, word) => value * 65536n + BigInt(`0x${word}`), 0n);
}

/** What is said of a CIDR, which stands in thousands of worlds, is found out once. */
export function oncePerCidr<T>(look: (cidr: string) => T): (cidr: string) => T {
  const seen = new Map<string, T>();
  return (cidr) => {
    const found = seen.get(cidr) ?? look(cidr);
    seen.set(cidr, found);
    return found;
  };
}

/** Of a CIDR, in whichever of its addresses it is written, or of a single address. */
export const rangeOf = oncePerCidr((cidr): Range => {
  const family = familyOf(cidr);
  const [address = "", length = WIDTH[family]] = cidr.split("/");
  const value = family === "ipv4" ? ipv4Value(address) : ipv6Value(address);
  const size = 2n ** BigInt(WIDTH[family] - Number(length));
  const first = value - (value % size);
  return { family, first, last: first + size - 1n };
});

function textOf(family: Family, value: bigint): string {
  const digits = (count: number, base: bigint) =>
    Array.from({ length: count }, (_, index) => (value / base ** BigInt(count - 1 - index)) % base);
  if (family === "ipv4") return digits(4, 256n).join(".");
  const words = digits(8, 65536n).map((word) => word.toString(16));
  // The longest run of zeros is written `::`, as RFC 5952 has it.
  let run = { at: 0, length: 0 };
  words.forEach((_, at) => {
    let length = 0;
    while (words[at + length] === "0") length += 1;
    if (length > run.length) run = { at, length };
  });
  if (run.length < 2) return words.join(":");
  return `${words.slice(0, run.at).join(":")}::${words.slice(run.at + run.length).join(":")}`;
}

/** A CIDR as AWS keeps it, written in its first address. */
export const canonical = oncePerCidr((cidr): string => {
  const { family, first } = rangeOf(cidr);
  return `${textOf(family, first)}/${cidr.split("/")[1] ?? WIDTH[family]}`;
});

/** The two halves of a CIDR, or itself where it is a single address. */
export const split = oncePerCidr((cidr): readonly string[] => {
  const { family, first, last } = rangeOf(cidr);
  if (first === last) return [cidr];
  const length = Number(cidr.split("/")[1]) + 1;
  return [first, first + (last - first + 1n) / 2n].map((base) => `${textOf(family, base)}/${length}`);
});

export function has(cidr: string, address: Address): boolean {
  if (cidr === "internet") {
    const isIn = (cidrs: readonly string[]) => cidrs.some((part) => has(part, address));
    return isIn(UNICAST[address.family]) && !isIn(SPECIAL[address.family]);
  }
  const { family, first, last } = rangeOf(cidr);
  return family === address.family && first <= address.value && address.value <= last;
}

function cidrsOf(peer: RulePeer): readonly string[] {
  if (peer.kind === "cidr") return [peer.cidr];
  return peer.kind === "prefix-list" ? (peer.entries ?? []) : [];
}

/**
 * One address for each part of a family's space that no CIDR of the world divides: two addresses of one part lie in
 * the same CIDRs, and so nothing in this world tells one from the other. What is true of these is true of all.
 */
export function representatives(
  family: Family,
  rules: readonly SecurityGroupRule[],
  ends: readonly Endpoint[],
): readonly Address[] {
  const { last } = rangeOf(WHOLE[family]);
  const starts = new Set([0n]);
  const divide = (cidr: string) => {
    if (familyOf(cidr) === family) for (const start of startsOf(cidr)) starts.add(start);
  };
  for (const { peer } of rules) cidrsOf(peer).forEach(divide);
  for (const cidr of ends.flatMap((end) => end.cidrs ?? [])) {
    if (cidr === "internet") [...UNICAST[family], ...SPECIAL[family]].forEach(divide);
    else divide(cidr);
  }
  return [...starts].filter((value) => value <= last).map((value) => ({ family, value }));
}

/** Where a CIDR begins, and where what comes after it does. */
const startsOf = oncePerCidr((cidr): readonly bigint[] => {
  const { first, last } = rangeOf(cidr);
  return [first, last + 1n];
});
