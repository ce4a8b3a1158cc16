import type * as z from "zod";
import { parseInput } from "../io/errors";
import { shownPath } from "../io/files";
import { readTextFile } from "../io/text";
import { parseYaml } from "../io/yaml";

const LIMIT = 1024 * 1024;

/**
 * What a file of this command's holds; an empty one is an empty map.
 *
 * @throws InputError where it cannot be read, naming all that is wrong with it
 */
export function readYamlFile<T>(path: string, schema: z.ZodType<T>): T {
  const shown = shownPath(path);
  return parseInput(shown, schema, parseYaml(readTextFile(path, LIMIT), shown) ?? {});
}
