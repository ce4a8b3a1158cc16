import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { conditionWords } from "../../verify/report/condition-words";
import { verify } from "../../verify/verify";
import { temporaryFolder } from "../support/folders";
import { flowsYaml, REFUSAL_CASES } from "./refusal-cases";

describe("what cannot be planned or applied", () => {
  test.each(REFUSAL_CASES)("$what", async (one) => {
    const folder = temporaryFolder();
    for (const [name, text] of Object.entries({ ...one.files, "flows.yaml": flowsYaml(one) })) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const { findings, verdicts } = await verify(folder);
    const heavy = findings.filter(
      ({ check, severity }) => severity !== "information" && check !== "dead-rule",
    );
    expect(heavy.map(({ check, severity, address }) => [check, severity, address])).toStrictEqual(one.found);
    const said = verdicts.map(({ status, conditions }) =>
      status === "holds-if" ? { if: conditions.map(conditionWords) } : status,
    );
    expect(said).toStrictEqual(Object.values(one.flows ?? {}));
  });
});
