import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { generatedFiles } from "./generated";

for (const [path, content] of Object.entries(generatedFiles())) {
  writeFileSync(join(__dirname, "..", path), content);
}
