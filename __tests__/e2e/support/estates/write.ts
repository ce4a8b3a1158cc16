import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isJson, type Json } from "../../../../io/json";
import { type Block, type Estate, mapTexts } from "./model";

/** Blocks without names. */
const UNLABELLED: readonly string[] = ["moved", "import"];

/** Arguments that HCL writes as nested blocks. */
const NESTED = ["ingress", "egress", "entry", "timeouts", "lifecycle"];

/** Writes an estate into a root, as one file and one folder for each module; over what was there of it. */
export function writeEstate(
  folder: string,
  name: string,
  { syntax, root, modules }: Pick<Estate, "syntax" | "root" | "modules">,
): void {
  const files: readonly (readonly [string, readonly Block[]])[] = [
    [name, root],
    ...Object.entries(modules).map(([call, blocks]) => [`estates/${call}/main`, blocks] as const),
  ];
  for (const [path, blocks] of files) {
    const file = join(folder, syntax === "hcl" ? `${path}.tf` : `${path}.tf.json`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, syntax === "hcl" ? hclOf(blocks) : jsonOf(blocks));
  }
}

function jsonOf(blocks: readonly Block[]): string {
  const file: Record<string, Record<string, Json>> = {};
  const unlabelled: Record<string, Json[]> = {};
  for (const { kind, type, name, values } of blocks) {
    if (UNLABELLED.includes(kind)) {
      // In JSON an address is text.
      const plain = mapTexts(values, (text) => /^\$\{([^{}]*)\}$/.exec(text)?.[1] ?? text) as Json;
      unlabelled[kind] = [
        ...(unlabelled[kind] ?? []),
        kind === "import" ? { ...plain, id: values["id"] } : plain,
      ];
      continue;
    }
    const kinds = file[kind] ?? {};
    file[kind] = kinds;
    if (type === undefined) kinds[name] = values;
    else kinds[type] = { ...kinds[type], [name]: values };
  }
  return JSON.stringify({ ...file, ...unlabelled }, null, 2);
}

function hclOf(blocks: readonly Block[]): string {
  return blocks
    .map(({ kind, type, name, values }) => {
      const labels = (UNLABELLED.includes(kind) ? [] : [...(type === undefined ? [] : [type]), name]).map(
        (label) => ` "${label}"`,
      );
      return `${kind}${labels.join("")} {\n${bodyOf(values)}}\n`;
    })
    .join("\n");
}

function bodyOf(values: Json): string {
  return Object.entries(values)
    .map(([name, value]) => {
      // A type is an expression, not text.
      if (name === "type" && /^(string|map|any)/.test(String(value))) return `${name} = ${value}\n`;
      if (!NESTED.includes(name)) return `${name} = ${expressionOf(value)}\n`;
      const bodies = (Array.isArray(value) ? value : [value]) as readonly Json[];
      return bodies.map((body) => `${name} {\n${bodyOf(body)}}\n`).join("");
    })
    .join("");
}

function expressionOf(value: unknown): string {
  if (typeof value === "string") return textOf(value);
  if (Array.isArray(value)) return `[${value.map(expressionOf).join(", ")}]`;
  if (!isJson(value)) return String(value);
  const items = Object.entries(value).map(([key, item]) => `${textOf(key)} = ${expressionOf(item)}`);
  return `{ ${items.join(", ")} }`;
}

/** A text of Terraform's JSON as HCL: a lone reference without quotes, and quotes inside of others as they are. */
function textOf(text: string): string {
  const lone = /^\$\{([^{}]*)\}$/.exec(text)?.[1];
  if (lone !== undefined) return lone;
  const parts = text.split(/((?<!\$)\$\{[^{}]*\})/);
  return `"${parts.map((part, index) => (index % 2 === 1 ? part : JSON.stringify(part).slice(1, -1))).join("")}"`;
}
