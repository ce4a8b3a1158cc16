import type { Value } from "../value";
import { expanded, toText } from "../values";
import { REFUSED, type TerraformFunction } from "./function";

/** Constructs that Go's patterns have and JavaScript's have not, or that mean something else there. */
const OTHER_IN_GO = /\(\?|\[\[:|\\[pPAzZCQEaGX]|\\x\{/;

/** White space that `\s` and `.` mean otherwise in Go. */
const OTHER_SPACE = /[^\S\n\t\f ]|\v/;

/** `regex` with a pattern that means the same in Go and here; no match is a failure. */
const regex: TerraformFunction = (args) => {
  const [pattern, text] = args.map((arg) => (arg === null ? null : toText(expanded(arg))));
  if (pattern === null || text === null) return REFUSED;
  if (pattern === undefined || text === undefined || OTHER_IN_GO.test(pattern)) return undefined;
  if (OTHER_SPACE.test(text)) return undefined;
  const match = compiled(pattern)?.exec(text);
  if (match === undefined) return undefined;
  if (match === null) return REFUSED;
  const groups: readonly Value[] = match.slice(1).map((group) => group ?? null);
  return groups.length > 0 ? groups : match[0];
};

function compiled(pattern: string): RegExp | undefined {
  try {
    return new RegExp(pattern, "u");
  } catch {
    return undefined;
  }
}

export const REGEX_FUNCTIONS: readonly (readonly [string, TerraformFunction])[] = [["regex", regex]];
