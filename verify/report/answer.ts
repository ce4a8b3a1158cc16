import { describePeer } from "../../network/peers";
import type { Answer, ExplainedHalf, Meant, NearRule } from "../ask/model";
import type { Report } from "../checks/model";
import type { SecurityGroupRule } from "../inventory/model";
import type { Verdict } from "../judge/model";
import { conditionWords, impossibleWords } from "./condition-words";
import { type CureWriter, cureTerraform, cureWriter } from "./cure-terraform";
import { unknownTrafficWords } from "./doubt-words";
import { DEFAULT_WIDTH, labelled, painter, printable, printableLines, type Screen, wrap } from "./layout";
import { groupsByKey, inputWords, lack, place, refusing, trafficWords, where } from "./words";

export interface AnswerOptions {
  readonly color: boolean;
  /** The columns of the terminal. Default: 100. */
  readonly width?: number;
}

/** What stands before the input. */
const INPUT = "read from";
/** Rules that nearly allow it; more of one half are only counted. */
const MOST_NEAR = 5;

/** The answer to one question, for people: yes or no, what its ends are, each half with its rules, and what to add. */
export function renderAnswer(answer: Answer, report: Report, options: AnswerOptions): string {
  const screen = { paint: painter(options.color), width: options.width ?? DEFAULT_WIDTH };
  const labels = groupsByKey(report);
  const write = cureWriter(report);
  const blocks = answer.verdicts.map(({ verdict, halves }) => [
    ...(answer.verdicts.length > 1 ? ["", ...verdictLines(answer, [verdict], screen)] : []),
    ...halves.flatMap((half) => halfLines(verdict, half, screen)),
    ...restLines(verdict, write, screen),
  ]);
  const ends = [answer.from, answer.to];
  const width = Math.max(
    ...[...ends.map(({ words }) => printable(words)), INPUT].map(({ length }) => length),
  );
  return [
    ...verdictLines(
      answer,
      answer.verdicts.map(({ verdict }) => verdict),
      screen,
    ),
    "",
    ...ends.flatMap((end) => labelled(printable(end.words), endWords(end, labels), 2, width, screen)),
    ...labelled(INPUT, `${report.path} (${inputWords(report)})`, 2, width, screen),
    ...blocks.flat(),
    "",
  ].join("\n");
}

/** Whether an answer is what was asked for, whatever else is to be true. */
export function isAsAsked({ verdicts }: Answer, noAssumptions: boolean): boolean {
  return verdicts.every(
    ({ verdict: { status } }) => status === "holds" || (status === "holds-if" && !noAssumptions),
  );
}

function verdictLines({ expect, traffic }: Answer, verdicts: readonly Verdict[], screen: Screen): string[] {
  const has = (wanted: Verdict["status"]) => verdicts.some(({ status }) => status === wanted);
  const [first] = verdicts;
  const ends = `from ${first?.flow.from.name} to ${first?.flow.to.name}`;
  const what = `${trafficWords(traffic)} ${ends}`;
  const [yes, no] =
    expect === "allow" ? ["gets through", "does not get through"] : ["is blocked", "gets through"];
  const [words, color] = has("broken")
    ? [`No: ${what} ${no}.`, "red" as const]
    : has("holds-if")
      ? [`It depends: ${what} ${yes} if what is named below is true.`, "yellow" as const]
      : [`Yes: ${what} ${yes}.`, "green" as const];
  return wrap(words, 0, screen).map((line) => screen.paint(color, line));
}

function endWords({ what, source, policies = [], endpoints }: Meant, labels: ReturnType<typeof groupsByKey>) {
  const keys = [...new Set(endpoints.flatMap(({ groups }) => groups))];
  const groups = keys.map((key) => labels.get(key)?.label ?? key).filter((label) => label !== what);
  return [
    `${what}${source === undefined ? "" : `, ${where(source)}`}`,
    ...(groups.length > 0 ? [groups.join(", ")] : []),
    ...(policies.length > 0 ? [`by ${policies.join(", ")}`] : []),
  ].join("; ");
}

function halfLines(verdict: Verdict, { half, rules, near }: ExplainedHalf, screen: Screen): string[] {
  const missing = lack(verdict, half);
  const refused = refusing(verdict).find((one) => one.half === half);
  const isNothing = rules.length === 0 && missing === undefined && refused === undefined && near.length === 0;
  if (isNothing) return [];
  const shown = near.slice(0, MOST_NEAR);
  const more = near.length - shown.length;
  return [
    "",
    ...wrap(place(half), 0, screen),
    ...rules.flatMap((rule) => ruleLines("allows", rule, screen)),
    ...(missing === undefined
      ? []
      : labelled("lacks", missing, 2, LABEL, screen).map((line) => screen.paint("red", line))),
    ...(refused === undefined ? [] : labelled("blocked", refused.words, 2, LABEL, screen)),
    ...shown.flatMap((one) => nearLines(one, screen)),
    ...(more > 0 ? labelled("", `and ${more} more`, 2, LABEL, screen) : []),
  ];
}

/** The longest of the labels before rules. */
const LABEL = "blocked".length;

function nearLines({ rule, differs }: NearRule, screen: Screen): string[] {
  return ruleLines("nearly", rule, screen, differs === "peer" ? "another peer" : "other traffic");
}

function ruleLines(label: string, rule: SecurityGroupRule, screen: Screen, why?: string): string[] {
  const { address, direction, traffic, unknownTraffic, peer, source } = rule;
  const what =
    traffic === undefined ? unknownTraffic && unknownTrafficWords(unknownTraffic) : trafficWords([traffic]);
  const towards = direction === "egress" ? "to" : "from";
  const words = `${address}: ${what} ${towards} ${describePeer(peer)}${why === undefined ? "" : ` (${why})`}, ${where(source)}`;
  return labelled(label, words, 2, LABEL, screen);
}

function restLines(verdict: Verdict, write: CureWriter, screen: Screen): string[] {
  const { flow, status, openedBy, conditions } = verdict;
  const impossible = impossibleWords(verdict);
  const isOpen = flow.expect === "deny" && status === "broken";
  const details = [
    ...(impossible === undefined ? [] : labelled("because", impossible, 2, LABEL, screen)),
    ...(isOpen ? labelled("opened", `by ${openedBy.join(", ")}`, 2, LABEL, screen) : []),
    ...conditions.flatMap((condition) => labelled("if", conditionWords(condition), 2, LABEL, screen)),
    ...(verdict.cures.length === 0 ? [] : ["  add:"]),
    ...cureTerraform(write(verdict.cures))
      .flatMap(printableLines)
      .map((line) => `    ${line}`),
  ];
  return details.length === 0 ? [] : ["", ...details];
}
