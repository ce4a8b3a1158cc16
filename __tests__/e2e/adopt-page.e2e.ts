import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { blocksFor, commandsOf } from "../support/pages";
import { withoutForgotten } from "./support/adopt";
import { repository } from "./support/repository";
import { rulesInForce } from "./support/rules-in-force";
import { awsStage } from "./support/stage";
import { attachedEnvironment, command, Terraform } from "./support/terraform";

const { reason } = awsStage();

test.skipIf(reason)("docs/adopt.md walks an estate into module calls and back, in both ways", async () => {
  const clone = repository();
  const blocks = blocksFor("adoption");
  const terraform = new Terraform(join(clone, "infra"));
  let rules: readonly string[] | undefined;
  for (const block of blocks) {
    const place = `${block.page}:${block.line}`;
    if (block.file !== undefined) {
      mkdirSync(dirname(join(clone, block.file)), { recursive: true });
      writeFileSync(join(clone, block.file), block.text);
      continue;
    }
    if (rules === undefined) {
      // What the page starts with runs.
      terraform.run("fmt", "-check", "-diff");
      terraform.init().apply();
      rules = await rulesInForce();
    }
    for (const { command: words, output } of commandsOf(block)) {
      const said = command(clone, "bash", ["-euo", "pipefail", "-c", words], attachedEnvironment());
      const lines = withoutForgotten(stripVTControlCharacters(said)).split("\n");
      for (const line of output.split("\n").filter(Boolean)) {
        const at = lines.indexOf(line);
        expect(at, `${place}: $ ${words}\ndoes not print\n${line}\nbut\n${said}`).toBeGreaterThanOrEqual(0);
        lines.splice(0, at + 1);
      }
    }
  }
  expect(await rulesInForce()).toStrictEqual(rules);
  terraform.destroy();
});
