import { InputError } from "./errors";
import { readBytes, shownPath } from "./files";

/**
 * The text of a file.
 *
 * @param limit the bytes that it may have
 * @throws InputError when it cannot be read, is too large or no text
 */
export function readTextFile(path: string, limit: number): string {
  return decoded(readBytes(path, limit), shownPath(path));
}

/** The text that bytes are, without a byte order mark. @throws InputError when they are none */
export function decoded(bytes: Buffer, file: string): string {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw new InputError([
      `${file}: it is UTF-16, which \`>\` of older PowerShells writes. Write it as UTF-8, such as \`terraform show -json PLAN | Out-File -Encoding utf8 FILE\`.`,
    ]);
  }
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) {
    throw new InputError([
      `${file}: it is an archive, as \`terraform plan -out\` writes it. Pass what \`terraform show -json ${file}\` prints.`,
    ]);
  }
  if (bytes.includes(0)) throw new InputError([`${file}: it is binary, not text.`]);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new InputError([`${file}: it is not UTF-8 text.`]);
  }
}
