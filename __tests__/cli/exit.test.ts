import { describe, expect, test } from "vitest";
import { exitOf } from "../../cli/exit";
import type { Report } from "../../verify/checks/model";
import { article, empty, troubled } from "../verify/report/reports";

const exit = (
  reports: Report[],
  failOn: Parameters<typeof exitOf>[1]["failOn"] = "error",
  noAssumptions = false,
) => {
  const { code, words } = exitOf(reports, { failOn, noAssumptions });
  return `${code}: ${words}`;
};

describe("the exit code and its reason", () => {
  test.each([
    ["nothing is wrong", exit([article()]), "0: no flow is broken, no finding is an error"],
    ["a warning counts", exit([article()], "warning"), "1: 1 finding is a warning"],
    [
      "assumptions do not",
      exit([article()], "error", true),
      "1: 2 flows depend on something else (--no-assumptions)",
    ],
    ["much is wrong", exit([troubled()]), "1: 3 flows are broken, 1 finding is an error"],
    [
      "all of it counts",
      exit([troubled(), article()], "information"),
      "1: 3 flows are broken, 1 finding is an error, 2 findings are warnings, 1 finding is information",
    ],
    ["findings do not count", exit([troubled()], "never"), "1: 3 flows are broken"],
    ["there are no flows", exit([empty()], "warning"), "0: no finding is an error or a warning"],
    ["there are none, and findings do not count", exit([empty()], "never"), "0: findings do not count"],
    [
      "every flow must hold, and does",
      exit([{ ...article(), verdicts: article().verdicts.slice(0, 1) }], "error", true),
      "0: every flow holds, no finding is an error",
    ],
  ])("%s", (_, given, expected) => {
    expect(given).toBe(expected);
  });

  test("no word of a healthy run is what pipelines look for", () => {
    for (const failOn of ["error", "warning", "information", "never"] as const) {
      expect(exit([empty()], failOn)).not.toMatch(/fail/i);
    }
  });
});
