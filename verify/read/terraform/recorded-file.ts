import { InputError } from "../../../io/errors";
import { shownPath } from "../../../io/files";
import type { Json } from "../../../io/json";
import { readTextFile } from "../../../io/text";
import { JSON_LIMIT, parseJsonObject } from "./files";
import { shownState } from "./raw-state";

/** A plan or a state in JSON, and which of them it is. */
export interface Recorded {
  readonly kind: "plan" | "state";
  /** As it is shown: a path, or `-`. */
  readonly file: string;
  readonly content: Json;
}

/**
 * Reads what `terraform show -json` printed, or a state as Terraform keeps it, from a file or from standard input (`-`).
 *
 * @throws InputError
 */
export function readRecorded(path: string, stdin: string | undefined): Recorded {
  const file = path === "-" ? "-" : shownPath(path);
  const text = path === "-" ? fromStdin(stdin) : readTextFile(path, JSON_LIMIT);
  const other = otherThanJson(path, text);
  if (other !== undefined) throw new InputError([`${file}: ${other}`]);
  const content = parseJsonObject(file, text);
  if (isRawState(content)) return { kind: "state", file, content: shownState(file, content) };
  const kind = kindOf(content);
  if (kind === undefined) throw new InputError([`${file}: ${explained(content)}`]);

  const version = content["format_version"];
  if (typeof version !== "string" || !/^[01]\.\d+/.test(version)) {
    const given = version === undefined ? "missing" : isVersion(version) ? `"${version}"` : "no version";
    throw new InputError([`${file}: its format_version is ${given}; versions 0.x and 1.x can be read.`]);
  }
  return { kind, file, content };
}

/** Whether a value is short and made of digits, so that it can be shown: what a file holds may be a secret. */
function isVersion(value: unknown): value is string | number {
  return /^\d[\d.]{0,9}$/.test(String(value));
}

function fromStdin(stdin: string | undefined): string {
  if (stdin === undefined || stdin.trim() === "") {
    throw new InputError([
      "-: standard input is empty. Pipe what `terraform show -json` prints into it, with or without the name of a plan.",
    ]);
  }
  return stdin.replace(/^\uFEFF/, "");
}

function kindOf(content: Json): Recorded["kind"] | undefined {
  if ("planned_values" in content || "resource_changes" in content) return "plan";
  // A state without resources has a format version alone.
  return "values" in content || ("format_version" in content && "terraform_version" in content)
    ? "state"
    : Object.keys(content).join() === "format_version"
      ? "state"
      : undefined;
}

/** What a text that is no JSON is, by its name or its first words, and what to give instead. */
function otherThanJson(path: string, text: string): string | undefined {
  if (/^\s*[[{]/.test(text)) return undefined;
  if (/\.(tfvars|tfvars\.json)$/.test(path))
    return "it has values of variables. Pass the folder, and this file with --var-file.";
  // A page that shows some is none: what counts is how it begins, without comments and the beginning of a document.
  const start = text.replace(/^(?:\s+|#.*|\/\/.*|\/\*[\s\S]*?\*\/|---)+/, "");
  if (
    /\.(tf|tofu|hcl)$/.test(path) ||
    /^(resource|module|variable|data|locals|terraform|output|provider)\b[^\n:]*\{/.test(start)
  ) {
    return CONFIGURATION;
  }
  if (/^(apiVersion|kind|metadata|spec):/.test(start) && /^apiVersion:/m.test(text) && /^kind:/m.test(text))
    return MANIFEST;
  if (/^\w+:/.test(start) && /^format:/m.test(text) && /^(endpoints|flows):/m.test(text))
    return "it is a flows.yaml. Pass the input that it is for, and this file with --flows.";
  return undefined;
}

const CONFIGURATION = "it is a file of Terraform configuration. Pass the folder that it is in.";
const MANIFEST =
  "it is a Kubernetes manifest, which is not read by itself. Pass the Terraform that declares the security groups: a folder, a plan or a state.";

/** The version of states that can be read as they are. */
const STATE_VERSION = 4;

function isRawState(content: Json): boolean {
  return (
    content["version"] === STATE_VERSION &&
    !("format_version" in content) &&
    Array.isArray(content["resources"])
  );
}

/** What an object that is neither a plan nor a state is, as far as its keys tell, and what to give instead. */
function explained(content: Json): string {
  const has = (...keys: readonly string[]) => keys.some((key) => key in content);
  if (has("encrypted_data", "encryption_version")) {
    return "it is encrypted by OpenTofu. Pass what `tofu show -json` prints, with or without the name of a plan, or `tofu state pull`.";
  }
  if (has("backend") && !has("planned_values")) {
    return "it only says in which backend the state is. Pass what `terraform state pull` prints.";
  }
  if (has("lineage", "serial") || (has("version") && has("modules", "resources"))) {
    if (content["version"] === STATE_VERSION)
      return "it is no whole state: its resources are no list. Pass what `terraform state pull` or `terraform show -json` prints.";
    const version = isVersion(content["version"]) ? content["version"] : "unknown";
    return `it is a state of version ${version}; version ${STATE_VERSION} can be read, which Terraform since 0.12 writes. Pass what \`terraform show -json\` prints.`;
  }
  if (has("apiVersion") && has("kind")) {
    return MANIFEST;
  }
  if (has("resource", "module", "variable", "data", "locals", "terraform", "output", "provider")) {
    return CONFIGURATION;
  }
  if (has("SecurityGroups", "SecurityGroupRules", "NetworkInterfaces")) {
    return "it is what `aws ec2 describe-…` prints, which adopt takes. Pass what `terraform show -json` prints, or a folder of Terraform configuration.";
  }
  return "it is neither a plan nor a state: it has neither planned_values nor values. Pass what `terraform show -json` prints, or a folder of Terraform configuration.";
}
