import type { Command as Parser } from "commander";
import { COMMAND_NAMES, type CommandName, commandOf } from "./commands";
import { parserOf } from "./parse";
import { PROGRAM } from "./words";

/** What the program is, and its commands. */
export function programHelp(): string {
  const parser = parserOf(PROGRAM, {
    words: "judges what EKS security groups for pods let through, and writes them as Terraform",
    options: ["help", "version"],
  });
  for (const name of COMMAND_NAMES) {
    const { words, operand } = commandOf(name);
    parser
      .command(`${name}${operand ? ` ${operand.name}` : ""}`)
      .description(words)
      .helpOption(false)
      .allowUnknownOption(false);
  }
  return textOf(parser, [`${PROGRAM} COMMAND --help says more of each.`]);
}

/** What a command does, takes and is given by examples. */
export function commandHelp(name: CommandName): string {
  const command = commandOf(name);
  const lines = command.examples.map(([line]) => `${PROGRAM} ${line}`);
  const width = Math.max(...lines.map((line) => line.length));
  const examples = command.examples.map(([, words], index) => `  ${lines[index]?.padEnd(width)}  ${words}`);
  const parser = parserOf(`${PROGRAM} ${name}`, command);
  return textOf(parser, [["Examples:", ...examples].join("\n"), ...(command.notes ?? [])]);
}

/** A width that is read easily. */
const WIDEST = 120;

function textOf(parser: Parser, more: readonly string[]): string {
  const width = Math.min(process.stdout.columns ?? WIDEST, WIDEST);
  let text = "";
  parser
    .helpCommand(false)
    .configureOutput({
      writeOut: (words) => {
        text += words;
      },
      getOutHasColors: () => false,
    })
    // That a value may be left out is about parsing; it is never typed so.
    .configureHelp({ helpWidth: width, optionTerm: ({ flags }) => flags.replace(/[[\]]/g, "") })
    .addHelpText("after", ({ command }) => {
      const help = command.createHelp();
      const paragraphs = more.map((words) => (words.includes("\n") ? words : help.boxWrap(words, width)));
      return `\n${paragraphs.join("\n\n")}`;
    })
    .outputHelp();
  return text;
}
