import { join } from "node:path";
import { InputError } from "../../../io/errors";
import { exists, isFolder, realPath, shownPath } from "../../../io/files";
import { isJson, type Json } from "../../../io/json";
import { readTextFile } from "../../../io/text";
import { JSON_LIMIT, parseJsonObject } from "./files";
import type { Language } from "./languages";
import { type Block, type ModuleFiles, moduleFilesOf, readModuleFiles } from "./module-files";
import { byArguments } from "./public-modules";
import type { ModuleModel } from "./public-modules/model";

/** A module's files and those of the modules that it calls, by the names of the calls. */
export interface ModuleTree {
  readonly files: ModuleFiles;
  /** Undefined for a module that is not on this machine. */
  readonly calls: ReadonlyMap<string, ModuleTree | undefined>;
  /** Whether `terraform init` fetched it into `.terraform/modules`, by itself or with a module that calls it. */
  readonly isFetched: boolean;
  /** Of a module that is not on this machine, and whose call is read by its arguments. */
  readonly isByArguments?: true;
}

interface Loading {
  readonly root: string;
  readonly language: Language;
  /** Folders of installed modules, by the names of the calls that lead to them: `network.subnets`. */
  readonly installed: ReadonlyMap<string, string>;
  readonly read: Map<string, Promise<ModuleFiles>>;
  readonly notes: string[];
}

/**
 * Reads a root module and all that it calls; every folder once.
 *
 * @param notes receives a sentence for each module that is not on this machine and how it is read, and for files that are not read
 * @throws InputError
 */
export async function loadModuleTree(root: string, language: Language, notes: string[]): Promise<ModuleTree> {
  return load(
    { root, language, installed: installedModules(root), read: new Map(), notes },
    root,
    false,
    [],
    [],
  );
}

async function load(
  loading: Loading,
  folder: string,
  isFetched: boolean,
  names: readonly string[],
  callers: readonly string[],
): Promise<ModuleTree> {
  const real = realPath(folder);
  // What somebody else's module says of its own findings does not count for its callers.
  const options = { readsIgnores: !isFetched };
  const read = loading.read.get(real) ?? readModuleFiles(folder, loading.language, options);
  loading.read.set(real, read);
  const files = await read;
  if (files.unread.length > 0) {
    loading.notes.push(
      `${shownPath(folder)}: OpenTofu also reads ${files.unread.join(", ")}, and Terraform does not: it is judged as Terraform reads it (--tofu judges it as OpenTofu does).`,
    );
  }
  const calls = new Map<string, ModuleTree | undefined>();
  for (const block of files.blocks.values()) {
    if (block.kind !== "module") continue;
    const path = [...names, block.name];
    const target = calledFolder(loading, files.folder, block, path);
    if (target === undefined) {
      calls.set(block.name, treeByArguments(loading, block, path));
      continue;
    }
    const chain = [...callers, real];
    if (chain.includes(realPath(target))) {
      throw new InputError([
        `${where(block)}: module ${path.join(".")} calls the folder that it is in or one of its callers: ${[...chain, realPath(target)].map(shownPath).join(" calls ")}.`,
      ]);
    }
    const isInstalled = isFetched || !isLocal(sourceOf(block));
    calls.set(block.name, await load(loading, target, isInstalled, path, chain));
  }
  return { files, calls, isFetched };
}

function calledFolder(
  { root, installed }: Loading,
  folder: string,
  block: Block,
  path: readonly string[],
): string | undefined {
  const source = sourceOf(block);
  if (typeof source !== "string") {
    throw new InputError([`${where(block)}: module ${path.join(".")} has no source.`]);
  }
  if (isLocal(source)) {
    const target = join(folder, source);
    if (isFolder(target)) return target;
    throw new InputError([
      `${where(block)}: module ${path.join(".")} has the source ${source}, but there is no folder ${shownPath(target)}.`,
    ]);
  }
  const target = installed.get(path.join("."));
  if (target !== undefined && isFolder(join(root, target))) return join(root, target);
  return undefined;
}

/** What is known of a module that is not on this machine. */
function treeByArguments(
  { notes }: Loading,
  { body }: Block,
  path: readonly string[],
): ModuleTree | undefined {
  const { source, version, ...given } = isJson(body) ? body : {};
  const address = path.map((name) => `module.${name}`).join(".");
  const read = byArguments(String(source), version, Object.keys(given));
  if (read === undefined || "why" in read) {
    const why = read === undefined ? "" : `, ${read.why}`;
    notes.push(
      `${address}: its source ${source} is not a local folder and .terraform/modules does not hold it${why}, so what it declares is not known (\`terraform init -backend=false\` fetches it).`,
    );
    return undefined;
  }
  notes.push(
    `${address}: .terraform/modules does not hold it, so it is read by its arguments, as ${read.name} ${read.version} takes them (\`terraform init -backend=false\` fetches it, and then its own files count).`,
  );
  return treeOf(read.model, `${read.name} ${read.version}`);
}

function treeOf({ content, calls = {} }: ModuleModel, name: string): ModuleTree {
  return {
    files: moduleFilesOf(content, name),
    calls: new Map(Object.entries(calls).map(([call, model]) => [call, treeOf(model, name)])),
    isFetched: true,
    isByArguments: true,
  };
}

function sourceOf({ body }: Block): unknown {
  return isJson(body) ? body["source"] : undefined;
}

/** Whether a source is a folder beside the caller's. */
export function isLocal(source: unknown): source is string {
  return typeof source === "string" && /^\.\.?(\/|\\|$)/.test(source);
}

function where({ source: { file, line } }: Block): string {
  return line === undefined ? file : `${file}:${line}`;
}

/** What `terraform init` recorded of the modules that it fetched. */
function installedModules(root: string): Map<string, string> {
  const path = join(root, ".terraform", "modules", "modules.json");
  if (!exists(path)) return new Map();
  const manifest: Json = parseJsonObject(shownPath(path), readTextFile(path, JSON_LIMIT));
  const modules = Array.isArray(manifest["Modules"]) ? manifest["Modules"].filter(isJson) : [];
  return new Map(
    modules.flatMap(({ Key: key, Dir: folder }) =>
      typeof key === "string" && typeof folder === "string" ? [[key, folder] as const] : [],
    ),
  );
}
