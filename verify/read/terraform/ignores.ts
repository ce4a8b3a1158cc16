import { InputError } from "../../../io/errors";
import { isJson } from "../../../io/json";
import type { Ignore, Source } from "../model";
import { HEADER } from "./hcl";
import { hclComments, outlineOf } from "./hcl-attributes";

/** What begins such a comment; behind it stand the check and the reason. */
const MARK = "eks-pod-security-groups:ignore";
/** A line of a comment that is one: `# MARK CHECK reason`, in each way in which HCL marks comments. */
const LINE = new RegExp(
  `^[ \\t]*(?:#+|//+|/?\\*+)?[ \\t]*${MARK}(?![\\w-])[ \\t]*([^\\s*]*)[ \\t]*(.*?)[ \\t]*(?:\\*/)?\\r?$`,
);

/**
 * What a file of HCL says beside its blocks: on the lines of comments that end right before a block, on the block's first line
 * or inside of it.
 *
 * @throws InputError naming each that has no check or no reason
 */
export function ignoresInHcl(file: string, text: string): Ignore[] {
  // Most files have none, and are not looked through.
  if (!text.includes(MARK)) return [];
  const lineAt = linesOf(text);
  const blocks = blocksIn(text).map(({ from, to }) => ({ first: lineAt(from), last: lineAt(to) }));
  const comments = hclComments(text).map(({ at, comment }) => {
    const first = lineAt(at);
    const isAlone = text.slice(text.lastIndexOf("\n", at - 1) + 1, at).trim() === "";
    return { comment, first, last: first + comment.split("\n").length - 1, isAlone };
  });
  const problems: string[] = [];
  const found: Ignore[] = [];
  for (const { comment, first, last, isAlone } of comments) {
    if (!comment.includes(MARK)) continue;
    // Comments in a row before a block belong to it, all of them.
    let end = last;
    for (const next of comments) if (next.isAlone && next.first === end + 1) end = next.last;
    const block =
      blocks.find((one) => first >= one.first && first <= one.last) ??
      (isAlone ? blocks.find((one) => one.first === end + 1) : undefined);
    for (const [index, line] of comment.split("\n").entries()) {
      const source = { file, line: first + index };
      found.push(...ignoresOf(line, source, block && { file, line: block.first }, problems));
    }
  }
  if (problems.length > 0) throw new InputError(problems);
  return found;
}

/** The same of a block of JSON: by its key `"//"`, a text or several. */
export function ignoresInJson(body: unknown, block: Source): Ignore[] {
  const comment = isJson(body) ? body["//"] : undefined;
  const lines = (Array.isArray(comment) ? comment : [comment]).filter((line) => typeof line === "string");
  const problems: string[] = [];
  const found = lines.flatMap((line) => ignoresOf(line, block, block, problems));
  if (problems.length > 0) throw new InputError(problems);
  return found;
}

function ignoresOf(line: string, source: Source, block: Source | undefined, problems: string[]): Ignore[] {
  const match = LINE.exec(line);
  if (match === null) return [];
  const [, check = "", reason = ""] = match;
  if (check !== "" && reason !== "") return [{ check, reason, source, ...(block && { block }) }];
  const where = source.line === undefined ? source.file : `${source.file}:${source.line}`;
  const lacking = check === "" ? "names no check" : `gives no reason to ignore ${check}`;
  problems.push(`${where}: ${MARK} ${lacking}; write \`${MARK} CHECK reason\`: the report shows the reason`);
  return [];
}

/** Says on which line a place is, from 1; places are asked for in any order. */
function linesOf(text: string): (at: number) => number {
  const ends = [...text.matchAll(/\n/g)].map(({ index }) => index);
  return (at) => {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] as number) < at) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };
}

/** Where the blocks at the top of a file begin and end. */
function blocksIn(text: string): { from: number; to: number }[] {
  const outline = outlineOf(text);
  return [...text.matchAll(HEADER)].flatMap((match) => {
    const brace = match.index + match[0].length;
    // Inside of a string or a heredoc it is no block.
    if (outline[brace] !== "{") return [];
    const to = outline.indexOf("}", brace);
    return [{ from: brace, to: to === -1 ? text.length : to }];
  });
}
