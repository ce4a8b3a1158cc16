import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { FUNCTION_NAMES, NOT_EVALUATED } from "../../expression/functions";
import { temporaryFolder } from "../support/folders";
import { verifyHere } from "../support/here";
import { PROJECT } from "../support/project";

/** A step of the document: a file to write, one that is shown, or a command with what it prints. */
type Step =
  | { file: string; content: string }
  | { shown: string; output: string }
  | { args: string[]; output: string };

/** The files (a code block after "`NAME`:") and the console blocks of the document, in their order. */
function steps(markdown: string): Step[] {
  const blocks = markdown.matchAll(/(?:`([^`\n]+)`:\n\n|^)```(\w+)\n([\s\S]*?)\n```$/gm);
  return [...blocks].flatMap(([, file, language, content = ""]): Step[] => {
    if (file !== undefined) return [{ file, content: `${content}\n` }];
    if (language !== "console") return [];
    const [command = "", ...output] = content.split("\n");
    const text = `${output.join("\n")}\n`;
    if (command.startsWith("$ cat ")) return [{ shown: command.replace("$ cat ", ""), output: text }];
    return [{ args: command.replace("$ npm run verify -- ", "").split(" "), output: text }];
  });
}

test("docs/verify.md shows what really happens, step by step", async () => {
  const folder = temporaryFolder();
  const all = steps(readFileSync(join(PROJECT, "docs/verify.md"), "utf8"));
  expect(all.filter((step) => "args" in step)).toHaveLength(4);
  for (const step of all) {
    if ("file" in step) {
      // Before the cure, the folder is what the main branch has.
      if (step.file === "shop/dns.tf")
        cpSync(join(folder, "shop"), join(folder, "before"), { recursive: true });
      mkdirSync(dirname(join(folder, step.file)), { recursive: true });
      writeFileSync(join(folder, step.file), step.content);
      continue;
    }
    if ("shown" in step) {
      expect(readFileSync(join(folder, step.shown), "utf8")).toBe(step.output);
      continue;
    }
    expect((await verifyHere(step.args, folder)).stdout).toBe(step.output);
  }
});

test("README.md shows what the verifier says of the article's module", async () => {
  const isVerify = (step: Step) => "args" in step && step.args.includes("cdktf.out/stacks/rds-mysql");
  const step = steps(readFileSync(join(PROJECT, "README.md"), "utf8")).find(isVerify) as { output: string };
  expect((await verifyHere(["cdktf.out/stacks/rds-mysql"], PROJECT)).stdout).toBe(step.output);
});

test("docs/verify.md names every function, and whether it is evaluated", () => {
  const [, section = ""] =
    /### Functions\n([\s\S]*?)\n## /.exec(readFileSync(join(PROJECT, "docs/verify.md"), "utf8")) ?? [];
  const lists = [...section.matchAll(/```text\n([\s\S]*?)\n```/g)].map(([, names = ""]) =>
    names.split(/\s+/),
  );
  expect(lists).toStrictEqual([FUNCTION_NAMES, NOT_EVALUATED]);
  expect(section).toContain(`Of the ${FUNCTION_NAMES.length + NOT_EVALUATED.length} functions`);
  expect(section).toContain(`${FUNCTION_NAMES.length} are evaluated`);
});
