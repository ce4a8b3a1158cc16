import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { synthesize } from "../../synth/synthesize";
import { awkwardPiece } from "../support/awkward-text";
import { appWith } from "../support/stacks";
import { awsStage } from "./support/stage";
import { Terraform, workFolder } from "./support/terraform";

const { reason } = awsStage();

describe.skipIf(reason)("text of a TypeScript user, evaluated by the real Terraform", () => {
  test("comes out of an output as it went into it", () => {
    const text = fc.array(awkwardPiece, { maxLength: 8 }).map((pieces) => pieces.join(""));
    const texts = fc.sample(text, { numRuns: 300, seed: 1 });
    const outdir = workFolder();
    synthesize(
      appWith((root) => {
        for (const [index, value] of texts.entries()) root.output(`o${index}`, value);
      }),
      outdir,
    );
    // Outputs alone: nothing of AWS is needed.
    const { output } = JSON.parse(readFileSync(join(outdir, "stacks/root/cdk.tf.json"), "utf8"));
    const folder = workFolder();
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ output }));
    const terraform = new Terraform(folder).init();
    terraform.apply();
    const values = terraform.outputs();
    expect(texts.map((_, index) => values[`o${index}`])).toStrictEqual(texts);
  });
});
