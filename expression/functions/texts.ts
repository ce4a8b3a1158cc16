import { checkItems, checkText } from "../limits";
import type { Value } from "../value";
import { type Functions, type Outcome, REFUSED, takes, takesRest, textsOf } from "./function";

export const TEXT_FUNCTIONS: Functions = [
  ["chomp", takes(["string"], (text) => text.replace(/(?:\r\n?|\n)+$/, ""))],
  ["endswith", takes(["string", "string"], (text, suffix) => text.endsWith(suffix))],
  ["indent", takes(["int", "string"], indented)],
  ["join", takesRest(["string"], "any", joined)],
  ["lower", takes(["string"], lowered)],
  ["split", takes(["string", "string"], (separator, text) => parts(separator, text))],
  ["startswith", takes(["string", "string"], (text, prefix) => text.startsWith(prefix))],
  ["strcontains", takes(["string", "string"], (text, inner) => text.includes(inner))],
  ["strrev", takes(["string"], (text) => characters(text).reverse().join(""))],
  ["substr", takes(["string", "int", "int"], part)],
  ["title", takes(["string"], titled)],
  ["trim", takes(["string", "string"], trimmed)],
  [
    "trimprefix",
    takes(["string", "string"], (text, prefix) =>
      text.startsWith(prefix) ? text.slice(prefix.length) : text,
    ),
  ],
  ["trimspace", takes(["string"], (text) => text.replace(/^\p{White_Space}+|\p{White_Space}+$/gu, ""))],
  [
    "trimsuffix",
    takes(["string", "string"], (text, suffix) =>
      text.endsWith(suffix) ? text.slice(0, text.length - suffix.length) : text,
    ),
  ],
  ["upper", takes(["string"], raised)],
];

/** What a reader takes for characters: grapheme clusters. */
export function characters(text: string): string[] {
  checkItems(text.length, "taking a text apart");
  return [...new Intl.Segmenter("en").segment(text)].map(({ segment }) => segment);
}

function parts(separator: string, text: string): string[] {
  return separator === "" ? [...text] : text.split(separator);
}

function indented(spaces: number, text: string): Outcome {
  if (spaces < 0) return undefined;
  const newlines = text.split("\n").length - 1;
  checkText(newlines * spaces + text.length, "indent()");
  return text.replaceAll("\n", `\n${" ".repeat(newlines > 0 ? spaces : 0)}`);
}

function joined(separator: string, lists: readonly Value[]): Outcome {
  if (lists.length === 0) return REFUSED;
  const all = lists.map(textsOf);
  if (all.includes(REFUSED)) return REFUSED;
  const texts = all.flat();
  if (texts.includes(null)) return all.includes(undefined) ? undefined : REFUSED;
  if (all.includes(undefined)) return undefined;
  const size = texts.reduce((sum, one) => sum + (one as string).length + separator.length, 0);
  checkText(size, "join()");
  return texts.join(separator);
}

function part(text: string, offset: number, length: number): string {
  const all = characters(text);
  if (length === 0 && offset >= 0) return "";
  const start = offset < 0 ? Math.max(0, all.length + offset) : offset;
  // Terraform goes to the end where it counts down past a length of zero.
  return all.slice(start, length <= 0 ? undefined : start + length).join("");
}

/**
 * Letters whose other case is more than one letter, or has a third form: JavaScript changes them by rules of
 * languages, Go by single characters.
 */
const OTHER_IN_GO =
  /[\u0130\u0149\u01c4-\u01cc\u01f0-\u01f3\u0390\u03b0\u0587\u1e96-\u1e9e\u1f80-\u1fff\ufb00-\ufb17]/;

/** Go changes each character for one other: ß stays. */
function raised(text: string): string | undefined {
  if (OTHER_IN_GO.test(text)) return undefined;
  return [...text].map((one) => sameLength(one, one.toUpperCase())).join("");
}

function lowered(text: string): string | undefined {
  if (OTHER_IN_GO.test(text)) return undefined;
  return [...text].map((one) => sameLength(one, one.toLowerCase())).join("");
}

function sameLength(before: string, after: string): string {
  return [...after].length === 1 ? after : before;
}

/** A letter behind what is neither letter, digit nor underscore is raised; of other scripts, behind white space. */
function titled(text: string): string | undefined {
  if (OTHER_IN_GO.test(text)) return undefined;
  let previous = " ";
  return [...text]
    .map((one) => {
      const isFirst = /[\0-\x7f]/.test(previous) ? !/\w/.test(previous) : /^\p{White_Space}$/u.test(previous);
      previous = one;
      return isFirst ? sameLength(one, one.toUpperCase()) : one;
    })
    .join("");
}

/** @param set characters, in any order */
function trimmed(text: string, set: string): string {
  const unwanted = new Set(set);
  const all = [...text];
  let start = 0;
  let end = all.length;
  while (start < end && unwanted.has(all[start] as string)) start += 1;
  while (end > start && unwanted.has(all[end - 1] as string)) end -= 1;
  return all.slice(start, end).join("");
}
