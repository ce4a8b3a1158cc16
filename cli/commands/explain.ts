import { InputError } from "../../io/errors";
import { nearest } from "../../io/nearest";
import { CHECKS } from "../../verify/checks";
import type { CheckHelp } from "../../verify/report";
import type { Run } from "../model";
import { PROGRAM } from "../words";

/** Writes the page of a check, or the list of all. */
export const run: Run = ({ operands: [id] }) => {
  process.stdout.write(id === undefined ? list() : page(checkOf(id)));
  return 0;
};

/** @throws InputError where there is no such check */
function checkOf(id: string): CheckHelp {
  const found = CHECKS.find((check) => check.id === id);
  if (found) return found;
  if (/-(\/-)?>/.test(id)) {
    throw new InputError([
      `"${id}" is a question about a flow, which this version does not answer: declare the flow in flows.yaml, and ${PROGRAM} verify judges it. explain takes the id of a check.`,
    ]);
  }
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
