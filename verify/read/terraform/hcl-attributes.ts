import { isSecurityGroupType } from "../../../aws/security-group-types";
import { HEADER } from "./hcl";

/** A rule inside a group that is written as an attribute, at the beginning of a line or of the body. */
const AS_ATTRIBUTE = /(?:^|\n)[ \t]*(ingress|egress)[ \t]*=(?!=)/g;

/**
 * The rules of security groups that are written as attributes, `ingress = [...]`, and not as blocks, which the parser does
 * not tell apart: by the key of the resource; several of one key in the order of their lines.
 */
export function hclAttributes(text: string): Map<string, ReadonlySet<string>[]> {
  const found = new Map<string, ReadonlySet<string>[]>();
  // Most files have none.
  if (!/\b(in|e)gress[ \t]*=/.test(text)) return found;
  const outline = outlineOf(text);
  for (const match of text.matchAll(HEADER)) {
    const [header, mode, type = "", name = ""] = match;
    if (mode !== "resource" || !isSecurityGroupType(type)) continue;
    const end = match.index + header.length;
    if (outline[end] !== "{") continue;
    const body = outline.slice(end + 1, outline.indexOf("}", end));
    const names = new Set([...body.matchAll(AS_ATTRIBUTE)].map(([, argument = ""]) => argument));
    const key = `${mode}.${type}.${name}`;
    found.set(key, [...(found.get(key) ?? []), names]);
  }
  return found;
}

const COMMENT = /(?:#|\/\/)[^\n]*|\/\*[\s\S]*?\*\//y;
const HEREDOC = /<<-?([\w-]+)[ \t]*\r?\n(?:[\s\S]*?\n)??[ \t]*\1(?=[ \t]*\r?$)/my;

/**
 * The comments of a file with their places, in order. What stands in strings, their templates and heredocs is none.
 * Time: linear in the text.
 */
export function hclComments(text: string): { readonly at: number; readonly comment: string }[] {
  const found: { at: number; comment: string }[] = [];
  outlineOf(text, (at, comment) => found.push({ at, comment }));
  return found;
}

/**
 * The text with the same places, without what is not written at the top of the file or of a block there: comments are
 * blank; strings, and what stands in brackets inside of a block, are `_`.
 *
 * @param onComment called for each comment that is not inside a string's template
 */
export function outlineOf(text: string, onComment?: (at: number, comment: string) => void): string {
  const opened: string[] = [];
  let outline = "";
  while (outline.length < text.length) {
    const at = outline.length;
    const char = text[at] as string;
    const isInString = opened.at(-1) === '"';
    const passed = isInString || !"#/<".includes(char) ? undefined : passedAt(text, at);
    if (passed !== undefined) {
      if (!text.startsWith("<<", at) && !opened.includes('"')) onComment?.(at, passed);
      outline += (text.startsWith("<<", at) ? "_" : " ").repeat(passed.length);
      continue;
    }
    const isTemplate = isInString && /^[$%]\{$/.test(text.slice(at, at + 2)) && text[at - 1] !== char;
    const isEscape = isInString && char === "\\";
    const before = opened.length;
    if (isInString ? char === '"' : /[}\])]/.test(char)) opened.pop();
    else if (isInString ? isTemplate : /["{[(]/.test(char)) opened.push(isTemplate ? "{" : char);
    const depth = Math.min(before, opened.length);
    const isKept = depth <= 1 && !isInString && !(depth === 1 && before !== opened.length) && char !== '"';
    outline += (isKept ? char : "_").repeat(isTemplate || isEscape ? 2 : 1);
  }
  return outline;
}

/** The comment or the heredoc that begins at a place. */
function passedAt(text: string, at: number): string | undefined {
  for (const pattern of [COMMENT, HEREDOC]) {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) return found;
  }
  return undefined;
}
