import ipaddr from "ipaddr.js";

/** A subnet as `cidrsubnet` numbers them; undefined where there is none of that number. */
export function subnetOf(prefix: string, newBits: number, number: number): string | undefined {
  if (!ipaddr.isValidCIDR(prefix)) return undefined;
  const [address, length] = ipaddr.parseCIDR(prefix);
  const bytes = address.toByteArray();
  const size = bytes.length * 8;
  const newLength = length + newBits;
  if (!Number.isSafeInteger(newBits) || newBits < 0 || newLength > size) return undefined;
  if (!Number.isSafeInteger(number) || number < 0 || BigInt(number) >= 1n << BigInt(newBits))
    return undefined;

  const all = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const hostBits = BigInt(size - length);
  const network = (all >> hostBits) << hostBits;
  const subnet = network | (BigInt(number) << BigInt(size - newLength));
  const subnetBytes = bytes.map((_, index) => Number((subnet >> BigInt(size - 8 * (index + 1))) & 0xffn));
  return `${ipaddr.fromByteArray(subnetBytes).toString()}/${newLength}`;
}
