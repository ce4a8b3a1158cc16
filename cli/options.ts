import { parseArgs } from "node:util";
import { InputError } from "../io/errors";
import type { EnforcingMode } from "../network/cni";
import type { Severity } from "../verify/checks/model";
import { SEVERITIES } from "../verify/checks/order";
import { FORMATS, type Format } from "../verify/report";

/** What an option takes, and what the help says of it. */
interface Option {
  /** How the help calls its value. Without one it is a switch. */
  readonly value?: string;
  /** The values that it accepts. */
  readonly accepts?: readonly string[];
  readonly mayRepeat?: true;
  /** What PATH must be then: one of them alone. */
  readonly goesWith?: string;
  /** Whether it says something of the file that --init writes. */
  readonly isOfInit?: true;
  readonly words: string;
}

const MODES = ["strict", "standard"] as const satisfies readonly EnforcingMode[];
const LIMITS = [...SEVERITIES, "never"] as const;

/**
 * The options by their names: what is parsed, checked and said in the help follows from an entry. docs/verify.md explains
 * each; a test holds that none is missing there.
 */
export const OPTIONS = {
  flows: { value: "FILE", goesWith: "one PATH", words: "the flows to check, in place of PATH/flows.yaml" },
  "var-file": {
    value: "FILE",
    mayRepeat: true,
    isOfInit: true,
    words: "values of variables, as for Terraform; may be given several times",
  },
  tofu: {
    isOfInit: true,
    words:
      "reads folders as OpenTofu does: *.tofu files, too; those without any *.tf are read so in any case",
  },
  config: {
    value: "DIR",
    goesWith: "one plan as PATH",
    words: "for a plan: its configuration, which knows the references",
  },
  mode: {
    value: "MODE",
    accepts: MODES,
    isOfInit: true,
    words: `${MODES.join(" or ")}: the CNI's enforcing mode; default: what flows.yaml says, else the CNI, else strict`,
  },
  format: { value: "FORMAT", accepts: FORMATS, words: FORMATS.join(", ") },
  base: {
    value: "PATH",
    goesWith: "one PATH",
    words: "what PATH was before: adds which flows open, close or change their rules",
  },
  "fail-on": {
    value: "SEVERITY",
    accepts: LIMITS,
    words: `${SEVERITIES.join(", ")} or never: findings from here on make the exit code 1; default: error`,
  },
  "no-assumptions": { words: "a flow that holds only if something else is true makes the exit code 1 too" },
  init: {
    isOfInit: true,
    words: "writes PATH/flows.yaml with what the rules admit today, and what the pods need and lack",
  },
  help: { words: "this text" },
} as const satisfies Readonly<Record<string, Option>>;

type Name = keyof typeof OPTIONS;

export const USAGE = `Usage: npm run verify -- [PATH…] [options]

Proves which flows work, and which rule is missing, before anything is applied.

PATH is a folder of Terraform configuration, a plan or a state as JSON (terraform show -json), a state as Terraform keeps it
(terraform.tfstate), or - for standard input. Default: every stack in cdktf.out/stacks; one that another calls as a module is verified there.

${optionsHelp()}

Exit code 0: nothing is broken. 1: a flow is broken, or a finding reaches --fail-on. 2: the input could not be read,
or it holds nothing that is known here.
`;

/** The options, one line for each. */
function optionsHelp(): string {
  const rows = entries().map(([name, { value, words }]) => [`--${name}${value ? ` ${value}` : ""}`, words]);
  const width = Math.max(...rows.map(([option = ""]) => option.length));
  return rows.map(([option = "", words]) => `  ${option.padEnd(width)}  ${words}`).join("\n");
}

/** A command line whose words were checked. */
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
 * @returns `help` where that is among them
 * @throws InputError naming all that is wrong with them
 */
export function parseOptions(args: readonly string[]): Options | "help" {
  const {
    values: parsed,
    positionals,
    tokens,
  } = parseArgs({
    args: [...args],
    options: forNode(),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const values = parsed as Values;
  if (values.help === true) return "help";
  const problems = [
    ...tokens.flatMap((token) => (token.kind === "option" ? problemsOf(token) : [])),
    ...entries().flatMap(([name, { value, accepts, goesWith, isOfInit }]) => {
      const given = values[name];
      if (given !== undefined && values.init === true && !isOfInit) {
        return [
          `--${name} has no effect on the PATH/flows.yaml that --init writes: leave one of the two out`,
        ];
      }
      // One that lacks its value was named already.
      if (given === undefined || (value !== undefined && typeof given === "boolean")) return [];
      return [
        ...(accepts && !accepts.includes(String(given))
          ? [`--${name} must be ${accepts.join(", ")} (given: ${given})`]
          : []),
        ...(goesWith && positionals.length !== 1 ? [`--${name} goes with ${goesWith}`] : []),
      ];
    }),
  ];
  if (problems.length > 0) throw new InputError([...new Set(problems)]);
  const { flows, config, base, mode, format, "fail-on": failOn } = values;
  return {
    paths: positionals,
    varFiles: values["var-file"] ?? [],
    format: (format as Format | undefined) ?? "text",
    failOn: (failOn as Severity | "never" | undefined) ?? "error",
    noAssumptions: values["no-assumptions"] ?? false,
    init: values.init ?? false,
    tofu: values.tofu ?? false,
    ...(flows !== undefined && { flows }),
    ...(config !== undefined && { config }),
    ...(base !== undefined && { base }),
    ...(mode !== undefined && { mode: mode as EnforcingMode }),
  };
}

/** What is wrong with an option as it is written: its name, and whether it has a value. */
function problemsOf({
  name,
  rawName,
  value,
  inlineValue,
}: {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}): string[] {
  if (!Object.hasOwn(OPTIONS, name)) return [`there is no option ${rawName}; --help lists the options`];
  const option: Option = OPTIONS[name as Name];
  if (option.value === undefined)
    return value === undefined ? [] : [`${rawName} takes no value (given: ${value})`];
  const isMissing = value === undefined || (!inlineValue && value.startsWith("-") && value !== "-");
  return isMissing ? [`${rawName} needs a value`] : [];
}

function entries(): [Name, Option][] {
  return Object.entries(OPTIONS) as [Name, Option][];
}

/** What is given for each option, where none is written wrongly. */
type Values = {
  readonly [Key in Name]?: (typeof OPTIONS)[Key] extends { readonly mayRepeat: true }
    ? readonly string[]
    : (typeof OPTIONS)[Key] extends { readonly value: string }
      ? string
      : boolean;
};

/** The options as node's parser has them. */
function forNode() {
  return Object.fromEntries(
    entries().map(([name, { value, mayRepeat = false }]) => [
      name,
      {
        type: value === undefined ? ("boolean" as const) : ("string" as const),
        multiple: mayRepeat,
        ...(name === "help" && { short: "h" }),
      },
    ]),
  );
}
