import { join } from "node:path";
import { InputError } from "../../../io/errors";
import { exists, foldersIn, isFolder, namesIn, realPath } from "../../../io/files";
import type { Json } from "../../../io/json";
import { readTextFile } from "../../../io/text";
import { HCL_LIMIT, JSON_LIMIT, parseJsonObject } from "./files";
import { matcherOf } from "./glob";
import { parseHcl } from "./hcl";
import { configurationFiles, holdsConfiguration, languageOf } from "./languages";
import { asObjects } from "./module-files";
import { isLocal } from "./module-tree";

/** Where a search for roots looks. */
export interface RootSearch {
  /** Patterns of folders to leave out with all that is below them, relative to the folder that is searched. */
  readonly exclude?: readonly string[];
  /** Whether folders are read as OpenTofu reads them. */
  readonly tofu?: boolean;
}

/** What a search for roots has found. */
export interface FoundRoots {
  /** Paths of the roots, which begin with that of the folder that was searched, in code-unit order. */
  readonly roots: readonly string[];
  /** How many folders were looked at, with the one that was searched. */
  readonly looked: number;
  /** What could not be looked at, in sentences. */
  readonly problems: readonly string[];
}

/** What holds copies and tools, never somebody's roots. */
export const LEFT_OUT: readonly string[] = [".git", ".terraform", ".terragrunt-cache", "node_modules"];

/** A folder with configuration, as far as it matters to what is a root. */
interface Candidate {
  readonly path: string;
  readonly real: string;
  /** Whether it is deployed as it is: it configures a provider or a backend, or was initialised or applied. */
  readonly isDeployed: boolean;
  /** The real paths of the local modules that it calls. */
  readonly calls: readonly string[];
}

/**
 * Searches a folder for root modules: those that configure a provider or a backend, were initialised or hold a state, and those
 * that no other folder found there calls as a local module. Links to folders are not followed.
 *
 * @throws InputError where a pattern is not understood, or the folder itself cannot be looked at
 */
export async function findRoots(folder: string, search: RootSearch = {}): Promise<FoundRoots> {
  const isExcluded = exclusion(search.exclude ?? []);
  const problems: string[] = [];
  const candidates: Candidate[] = [];
  const open = [""];
  let looked = 0;
  for (let inner = open.pop(); inner !== undefined; inner = open.pop()) {
    const path = join(folder, inner);
    try {
      const below = foldersIn(path);
      looked += 1;
      for (const name of below) {
        const next = inner === "" ? name : `${inner}/${name}`;
        if (!LEFT_OUT.includes(name) && !isExcluded(next)) open.push(next);
      }
      if (holdsConfiguration(path)) candidates.push(await candidateAt(path, search.tofu === true));
    } catch (error) {
      if (!(error instanceof InputError) || inner === "") throw error;
      problems.push(...error.problems);
    }
  }
  candidates.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { roots: rootsOf(candidates).map(({ path }) => path), looked, problems };
}

/** @throws InputError naming the patterns that are not understood */
function exclusion(patterns: readonly string[]): (path: string) => boolean {
  const matchers = patterns.map((pattern) => ({ pattern, matches: matcherOf(pattern.replace(/\/+$/, "")) }));
  const problems = matchers.filter(({ matches }) => matches === undefined);
  if (problems.length > 0) {
    throw new InputError(
      problems.map(
        ({ pattern }) =>
          `--exclude must be a pattern such as examples, **/test or {old,tmp}/* (given: ${pattern})`,
      ),
    );
  }
  return (path) => matchers.some(({ matches }) => matches?.(path));
}

function rootsOf(candidates: readonly Candidate[]): Candidate[] {
  const called = new Set(candidates.flatMap(({ real, calls }) => calls.filter((call) => call !== real)));
  const roots = candidates.filter(({ real, isDeployed }) => isDeployed || !called.has(real));
  const known = new Map(candidates.map((one) => [one.real, one]));
  const reached = new Set<string>();
  const reach = (start: Candidate) => {
    const open = [start];
    for (let one = open.pop(); one !== undefined; one = open.pop()) {
      if (reached.has(one.real)) continue;
      reached.add(one.real);
      open.push(...one.calls.flatMap((call) => known.get(call) ?? []));
    }
  };
  for (const root of roots) reach(root);
  // Folders that call each other in a circle are an error, which nobody would hear of.
  const lost = candidates.filter((one) => {
    if (reached.has(one.real)) return false;
    reach(one);
    return true;
  });
  return candidates.filter((one) => roots.includes(one) || lost.includes(one));
}

async function candidateAt(path: string, tofu: boolean): Promise<Candidate> {
  const { names } = configurationFiles(path, languageOf(path, tofu));
  const contents: Json[] = [];
  for (const name of names) contents.push(await contentOf(join(path, name)));
  const calls = contents.flatMap((content) => localCalls(path, content));
  return { path, real: realPath(path), isDeployed: isApplied(path) || contents.some(configures), calls };
}

/** What may make a file matter: the others are not parsed. */
const WORDS = /\b(?:provider|backend|cloud|module)\b/;

/** A file with a mistake says nothing here: whoever reads its folder says what is wrong. */
async function contentOf(file: string): Promise<Json> {
  try {
    const isJsonFile = file.endsWith(".json");
    const text = readTextFile(file, isJsonFile ? JSON_LIMIT : HCL_LIMIT);
    if (!WORDS.test(text)) return {};
    return isJsonFile ? parseJsonObject(file, text) : await parseHcl(file, text);
  } catch (error) {
    if (error instanceof InputError) return {};
    throw error;
  }
}

/** Whether `terraform init` or `apply` was run in a folder. */
function isApplied(folder: string): boolean {
  return namesIn(folder).some((name) => name === ".terraform" || /\.tfstate$/.test(name));
}

/**
 * Whether a file configures a provider, or a backend. A block that says no more than the name of an alias is how modules of
 * Terraform before 0.15 said that they are given one.
 */
function configures(content: Json): boolean {
  const providers = named(content["provider"]).flatMap(([, bodies]) => asObjects(bodies));
  const settings = asObjects(content["terraform"]);
  return (
    providers.some((body) => Object.keys(body).some((name) => name !== "alias" && name !== "//")) ||
    settings.some((body) => body["backend"] !== undefined || body["cloud"] !== undefined)
  );
}

function localCalls(folder: string, content: Json): string[] {
  return named(content["module"])
    .flatMap(([, bodies]) => asObjects(bodies))
    .flatMap(({ source }) => {
      const target = isLocal(source) ? join(folder, source) : undefined;
      return target !== undefined && exists(target) && isFolder(target) ? [realPath(target)] : [];
    });
}

function named(value: unknown): [string, unknown][] {
  return asObjects(value)
    .flatMap((labels) => Object.entries(labels))
    .filter(([label]) => label !== "//");
}
