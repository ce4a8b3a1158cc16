import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../../support/folders";
import { verifyHere } from "../../support/here";

/** A folder with files, and the command in it. */
export function estate(files: Readonly<Record<string, string>>, folder = temporaryFolder()) {
  const write = (name: string, text: string) => {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  return {
    folder,
    write,
    has: (name: string) => existsSync(join(folder, name)),
    read: (name: string) => readFileSync(join(folder, name), "utf8"),
    verify: (...words: string[]) => verifyHere(words, folder),
  };
}
