import { join } from "node:path";
import { writeText } from "../io/write";
import { generatedFiles, generatedPictures } from "./generated";

async function write(): Promise<void> {
  for (const [path, content] of Object.entries({ ...generatedFiles(), ...(await generatedPictures()) })) {
    writeText(join(__dirname, "..", path), content);
  }
}

void write();
