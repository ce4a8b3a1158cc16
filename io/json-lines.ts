import { InputError } from "./errors";

interface Container {
  /** The keys of an object with the lines of where they stand; an array has none. */
  readonly keys: Map<string, number> | undefined;
  /** How many keys lead to what is in here. */
  readonly depth: number;
  state: "first" | "next" | "after";
}

/** A newline, a string, punctuation or a word. */
const TOKEN =
  /[ \t\r]*(?:(\n)|("[ !#-[\]-\uffff]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[ !#-[\]-\uffff]*)*")|([{}[\]:,])|([-+.\w]+))/y;
const WORD = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;

/** What stands at a place, without its text: states and plans have secrets in theirs, wherever they are broken. */
function foundWords(token: string): string {
  if (/^[{}[\]:,]/.test(token)) return token.charAt(0);
  if (!token.startsWith('"')) return "something else";
  return token.length > 1 && token.endsWith('"') ? "text in quotes" : "text that no quote ends in its line";
}

/**
 * Walks JSON once and says where each key of an object stands. Arrays add nothing to a path, as in Terraform, where
 * a block may be written as an object or as an array of them.
 *
 * @param onKey called with the keys down to this one and its line, from 1; the array is only lent
 * @throws InputError with the line, where the text is no JSON, and for a key that stands twice in one object:
 *   JSON.parse would forget the first one, which Terraform may well use
 */
export function scanJson(
  file: string,
  text: string,
  onKey: (path: readonly string[], line: number) => void,
): void {
  const path: string[] = [];
  const stack: Container[] = [];
  let line = 1;
  let token = "";
  let isEnd = false;

  const fail = (expected: string): never => {
    const found = isEnd ? "the end of the file" : foundWords(token);
    throw new InputError([`${file}:${line}: it is not JSON: expected ${expected}, found ${found}`]);
  };
  TOKEN.lastIndex = 0;
  const next = () => {
    for (;;) {
      const start = TOKEN.lastIndex;
      const match = TOKEN.exec(text);
      if (match === null) {
        isEnd = text.slice(start).trim() === "";
        token = isEnd ? "" : (text.slice(start).trim().split("\n")[0] ?? "");
        return;
      }
      if (match[1] === undefined) {
        token = match[2] ?? match[3] ?? match[4] ?? "";
        return;
      }
      line += 1;
    }
  };

  const value = () => {
    const depth = path.length;
    if (token === "{") stack.push({ keys: new Map(), depth, state: "first" });
    else if (token === "[") stack.push({ keys: undefined, depth, state: "first" });
    else if (isEnd || !(token.startsWith('"') ? token.endsWith('"') && token.length > 1 : WORD.test(token))) {
      fail("a value");
    }
  };
  const key = (keys: Map<string, number>, depth: number) => {
    if (!token.startsWith('"')) fail("a key in double quotes");
    const name = token.includes("\\") ? (JSON.parse(token) as string) : token.slice(1, -1);
    const earlier = keys.get(name);
    if (earlier !== undefined) {
      const where = [...path.slice(0, depth), name].join(".");
      throw new InputError([
        `${file}:${line}: the key ${where} appears twice, first in line ${earlier}. Remove one, or write both in one array.`,
      ]);
    }
    keys.set(name, line);
    path.length = depth;
    path.push(name);
    onKey(path, line);
    next();
    if (token !== ":") fail('":"');
    next();
    value();
  };

  next();
  value();
  while (stack.length > 0) {
    next();
    const container = stack.at(-1) as Container;
    const close = container.keys ? "}" : "]";
    if (token === close && !isEnd && container.state !== "next") {
      stack.pop();
      path.length = container.depth;
      continue;
    }
    if (container.state === "after") {
      if (token !== ",") fail(`"," or "${close}"`);
      container.state = "next";
      continue;
    }
    container.state = "after";
    if (container.keys) key(container.keys, container.depth);
    else {
      path.length = container.depth;
      value();
    }
  }
  next();
  if (!isEnd) fail("the end of the file");
}
