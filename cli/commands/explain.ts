import { InputError } from "../../io/errors";
import { nearest } from "../../io/nearest";
import { CHECKS } from "../../verify/checks";
import type { CheckHelp } from "../../verify/report";
import type { Run } from "../model";
import type { OptionName } from "../options";
import { PROGRAM } from "../words";

/** Whether words are a question about a flow, perhaps one with a slip of the pen in its arrow. */
const QUESTION = /-(?:\/+-?)?>/;

/** Answers a question about a flow, or writes the page of a check, or the list of all. */
export const run: Run = async ({ operands, values }) => {
  const [first, second] = operands;
  if (first !== undefined && QUESTION.test(first)) {
    const { answered } = await import("../question.js");
    return answered(first, second, values);
  }
  const useless = (Object.keys(values) as OptionName[]).filter((name) => name !== "quiet");
  const problems = [
    ...(second === undefined ? [] : [`only one CHECK is accepted (also given: ${second})`]),
    ...useless.map((name) => `--${name} goes with a question, such as explain "orders -> database TCP 3306"`),
  ];
  if (problems.length > 0) throw new InputError(problems);
  process.stdout.write(first === undefined ? list() : page(checkOf(first)));
  return 0;
};

/** @throws InputError where there is no such check */
function checkOf(id: string): CheckHelp {
  const found = CHECKS.find((check) => check.id === id);
  if (found) return found;
  const meant = nearest(
    id,
    CHECKS.map((check) => check.id),
  );
  throw new InputError([
    `there is no check "${id}"; ${meant ? `did you mean ${meant}? ` : ""}${PROGRAM} explain lists all of them`,
  ]);
}

/** What docs/checks.md says of a check. */
function page({ id, severity, title, why, reference }: CheckHelp): string {
  return `${id}: ${title}. At worst: ${severity}.\n\n${why}\n\nReference: ${reference}\n`;
}

function list(): string {
  const columns = (["id", "severity"] as const).map((key) =>
    Math.max(...CHECKS.map((check) => check[key].length)),
  );
  const [ids = 0, severities = 0] = columns;
  const rows = CHECKS.map(
    ({ id, severity, title }) => `${id.padEnd(ids)}  ${severity.padEnd(severities)}  ${title}\n`,
  );
  return rows.join("");
}
