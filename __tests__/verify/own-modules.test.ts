import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";
import { verify } from "../../verify/verify";
import { temporaryFolder } from "../support/folders";
import { PROJECT } from "../support/project";

const STACKS = join(PROJECT, "cdktf.out/stacks");

/** Values that a module takes, by its name: those of its committed tests. Roots have none. */
const MODULES = readdirSync(STACKS).flatMap((name): [string, object][] => {
  const tests = join(STACKS, name, "tests/plan.tftest.json");
  return existsSync(tests) ? [[name, JSON.parse(readFileSync(tests, "utf8")).variables ?? {}]] : [];
});

test.each(MODULES)("%s gives no warning of its own to a root that calls it", async (name, values) => {
  const folder = temporaryFolder();
  const source = relative(folder, join(STACKS, name)).replaceAll("\\", "/");
  writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ module: { own: { source, ...values } } }));
  const { findings, verdicts } = await verify(folder);
  expect(findings).toStrictEqual([]);
  expect(verdicts.map(({ status }) => status)).not.toContain("broken");
});

test("all modules are among them", () => {
  expect(MODULES.map(([name]) => name)).toEqual(
    expect.arrayContaining(["rds-mysql", "vpc-cni", "pod-group"]),
  );
  expect(MODULES.length).toBeGreaterThan(10);
});
