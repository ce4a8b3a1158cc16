import { COMMAND_NAMES, type CommandName, commandOf } from "./commands";
import { OPTIONS, type Option, type OptionName, optionOf } from "./options";
import { SETTINGS_FILE } from "./settings";
import { ALIAS, PROGRAM } from "./words";

/** `docs/options.md`: the commands and their options, as their entries say it. */
export function optionsDocument(): string {
  return `# Commands and options

\`${PROGRAM}\`, for short \`${ALIAS}\`. Made by \`npm run generate\` from \`cli/commands.ts\` and \`cli/options.ts\`; \`--help\` says the same
in a terminal, with examples. [verify.md](verify.md) explains what they are for.

${table(["Command", "What it does", "What it takes"], COMMAND_NAMES.map(commandRow))}

The last column says what \`${SETTINGS_FILE}\` may set: an option by its name without the dashes, for \`verify\`. Besides, \`paths\` names
what is judged where no PATH is given. Its paths are relative to the file. What is given on the command line wins over the file.

${table(["Option", "Of", "What it does", `In \`${SETTINGS_FILE}\``], names().map(optionRow))}
`;
}

/** Every option that a command has, in the order of their entries. */
function names(): OptionName[] {
  return (Object.keys(OPTIONS) as OptionName[]).filter((name) => commandsWith(name).length > 0);
}

function commandsWith(option: OptionName): CommandName[] {
  return COMMAND_NAMES.filter((name) => commandOf(name).options.includes(option));
}

function commandRow(name: CommandName): string[] {
  const { words, operand } = commandOf(name);
  return [
    code(name),
    sentence(words),
    operand ? `${code(operand.name)}: ${text(operand.words)}` : "only options",
  ];
}

function optionRow(name: OptionName): string[] {
  const option = optionOf(name);
  const { short, value, words } = option;
  const flags = [...(short ? [`-${short}`] : []), `--${name}${value ? ` ${value}` : ""}`];
  const commands = commandsWith(name);
  return [
    flags.map(code).join(", "),
    commands.length === COMMAND_NAMES.length ? "all" : commands.map(code).join(", "),
    text(words),
    fileWords(option),
  ];
}

function fileWords({ inFile, value, accepts, mayRepeat, freeWith }: Option): string {
  if (inFile === undefined) return "";
  if (value === undefined) return code("true");
  const one = accepts ? accepts.map(code).join(", ") : inFile === "path" ? pathWords(freeWith) : code(value);
  return mayRepeat ? `${one}, or a list of them` : one;
}

function pathWords(freeWith: string | undefined): string {
  return freeWith === undefined ? "a path" : `a path, or \`${freeWith}…\``;
}

/** Words in which no letter is Markdown's. */
const text = (words: string) => words.replace(/[*_<]/g, "\\$&");

const code = (words: string) => `\`${words}\``;

function sentence(words: string): string {
  return `${words[0]?.toUpperCase()}${words.slice(1)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`.replaceAll("|  |", "| |");
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
