import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { REFUSAL_CASES, type RefusalCase } from "../verify/refusal-cases";
import { awsStage } from "./support/stage";
import { Terraform, workFolder } from "./support/terraform";

const { reason } = awsStage();

/** A case with the name of the module that it is: one run of Terraform takes all of them. */
type Named = RefusalCase & { readonly name: string };

const ALL: readonly Named[] = REFUSAL_CASES.map((one, index) => ({ ...one, name: `case_${index}` }));
const STEPS = ["validate", "plan", "apply"] as const;

/** Terraform stops at circles before it looks at the rest; imports and states belong to roots. */
const isAlone = ({ files, fails }: Named) =>
  "terraform.tfstate" in files ||
  Object.values(files).some((text) => /^import /m.test(text)) ||
  (fails !== undefined && "words" in fails && /Cycle|refer to itself/.test(fails.words.source));
const together = ALL.filter((one) => !isAlone(one));

/** The cases that pass the steps before one, and so come to it. */
const reaching = (step: (typeof STEPS)[number]) =>
  together.filter(({ fails }) => !STEPS.slice(0, STEPS.indexOf(step)).some((one) => one === fails?.step));

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

/** A root that calls each case as a module. */
function rootOf(cases: readonly Named[]): Terraform {
  const folder = workFolder();
  for (const { name, files } of cases) write(join(folder, name), files);
  const module = Object.fromEntries(cases.map(({ name }) => [name, { source: `./${name}` }]));
  write(folder, { "main.tf.json": JSON.stringify({ module, ...PROVIDER }) });
  return new Terraform(folder).init();
}

const PROVIDER = {
  terraform: { required_providers: { aws: { source: "hashicorp/aws", version: "5.100.0" } } },
};

/** What Terraform refuses, each on one line. */
function errorsIn(output: string): string[] {
  return output
    .split(/^(?=Error: )/m)
    .slice(1)
    .map((error) => error.replace(/\s+/g, " "));
}

/** Asserts that the cases of a step are refused with their words, and no other ones. */
function expectRefused(step: (typeof STEPS)[number], cases: readonly Named[], output: string): void {
  const errors = errorsIn(output);
  const isOf = (error: string, { name }: Named) => new RegExp(`\\b${name}\\b`).test(error);
  const wrong = cases.flatMap((one): unknown[] => {
    const own = errors.filter((error) => isOf(error, one));
    const { fails } = one;
    if (fails === undefined || !("words" in fails) || fails.step !== step) {
      return own.length === 0 ? [] : [{ what: one.what, expected: `nothing in ${step}`, said: own }];
    }
    const isSaid = own.some((error) => fails.words.test(error));
    return isSaid ? [] : [{ what: one.what, expected: String(fails.words), said: own }];
  });
  expect(wrong).toStrictEqual([]);
}

describe.skipIf(reason)(
  "what is said to be refused is refused by Terraform, in the step and with the words",
  () => {
    test("validate", () => {
      const cases = reaching("validate");
      expectRefused("validate", cases, rootOf(cases).try("validate", "-no-color").output);
    });

    test("plan, and the rest is planned", () => {
      const cases = reaching("plan");
      expectRefused("plan", cases, rootOf(cases).try("plan", "-no-color").output);
    });

    test("apply", () => {
      const cases = reaching("apply").filter(({ fails }) => fails !== undefined && fails.step !== "aws");
      const terraform = rootOf(cases);
      expectRefused("apply", cases, terraform.try("apply", "-no-color", "-auto-approve").output);
      terraform.destroy("-refresh=false");
    });

    test.each(ALL.filter(isAlone))("$what", ({ files, fails }) => {
      const folder = workFolder();
      const { "terraform.tfstate": state, ...others } = files;
      write(folder, { ...others, "provider.tf.json": JSON.stringify(PROVIDER) });
      const terraform = new Terraform(folder).init();
      // What the state of the case holds is made first.
      if (state !== undefined) terraform.apply("-target=aws_security_group.api");
      const step = fails?.step === "validate" ? "validate" : "plan";
      const { output } = terraform.try(
        step,
        "-no-color",
        ...(state === undefined && step === "plan" ? ["-refresh=false"] : []),
      );
      if (fails === undefined)
        // What is imported does not exist here.
        expect(errorsIn(output).filter((error) => !/non-existent remote object/.test(error))).toStrictEqual(
          [],
        );
      else expect(output).toMatch("words" in fails ? fails.words : /nothing/);
      if (state !== undefined) terraform.destroy();
    });
  },
);
