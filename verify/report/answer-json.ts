import type { Answer, ExplainedHalf, Meant } from "../ask/model";
import type { Report } from "../checks/model";
import { worstFirst } from "../compare/arrange";
import type { AnsweredHalfJson, AnswerJson, EndJson } from "./answer-schema";
import { cureWriter } from "./cure-terraform";
import { endpointJson, reasonsJson, ruleJson, statusJson, trafficJson } from "./json";

/** The version of the format of answers, `major.minor`, as for reports. */
const ANSWER_VERSION = "1.0";

/**
 * The answer to one question for programs, as `schemas/answer.json` describes it.
 *
 * @param report of the input, without findings
 * @param isAsAsked whether the exit code says so
 */
export function renderAnswerJson(answer: Answer, report: Report, isAsAsked: boolean): string {
  const { expect, traffic, from, to, verdicts } = answer;
  const { path, kind, mode, modeFrom, notes } = report;
  const write = cureWriter(report);
  const [worst] = worstFirst(verdicts.map(({ verdict }) => verdict));
  const document: AnswerJson = {
    format_version: ANSWER_VERSION,
    expect,
    traffic: traffic.map(trafficJson),
    status: statusJson(worst?.status ?? "holds"),
    as_asked: isAsAsked,
    from: endJson(from),
    to: endJson(to),
    input: { path, kind, mode, mode_from: modeFrom },
    verdicts: verdicts.map(({ verdict, halves }) => ({
      from: endpointJson(verdict.flow.from),
      to: endpointJson(verdict.flow.to),
      status: statusJson(verdict.status),
      halves: halves.map(halfJson),
      ...reasonsJson(verdict, write),
    })),
    notes,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function endJson({ words, what, source, policies, endpoints }: Meant): EndJson {
  const groups = [...new Set(endpoints.flatMap((endpoint) => endpoint.groups))];
  return { asked: words, what, source, policies, groups };
}

function halfJson({ half, rules, near }: ExplainedHalf): AnsweredHalfJson {
  const { direction, endpoint, missing, missingFamily } = half;
  return {
    direction,
    endpoint: endpointJson(endpoint),
    rules: rules.map(ruleJson),
    missing: missing.map(trafficJson),
    missing_family: missingFamily,
    nearly: near.map(({ rule, differs }) => ({ differs, rule: ruleJson(rule) })),
  };
}
