import { join } from "node:path";
import { evaluateData, type Scope } from "../../../expression/evaluate";
import type { Value } from "../../../expression/value";
import { attribute } from "../../../expression/values";
import { attempt, InputError } from "../../../io/errors";
import { kindOf, namesIn, readBytes, shownPath } from "../../../io/files";
import type { Json } from "../../../io/json";
import { scanJson } from "../../../io/json-lines";
import { decoded } from "../../../io/text";
import { HCL_LIMIT, JSON_LIMIT, parseJsonObject } from "./files";
import { parseHcl } from "./hcl";

const NOTHING: Scope = { label: "", name: attribute };

/** What files say of the root's variables. */
export interface VariableValues {
  readonly values: ReadonlyMap<string, Value>;
  /**
   * Of files that nobody can read here, a sentence each. They may set any variable that no later file sets, so that its
   * default says nothing.
   */
  readonly hidden: readonly string[];
}

/**
 * The values of the root's variables that files set, in Terraform's order: `terraform.tfvars`,
 * `terraform.tfvars.json`, `*.auto.tfvars` and `*.auto.tfvars.json` by name, then the files that are named.
 *
 * @throws InputError
 */
export async function readVariableFiles(folder: string, named: readonly string[]): Promise<VariableValues> {
  const problems: string[] = [];
  const there = named.filter((path) => {
    const before = problems.length;
    const kind = attempt(problems, () => kindOf(path));
    if (kind === undefined && problems.length === before) {
      problems.push(`${path}: there is no such file with values of variables.`);
    }
    return kind !== undefined;
  });
  const all = namesIn(folder);
  const own = [
    ...["terraform.tfvars", "terraform.tfvars.json"].filter((name) => all.includes(name)),
    ...all.filter((name) => /^[^.].*\.auto\.tfvars(\.json)?$/.test(name)),
  ].map((name) => join(folder, name));

  const values = new Map<string, Value>();
  const hidden: string[] = [];
  for (const path of [...own, ...there]) {
    try {
      const bytes = readBytes(path, path.endsWith(".json") ? JSON_LIMIT : HCL_LIMIT);
      const why = whyHidden(bytes);
      if (why !== undefined) {
        hidden.push(`${shownPath(path)}: ${why}. The values that it sets are not known.`);
        // It may set them anew.
        values.clear();
        continue;
      }
      for (const [name, value] of Object.entries(await readVariables(path, bytes))) values.set(name, value);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new InputError(problems);
  return { values, hidden };
}

/** What encrypts files that are kept beside configuration, by how its files begin. */
const ENCRYPTED: readonly (readonly [RegExp, string])[] = [
  [/^\0GITCRYPT\0/, "git-crypt; `git-crypt unlock` makes it readable"],
  [/^\$ANSIBLE_VAULT;/, "ansible-vault; `ansible-vault decrypt` makes it readable"],
  [/^age-encryption\.org\/|^-----BEGIN AGE ENCRYPTED FILE-----/, "age"],
  [/^-----BEGIN PGP MESSAGE-----/, "PGP"],
  [/^U2FsdGVkX1|^Salted__/, "OpenSSL, as transcrypt does"],
  [/^[\s\S]*(?:ENC\[AES256_GCM,|"sops"\s*:\s*\{)/, "sops; `sops decrypt` makes it readable"],
];

/** Why the bytes of a file with values say nothing to those without a key or a tool; undefined where they are text. */
function whyHidden(bytes: Buffer): string | undefined {
  const start = bytes.toString("latin1");
  const found = ENCRYPTED.find(([beginning]) => beginning.test(start));
  if (found) return `it is encrypted by ${found[1]}`;
  if (start.startsWith("version https://git-lfs.github.com/spec/")) {
    return "it is a pointer of Git LFS; `git lfs pull` fetches the file";
  }
  const isUtf16 = /^(\xff\xfe|\xfe\xff)/.test(start);
  return !isUtf16 && start.includes("\0") ? "it is binary, not text" : undefined;
}

async function readVariables(path: string, bytes: Buffer): Promise<Record<string, Value>> {
  const file = shownPath(path);
  const text = decoded(bytes, file);
  if (path.endsWith(".json")) {
    const values = parseJsonObject(file, text);
    scanJson(file, text, () => {});
    return values as Record<string, Value>;
  }
  const values: Json = await parseHcl(file, text);
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, evaluateData(value, NOTHING)]),
  );
}
