/** A version as numbers: major, minor, patch. */
export type Version = readonly [number, number, number];

/** Versions from one on and before another; without an end where there is none. */
export interface VersionRange {
  readonly from: Version;
  readonly before?: Version;
}

const TERM = /^(=|!=|>=|<=|>|<|~>)?\s*v?(\d+(?:\.\d+){0,2})$/;

/** A version of three numbers. */
export function versionOf(text: string): Version {
  const [major = 0, minor = 0, patch = 0] = text.split(".").map(Number);
  return [major, minor, patch];
}

/** Below zero where the first is older than the second. */
export function compareVersions(one: Version, other: Version): number {
  return one[0] - other[0] || one[1] - other[1] || one[2] - other[2];
}

/**
 * The versions between the ends of a version constraint, such as `~> 20.0, != 20.3.1`. What is left out between (`!=`) does not
 * count, and `~> 20` has no end, as in Terraform (https://developer.hashicorp.com/terraform/language/expressions/version-constraints).
 *
 * @returns undefined where it allows none, or is written in a way that is not understood, such as a pre-release
 */
export function rangeOf(constraint: string): VersionRange | undefined {
  let from: Version = [0, 0, 0];
  let before: Version | undefined;
  for (const term of constraint.split(",")) {
    const [, operator = "=", text] = TERM.exec(term.trim()) ?? [];
    if (text === undefined) return undefined;
    const version = versionOf(text);
    const next: Version = [version[0], version[1], version[2] + 1];
    const lower = LOWER[operator]?.(version, next);
    const upper =
      operator === "~>" ? pessimistic(version, text.split(".").length) : UPPER[operator]?.(version, next);
    if (lower && compareVersions(lower, from) > 0) from = lower;
    if (upper && (before === undefined || compareVersions(upper, before) < 0)) before = upper;
  }
  if (before === undefined) return { from };
  return compareVersions(from, before) < 0 ? { from, before } : undefined;
}

type End = (version: Version, next: Version) => Version;

const LOWER: Readonly<Record<string, End>> = {
  "=": (version) => version,
  ">=": (version) => version,
  "~>": (version) => version,
  ">": (_, next) => next,
};
const UPPER: Readonly<Record<string, End>> = {
  "=": (_, next) => next,
  "<=": (_, next) => next,
  "<": (version) => version,
};

/** `~>` lets the last number that is written rise, and none before it. */
function pessimistic([major, minor]: Version, numbers: number): Version | undefined {
  if (numbers === 1) return undefined;
  return numbers === 2 ? [major + 1, 0, 0] : [major, minor + 1, 0];
}
