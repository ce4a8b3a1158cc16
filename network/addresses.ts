import ipaddr from "ipaddr.js";
import { type Interval, type IntervalSet, intersect, subtract, union } from "./intervals";

/** An IP version. A packet has one, and only a rule of the same one can allow it by an address. */
export type Family = "ipv4" | "ipv6";

/**
 * Addresses as a set of numbers: IPv4 as they are, IPv6 above them, so that the two families never touch.
 */
export type AddressSet = IntervalSet<bigint>;

const IPV6 = 1n << 40n;

const FAMILY = {
  ipv4: { start: 0n, bits: 32 },
  ipv6: { start: IPV6, bits: 128 },
} as const;

/** Parsed once: the same few CIDRs stand in thousands of rules. */
const parsed = new Map<string, Interval<bigint>>();

/**
 * The addresses of CIDRs, or of single addresses.
 *
 * @throws Error for text that is neither
 */
export function addressSet(cidrs: readonly string[]): AddressSet {
  return union(cidrs.map(interval));
}

/** Whether all addresses of the second CIDR are in the first. */
export function contains(outer: string, inner: string): boolean {
  return subtract([interval(inner)], [interval(outer)]).length === 0;
}

export function cidrsOverlap(a: string, b: string): boolean {
  return intersect([interval(a)], [interval(b)]).length > 0;
}

function interval(cidr: string): Interval<bigint> {
  const known = parsed.get(cidr);
  if (known) return known;
  const made = parse(cidr);
  parsed.set(cidr, made);
  return made;
}

function parse(cidr: string): Interval<bigint> {
  const [address, length] = cidr.includes("/") ? ipaddr.parseCIDR(cidr) : [ipaddr.parse(cidr), undefined];
  const { start, bits } = FAMILY[address.kind()];
  const number = BigInt(`0x${address.toByteArray().map(hex).join("")}`);
  const size = 1n << BigInt(bits - (length ?? bits));
  const first = start + number - (number % size);
  return { first, last: first + size - 1n };
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

/** The fewest CIDRs that make up a set, in ascending order, IPv4 first. */
export function cidrsOf(addresses: AddressSet): string[] {
  return addresses.flatMap(({ first, last }) => {
    const { start, bits } = first >= IPV6 ? FAMILY.ipv6 : FAMILY.ipv4;
    const end = last - start;
    const result: string[] = [];
    for (let at = first - start; at <= end; ) {
      // The largest block that begins here and does not reach beyond the end.
      let length = bits;
      for (let size = 2n; length > 0 && at % size === 0n && at + size - 1n <= end; size *= 2n) length -= 1;
      result.push(`${addressText(at, bits)}/${length}`);
      at += 1n << BigInt(bits - length);
    }
    return result;
  });
}

function addressText(number: bigint, bits: number): string {
  const byte = (index: number) => Number((number >> BigInt(bits - 8 * (index + 1))) & 255n);
  return ipaddr.fromByteArray(Array.from({ length: bits / 8 }, (_, index) => byte(index))).toString();
}

/** The family of a CIDR or an address; undefined for `internet`. */
export function familyOf(cidr: string): Family | undefined {
  if (cidr === "internet") return undefined;
  return cidr.includes(":") ? "ipv6" : "ipv4";
}
