import * as z from "zod";
import { readYamlFile } from "./yaml-file";

/** A file of answers: `QUESTION: VALUE`, each on its line. */
const fileSchema = z.record(z.string(), z.string({ error: "must be a string" }), {
  error: "must be a map of questions to answers, such as `drift: live`",
});

/** @throws InputError naming all that is wrong with the file */
export function answersIn(path: string): [question: string, value: string][] {
  return Object.entries(readYamlFile(path, fileSchema));
}
