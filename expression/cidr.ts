import ipaddr from "ipaddr.js";

/** A range of addresses: its first one as a number, how many bits are fixed, and how many an address has. */
export interface Prefix {
  readonly network: bigint;
  readonly length: number;
  readonly size: 32 | 128;
}

/** Whether Go takes addresses of IPv6 for addresses of IPv4, by whose length it then computes. */
export function isMapped({ network, size }: Prefix): boolean {
  return size === 128 && network >> 32n === 0xffffn;
}

/** A CIDR as Terraform reads it: zeros in front of a number of IPv4 are decimal; undefined where it is none. */
export function prefixOf(text: string): Prefix | undefined {
  const [, address = "", bits] = /^([^/]+)\/(\d+)$/.exec(text) ?? [];
  if (bits === undefined || address.includes("%")) return undefined;
  const plain = address.replace(/(?<![\da-fA-F:])0+(?=\d+(?:\.|$))/g, "");
  if (!(ipaddr.IPv4.isValidFourPartDecimal(plain) || ipaddr.IPv6.isValid(address))) return undefined;
  const isIpv6 = address.includes(":");
  const bytes = isIpv6 ? ipaddr.IPv6.parse(address).toByteArray() : ipaddr.IPv4.parse(plain).toByteArray();
  const size = isIpv6 ? 128 : 32;
  const length = Number(bits);
  if (length > size || bits.length > 3) return undefined;
  const all = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const host = BigInt(size - length);
  return { network: (all >> host) << host, length, size };
}

/** A subnet as `cidrsubnet` numbers them; undefined where there is none of that number. */
export function subnetOf(
  { network, length, size }: Prefix,
  newBits: number,
  number: bigint,
): string | undefined {
  const newLength = length + newBits;
  if (newBits < 0 || newLength > size || number < 0n || number >= 1n << BigInt(newBits)) return undefined;
  return `${addressOf(network | (number << BigInt(size - newLength)), size)}/${newLength}`;
}

/** Subnets behind each other as `cidrsubnets` makes them; undefined where they do not fit. */
export function subnetsOf(
  { network, length, size }: Prefix,
  newBits: readonly number[],
): string[] | undefined {
  // Terraform begins with the subnet before the first one, which there is none of here.
  if (network === 0n) return undefined;
  const subnets: string[] = [];
  let next = network;
  const end = network + (1n << BigInt(size - length));
  for (const bits of newBits) {
    const newLength = length + bits;
    if (bits < 1 || bits > 32 || newLength > size) return undefined;
    const width = 1n << BigInt(size - newLength);
    const start = ((next + width - 1n) / width) * width;
    if (start + width > end) return undefined;
    subnets.push(`${addressOf(start, size)}/${newLength}`);
    next = start + width;
  }
  return subnets;
}

/** An address of a prefix, counted from its end where the number is negative; undefined where there is none. */
export function hostOf({ network, length, size }: Prefix, number: bigint): string | undefined {
  const count = 1n << BigInt(size - length);
  const offset = number < 0n ? count + number : number;
  return offset < 0n || offset >= count ? undefined : addressOf(network + offset, size);
}

/** The mask of an IPv4 prefix. */
export function netmaskOf({ length, size }: Prefix): string | undefined {
  if (size !== 32) return undefined;
  const host = BigInt(32 - length);
  return addressOf((0xffffffffn >> host) << host, 32);
}

function addressOf(address: bigint, size: number): string {
  const bytes = Array.from({ length: size / 8 }, (_, index) =>
    Number((address >> BigInt(size - 8 * (index + 1))) & 0xffn),
  );
  const parsed = ipaddr.fromByteArray(bytes);
  return parsed instanceof ipaddr.IPv6 ? parsed.toRFC5952String() : parsed.toString();
}
