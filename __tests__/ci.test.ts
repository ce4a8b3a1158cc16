import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { bin, name, version } from "../package.json";
import { blocksFor } from "./support/pages";
import { PROJECT } from "./support/project";

const read = (path: string) => readFileSync(join(PROJECT, path), "utf8");

/** The examples to copy. */
const EXAMPLES = [
  "atlantis.yaml",
  "github.yml",
  "gitlab.yml",
  "Jenkinsfile",
  "pre-commit-config.yaml",
  "terraform-cloud.sh",
];

test("docs/ci.md leads to each example, and what it shows is part of one", () => {
  const page = read("docs/ci.md");
  for (const file of EXAMPLES) expect(page).toContain(`(../ci/${file})`);
  const texts = EXAMPLES.map((file) => read(`ci/${file}`));
  for (const { text } of blocksFor("pipelines"))
    expect(
      texts.some((example) => example.includes(text)),
      text,
    ).toBe(true);
});

test("the examples and the page name this version, and the release's tarball as npm packs it", () => {
  for (const path of [...EXAMPLES.map((file) => `ci/${file}`), "docs/ci.md"]) {
    const text = read(path);
    for (const [, tag] of text.matchAll(/(?:@|rev: |download\/)v(\d[\d.]*\d)/g))
      expect(tag, path).toBe(version);
    for (const [tarball] of text.matchAll(/[\w-]+-\d+\.\d+\.\d+\.tgz/g))
      expect(tarball, path).toBe(`${name}-${version}.tgz`);
  }
});

test("no step of the action has an expression in its script, and other actions are pinned to a commit", () => {
  for (const { run, uses } of parse(read("action.yml")).runs.steps) {
    expect(run ?? "").not.toContain("${{");
    expect(uses ?? "x@".padEnd(42, "0")).toMatch(/@[0-9a-f]{40}$/);
  }
});

test("docs/ci.md tells every input of the action", () => {
  const rows = [...read("docs/ci.md").matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, input]) => input);
  expect(rows).toStrictEqual(Object.keys(parse(read("action.yml")).inputs));
});

test("the hook and the image start the command of the package", () => {
  expect(Object.keys(bin)).toContain(name);
  expect(read("Dockerfile")).toContain(`ENTRYPOINT ["${name}"]`);
  expect(parse(read(".pre-commit-hooks.yaml"))).toMatchObject([{ id: name, language: "script" }]);
});

test.each([
  ["infra/main.tf", true],
  ["main.tf.json", true],
  ["a/main.tofu", true],
  ["prod.auto.tfvars", true],
  ["prod.auto.tfvars.json", true],
  ["flows.yaml", true],
  ["infra/flows.yaml", true],
  ["eks-pod-security-groups.yaml", true],
  ["README.md", false],
  ["notflows.yaml", false],
  ["main.tf.bak", false],
])("the hook looks when %s changes: %s", (path, expected) => {
  const [{ files }] = parse(read(".pre-commit-hooks.yaml"));
  expect(new RegExp(files).test(path)).toBe(expected);
});
