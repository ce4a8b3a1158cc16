import ipaddr from "ipaddr.js";

/** Canonical forms by what was asked for: most inputs have few CIDRs, many times. */
const known = new Map<string, string | undefined>();
const MOST_KNOWN = 10_000;

/** `10.1.2.3/8` as `10.0.0.0/8`, IPv6 compressed and in lower case; undefined for text that is no CIDR. */
export function canonicalCidr(text: string): string | undefined {
  if (known.has(text)) return known.get(text);
  if (known.size >= MOST_KNOWN) known.clear();
  const canonical = canonicalOf(text);
  known.set(text, canonical);
  return canonical;
}

function canonicalOf(text: string): string | undefined {
  const isIpv6 = text.includes(":");
  // Four decimal parts, as AWS has it: the library would read 010.0.0.0 as octal and fill up 10.0.
  const isValid = isIpv6 ? ipaddr.IPv6.isValidCIDR(text) : ipaddr.IPv4.isValidCIDRFourPartDecimal(text);
  if (!isValid) return undefined;
  const family = isIpv6 ? ipaddr.IPv6 : ipaddr.IPv4;
  return `${family.networkAddressFromCIDR(text).toString()}/${ipaddr.parseCIDR(text)[1]}`;
}

/** The address and the length of a CIDR: `10.0.0.0` and 8. */
export function partsOf(cidr: string): { readonly address: string; readonly length: number } {
  const [address = "", length] = cidr.split("/");
  return { address, length: Number(length) };
}

/** Whether a CIDR has bits behind the length of its prefix: another address than its network has. */
export function hasHostBits(text: string): boolean {
  const network = canonicalCidr(text);
  if (network === undefined) return false;
  const bits = text.includes(":") ? 128 : 32;
  const single = (cidr: string) => canonicalCidr(`${partsOf(cidr).address}/${bits}`);
  return single(text) !== single(network);
}
