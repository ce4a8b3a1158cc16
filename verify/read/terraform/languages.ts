import { join } from "node:path";
import { InputError } from "../../../io/errors";
import { kindOf, namesIn, shownPath } from "../../../io/files";

/** Whose rules decide which files of a folder are read, and what they may say. */
export type Language = "Terraform" | "OpenTofu";

/** The files of a folder that hold configuration, in code-unit order. */
export interface ConfigurationFiles {
  readonly names: readonly string[];
  /** Files of OpenTofu, which Terraform does not read. */
  readonly ofOpenTofu: readonly string[];
}

const OF_TERRAFORM = /\.tf(\.json)?$/;
const OF_OPENTOFU = /\.tofu(\.json)?$/;

/** A folder that only OpenTofu can read is its; any other is Terraform's, unless OpenTofu is asked for. */
export function languageOf(root: string, isOpenTofu: boolean): Language {
  if (isOpenTofu) return "OpenTofu";
  const all = candidates(root);
  return all.some((name) => OF_OPENTOFU.test(name)) && !all.some((name) => OF_TERRAFORM.test(name))
    ? "OpenTofu"
    : "Terraform";
}

/**
 * The files that are read. OpenTofu reads both kinds, and of two with one name only its own: `main.tofu` for `main.tf`, `main.tofu.json`
 * for `main.tf.json` (https://opentofu.org/docs/language/files/, filterTfPathsWithTofuAlternatives in its source).
 *
 * @throws InputError when there are none
 */
export function configurationFiles(folder: string, language: Language): ConfigurationFiles {
  const all = candidates(folder);
  const ofOpenTofu = all.filter((name) => OF_OPENTOFU.test(name));
  const ofTerraform = all.filter((name) => OF_TERRAFORM.test(name));
  const replaced = new Set(ofOpenTofu.map((name) => name.replace(OF_OPENTOFU, ".tf$1")));
  const names =
    language === "Terraform"
      ? ofTerraform
      : [...ofOpenTofu, ...ofTerraform.filter((name) => !replaced.has(name))].sort();
  if (names.length > 0) return { names, ofOpenTofu };
  throw new InputError([
    ofOpenTofu.length === 0
      ? `${shownPath(folder)}: there is no Terraform configuration in it, neither *.tf nor *.tf.json.`
      : `${shownPath(folder)}: there is no Terraform configuration in it, only OpenTofu's (${ofOpenTofu.join(", ")}), which Terraform does not read: --tofu reads both.`,
  ]);
}

/** Whether a folder holds configuration, of Terraform or OpenTofu. @throws InputError where it cannot be looked at */
export function holdsConfiguration(folder: string): boolean {
  return candidates(folder).length > 0;
}

/** Whether a file changes what other files declare, and declares nothing itself. */
export function isOverride(name: string): boolean {
  return /(^|_)override\.(tf|tofu)(\.json)?$/.test(name);
}

/** Whether what a new file of a folder declares would be read. */
export function isReadAsNew(name: string, folder: string, isOpenTofu: boolean): boolean {
  if (isLeftOut(name) || isOverride(name)) return false;
  if (languageOf(folder, isOpenTofu) === "Terraform") return OF_TERRAFORM.test(name);
  const isReplaced = kindOf(join(folder, name.replace(OF_TERRAFORM, ".tofu$1"))) !== undefined;
  return OF_OPENTOFU.test(name) || (OF_TERRAFORM.test(name) && !isReplaced);
}

/** No hidden files, none that an editor left behind, and no folders. What cannot be read is refused when it is read. */
function candidates(folder: string): string[] {
  return namesIn(folder)
    .filter((name) => OF_TERRAFORM.test(name) || OF_OPENTOFU.test(name))
    .filter((name) => !isLeftOut(name) && kindOf(join(folder, name)) !== "folder");
}

function isLeftOut(name: string): boolean {
  return /^[.#]/.test(name);
}
