import type { OptionName, Values } from "./options";

/** What the words after a command's name say, checked. */
export interface Given {
  readonly operands: readonly string[];
  readonly values: Values;
}

/** Where the program runs, besides the working directory. */
export interface Surroundings {
  /** The folder of this package, with its `cdktf.out`. */
  readonly root: string;
  /** The folder whose `cdktf.out` is meant where no path is given. Default: the working directory. */
  readonly home?: string;
}

/** What a command can look at besides what is given. */
export interface Context extends Surroundings {
  /** All commands of the program, by their names. */
  readonly commands: Readonly<Record<string, Command>>;
}

/** Does what a command is for, and gives the exit code. What it throws as an InputError is said, and the code is 2. */
export type Run = (given: Given, context: Context) => number | Promise<number>;

/** A command: its help, its parsing and its completion follow from this. */
export interface Command {
  /** What it does, in a line. */
  readonly words: string;
  /** What it takes besides options, as the help writes it, and what that is. */
  readonly operand?: { readonly name: string; readonly words: string; readonly atMost?: number };
  /** Which of the operands are PATHs. Default: all. */
  readonly pathsIn?: (operands: readonly string[]) => readonly string[];
  readonly options: readonly OptionName[];
  /** An option beside which only some others mean something, and what is said of the rest. */
  readonly narrowed?: { readonly by: OptionName; readonly to: readonly OptionName[]; readonly words: string };
  /** Lines to type, without the program's name, and what each does. */
  readonly examples: readonly (readonly [line: string, words: string])[];
  /** What else the help says, as paragraphs. */
  readonly notes?: readonly string[];
  /** Loads its code, and with it only what it needs. */
  readonly load: () => Promise<{ readonly run: Run }>;
}
