import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { settingsSchema } from "../../cli/settings";
import { FUNCTION_NAMES, NOT_EVALUATED } from "../../expression/functions";
import { flowsFileSchema } from "../../verify/read/flows/schema";
import { temporaryFolder } from "../support/folders";
import { commandHere } from "../support/here";
import { blocksFor, commandsOf, pagesFor, pageText } from "../support/pages";
import { PROJECT } from "../support/project";

/** The words of the command, after its name. */
const wordsOf = (command: string) =>
  command
    .replace(/^npm run verify --/, "verify")
    .replace(/^npx \S+ /, "")
    .split(" ");

/** A folder in which a page begins: what a clone has that its commands may look at. */
function clone(): string {
  const folder = temporaryFolder();
  for (const path of ["cdktf.out/stacks", "examples/faults"]) {
    cpSync(join(PROJECT, path), join(folder, path), { recursive: true });
  }
  return folder;
}

describe.each(pagesFor("walk"))("%s", (page) => {
  test("shows what really happens, step by step", async () => {
    const folder = clone();
    for (const block of blocksFor("walk", page)) {
      if (block.file !== undefined) {
        // Before the cure, the folder is what the main branch has.
        if (block.file === "shop/dns.tf")
          cpSync(join(folder, "shop"), join(folder, "before"), { recursive: true });
        mkdirSync(dirname(join(folder, block.file)), { recursive: true });
        writeFileSync(join(folder, block.file), block.text);
        continue;
      }
      for (const { command, output } of commandsOf(block)) {
        const said = command.startsWith("cat ")
          ? readFileSync(join(folder, command.replace("cat ", "")), "utf8")
          : (await commandHere(wordsOf(command), folder)).stdout;
        expect(said, `${page}:${block.line} ${command}`).toBe(output);
      }
    }
  });
});

test.each(blocksFor("flows.yaml"))("$page:$line is (a part of) a flows.yaml", ({ text }) => {
  expect(flowsFileSchema.safeParse({ format: 1, ...parse(text) }).error?.issues).toBeUndefined();
});

test.each(blocksFor("settings"))("$page:$line is a configuration file", ({ text }) => {
  expect(settingsSchema.safeParse(parse(text)).error?.issues).toBeUndefined();
});

test.each(blocksFor("suppressed"))("$page:$line suppresses what is found there", async ({ text }) => {
  const folder = temporaryFolder();
  const verifying = async (block: string) => {
    writeFileSync(join(folder, "main.tf"), `resource "aws_security_group" "api" {\n}\n\n${block}`);
    return (await commandHere(["verify", "."], folder)).stdout;
  };
  const [comment = "", check, reason] = /^# .*ignore (\S+) (.+)\n/m.exec(text) ?? [];
  expect(await verifying(text)).toContain(`Suppressed: ${reason}`);
  const without = await verifying(text.replace(comment, ""));
  expect(without).toContain(check);
  expect(without).not.toContain("Suppressed");
});

test("docs/verify.md names every function, and whether it is evaluated", () => {
  const lists = blocksFor("functions", "docs/verify.md").map(({ text }) => text.trim().split(/\s+/));
  expect(lists).toStrictEqual([FUNCTION_NAMES, NOT_EVALUATED]);
  const text = pageText("docs/verify.md");
  expect(text).toContain(`Of the ${FUNCTION_NAMES.length + NOT_EVALUATED.length} functions`);
  expect(text).toContain(`${FUNCTION_NAMES.length} are evaluated`);
});
