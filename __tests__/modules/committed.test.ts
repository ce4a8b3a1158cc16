import { join } from "node:path";
import { expect, test } from "vitest";
import { moduleStacks } from "../../modules";
import { COMMITTED_MODULE_NAMES } from "../../modules/registry";
import { synthesize } from "../../synth/synthesize";
import { filesIn, temporaryFolder } from "../support/folders";
import { PROJECT } from "../support/project";

/* The other tests of modules look at what is committed: here is that the code writes just that. */

test("each committed module is what its code makes, file by file", () => {
  const folder = temporaryFolder();
  synthesize(moduleStacks(COMMITTED_MODULE_NAMES), folder);
  for (const name of COMMITTED_MODULE_NAMES) {
    const written = filesIn(join(folder, "stacks", name));
    const committed = filesIn(join(PROJECT, "cdktf.out/stacks", name));
    expect(Object.keys(written).length).toBeGreaterThan(1);
    for (const [path, content] of Object.entries(written)) {
      expect(committed[path], `${name}/${path}: run \`npm run synth\` and review the difference`).toBe(
        content,
      );
    }
  }
});
