import { Command as Parser, Option as ParserOption } from "commander";
import { InputError } from "../io/errors";
import { nearest } from "../io/nearest";
import type { Command, Given } from "./model";
import { type Option, type OptionName, optionOf, type Values } from "./options";

/** A parser for the words after a command's name. It knows the options; what is wrong with them is told by `parseGiven`. */
export function parserOf(
  name: string,
  { words, operand, options }: Pick<Command, "words" | "operand" | "options">,
): Parser {
  const parser = new Parser(name)
    .description(`${words[0]?.toUpperCase()}${words.slice(1)}.`)
    .helpOption(false);
  if (operand) parser.argument(operand.name, operand.words);
  for (const option of options) parser.addOption(new ParserOption(flagsOf(option), optionOf(option).words));
  return parser;
}

/** A value is optional to the parser, which would end the program at the first option that lacks one. */
function flagsOf(name: OptionName): string {
  const { short, value } = optionOf(name);
  return `${short ? `-${short}, ` : ""}--${name}${value ? ` [${value}]` : ""}`;
}

/**
 * What the words after a command's name say.
 *
 * @throws InputError naming all that is wrong with them
 */
export function parseGiven(command: Command, words: readonly string[]): Given | "help" {
  const parser = parserOf("", command);
  const seen = new Map<OptionName, (string | undefined)[]>();
  for (const name of command.options) {
    parser.on(`option:${name}`, (value: string | null | undefined) =>
      seen.set(name, [...(seen.get(name) ?? []), value ?? undefined]),
    );
  }
  const { operands, unknown } = parser.parseOptions([...words]);
  if (seen.has("help")) return "help";
  const end = unknown.indexOf("--");
  const paths = command.pathsIn?.(operands) ?? operands;
  const problems = [
    ...unknown
      .slice(0, end === -1 ? undefined : end)
      .filter((word) => word.startsWith("-") && word !== "-")
      .map((word) => wrongOption(word, command)),
    ...command.options.flatMap((name) => {
      const values = seen.get(name);
      if (values === undefined) return [];
      return withoutEffect(name, seen, command) ?? wrongValues(name, values, paths);
    }),
    ...tooMany(operands, command),
  ];
  if (problems.length > 0) throw new InputError([...new Set(problems)]);
  return { operands, values: Object.fromEntries([...seen].map(countedOf)) as Values };
}

/** What is wrong with a word that looks like an option and is none of the command. */
function wrongOption(word: string, { options }: Command): string {
  const [flag = "", ...value] = word.split("=");
  const name = flag.replace(/^--?/, "");
  if (options.some((one) => one === name) && flag.startsWith("--")) {
    return `${flag} takes no value (given: ${value.join("=")})`;
  }
  const meant = nearest(name, options);
  return `there is no option ${flag}; ${meant ? `did you mean --${meant}? ` : ""}--help lists the options`;
}

/** What is wrong with an option that means nothing beside another one. */
function withoutEffect(
  name: OptionName,
  seen: ReadonlyMap<OptionName, unknown>,
  { narrowed }: Command,
): string[] | undefined {
  if (!narrowed || !seen.has(narrowed.by) || name === narrowed.by || narrowed.to.includes(name))
    return undefined;
  return [`--${name} ${narrowed.words}`];
}

/** What is wrong with the values of an option, beside the PATHs of its command. */
export function wrongValues(
  name: OptionName,
  values: readonly (string | undefined)[],
  paths: readonly string[],
): string[] {
  const { value, accepts, goesWith, freeWith }: Option = optionOf(name);
  // A variable of a pipeline that is not set leaves an empty one.
  if (value !== undefined && values.some((one) => !one)) return [`--${name} needs a value`];
  return [
    ...values.flatMap((given) =>
      accepts && !accepts.includes(String(given)) ? [notAccepted(name, accepts, String(given))] : [],
    ),
    ...(freeWith && values.at(-1)?.trim() === freeWith
      ? [`--${name} needs a name behind ${freeWith}, such as ${freeWith}origin/main`]
      : []),
    ...(goesWith && paths.length !== 1 && !(freeWith && values.at(-1)?.startsWith(freeWith))
      ? [`--${name} goes with ${goesWith}`]
      : []),
  ];
}

function notAccepted(name: OptionName, accepts: readonly string[], given: string): string {
  const meant = nearest(given, accepts);
  return `--${name} must be ${accepts.join(", ")} (given: ${given}${meant ? `; did you mean ${meant}?` : ""})`;
}

function tooMany(operands: readonly string[], { operand }: Command): string[] {
  const most = operand ? (operand.atMost ?? Number.POSITIVE_INFINITY) : 0;
  if (operands.length <= most) return [];
  const further = operands.slice(most).join(" ");
  return [
    operand
      ? `only one ${operand.name.replace(/[[\]]/g, "")} is accepted (also given: ${further})`
      : `takes no ${further}`,
  ];
}

/** The values that count: of an option that is given several times the last, unless it may be. */
function countedOf([name, values]: [OptionName, readonly (string | undefined)[]]): [OptionName, unknown] {
  const { value, mayRepeat } = optionOf(name);
  if (value === undefined) return [name, true];
  return [name, mayRepeat ? values : values.at(-1)];
}
