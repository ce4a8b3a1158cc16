import { generateKeyPairSync, randomBytes, sign } from "node:crypto";

/**
 * Makes a certificate for servers on this machine, which vouches for itself and is valid for a day. Node reads
 * certificates and makes none.
 *
 * @returns both parts as PEM
 */
export function localCertificate(): { readonly certificate: string; readonly key: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const name = sequence(der(0x31, sequence(oid("550403"), der(0x0c, Buffer.from("localhost")))));
  const algorithm = sequence(oid("2a8648ce3d040302")); // ecdsa-with-SHA256
  const alternatives = sequence(der(0x82, Buffer.from("localhost")), der(0x87, Buffer.from([127, 0, 0, 1])));
  const yes = der(0x01, Buffer.from([0xff]));
  const now = Date.now();
  // https://datatracker.ietf.org/doc/html/rfc5280#section-4.1
  const content = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    name,
    sequence(time(now - 3_600_000), time(now + 86_400_000)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(
      0xa3,
      sequence(
        sequence(oid("551d11"), der(0x04, alternatives)),
        sequence(oid("551d13"), yes, der(0x04, sequence(yes))),
      ),
    ),
  );
  const signature = Buffer.concat([Buffer.from([0]), sign("sha256", content, privateKey)]);
  const whole = sequence(content, algorithm, der(0x03, signature)).toString("base64");
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${whole.replace(/.{1,64}/g, "$&\n")}-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

/** A value with its tag and its length. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const bytes = content.length < 0x100 ? [content.length] : [content.length >> 8, content.length & 0xff];
  const length = content.length < 0x80 ? bytes : [0x80 | bytes.length, ...bytes];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

const sequence = (...parts: readonly Buffer[]) => der(0x30, ...parts);

const oid = (hex: string) => der(0x06, Buffer.from(hex, "hex"));

const integer = (bytes: Buffer) => der(0x02, bytes);

/** As YYMMDDHHMMSSZ. */
const time = (at: number) =>
  der(
    0x17,
    Buffer.from(
      new Date(at)
        .toISOString()
        .slice(2, 19)
        .replace(/[^0-9]/g, "")
        .concat("Z"),
    ),
  );
