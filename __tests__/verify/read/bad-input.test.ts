import { mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readInput, readPlanWithConfiguration } from "../../../verify/read";
import { temporaryFolder } from "../../support/folders";
import { folderWith, refusal } from "./support/configuration";

const GROUP = 'resource "aws_security_group" "a" {\n}\n';

describe("a folder is refused in a sentence with the file and the line", () => {
  it.each<[string, Record<string, unknown>, (string | RegExp)[]]>([
    ["without configuration", { "README.md": "nothing" }, ["there is no Terraform configuration in it"]],
    [
      "with broken JSON",
      { "a.tf.json": '{\n "resource": {\n  "x": }\n}' },
      [/a\.tf\.json:3: it is not JSON: expected a value, found \}/],
    ],
    [
      "with JSON that ends early",
      { "a.tf.json": '{\n "resource": {' },
      [/a\.tf\.json:2: .*found the end of the file/],
    ],
    [
      "with a string that does not end",
      { "a.tf.json": '{\n\n "resource' },
      [/a\.tf\.json:3: it is not JSON/],
    ],
    ["with two JSON values", { "a.tf.json": "{}\n{}" }, [/a\.tf\.json:2: it is not JSON: expected the end/]],
    [
      "with JSON that is no object",
      { "a.tf.json": [] },
      ["a.tf.json: expected a JSON object, given an array"],
    ],
    ["with an empty file of JSON", { "a.tf.json": "" }, [/a\.tf\.json:1: it is not JSON/]],
    [
      "with broken HCL",
      { "a.tf": `${GROUP}resource "b" "c" {\n x = \n}\n` },
      [/a\.tf:4: Invalid expression: Expected the start of an expression/],
    ],
    [
      "with several broken files",
      { "a.tf": "x = [\n", "b.tf.json": "{" },
      [/a\.tf:2: Missing expression/, /b\.tf\.json:1: it is not JSON/],
    ],
    ["with a binary file", { "a.tf": "a\u0000b" }, ["a.tf: it is binary, not text"]],
    [
      "with nesting beyond measure in JSON",
      { "a.tf.json": `{"resource": {"a": {"b": {"x": ${"[".repeat(50_000)}${"]".repeat(50_000)}}}}}` },
      ["nested too deeply"],
    ],
    [
      "with a group that stands twice in a file",
      { "a.tf": `${GROUP}\n${GROUP}` },
      [/a\.tf:4: resource\.aws_security_group\.a is declared a second time; the first is in .*a\.tf:1/],
    ],
    [
      "with a group that stands in two files",
      { "a.tf": GROUP, "b.tf.json": { resource: { aws_security_group: { a: {} } } } },
      [/b\.tf\.json:4: resource\.aws_security_group\.a is declared a second time; the first is in .*a\.tf:1/],
    ],
    [
      "with a variable that stands twice",
      { "a.tf": 'variable "x" {}', "b.tf": 'variable "x" {}' },
      ["variable.x is declared a second time"],
    ],
    [
      "with a local that stands twice",
      { "a.tf": "locals {\n x = 1\n}\nlocals {\n x = 2\n}" },
      [/a\.tf:4: local\.x is declared a second time; the first is in .*a\.tf:1/],
    ],
    [
      "with a key that stands twice in JSON",
      { "a.tf.json": '{"resource": {"aws_security_group": {"a": {\n"ingress": {},\n"ingress": {}}}}}' },
      [/a\.tf\.json:3: the key resource\.aws_security_group\.a\.ingress appears twice, first in line 2/],
    ],
    [
      "with an override of nothing",
      { "a.tf": GROUP, "override.tf": 'variable "x" {}' },
      ["override.tf:1: variable.x overrides nothing"],
    ],
    [
      "that calls a folder that is not there",
      { "a.tf": '\nmodule "m" {\n source = "./gone"\n}' },
      [/a\.tf:2: module m has the source \.\/gone, but there is no folder .*gone/],
    ],
    [
      "that calls an empty folder",
      { "a.tf": 'module "m" {\n source = "./m"\n}', "m/x": "" },
      [/m: there is no Terraform configuration in it/],
    ],
    ["that calls without a source", { "a.tf": 'module "m" {}' }, [/a\.tf:1: module m has no source/]],
    [
      "that calls itself",
      { "a.tf": 'module "m" {\n source = "./"\n}' },
      [/a\.tf:1: module m calls the folder that it is in/],
    ],
    [
      "whose modules call each other",
      {
        "a.tf": 'module "m" {\n source = "./m"\n}',
        "m/m.tf": 'module "n" {\n source = "../n"\n}',
        "n/n.tf": 'module "m" {\n source = "../m"\n}',
      },
      [/n\.tf:1: module m\.n\.m calls the folder/],
    ],
    [
      "with broken values of variables",
      { "a.tf": GROUP, "terraform.tfvars": "x =\n" },
      [/terraform\.tfvars:1: Invalid expression/],
    ],
  ])("%s", async (_, files, expected) => {
    const message = await refusal(readInput(folderWith(files)));
    for (const part of expected) {
      if (typeof part === "string") expect(message).toContain(part);
      else expect(message).toMatch(part);
    }
    expect(message).not.toMatch(/\n\s+at |node_modules/);
  });

  it("with HCL that is too large, before it is parsed", async () => {
    const folder = folderWith({ "a.tf": GROUP });
    truncateSync(join(folder, "a.tf"), 2 * 1024 * 1024 + 1);
    expect(await refusal(readInput(folder))).toMatch(/a\.tf: it has 3 MB; up to 2 MB can be read/);
  });

  it("with JSON that is too large, before it is parsed", async () => {
    const folder = folderWith({ "a.tf.json": {}, "plan.json": {} });
    for (const name of ["a.tf.json", "plan.json"]) truncateSync(join(folder, name), 256 * 1024 * 1024 + 1);
    expect(await refusal(readInput(folder))).toMatch(/a\.tf\.json: it has 257 MB; up to 256 MB can be read/);
    expect(await refusal(readInput(join(folder, "plan.json")))).toMatch(/up to 256 MB/);
  });

  it("with a file of values that is not there", async () => {
    const folder = folderWith({ "a.tf": GROUP });
    const message = await refusal(readInput(folder, { varFiles: ["gone.tfvars", "lost.tfvars"] }));
    expect(message).toBe(
      "gone.tfvars: there is no such file with values of variables.\nlost.tfvars: there is no such file with values of variables.",
    );
  });
});

describe("a file is refused", () => {
  it.each<[string, string | Buffer, string | RegExp]>([
    ["that is no JSON", "hello", /file:1: it is not JSON: expected a value, found something else/],
    ["that is empty", "", /file:1: it is not JSON/],
    [
      "that is broken in a line",
      '{\n"format_version": "1.2",\n}',
      /file:3: it is not JSON: expected a key in double quotes, found \}/,
    ],
    ["that is binary", Buffer.from([1, 0, 2]), "it is binary, not text"],
    ["that is no UTF-8", Buffer.from([0x7b, 0xff, 0x7d]), "it is not UTF-8 text"],
    ["that PowerShell wrote as UTF-16", Buffer.from("\ufeff{}", "utf16le"), "it is UTF-16"],
    ["that is a plan as Terraform keeps it", Buffer.from("PK\u0003\u0004"), "terraform show -json"],
    [
      "that is a state file",
      '{"version": 3, "serial": 1, "lineage": "x", "modules": []}',
      "it is a state of version 3; version 4 can be read",
    ],
    ["that is configuration", '{"resource": {}}', "Pass the folder that it is in."],
    ["that is something else", '{"a": 1}', "it is neither a plan nor a state"],
    ["that is an array", "[1]", "expected a JSON object, given an array"],
    [
      "of another major version",
      '{"format_version": "2.0", "planned_values": {}}',
      'its format_version is "2.0"; versions 0.x and 1.x can be read.',
    ],
    ["without a version", '{"planned_values": {}}', "its format_version is missing"],
  ])("%s", async (_, content, expected) => {
    const path = join(temporaryFolder(), "file");
    writeFileSync(path, content);
    const message = await refusal(readInput(path));
    if (typeof expected === "string") expect(message).toContain(expected);
    else expect(message).toMatch(expected);
    expect(message).not.toMatch(/\n\s+at |node_modules/);
  });

  it("that is not there", async () => {
    expect(await refusal(readInput("no/such/path"))).toBe("no/such/path: there is no such file or folder.");
  });

  it("when standard input is empty", async () => {
    expect(await refusal(readInput("-"))).toContain("standard input is empty");
    expect(await refusal(readInput("-", { stdin: " \n" }))).toContain("standard input is empty");
    expect(await refusal(readInput("-", { stdin: "{\n" }))).toMatch(/^-:2: it is not JSON/);
  });
});

it("refuses a plan with configuration when one of them is something else", async () => {
  const folder = folderWith({ "a.tf": GROUP, "state.json": { format_version: "1.0", values: {} } });
  const plan = "__tests__/verify/read/recorded/plan.json";
  mkdirSync(join(folder, "empty"));
  expect(await refusal(readPlanWithConfiguration(folder, folder))).toContain("given a folder");
  expect(await refusal(readPlanWithConfiguration(plan, plan))).toContain("given a file");
  expect(await refusal(readPlanWithConfiguration(join(folder, "state.json"), folder))).toContain(
    "it is a state",
  );
  expect(await refusal(readPlanWithConfiguration(plan, join(folder, "empty")))).toContain(
    "no Terraform configuration",
  );
  expect(await refusal(readPlanWithConfiguration(plan, join(folder, "gone")))).toContain(
    "no such file or folder",
  );
});

it("ends with a sentence for HCL that is nested beyond measure, and reads what comes beside and after it", async () => {
  const broken = folderWith({ "a.tf": `locals {\n x = ${"[".repeat(50_000)}${"]".repeat(50_000)}\n}` });
  const sound = folderWith({ "a.tf": GROUP });
  const [refused, beside] = await Promise.allSettled([readInput(broken), readInput(sound)]);
  expect(refused).toMatchObject({
    status: "rejected",
    reason: { message: expect.stringMatching(/nested too deeply/) },
  });
  expect(beside).toMatchObject({ value: { resources: [{ address: "aws_security_group.a" }] } });
  expect((await readInput(sound)).resources).toMatchObject([{ address: "aws_security_group.a" }]);
});
