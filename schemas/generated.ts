import { join } from "node:path";
import * as z from "zod";
import { COMMANDS } from "../cli/commands";
import { run } from "../cli/commands/verify";
import { optionsDocument } from "../cli/document";
import { SETTINGS_FILE, settingsSchema } from "../cli/settings";
import { optionDeclarations } from "../compose/options/declarations";
import { checksDocument } from "../verify/checks/document";
import { flowsFileSchema } from "../verify/read/flows/schema";
import { answerSchema } from "../verify/report/answer-schema";
import { documentSchema } from "../verify/report/json-schema";
import { picture } from "./picture";

/** The files that are made of the code that they describe, by their paths in the project. */
export function generatedFiles(): Record<string, string> {
  const report = jsonSchema(documentSchema);
  return {
    "schemas/report.json": report,
    // Where it was first: others may have linked to it.
    "docs/report-schema.json": report,
    "schemas/answer.json": jsonSchema(answerSchema),
    "schemas/flows.json": jsonSchema(
      flowsFileSchema.meta({
        title: "flows.yaml",
        description: "Flows that the verifier judges: docs/verify.md says what each key means.",
      }),
    ),
    "schemas/settings.json": jsonSchema(
      settingsSchema.meta({
        title: SETTINGS_FILE,
        description:
          "What a repository wants of every run of verify: docs/verify.md says what each key means.",
      }),
    ),
    "docs/checks.md": checksDocument(),
    "docs/options.md": optionsDocument(),
    "compose/options/declared.ts": optionDeclarations(),
  };
}

/** A schema as JSON: of what is written down, before it is transformed. */
function jsonSchema(schema: z.ZodType): string {
  const json = z.toJSONSchema(schema, {
    io: "input",
    // Says of every whole number that JavaScript can count to it.
    override: ({ jsonSchema }) => {
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  return `${JSON.stringify(json, null, 2)}\n`;
}

/** The pictures of what the command says of an example, by their paths in the project. Paths in them are the project's. */
export async function generatedPictures(): Promise<Record<string, string>> {
  const root = join(__dirname, "..");
  const path = "examples/faults/shop";
  const manifests = `${path}/k8s`;
  const printed = await onTerminal(root, () =>
    run({ operands: [path], values: { manifests: [manifests] } }, { root, commands: COMMANDS }),
  );
  const title = `What the verifier says of the Terraform in ${path} and its manifests: no rule allows the readiness probe of a Deployment, and the rules to add.`;
  return {
    "docs/report.svg": picture(`npm run verify -- ${path} --manifests ${manifests}`, printed, title),
  };
}

/** What a program prints on a terminal that is as wide as a report without one, when it is run in a folder. */
async function onTerminal(folder: string, program: () => unknown): Promise<string> {
  const { stdout } = process;
  const before = { folder: process.cwd(), write: stdout.write, isTTY: stdout.isTTY, columns: stdout.columns };
  let printed = "";
  process.chdir(folder);
  const write = (text: string | Uint8Array) => {
    printed += text;
    return true;
  };
  Object.assign(stdout, { write, isTTY: true, columns: 100 });
  try {
    await program();
    return printed;
  } finally {
    const { folder: earlier, ...rest } = before;
    Object.assign(stdout, rest);
    process.chdir(earlier);
  }
}
