import { join } from "node:path";
import { writeText } from "../../io/write";
import { checksDocument } from "./document";

writeText(join(__dirname, "../../docs/checks.md"), checksDocument());
