import { parseArgs } from "node:util";
import { InputError } from "../io/errors";
import type { EnforcingMode } from "../network/cni";
import type { Severity } from "../verify/checks/model";
import { SEVERITIES } from "../verify/checks/order";
import { FORMATS, type Format } from "../verify/report";

const MODES = ["strict", "standard"] as const satisfies readonly EnforcingMode[];

export const USAGE = `Usage: npm run verify -- [PATH…] [options]

Proves which flows work, and which rule is missing, before anything is applied.

PATH is a folder of Terraform configuration, a plan or a state as JSON (terraform show -json), a state as Terraform keeps it
(terraform.tfstate), or - for standard input. Default: every stack in cdktf.out/stacks; one that another calls as a module is verified there.

  --flows FILE        the flows to check, in place of PATH/flows.yaml
  --var-file FILE     values of variables, as for Terraform; may be given several times
  --tofu              reads folders as OpenTofu does: *.tofu files, too; those without any *.tf are read so in any case
  --config DIR        for a plan: its configuration, which knows the references
  --mode MODE         ${MODES.join(" or ")}: the CNI's enforcing mode; default: what flows.yaml says, else strict
  --format FORMAT     ${FORMATS.join(", ")}
  --base PATH         what PATH was before: adds which flows open, close or change their rules
  --fail-on SEVERITY  ${SEVERITIES.join(", ")} or never: findings from here on make the exit code 1; default: error
  --no-assumptions    a flow that holds only if something else is true makes the exit code 1 too
  --init              writes PATH/flows.yaml with what the rules admit today
  --help              this text

Exit code 0: nothing is broken. 1: a flow is broken, or a finding reaches --fail-on. 2: the input could not be read,
or it holds nothing that is known here.
`;

/** What the words of a command ask for. */
export interface Options {
  readonly paths: readonly string[];
  readonly flows?: string;
  readonly varFiles: readonly string[];
  readonly config?: string;
  readonly mode?: EnforcingMode;
  readonly format: Format;
  readonly base?: string;
  readonly failOn: Severity | "never";
  readonly noAssumptions: boolean;
  readonly init: boolean;
  readonly tofu: boolean;
}

/**
 * What the words after the command's name ask for.
 *
 * @throws InputError naming all that is wrong with them
 */
export function parseOptions(args: readonly string[]): Options | "help" {
  const problems: string[] = [];
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    options: OPTIONS,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  if (values["help"] === true) return "help";

  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const known = Object.hasOwn(OPTIONS, token.name)
      ? OPTIONS[token.name as keyof typeof OPTIONS]
      : undefined;
    if (known === undefined) problems.push(`there is no option ${token.rawName}; --help lists the options`);
    else if (known.type === "boolean" && token.value !== undefined)
      problems.push(`${token.rawName} takes no value (given: ${token.value})`);
    else if (
      known.type === "string" &&
      (token.value === undefined ||
        (!token.inlineValue && token.value.startsWith("-") && token.value !== "-"))
    ) {
      problems.push(`${token.rawName} needs a value`);
    }
  }
  const text = (name: keyof typeof OPTIONS) => {
    const value = values[name];
    return typeof value === "string" ? value : undefined;
  };
  const choice = <T extends string>(name: keyof typeof OPTIONS, accepted: readonly T[]) => {
    const value = text(name);
    if (value === undefined || accepted.includes(value as T)) return value as T | undefined;
    problems.push(`--${name} must be ${accepted.join(", ")} (given: ${value})`);
    return undefined;
  };
  const [format, mode] = [choice("format", FORMATS), choice("mode", MODES)];
  const failOn = choice("fail-on", [...SEVERITIES, "never" as const]);
  const [flows, config, base] = [text("flows"), text("config"), text("base")];
  if (config !== undefined && positionals.length !== 1) problems.push("--config goes with one plan as PATH");
  if (flows !== undefined && positionals.length !== 1) problems.push("--flows goes with one PATH");
  if (base !== undefined && positionals.length !== 1) problems.push("--base goes with one PATH");
  if (problems.length > 0) throw new InputError([...new Set(problems)]);
  const varFiles = values["var-file"];
  return {
    paths: positionals,
    varFiles: Array.isArray(varFiles) ? varFiles.filter((path) => typeof path === "string") : [],
    format: format ?? "text",
    failOn: failOn ?? "error",
    noAssumptions: values["no-assumptions"] === true,
    init: values["init"] === true,
    tofu: values["tofu"] === true,
    ...(flows !== undefined && { flows }),
    ...(config !== undefined && { config }),
    ...(base !== undefined && { base }),
    ...(mode && { mode }),
  };
}

const OPTIONS = {
  flows: { type: "string" },
  "var-file": { type: "string", multiple: true },
  tofu: { type: "boolean" },
  config: { type: "string" },
  mode: { type: "string" },
  format: { type: "string" },
  base: { type: "string" },
  "fail-on": { type: "string" },
  "no-assumptions": { type: "boolean" },
  init: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;
