import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder, writeFiles } from "../../support/folders";
import { verifyHere } from "../../support/here";

/** A folder with files, and the command in it. */
export function estate(files: Readonly<Record<string, string>>, folder = temporaryFolder()) {
  writeFiles(folder, files);
  return {
    folder,
    write: (name: string, text: string) => writeFiles(folder, { [name]: text }),
    has: (name: string) => existsSync(join(folder, name)),
    read: (name: string) => readFileSync(join(folder, name), "utf8"),
    verify: (...words: string[]) => verifyHere(words, folder),
  };
}
