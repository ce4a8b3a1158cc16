import { join, relative } from "node:path";
import { exists, foldersIn, workingDirectory } from "../io/files";
import type { Surroundings } from "./model";

export interface InputPaths {
  readonly paths: readonly string[];
  /** Whether they were chosen by the user, not as stacks that may call each other. */
  readonly isExplicit: boolean;
}

/** What to look at: the paths that are given, else the stacks that are there, else the working directory. */
export function inputPaths(given: readonly string[], { home = "." }: Surroundings): InputPaths {
  if (given.length > 0) return { paths: given, isExplicit: true };
  const stacks = join(home, "cdktf.out/stacks");
  if (!exists(stacks)) return { paths: ["."], isExplicit: true };
  const paths = foldersIn(stacks)
    .map((name) => relative(workingDirectory(), join(stacks, name)) || ".")
    .sort();
  return { paths, isExplicit: false };
}
