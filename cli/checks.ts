import { InputError } from "../io/errors";
import { nearest } from "../io/nearest";
import { CHECKS } from "../verify/checks";
import type { Values } from "./options";

/**
 * The ids of the checks that are not to run, by `--check` and `--skip-check`; both may list several, with commas.
 *
 * @throws InputError naming each word that is no check, and where no check is left
 */
export function checksNotRun({ check = [], "skip-check": skip = [] }: Values): ReadonlySet<string> {
  const ids = CHECKS.map(({ id }) => id);
  const listed = (words: readonly string[]) =>
    words.flatMap((word) => word.split(",")).map((id) => id.trim());
  const [chosen, skipped] = [listed(check), listed(skip)];
  const problems = [
    ...chosen.flatMap((id) => problemWith(id, "--check", ids)),
    ...skipped.flatMap((id) => problemWith(id, "--skip-check", ids)),
  ];
  const notRun = ids.filter((id) => (chosen.length > 0 && !chosen.includes(id)) || skipped.includes(id));
  if (problems.length === 0 && notRun.length === ids.length) {
    problems.push("--check and --skip-check leave no check to run: leave one of them out");
  }
  if (problems.length > 0) throw new InputError(problems);
  return new Set(notRun);
}

function problemWith(id: string, option: string, ids: readonly string[]): string[] {
  if (ids.includes(id)) return [];
  const meant = nearest(id, ids) ?? sharingWord(id, ids).join(" or ");
  return [
    `${option}: there is no check "${id}"; ${meant ? `did you mean ${meant}? ` : ""}explain lists all of them`,
  ];
}

/** The checks with which a word has most of its words in common, such as those with `dns` in their id. */
function sharingWord(id: string, ids: readonly string[]): string[] {
  const words = new Set(id.toLowerCase().split(/[^a-z0-9]+/));
  const shared = (one: string) => one.split("-").filter((word) => word.length > 2 && words.has(word)).length;
  const most = Math.max(...ids.map(shared));
  return most === 0 ? [] : ids.filter((one) => shared(one) === most);
}
