import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Json } from "../../../io/json";
import { filesIn, temporaryFolder } from "../../support/folders";
import { commandHere } from "../../support/here";

/** Adopts with files in a folder, by the words after the command, and gives what was said and written. */
export async function adoptedWith(files: Readonly<Record<string, string>>, words: readonly string[]) {
  const folder = temporaryFolder();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const said = await commandHere(["adopt", ...words], folder);
  const written = filesIn(folder);
  const json = (path: string) => JSON.parse(written[path] ?? "null") as Json;
  const adopted = JSON.parse(written["out/adopted.tf.json"] ?? "{}") as Json;
  /** The calls that were written, by their names; none where nothing was written. */
  const calls = () => (adopted["module"] ?? {}) as Record<string, Json>;
  return { ...said, folder, written, json, calls };
}
