import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { EVALUATED, REFUSED } from "../verify/read/support/expressions";
import { awsStage } from "./support/stage";
import { Terraform, workFolder } from "./support/terraform";

const { reason } = awsStage();

describe.skipIf(reason)("expressions that the verifier evaluates, evaluated by the real Terraform", () => {
  test("have the values that the unit tests state", () => {
    const expressions = [
      ...EVALUATED.map(([expression]) => `jsonencode(${expression})`),
      ...REFUSED.map((expression) => `tostring(can(${expression}))`),
    ];
    const folder = workFolder();
    const output = Object.fromEntries(
      expressions.map((expression, index) => [`o${index}`, { value: `\${${expression}}` }]),
    );
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ output }));
    const terraform = new Terraform(folder).init();
    terraform.apply();
    const values = terraform.outputs();
    const seen = (index: number) => JSON.parse(values[`o${index}`] as string);

    expect(EVALUATED.map(([expression], index) => [expression, seen(index)])).toStrictEqual(EVALUATED);
    expect(REFUSED.filter((_, index) => seen(EVALUATED.length + index) !== false)).toStrictEqual([]);
  });
});
