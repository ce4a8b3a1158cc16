import { createInterface } from "node:readline";
import { InputError } from "../io/errors";

/** What is asked on, and what is typed: a terminal, or streams of a test. */
interface Ends {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly terminal?: boolean;
}

/** Lines that are typed. Those that come before they are asked for, such as pasted ones, answer what is asked next. */
export class TypedLines {
  private readonly early: string[] = [];
  private waiting:
    | { readonly give: (line?: string) => void; readonly fail: (error: Error) => void }
    | undefined;
  private end: "closed" | "interrupted" | undefined;
  private readonly reader;

  constructor(private readonly ends: Ends) {
    this.reader = createInterface({ ...ends, prompt: "" });
    this.reader.on("line", (line) => {
      if (this.waiting === undefined) this.early.push(line);
      else this.settle((waiting) => waiting.give(line));
    });
    this.reader.once("SIGINT", () => {
      this.end = "interrupted";
      this.reader.close();
    });
    this.reader.once("close", () => {
      this.end ??= "closed";
      this.finish();
    });
  }

  /**
   * Prints a text and gives the line that is typed; undefined where there is none any more.
   *
   * @throws InputError for whoever interrupts it, so that nothing is done
   */
  ask(text: string): Promise<string | undefined> {
    return new Promise((give, fail) => {
      const start = text.lastIndexOf("\n") + 1;
      this.ends.output.write(text.slice(0, start));
      const early = this.early.shift();
      this.waiting = { give, fail };
      if (early !== undefined) {
        this.ends.output.write(`${text.slice(start)}${early}\n`);
        this.settle((waiting) => waiting.give(early));
      } else if (this.end !== undefined) this.finish();
      else {
        this.reader.setPrompt(text.slice(start));
        this.reader.prompt();
      }
    });
  }

  close(): void {
    this.reader.close();
  }

  private finish(): void {
    const isInterrupted = this.end === "interrupted";
    this.settle(({ give, fail }) =>
      isInterrupted ? fail(new InputError(["Interrupted: nothing was written."])) : give(),
    );
  }

  private settle(by: (waiting: NonNullable<typeof this.waiting>) => void): void {
    const { waiting } = this;
    if (waiting === undefined) return;
    this.waiting = undefined;
    by(waiting);
  }
}
