import { createHash } from "node:crypto";
import { type Functions, REFUSED, takes } from "./function";

type Algorithm = "md5" | "sha1" | "sha256" | "sha512";

/** A digest of bytes. */
export function digest(algorithm: Algorithm, of: string | Buffer, encoding: "hex" | "base64"): string {
  return createHash(algorithm).update(of).digest(encoding);
}

const hashed = (algorithm: Algorithm, encoding: "hex" | "base64" = "hex") =>
  takes(["string"], (text) => digest(algorithm, text, encoding));

export const DIGEST_FUNCTIONS: Functions = [
  ["md5", hashed("md5")],
  ["sha1", hashed("sha1")],
  ["sha256", hashed("sha256")],
  ["sha512", hashed("sha512")],
  ["base64sha256", hashed("sha256", "base64")],
  ["base64sha512", hashed("sha512", "base64")],
  ["uuidv5", takes(["string", "string"], named)],
];

/** The name spaces of RFC 4122 by the words of Terraform. */
const NAME_SPACES: ReadonlyMap<string, string> = new Map([
  ["dns", "6ba7b810-9dad-11d1-80b4-00c04fd430c8"],
  ["url", "6ba7b811-9dad-11d1-80b4-00c04fd430c8"],
  ["oid", "6ba7b812-9dad-11d1-80b4-00c04fd430c8"],
  ["x500", "6ba7b814-9dad-11d1-80b4-00c04fd430c8"],
]);
/** With or without dashes, in braces or as a URN. */
const UUID =
  /^(?:urn:uuid:|\{)?([\da-f]{8})-([\da-f]{4})-([\da-f]{4})-([\da-f]{4})-([\da-f]{12})\}?$|^([\da-f]{32})$/i;

function named(space: string, name: string): string | typeof REFUSED | undefined {
  const known = NAME_SPACES.get(space) ?? space;
  const parts = UUID.exec(known);
  if (!parts) return REFUSED;
  // What is half in braces is read by some and not by others.
  if (/[{}:]/.test(known)) return undefined;
  const bytes = createHash("sha1")
    .update(Buffer.from(parts.slice(1).join(""), "hex"))
    .update(name)
    .digest()
    .subarray(0, 16);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
