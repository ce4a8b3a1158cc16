import * as fs from "node:fs";
import { existsSync, mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { InputError } from "../../io/errors";
import { writeFiles } from "../../synth/write";
import { filesIn, temporaryFolder } from "../support/folders";

// Another file of tests may have loaded the writer before, with a file system that cannot be made to fail.
vi.hoisted(() => vi.resetModules());

// The real file system, of which single steps can be made to fail.
vi.mock("node:fs", async (original) => {
  const real = await original<typeof fs>();
  return { ...real, renameSync: vi.fn(real.renameSync), rmSync: vi.fn(real.rmSync) };
});

/** Makes the removal or renaming of paths that match fail until the end of the test. */
function refuse(step: "renameSync" | "rmSync", path: RegExp): void {
  const mock = (step === "rmSync" ? fs.rmSync : fs.renameSync) as unknown as ReturnType<typeof vi.fn>;
  const real = mock.getMockImplementation() as (...args: unknown[]) => void;
  mock.mockImplementation((from: string, ...rest: unknown[]) => {
    if (path.test(from)) throw new Error(`EPERM: ${from}`);
    real(from, ...rest);
  });
  onTestFinished(() => void mock.mockImplementation(real));
}

/** A manifest as far as the writer reads it. */
const manifest = (...names: string[]) =>
  `${JSON.stringify({ stacks: Object.fromEntries(names.map((name) => [name, {}])) })}\n`;

const MARKED = '{"//":{"metadata":{}}}\n';

const FILES = {
  "manifest.json": manifest("a"),
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

test("removes a generated test that is not generated any more, and no test of a user", () => {
  const outdir = temporaryFolder();
  const own = { "stacks/a/tests/own.tftest.hcl": "", "stacks/a/tests/own.tftest.json": "" };
  writeFiles(outdir, { ...FILES, "stacks/a/tests/validation.tftest.json": "{}\n" });
  put(outdir, own);
  expect(writeFiles(outdir, FILES).removed).toStrictEqual(["stacks/a/tests/validation.tftest.json"]);
  expect(filesIn(outdir)).toStrictEqual({ ...FILES, ...own });
});

test("leaves nothing of its own behind after it has replaced and removed", () => {
  const outdir = temporaryFolder();
  writeFiles(outdir, { ...FILES, "manifest.json": manifest("a", "old"), "stacks/old/cdk.tf.json": "{}\n" });
  const changed = { ...FILES, "stacks/a/cdk.tf.json": '{"a":2}\n', "stacks/a/README.md": "# b\n" };
  expect(writeFiles(outdir, changed).warnings).toStrictEqual([]);
  expect(filesIn(outdir)).toStrictEqual(changed);
  expect(fs.readdirSync(join(outdir, "stacks"))).toStrictEqual(["a"]);
});

describe("what a killed run has left", () => {
  const LEFT = {
    "manifest.json.7.tmp": "",
    "stacks/a/cdk.tf.json.7.tmp": "",
    "stacks/a/README.md.old.7.tmp": "",
    "stacks/a/tests/plan.tftest.json.gone.7.tmp": "",
    "stacks/x.gone.7.tmp/cdk.tf.json": MARKED,
  };

  test("is swept, also when the process id is the same again", () => {
    const outdir = temporaryFolder();
    put(outdir, LEFT);
    put(outdir, { [`stacks/old.gone.${process.pid}.tmp/cdk.tf.json`]: MARKED });
    put(outdir, { "stacks/old/cdk.tf.json": MARKED, "manifest.json": manifest("old") });
    expect(writeFiles(outdir, FILES).removed).toStrictEqual(["stacks/old"]);
    expect(filesIn(outdir)).toStrictEqual(FILES);
  });

  test("does not keep the folder of a stack that is gone", () => {
    const outdir = temporaryFolder();
    put(outdir, { "stacks/old/cdk.tf.json": MARKED, "stacks/old/cdk.tf.json.old.7.tmp": "" });
    expect(writeFiles(outdir, FILES).removed).toStrictEqual(["stacks/old"]);
  });

  test("is not taken for the files of users with such names", () => {
    const outdir = temporaryFolder();
    const own = { "stacks/a/notes.7.tmp": "", "stacks/a/my.tfvars.json.7.tmp": "", "own.7.tmp": "" };
    put(outdir, own);
    writeFiles(outdir, FILES);
    expect(filesIn(outdir)).toStrictEqual({ ...FILES, ...own });
  });
});

describe("the folder of a stack that is gone", () => {
  test("is removed, with what the CLI left in it", () => {
    const outdir = temporaryFolder();
    writeFiles(outdir, {
      ...FILES,
      "manifest.json": manifest("a", "old"),
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
    ["a user's test", "tests/own.tftest.json", "tests/own.tftest.json"],
  ])("is kept when it holds %s, and that is an error which changes nothing", (_what, path, named) => {
    const outdir = temporaryFolder();
    writeFiles(outdir, { "manifest.json": manifest("old"), "stacks/old/cdk.tf.json": "{}\n" });
    put(outdir, { [`stacks/old/${path}`]: "precious" });
    const before = filesIn(outdir);

    const attempt = () => writeFiles(outdir, { "stacks/a/cdk.tf.json": '{"a":2}\n' });

    expect(attempt).toThrow(InputError);
    expect(attempt).toThrow(`stacks/old is the folder of a removed stack, and contains ${named}`);
    expect(filesIn(outdir)).toStrictEqual(before);
  });

  test("every such folder is named at once", () => {
    const outdir = temporaryFolder();
    put(outdir, { "manifest.json": manifest("x", "y") });
    put(outdir, { "stacks/x/terraform.tfstate": "", "stacks/y/terraform.tfstate": "" });
    expect(() => writeFiles(outdir, FILES)).toThrow(/stacks\/x .*\n.*stacks\/y /);
  });

  test.each([
    ["that the manifest does not list", { "manifest.json": manifest("a"), "stacks/own/cdk.tf.json": MARKED }],
    ["without a manifest and without a stack", { "stacks/own/README.md": "# mine\n" }],
    [
      "without a manifest and with another tool's JSON",
      { "stacks/own/cdk.tf.json": '{"//":{"metadata":{"version":"1"}}}' },
    ],
    ["without a manifest and with what is no JSON", { "stacks/own/cdk.tf.json": "mine" }],
  ])("is left alone when it is a folder of others: one %s", (_what, there) => {
    const outdir = temporaryFolder();
    put(outdir, there);
    expect(writeFiles(outdir, FILES).removed).toStrictEqual([]);
    expect(filesIn(outdir)).toStrictEqual({ ...there, ...FILES });
  });

  test("is known by the mark of synthesis when there is no manifest", () => {
    const outdir = temporaryFolder();
    put(outdir, { "stacks/old/cdk.tf.json": MARKED });
    expect(writeFiles(outdir, FILES).removed).toStrictEqual(["stacks/old"]);
  });
});

describe("when the file system refuses, what was there is back", () => {
  const GONE = { "manifest.json": manifest("a", "gone"), "stacks/gone/cdk.tf.json": "{}\n" };
  const CHANGED = Object.fromEntries(Object.entries(FILES).map(([path, content]) => [path, `${content} `]));

  test.each([
    ["a folder stands where a file must go", "stacks/b/cdk.tf.json/occupied", "stacks/b/cdk.tf.json"],
    ["a file stands where a folder must go", "stacks/b/tests", "stacks/b/tests/plan.tftest.json"],
  ])("%s", (_what, occupied, path) => {
    const outdir = temporaryFolder();
    writeFiles(outdir, { ...FILES, ...GONE });
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
    writeFiles(outdir, { ...FILES, ...GONE });
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

  test("every step back is tried, and what stays is named", () => {
    const outdir = temporaryFolder();
    writeFiles(outdir, FILES);
    const before = filesIn(outdir);
    // The last file cannot be put into its place, nor the first one back.
    refuse("renameSync", new RegExp(`plan\\.tftest\\.json\\.${process.pid}\\.tmp$`));
    refuse("renameSync", /manifest\.json\.old\.\d+\.tmp$/);

    const attempt = () => writeFiles(outdir, CHANGED);

    expect(attempt).toThrow(
      /^cannot write to .*EPERM.*plan.*\n.* is not as it was: EPERM.*manifest\.json\.old/,
    );
    const { "manifest.json": _, ...others } = before;
    expect(filesIn(outdir)).toMatchObject(others);
  });
});

test("what cannot be removed after everything is in its place is a warning: the output is whole", () => {
  const outdir = temporaryFolder();
  writeFiles(outdir, FILES);
  refuse("rmSync", /README\.md\.old\.\d+\.tmp$/);
  const changed = { ...FILES, "stacks/a/README.md": "# b\n", "stacks/a/cdk.tf.json": '{"a":2}\n' };
  const { written, warnings } = writeFiles(outdir, changed);
  expect(written).toStrictEqual(["stacks/a/cdk.tf.json", "stacks/a/README.md"]);
  expect(warnings).toStrictEqual([expect.stringMatching(/README\.md\.old\..* could not be removed: EPERM/)]);
  expect(filesIn(outdir)).toMatchObject(changed);
});
