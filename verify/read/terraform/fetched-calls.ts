import { join } from "node:path";
import { InputError } from "../../../io/errors";
import { exists, isFolder, realPath } from "../../../io/files";
import { isJson } from "../../../io/json";
import { languageOf } from "./languages";
import { readModuleFiles } from "./module-files";
import { isLocal } from "./module-tree";

/**
 * The calls of a root, and of the local modules that it calls, whose modules `terraform init` fetches.
 *
 * @returns by the names of the calls that lead there (`network.subnets`), what they say of source and version, as JSON
 */
export async function fetchedCalls(root: string, tofu: boolean): Promise<Map<string, string>> {
  const result = new Map<string, string>();
  const language = languageOf(root, tofu);
  const visit = async (folder: string, names: readonly string[], callers: readonly string[]) => {
    for (const { kind, name, body } of await blocksOf(folder)) {
      if (kind !== "module" || !isJson(body)) continue;
      const { source, version } = body;
      const path = [...names, name];
      if (!isLocal(source)) {
        result.set(path.join("."), JSON.stringify([source, version ?? null]));
        continue;
      }
      const target = join(folder, source);
      if (!exists(target) || !isFolder(target) || callers.includes(realPath(target))) continue;
      await visit(target, path, [...callers, realPath(target)]);
    }
  };
  const blocksOf = async (folder: string) => {
    try {
      const { blocks } = await readModuleFiles(folder, language, { readsIgnores: false });
      return [...blocks.values()];
    } catch (error) {
      // Whoever reads the configuration says what is wrong with it.
      if (error instanceof InputError) return [];
      throw error;
    }
  };
  await visit(root, [], [realPath(root)]);
  return result;
}
