import type { Finding, Report } from "../checks/model";
import { identitiesOf } from "./identity";
import type { Meaning } from "./meaning";

/** Which findings of the head are new, and which of the base are gone. */
export interface FindingChanges {
  readonly added: readonly PlacedFinding[];
  readonly gone: readonly PlacedFinding[];
  /** How many findings of the head the base had, too. */
  readonly unchanged: number;
}

export interface PlacedFinding {
  /** The path of the report that it is in. */
  readonly path: string;
  readonly finding: Finding;
}

/**
 * Compares findings by what makes them the same in another run, or, where only an address is another, by what the rules
 * there mean. What is suppressed or waits for a broken flow is not gone. Time: linear in findings and rules.
 */
export function findingChanges(
  before: Report | undefined,
  after: Report | undefined,
  meaning: Meaning,
): FindingChanges {
  const old = before?.findings ?? [];
  const told = [...(after?.findings ?? []), ...(after?.known?.findings ?? [])];
  const ofOld = keysOf(before, meaning.baseGroup, meaning.baseRules);
  const ofNew = keysOf(after, (key) => key, meaning.headRules);
  const had = new Set([...old, ...(before?.waiting ?? [])].flatMap(ofOld));
  const has = new Set([...told, ...(after?.waiting ?? []), ...(after?.suppressed ?? [])].flatMap(ofNew));
  const notRun = new Set(after?.checksNotRun ?? []);
  const added = told.filter((finding) => !ofNew(finding).some((key) => had.has(key)));
  const gone = old.filter(
    (finding) => !notRun.has(finding.check) && !ofOld(finding).some((key) => has.has(key)),
  );
  return {
    added: added.map((finding) => ({ path: after?.path ?? "", finding })),
    gone: gone.map((finding) => ({ path: before?.path ?? "", finding })),
    unchanged: told.length - added.length,
  };
}

/** The texts that two findings which are the same have one of in common. */
function keysOf(
  report: Report | undefined,
  group: (key: string) => string,
  rules: (address: string) => readonly string[],
): (finding: Finding) => string[] {
  const { ofFinding } = identitiesOf({ rules: report?.rules ?? [] });
  return (finding) => {
    const { of, place, about } = ofFinding(finding);
    const meant = rules(finding.address);
    const isOfRules = meant.length > 1 || meant[0] !== finding.address;
    return [
      JSON.stringify([of, group(place), about]),
      ...(isOfRules ? [JSON.stringify([of, [...meant].sort()])] : []),
    ];
  };
}
