import * as z from "zod";
import { SETTINGS_FILE, settingsSchema } from "../cli/settings";
import { workloadDeclarations } from "../compose/workload/declarations";
import { checksDocument } from "../verify/checks/document";
import { flowsFileSchema } from "../verify/read/flows/schema";
import { documentSchema } from "../verify/report/json-schema";

/** The files that are made of the code that they describe, by their paths in the project. */
export function generatedFiles(): Record<string, string> {
  const report = jsonSchema(documentSchema);
  return {
    "schemas/report.json": report,
    // Where it was first: others may have linked to it.
    "docs/report-schema.json": report,
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
    "compose/workload/options.ts": workloadDeclarations(),
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
