import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT } from "../../support/project";

/** `docs/versions.md`, whose blocks are tried. */
export const versionsPage = readFileSync(join(PROJECT, "docs/versions.md"), "utf8");
