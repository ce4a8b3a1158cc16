import { existsSync, mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { InputError } from "../../terraform/errors";
import { writeFiles } from "../../terraform/write";
import { filesIn, temporaryFolder } from "../support/folders";

const FILES = {
  "manifest.json": "{}\n",
  "stacks/a/cdk.tf.json": '{"a":1}\n',
  "stacks/a/README.md": "# a\n",
  "stacks/a/tests/plan.tftest.json": "{}\n",
};

function put(folder: string, files: Record<string, string>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

test("writes into a folder that does not exist yet, parents included", () => {
  const outdir = join(temporaryFolder(), "deep/er");
  const result = writeFiles(outdir, FILES);
  expect(filesIn(outdir)).toStrictEqual(FILES);
  expect([...result.written].sort()).toStrictEqual(Object.keys(FILES).sort());
});

test("touches only what differs", () => {
  const outdir = temporaryFolder();
  writeFiles(outdir, FILES);
  const old = new Date("2020-01-01");
  for (const path of Object.keys(FILES)) utimesSync(join(outdir, path), old, old);

  const result = writeFiles(outdir, { ...FILES, "stacks/a/README.md": "# b\n" });

  expect(result.written).toStrictEqual(["stacks/a/README.md"]);
  expect(statSync(join(outdir, "stacks/a/cdk.tf.json")).mtime).toStrictEqual(old);
  expect(readFileSync(join(outdir, "stacks/a/README.md"), "utf8")).toBe("# b\n");
});

test("leaves the files of others in the folder of a stack that remains", () => {
  const outdir = temporaryFolder();
  const others = {
    "stacks/a/terraform.tfvars": 'name = "x"\n',
    "stacks/a/.terraform/x": "",
    "notes.txt": "",
  };
  put(outdir, others);
  writeFiles(outdir, FILES);
  expect(filesIn(outdir)).toStrictEqual({ ...FILES, ...others });
});

test("removes a generated test that is not generated any more, and no other test", () => {
  const outdir = temporaryFolder();
  writeFiles(outdir, { ...FILES, "stacks/a/tests/old.tftest.json": "{}\n" });
  put(outdir, { "stacks/a/tests/own.tftest.hcl": "" });
  expect(writeFiles(outdir, FILES).removed).toStrictEqual(["stacks/a/tests/old.tftest.json"]);
  expect(filesIn(outdir)).toStrictEqual({ ...FILES, "stacks/a/tests/own.tftest.hcl": "" });
});

describe("the folder of a stack that is gone", () => {
  test("is removed, with what the CLI left in it", () => {
    const outdir = temporaryFolder();
    writeFiles(outdir, {
      ...FILES,
      "stacks/old/cdk.tf.json": "{}\n",
      "stacks/old/tests/plan.tftest.json": "{}\n",
    });
    put(outdir, { "stacks/old/.terraform.lock.hcl": "", "stacks/old/plan": "" });
    expect(writeFiles(outdir, FILES).removed).toStrictEqual(["stacks/old"]);
    expect(existsSync(join(outdir, "stacks/old"))).toBe(false);
  });

  test.each([
    ["a state", "terraform.tfstate", "terraform.tfstate"],
    ["a state's backup", "terraform.tfstate.backup", "terraform.tfstate.backup"],
    [
      "states of workspaces",
      "terraform.tfstate.d/prod/terraform.tfstate",
      "terraform.tfstate.d/prod/terraform.tfstate",
    ],
    ["what `terraform init` made", ".terraform/providers/x", ".terraform"],
    ["a user's values", "prod.auto.tfvars", "prod.auto.tfvars"],
  ])("is kept when it holds %s, and that is an error which changes nothing", (_what, path, named) => {
    const outdir = temporaryFolder();
    writeFiles(outdir, { ...FILES, "stacks/old/cdk.tf.json": "{}\n" });
    put(outdir, { [`stacks/old/${path}`]: "precious" });
    const before = filesIn(outdir);

    const attempt = () => writeFiles(outdir, { "stacks/a/cdk.tf.json": '{"a":2}\n' });

    expect(attempt).toThrow(InputError);
    expect(attempt).toThrow(`stacks/old is the folder of a stack that is gone, and it holds ${named}`);
    expect(filesIn(outdir)).toStrictEqual(before);
  });

  test("every such folder is named at once", () => {
    const outdir = temporaryFolder();
    put(outdir, { "stacks/x/terraform.tfstate": "", "stacks/y/terraform.tfstate": "" });
    expect(() => writeFiles(outdir, FILES)).toThrow(/stacks\/x .*\n.*stacks\/y /);
  });
});

describe("when the file system refuses, what was there is back", () => {
  const CHANGED = Object.fromEntries(Object.entries(FILES).map(([path, content]) => [path, `${content} `]));

  test.each([
    ["a folder stands where a file must go", "stacks/b/cdk.tf.json/occupied", "stacks/b/cdk.tf.json"],
    ["a file stands where a folder must go", "stacks/b/tests", "stacks/b/tests/plan.tftest.json"],
  ])("%s", (_what, occupied, path) => {
    const outdir = temporaryFolder();
    writeFiles(outdir, { ...FILES, "stacks/gone/cdk.tf.json": "{}\n" });
    put(outdir, { [occupied]: "occupied" });
    const before = filesIn(outdir);

    const attempt = () =>
      writeFiles(outdir, { ...CHANGED, "stacks/new/cdk.tf.json": "{}\n", [path]: "{}\n" });

    expect(attempt).toThrow(InputError);
    expect(attempt).toThrow(`cannot write to ${outdir}`);
    expect(filesIn(outdir)).toStrictEqual(before);
    expect(existsSync(join(outdir, "stacks/new"))).toBe(false);
  });

  test("the last rename fails", () => {
    const outdir = temporaryFolder();
    writeFiles(outdir, { ...FILES, "stacks/gone/cdk.tf.json": "{}\n" });
    const before = filesIn(outdir);
    // A folder in the way of the name under which the old file is kept while it is replaced.
    const inTheWay = join(outdir, `stacks/a/tests/plan.tftest.json.old.${process.pid}.tmp`);
    mkdirSync(inTheWay);

    expect(() => writeFiles(outdir, CHANGED)).toThrow(InputError);
    expect(filesIn(outdir)).toStrictEqual(before);
  });

  test("the output folder is a file", () => {
    const file = join(temporaryFolder(), "cdktf.out");
    writeFileSync(file, "a file");
    expect(() => writeFiles(file, FILES)).toThrow(InputError);
    expect(readFileSync(file, "utf8")).toBe("a file");
  });
});
