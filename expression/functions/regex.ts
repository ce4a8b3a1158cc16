import { checkText } from "../limits";
import { goPattern, type Pattern } from "../pattern";
import type { Value } from "../value";
import { attribute, objectFrom, text } from "../values";
import { type Functions, type Outcome, REFUSED, takes } from "./function";

export const REGEX_FUNCTIONS: Functions = [
  [
    "regex",
    takes(["string", "string"], (pattern, text) => onPattern(pattern, "", (found) => first(found, text))),
  ],
  [
    "regexall",
    takes(["string", "string"], (pattern, text) => onPattern(pattern, "g", (found) => every(found, text))),
  ],
  ["replace", takes(["string", "string", "string"], replaced)],
];

type Found = Extract<Pattern, { kind: "pattern" }>;

function onPattern(text: string, flags: string, of: (found: Found) => Outcome): Outcome {
  const pattern = goPattern(text, flags);
  if (pattern.kind !== "pattern") return pattern.kind === "invalid" ? REFUSED : undefined;
  return of(pattern);
}

function first(pattern: Found, text: string): Outcome {
  if (isMixed(pattern)) return REFUSED;
  const match = pattern.of.exec(text);
  return match === null ? REFUSED : groupsOf(pattern, match);
}

function every(pattern: Found, text: string): Outcome {
  if (isMixed(pattern)) return REFUSED;
  return matchesIn(pattern, text).map((match) => groupsOf(pattern, match));
}

/** Go passes over an empty match that touches the one before. */
function matchesIn(pattern: Found, text: string): RegExpExecArray[] {
  let end = -1;
  return [...text.matchAll(pattern.of)].filter((match) => {
    const isKept = match[0] !== "" || match.index !== end;
    if (isKept) end = match.index + match[0].length;
    return isKept;
  }) as RegExpExecArray[];
}

function isMixed({ names }: Found): boolean {
  return names.includes(undefined) && names.some((name) => name !== undefined);
}

/** Without groups the whole match, with named ones an object, else a list. */
function groupsOf({ of, names, hasSureGroups }: Found, match: RegExpExecArray): Value {
  if (names.length === 0) return match[0];
  if (!hasSureGroups) return attribute(`regex(${text(of.source)}, ${text(match.input)})`, "succeeds");
  const groups = match.slice(1).map((group) => group ?? null);
  if (names[0] === undefined) return groups;
  return objectFrom(names.map((name, index) => [name as string, groups[index] as Value]));
}

/** A text between slashes is a pattern, and then `$1` and `${name}` stand for its groups. */
function replaced(text: string, wanted: string, by: string): Outcome {
  if (wanted.length < 2 || !wanted.startsWith("/") || !wanted.endsWith("/")) {
    const places = wanted === "" ? text.length + 1 : text.split(wanted).length - 1;
    checkText(text.length + places * (by.length - wanted.length), "replace()");
    // Between all characters: Go counts them as code points.
    return wanted === ""
      ? [...text, ""].map((one) => `${by}${one}`).join("")
      : text.replaceAll(wanted, () => by);
  }
  return onPattern(wanted.slice(1, -1), "g", (pattern) => {
    if (!pattern.hasSureGroups && by.includes("$")) return undefined;
    let end = 0;
    let result = "";
    for (const match of matchesIn(pattern, text)) {
      result += text.slice(end, match.index) + expandedBy(by, pattern, match);
      end = match.index + match[0].length;
      checkText(result.length, "replace()");
    }
    return result + text.slice(end);
  });
}

/** The longest name counts: `$1x` is the group `1x`. A group that is not there is empty. */
function expandedBy(template: string, { names }: Found, match: RegExpExecArray): string {
  return template.replace(/\$(?:\$|(\w+)|\{(\w+)\})/g, (_, bare?: string, braced?: string) => {
    const name = bare ?? braced;
    if (name === undefined) return "$";
    if (/^\d+$/.test(name)) return match[Number(name)] ?? "";
    return names.includes(name) ? (match[names.indexOf(name) + 1] ?? "") : "";
  });
}
