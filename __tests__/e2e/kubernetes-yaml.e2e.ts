/** That YAML is read as `kubectl` reads it, which needs no cluster for that. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../support/folders";
import { KUBERNETES_YAML } from "../support/kubernetes-yaml";

const { error } = spawnSync("kubectl", ["version", "--client"]);
const reason = error && "there is no kubectl on the PATH";

test.skipIf(reason).each(KUBERNETES_YAML)(
  `kubectl reads %j so${reason ? `: ${reason}` : ""}`,
  (text, value) => {
    const file = join(temporaryFolder(), "object.yaml");
    const spec = text.replaceAll(/^(?=.)/gm, "  ");
    writeFileSync(file, `apiVersion: example.com/v1\nkind: Example\nmetadata: {name: a}\nspec:\n${spec}\n`);
    const { status, stdout } = spawnSync("kubectl", ["label", "--local", "-f", file, "a=b", "-o", "json"], {
      encoding: "utf8",
    });
    expect(status === 0 ? JSON.parse(stdout).spec : undefined).toStrictEqual(value);
  },
);
