import { join } from "node:path";
import { writeText } from "../io/write";
import { generatedFiles } from "./generated";

for (const [path, content] of Object.entries(generatedFiles())) {
  writeText(join(__dirname, "..", path), content);
}
