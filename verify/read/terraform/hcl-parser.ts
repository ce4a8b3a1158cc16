import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";

/** What the parser makes of a text: its blocks, or the parser's own words for why there are none. */
export type Parsed = { readonly content: unknown } | { readonly error: string };

/**
 * What the thread runs. As text, because a file of its own would have to be found both beside the sources and in the
 * build. It listens for one text at a time: a parser that dies without an answer leaves nothing to wait for, and the
 * thread ends.
 */
const PROGRAM = `
const { parentPort, workerData } = require("node:worker_threads");
const { parse } = require(workerData);
const listen = () =>
  parentPort.once("message", (text) =>
    parse("input.tf", text)
      .then((content) => parentPort.postMessage({ content }))
      .catch((error) => parentPort.postMessage({ error: error instanceof Error ? error.message : String(error) }))
      .then(listen),
  );
listen();
`;

let thread: Worker | undefined;
let last: Promise<unknown> = Promise.resolve();

/**
 * Parses a text by hcl2json, in a thread that is started for the first one: to load the parser takes as long as all
 * the rest. Texts wait for each other.
 *
 * The parser is a program of WebAssembly, and a text that is too much for it leaves it in a state in which the next
 * call may end the process. In a thread it can end nothing else, and the next text gets a new one.
 *
 * @param isMistake whether the parser's words tell a mistake in the text; after others it is not used again
 */
export function parseInThread(text: string, isMistake: (error: string) => boolean): Promise<Parsed> {
  const parsed = last.then(async () => {
    thread ??= started();
    const answer = await asked(thread, text);
    if ("error" in answer && !isMistake(answer.error)) await thread?.terminate();
    return answer;
  });
  last = parsed;
  return parsed;
}

function started(): Worker {
  const worker = new Worker(PROGRAM, {
    eval: true,
    workerData: createRequire(__filename).resolve("@cdktf/hcl2json"),
    // What this process loads first, such as a compiler, is of no use there.
    execArgv: [],
  });
  const forget = () => {
    thread = undefined;
  };
  // However it ends, also while nobody asks it, the next text gets a new one.
  return worker.on("error", forget).on("exit", forget);
}

/** What the thread answers, or how it ended. Only while it is asked does it keep the process alive. */
function asked(worker: Worker, text: string): Promise<Parsed> {
  return new Promise((resolve) => {
    const failed = ({ message }: Error) => settle({ error: message });
    const ended = () => settle({ error: "the parser ended without an answer" });
    const settle = (answer: Parsed) => {
      worker
        .off("message", settle)
        .off("messageerror", failed)
        .off("error", failed)
        .off("exit", ended)
        .unref();
      resolve(answer);
    };
    // What is nested too deeply to be handed over arrives as an error of its own.
    worker.on("message", settle).on("messageerror", failed).on("error", failed).on("exit", ended).ref();
    worker.postMessage(text);
  });
}
