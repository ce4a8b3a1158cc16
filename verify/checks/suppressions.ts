import { InputError } from "../../io/errors";
import { nearest } from "../../io/nearest";
import type { Suppression } from "../expect/model";
import type { Ignore, Source } from "../read/model";
import { CHECKS } from "./index";
import type { Finding, SuppressedFinding } from "./model";

/** Findings parted by what the user says of them. */
export interface Suppressed {
  readonly findings: readonly Finding[];
  readonly suppressed: readonly SuppressedFinding[];
  /** Suppressions that do nothing, and why, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * Takes out the findings that a `flows.yaml` or a comment beside a block suppresses.
 *
 * @param ignores what comments say
 * @param checksNotRun the ids of checks that cannot have found what is suppressed
 * @throws InputError naming each check in a comment that there is not, with the nearest
 */
export function suppress(
  found: readonly Finding[],
  suppressions: readonly Suppression[],
  ignores: readonly Ignore[],
  checksNotRun: ReadonlySet<string>,
): Suppressed {
  const key = ({ check, address }: { check: string; address: string }) => `${check} ${address}`;
  const reasons = new Map(suppressions.map((one) => [key(one), one.reason]));
  const ofGroups = new Map(
    suppressions.filter((one) => one.withPolicies).map((one) => [key(one), one.reason]),
  );
  refuseUnknown(ignores);
  const ignoredBy = (finding: Finding) =>
    ignores.find(({ check, block }) => check === finding.check && block && isSame(block, finding.source));
  const used = new Set<Ignore>();
  const atGroups = ({ check, groups = [] }: Finding) => groups.map((address) => key({ check, address }));
  const findings: Finding[] = [];
  const suppressed: SuppressedFinding[] = [];
  for (const finding of found) {
    const ofItsGroups = atGroups(finding).map((one) => ofGroups.get(one));
    const reason = [reasons.get(key(finding)), ...ofItsGroups].find((one) => one !== undefined);
    const ignore = ignoredBy(finding);
    if (ignore) used.add(ignore);
    if (ignore) suppressed.push({ ...finding, reason: ignore.reason });
    else if (reason === undefined) findings.push(finding);
    else suppressed.push({ ...finding, reason });
  }
  const met = new Set(suppressed.flatMap((finding) => [key(finding), ...atGroups(finding)]));
  const notes = suppressions
    .filter((one) => !one.isOfModule && !checksNotRun.has(one.check) && !met.has(key(one)))
    .map((one) => `the suppression of ${one.check} at ${one.address} ${idleWords(one.check)}`);
  const idle = ignores
    .filter((one) => !checksNotRun.has(one.check) && !used.has(one))
    .map(({ check, source, block }) => {
      const where = source.line === undefined ? source.file : `${source.file}:${source.line}`;
      const why = block ? "matches no finding: remove it" : "is not next to a block: it has no effect";
      return `${where}: eks-pod-security-groups:ignore ${check} ${why}`;
    });
  return { findings, suppressed, notes: [...notes, ...idle] };
}

/** Why a suppression does nothing. */
function idleWords(check: string): string {
  if (CHECKS.some(({ id }) => id === check)) return "matches no finding: remove it";
  const meant = nearest(
    check,
    CHECKS.map(({ id }) => id),
  );
  return `has no effect: there is no such check${meant ? `; did you mean ${meant}?` : ""}`;
}

/** @throws InputError naming each check that there is not, with the nearest */
function refuseUnknown(ignores: readonly Ignore[]): void {
  const ids = CHECKS.map(({ id }) => id);
  const problems = ignores
    .filter(({ check }) => !ids.includes(check))
    .map(({ check, source }) => {
      const meant = nearest(check, ids);
      const where = source.line === undefined ? source.file : `${source.file}:${source.line}`;
      return `${where}: there is no check "${check}" to ignore${meant ? `; did you mean ${meant}?` : ""}`;
    });
  if (problems.length > 0) throw new InputError(problems);
}

function isSame(one: Source, other: Source | undefined): boolean {
  return one.line !== undefined && one.file === other?.file && one.line === other.line;
}
