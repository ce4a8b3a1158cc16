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
    words: "values of variables, as for Terraform; may be given several times",
  },
  config: {
    value: "DIR",
    goesWith: "one plan as PATH",
    words: "for a plan: its configuration, which knows the references",
  },
  mode: {
    value: "MODE",
    accepts: MODES,
    words: `${MODES.join(" or ")}: the CNI's enforcing mode; default: what flows.yaml says, else strict`,
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
  init: { words: "writes PATH/flows.yaml with what the rules admit today" },
  help: { words: "this text" },
} as const satisfies Readonly<Record<string, Option>>;

type Name = keyof typeof OPTIONS;

/** The options with one line for each. */
export function optionsHelp(): string {
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
}

/**
 * Reads a command line.
 *
 * @returns `help` where that is asked for
 * @throws InputError naming every wrong option
 */
export function parseOptions(args: readonly string[]): Options | "help" {
  const { values, positionals } = parseWords(args);
  if (values.help) return "help";
  const problems = entries().flatMap(([name, option]) => {
    const given = values[name];
    if (given === undefined) return [];
    return [
      ...(option.accepts && !option.accepts.includes(String(given))
        ? [`--${name} must be ${option.accepts.join(", ")} (given: ${given})`]
        : []),
      ...(option.goesWith && positionals.length !== 1 ? [`--${name} goes with ${option.goesWith}`] : []),
    ];
  });
  if (problems.length > 0) throw new InputError(problems);
  const { flows, config, base, mode, format, "fail-on": failOn } = values;
  return {
    paths: positionals,
    varFiles: values["var-file"] ?? [],
    format: (format as Format | undefined) ?? "text",
    failOn: (failOn as Severity | "never" | undefined) ?? "error",
    noAssumptions: values["no-assumptions"] ?? false,
    init: values.init ?? false,
    ...(flows !== undefined && { flows }),
    ...(config !== undefined && { config }),
    ...(base !== undefined && { base }),
    ...(mode !== undefined && { mode: mode as EnforcingMode }),
  };
}

function entries(): [Name, Option][] {
  return Object.entries(OPTIONS) as [Name, Option][];
}

/** What is given for each option. */
type Values = {
  readonly [Key in Name]?: (typeof OPTIONS)[Key] extends { readonly mayRepeat: true }
    ? readonly string[]
    : (typeof OPTIONS)[Key] extends { readonly value: string }
      ? string
      : boolean;
};

function parseWords(args: readonly string[]): { values: Values; positionals: readonly string[] } {
  const options = Object.fromEntries(
    entries().map(([name, { value, mayRepeat = false }]) => [
      name,
      {
        type: value === undefined ? ("boolean" as const) : ("string" as const),
        multiple: mayRepeat,
        ...(name === "help" && { short: "h" }),
      },
    ]),
  );
  try {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
    return { values: values as Values, positionals };
  } catch (error) {
    throw new InputError([`${(error as Error).message.split(". ")[0]}; --help lists the options`]);
  }
}
