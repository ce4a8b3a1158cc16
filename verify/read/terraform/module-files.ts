import { join } from "node:path";
import { InputError } from "../../../io/errors";
import { shownPath } from "../../../io/files";
import { isJson, type Json } from "../../../io/json";
import { scanJson } from "../../../io/json-lines";
import { readTextFile } from "../../../io/text";
import type { Ignore, Source } from "../model";
import { HCL_LIMIT, JSON_LIMIT, parseJsonObject } from "./files";
import { hclLines, parseHcl } from "./hcl";
import { hclAttributes } from "./hcl-attributes";
import { ignoresInHcl, ignoresInJson } from "./ignores";
import { configurationFiles, isOverride, type Language } from "./languages";

/** A block of a module as it is written; of `locals`, a single value. */
export interface Block {
  readonly kind:
    | "resource"
    | "data"
    | "module"
    | "variable"
    | "output"
    | "local"
    | "import"
    | "moved"
    | "removed";
  /** The type of a resource; else empty. */
  readonly type: string;
  /** Of an import and of what is moved or removed, which have none, the file and a number. */
  readonly name: string;
  readonly body: unknown;
  readonly source: Source;
  /** In JSON the defaults of variables are data, not templates. */
  readonly isJson: boolean;
  /** Of a security group in HCL: which of its rules are written as attributes, and not as blocks. */
  readonly attributes?: ReadonlySet<string>;
}

/** The blocks of the files of one folder. */
export interface ModuleFiles {
  readonly folder: string;
  /** By kind, type and name: `resource.aws_security_group.pods`, `local.name`. */
  readonly blocks: ReadonlyMap<string, Block>;
  /** What is written beside its blocks, so that findings at them do not count. */
  readonly ignores: readonly Ignore[];
  /** The names of its files that are not read, because the language is another. */
  readonly unread: readonly string[];
  /** Whether the state of a root is kept where its `backend` or `cloud` block says, and not beside the files. */
  readonly keepsStateElsewhere: boolean;
  /** The expressions of what each configuration of the AWS provider adds to all tags, by its name: `aws`, `aws.west`. */
  readonly defaultTags: ReadonlyMap<string, unknown>;
}

/**
 * Reads the files of a folder that hold configuration, override files last.
 *
 * @param readsIgnores whether comments count that say which findings are meant
 * @throws InputError naming the files that cannot be read and the blocks that stand twice
 */
export async function readModuleFiles(
  folder: string,
  language: Language,
  { readsIgnores }: { readonly readsIgnores: boolean },
): Promise<ModuleFiles> {
  const { names, ofOpenTofu } = configurationFiles(folder, language);
  const problems: string[] = [];
  const blocks = new Map<string, Block>();
  let keepsStateElsewhere = false;
  const defaultTags = new Map<string, unknown>();
  const ignores: Ignore[] = [];
  for (const name of [...names.filter((name) => !isOverride(name)), ...names.filter(isOverride)]) {
    try {
      const add = isOverride(name) ? override : declare;
      const file = await readBlocks(join(folder, name), readsIgnores ? ignores : undefined);
      // Of several the last one counts: an override file replaces what the others say.
      keepsStateElsewhere = file.keepsStateElsewhere ?? keepsStateElsewhere;
      for (const [provider, tags] of file.defaultTags) defaultTags.set(provider, tags);
      for (const block of file.blocks) {
        const problem = add(blocks, block);
        if (problem !== undefined) problems.push(problem);
      }
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new InputError(problems);
  const unread = language === "Terraform" ? ofOpenTofu : [];
  return { folder, blocks, ignores, unread, keepsStateElsewhere, defaultTags };
}

/** The blocks of configuration that is no file, in the syntax of JSON. @param name stands for the file */
export function moduleFilesOf(content: Json, name: string): ModuleFiles {
  const blocks = blocksOf(content, name, new Map(), true);
  return {
    folder: "",
    blocks: new Map(blocks.map((block) => [keyOf(block), block])),
    ignores: [],
    unread: [],
    keepsStateElsewhere: false,
    defaultTags: new Map(),
  };
}

function keyOf({ kind, type, name }: Block): string {
  return type === "" ? `${kind}.${name}` : `${kind}.${type}.${name}`;
}

function at({ file, line }: Source): string {
  return line === undefined ? file : `${file}:${line}`;
}

function declare(blocks: Map<string, Block>, block: Block): string | undefined {
  const key = keyOf(block);
  const first = blocks.get(key);
  blocks.set(key, block);
  if (!first) return undefined;
  return `${at(block.source)}: ${key} is declared a second time; the first is in ${at(first.source)}. Remove or rename one.`;
}

/** Arguments of an override file replace those of the block; a nested block replaces all of its kind. */
function override(blocks: Map<string, Block>, block: Block): string | undefined {
  const key = keyOf(block);
  const base = blocks.get(key);
  if (!base) {
    if (block.kind !== "local") {
      return `${at(block.source)}: ${key} overrides nothing: no other file of the folder declares it.`;
    }
    blocks.set(key, block);
    return undefined;
  }
  const body = isJson(base.body) && isJson(block.body) ? merged(base.body, block.body) : block.body;
  const attributes = overriddenAttributes(base, block);
  blocks.set(key, { ...base, body, isJson: block.isJson && base.isJson, ...(attributes && { attributes }) });
  return undefined;
}

/** Which arguments are attributes behind an override: what it gives is written as it has it. */
function overriddenAttributes(base: Block, { body, attributes = new Set() }: Block): Block["attributes"] {
  if (base.attributes === undefined || !isJson(body)) return base.attributes;
  const kept = [...base.attributes].filter((name) => !givesAny(body, name));
  return new Set([...kept, ...attributes]);
}

function givesAny(body: Json, name: string): boolean {
  return Object.hasOwn(body, name) || Object.hasOwn(dynamicBlocks(body), name);
}

function merged(base: Json, over: Json): Json {
  const dynamic = { ...dynamicBlocks(base) };
  for (const name of Object.keys(over)) delete dynamic[name];
  const overDynamic = dynamicBlocks(over);
  const kept = Object.entries(base).filter(([name]) => !Object.hasOwn(overDynamic, name));
  return { ...Object.fromEntries(kept), ...over, dynamic: { ...dynamic, ...overDynamic } };
}

/** The `dynamic` blocks of a body, by what they make. */
export function dynamicBlocks(body: Json): Json {
  return Object.assign({}, ...asObjects(body["dynamic"]));
}

/** A block or several, as an array. */
export function asObjects(value: unknown): Json[] {
  return (Array.isArray(value) ? value : [value]).filter(isJson);
}

interface FileContent extends Pick<ModuleFiles, "defaultTags"> {
  readonly blocks: readonly Block[];
  /** Undefined where the file does not say it. */
  readonly keepsStateElsewhere: boolean | undefined;
}

async function readBlocks(path: string, ignores: Ignore[] | undefined): Promise<FileContent> {
  const file = shownPath(path);
  if (path.endsWith(".json")) {
    const text = readTextFile(path, JSON_LIMIT);
    const content = parseJsonObject(file, text);
    const blocks = blocksOf(content, file, jsonLines(file, text), true);
    ignores?.push(...blocks.flatMap(({ body, source }) => ignoresInJson(body, source)));
    return { blocks, ...settingsOf(content) };
  }
  const text = readTextFile(path, HCL_LIMIT);
  ignores?.push(...ignoresInHcl(file, text));
  const attributes = hclAttributes(text);
  const content = await parseHcl(file, text);
  const blocks = blocksOf(content, file, hclLines(text), false).map((block) => {
    const own = attributes.get(`${block.kind}.${block.type}.${block.name}`)?.shift();
    return own === undefined ? block : { ...block, attributes: own };
  });
  return { blocks, ...settingsOf(content) };
}

function settingsOf(content: Json): Omit<FileContent, "blocks"> {
  return { keepsStateElsewhere: isStateElsewhere(content), defaultTags: defaultTagsOf(content) };
}

/** https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs#default_tags-configuration-block */
function defaultTagsOf(content: Json): Map<string, unknown> {
  const configurations = labelled(content["provider"]).flatMap(([name, bodies]) =>
    name === "aws" ? asObjects(bodies) : [],
  );
  return new Map(
    configurations.flatMap(({ alias, default_tags }) =>
      asObjects(default_tags).map(
        ({ tags }) => [alias === undefined ? "aws" : `aws.${alias}`, tags] as const,
      ),
    ),
  );
}

/** A local backend with a path may keep the state anywhere (https://developer.hashicorp.com/terraform/language/backend/local). */
function isStateElsewhere(content: Json): boolean | undefined {
  const settings = asObjects(content["terraform"]);
  if (settings.some(({ cloud }) => cloud !== undefined)) return true;
  const [type, bodies] = settings.flatMap(({ backend }) => labelled(backend)).at(-1) ?? [];
  if (type === undefined) return undefined;
  return (
    type !== "local" ||
    asObjects(bodies).some(({ path, workspace_dir }) => path != null || workspace_dir != null)
  );
}

const LABELS: Readonly<Record<string, number>> = {
  resource: 2,
  data: 2,
  module: 1,
  variable: 1,
  output: 1,
  locals: 1,
};

function jsonLines(file: string, text: string): Map<string, number[]> {
  const lines = new Map<string, number[]>();
  scanJson(file, text, (path, line) => {
    if (path.length - 1 !== LABELS[path[0] as string]) return;
    const key = path.join(".");
    const known = lines.get(key);
    if (known) known.push(line);
    else lines.set(key, [line]);
  });
  return lines;
}

function blocksOf(content: Json, file: string, lines: Map<string, number[]>, isJsonFile: boolean): Block[] {
  const seen = new Map<string, number>();
  /** Blocks at one address come in the order of their lines. */
  const source = (...keys: string[]): Source => {
    for (const key of keys) {
      const found = lines.get(key);
      if (found === undefined) continue;
      const index = seen.get(key) ?? 0;
      seen.set(key, index + 1);
      const line = found[index] ?? found[0];
      return line === undefined ? { file } : { file, line };
    }
    return { file };
  };
  const blocks: Block[] = [];
  const add = (kind: Block["kind"], type: string, name: string, body: unknown, where: Source) =>
    blocks.push({ kind, type, name, body, source: where, isJson: isJsonFile });

  for (const mode of ["resource", "data"] as const) {
    for (const [type, named] of labelled(content[mode])) {
      for (const [name, bodies] of labelled(named)) {
        for (const body of asObjects(bodies)) add(mode, type, name, body, source(`${mode}.${type}.${name}`));
      }
    }
  }
  for (const kind of ["module", "variable", "output"] as const) {
    for (const [name, bodies] of labelled(content[kind])) {
      for (const body of asObjects(bodies)) add(kind, "", name, body, source(`${kind}.${name}`));
    }
  }
  for (const kind of ["import", "moved", "removed"] as const) {
    for (const [index, body] of asObjects(content[kind]).entries()) {
      add(kind, "", `${file}#${index}`, body, { file });
    }
  }
  for (const locals of asObjects(content["locals"])) {
    const where = isJsonFile ? undefined : source("locals");
    for (const [name, value] of Object.entries(locals)) {
      if (name !== "//") add("local", "", name, value, where ?? source(`locals.${name}`));
    }
  }
  return blocks;
}

function labelled(value: unknown): [string, unknown][] {
  return asObjects(value)
    .flatMap((labels) => Object.entries(labels))
    .filter(([label]) => label !== "//");
}
