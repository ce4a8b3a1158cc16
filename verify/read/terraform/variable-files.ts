import { join } from "node:path";
import { evaluateData, type Scope } from "../../../expression/evaluate";
import type { Value } from "../../../expression/value";
import { attribute } from "../../../expression/values";
import { InputError } from "../../../io/errors";
import { isFile, namesIn } from "../../../io/files";
import type { Json } from "../../../io/json";
import { scanJson } from "../../../io/json-lines";
import { HCL_LIMIT, JSON_LIMIT, parseJsonObject, readText, shownPath } from "./files";
import { parseHcl } from "./hcl";

const NOTHING: Scope = { label: "", name: attribute };

/**
 * The values of the root's variables that files set, in Terraform's order: `terraform.tfvars`,
 * `terraform.tfvars.json`, `*.auto.tfvars` and `*.auto.tfvars.json` by name, then the files that are named.
 *
 * @throws InputError
 */
export async function readVariableFiles(
  folder: string,
  named: readonly string[],
): Promise<Map<string, Value>> {
  const missing = named.filter((path) => !isFile(path));
  if (missing.length > 0) {
    throw new InputError(missing.map((path) => `${path}: there is no such file with values of variables.`));
  }
  const all = namesIn(folder);
  const own = [
    ...["terraform.tfvars", "terraform.tfvars.json"].filter((name) => all.includes(name)),
    ...all.filter((name) => /\.auto\.tfvars(\.json)?$/.test(name)),
  ].map((name) => join(folder, name));

  const values = new Map<string, Value>();
  for (const path of [...own, ...named]) {
    for (const [name, value] of Object.entries(await readVariables(path))) values.set(name, value);
  }
  return values;
}

async function readVariables(path: string): Promise<Record<string, Value>> {
  const file = shownPath(path);
  if (path.endsWith(".json")) {
    const text = readText(path, JSON_LIMIT);
    const values = parseJsonObject(file, text);
    scanJson(file, text, () => {});
    return values as Record<string, Value>;
  }
  const values: Json = await parseHcl(file, readText(path, HCL_LIMIT));
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, evaluateData(value, NOTHING)]),
  );
}
