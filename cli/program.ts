import { InputError } from "../io/errors";
import { exists } from "../io/files";
import { nearest } from "../io/nearest";
import { lastWords } from "./bug";
import { COMMAND_NAMES, COMMANDS, type CommandName, commandOf } from "./commands";
import { commandHelp, programHelp } from "./help";
import type { Surroundings } from "./model";
import { parseGiven } from "./parse";
import { ALIAS, PROGRAM, VERSION } from "./words";

/**
 * The program: runs a command.
 *
 * @param words what is typed after the program's name
 * @returns the exit code
 */
export async function main(words: readonly string[], surroundings: Surroundings): Promise<number> {
  try {
    return await dispatch(words, surroundings);
  } catch (error) {
    console.error(error instanceof InputError ? error.problems.join("\n") : lastWords(error));
    return 2;
  }
}

async function dispatch([first, ...rest]: readonly string[], surroundings: Surroundings): Promise<number> {
  if (first === undefined) {
    // Where a script lost its words, nothing was judged.
    console.error(programHelp().trimEnd());
    return 2;
  }
  if (first === "--version" || first === "-V") return said(`${VERSION}\n`);
  if (first === "--help" || first === "-h") return said(programHelp());
  if (first === "help")
    return said(rest[0] === undefined ? programHelp() : commandHelp(commandNamed(rest[0])));
  const name = commandNamed(first);
  const command = commandOf(name);
  const given = parseGiven(command, rest);
  if (given === "help") return said(commandHelp(name));
  const { run } = await command.load();
  return run(given, { ...surroundings, commands: COMMANDS });
}

function said(words: string): number {
  process.stdout.write(words);
  return 0;
}

/** @throws InputError where there is no such command */
function commandNamed(word: string): CommandName {
  const found = COMMAND_NAMES.find((name) => name === word);
  if (found) return found;
  const isPath = word === "-" || exists(word);
  const meant = isPath ? undefined : nearest(word, [...COMMAND_NAMES, "help", "--help", "--version"]);
  const hint = isPath
    ? `to judge that path: ${PROGRAM} verify ${word}`
    : `${meant ? `did you mean ${meant}? ` : ""}${ALIAS} --help lists the commands`;
  throw new InputError([`there is no ${word.startsWith("-") ? "option" : "command"} ${word}; ${hint}`]);
}
