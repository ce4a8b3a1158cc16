import ipaddr from "ipaddr.js";

/** `10.1.2.3/8` as `10.0.0.0/8`, IPv6 compressed and in lower case; undefined for text that is no CIDR. */
export function canonicalCidr(text: string): string | undefined {
  const isIpv6 = text.includes(":");
  // Four decimal parts, as AWS has it: the library would read 010.0.0.0 as octal and fill up 10.0.
  const isValid = isIpv6 ? ipaddr.IPv6.isValidCIDR(text) : ipaddr.IPv4.isValidCIDRFourPartDecimal(text);
  if (!isValid) return undefined;
  const family = isIpv6 ? ipaddr.IPv6 : ipaddr.IPv4;
  return `${family.networkAddressFromCIDR(text).toString()}/${ipaddr.parseCIDR(text)[1]}`;
}

/** Whether a CIDR has bits behind the length of its prefix: another address than its network has. */
export function hasHostBits(text: string): boolean {
  const network = canonicalCidr(text);
  if (network === undefined) return false;
  const single = (cidr: string) => canonicalCidr(cidr.replace(/\/\d+$/, text.includes(":") ? "/128" : "/32"));
  return single(text) !== single(network);
}
