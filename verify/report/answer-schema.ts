import * as z from "zod";
import { type Of, PARTS } from "./json-schema";

/**
 * The shape of an answer as JSON. The types of `answer-json.ts` and `schemas/answer.json` are made of it; nothing else loads it.
 */

const { cure, direction, endpoint, expectation, half, report, rule, source, status, traffic } = PARTS;
const text = z.string();
const texts = z.array(text);

const end = z
  .object({
    asked: text.describe("As the question calls it."),
    what: text.describe(
      "What it was taken for, such as Deployment shop/orders, aws_db_instance.db or addresses.",
    ),
    source: source.optional(),
    policies: texts.describe("Addresses of the policies that give its pods their groups.").optional(),
    groups: texts.describe("Keys of the security groups that it carries."),
  })
  .meta({ id: "end" });

const answeredHalf = z
  .object({
    direction,
    endpoint,
    rules: z.array(rule).describe("The rules that allow it, or part of it."),
    missing: half.shape.missing,
    missing_family: half.shape.missing_family,
    nearly: z
      .array(z.object({ differs: z.enum(["peer", "traffic"]), rule }))
      .describe("Rules that would allow it if their peer or their traffic were another; the nearest first."),
  })
  .meta({ id: "answered_half" });

const verdict = z
  .object({
    from: endpoint,
    to: endpoint,
    status,
    halves: z.array(answeredHalf),
    conditions: texts.describe("For holds_if: what must be true, each of them."),
    impossible: text.describe("Why no packet of it can exist.").optional(),
    cures: z.array(cure).describe("The rules to add."),
    opened_by: texts.describe("For a deny that is broken: addresses of the rules that open it."),
  })
  .meta({ id: "verdict" });

/** What `explain QUESTION --format json` writes. */
export const answerSchema = z
  .object({
    format_version: text.regex(/^1\.[0-9]+$/).describe("Major and minor version of this format."),
    expect: expectation.describe("allow for ->, deny for -/->."),
    traffic: z.array(traffic),
    status: status.describe("That of the worst verdict."),
    as_asked: z.boolean().describe("Whether the exit code is 0: the answer is what was asked for."),
    from: end,
    to: end,
    input: report.pick({ path: true, kind: true, mode: true, mode_from: true }),
    verdicts: z
      .array(verdict)
      .describe("One for each pair of what the ends mean: nodes may be of several kinds."),
    notes: report.shape.notes,
  })
  .meta({
    title: "Answer of the verifier",
    description:
      "What explain QUESTION --format json writes. A new minor version of the format only adds keys, so readers ignore keys " +
      "that they do not know.",
  });

export type AnswerJson = Of<typeof answerSchema>;
export type EndJson = Of<typeof end>;
export type AnsweredHalfJson = Of<typeof answeredHalf>;
