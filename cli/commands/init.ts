import { join } from "node:path";
import { InputError } from "../../io/errors";
import { isFolder, kindOf, looked } from "../../io/files";
import { plural } from "../../io/plural";
import { replaceFiles } from "../../io/write";
import { initialise } from "../../verify/initialise";
import { readingOf } from "../inputs";
import type { Run } from "../model";
import type { Values } from "../options";
import { inputPaths } from "../paths";
import { attemptLater } from "../problems";

export const run: Run = ({ operands, values }, surroundings) =>
  writeFlows(inputPaths(operands, surroundings).paths, values);

const FILE = "flows.yaml";

/**
 * Writes `flows.yaml` into every folder, or into none where one of them cannot have it.
 *
 * @throws InputError naming every path that cannot
 */
export async function writeFlows(paths: readonly string[], values: Values): Promise<number> {
  const problems: string[] = [];
  const written: { readonly path: string; readonly text: string; readonly missing: number }[] = [];
  const { manifests, render, quiet } = values;
  const options = {
    ...readingOf(values),
    ...(manifests && { manifests }),
    ...(render && { render }),
  };
  if (render && !manifests) problems.push("--render goes with --manifests, whose folders it renders");
  if (manifests && paths.length > 1) problems.push("--manifests goes with one PATH");
  for (const path of paths) {
    const one = await attemptLater(problems, async () => {
      if (path === "-" || !isFolder(path)) {
        throw new InputError([
          `${path}: ${FILE} is written into a folder of Terraform configuration, and this is none: give the folder`,
        ]);
      }
      const file = join(path, FILE);
      if (kindOf(file) !== undefined) {
        throw new InputError([
          `${file} already exists, and is not overwritten: move it away to write a new one`,
        ]);
      }
      return { path, ...(await initialise(path, options)) };
    });
    written.push(...one);
  }
  if (problems.length > 0) throw new InputError(problems);
  for (const { path, text, missing } of written) {
    looked(join(path, FILE), () => replaceFiles(path, { [FILE]: text }, [FILE], []));
    if (!quiet)
      console.log(
        `wrote ${join(path, FILE)}${missing === 0 ? "" : `: ${plural(missing, "flow that is needed is", "flows that are needed are")} MISSING`}`,
      );
  }
  return 0;
}
