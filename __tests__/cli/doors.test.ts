import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { lastWords } from "../../cli/bug";
import { verifyHere as run } from "../support/here";

/*
 * Whatever a path leads to, the command ends with a sentence that has the path, and never in its last words, which call it a bug.
 */

const folder = mkdtempSync(join(tmpdir(), "eks-pod-security-groups-doors-"));
const servers: Server[] = [];
/** Nothing to open, like a pipe, which takes a process to make: `../e2e/command.e2e.ts` has one. */
const socket = (path: string) => void servers.push(createServer().listen(path));
afterAll(() => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true, force: true });
});
const at = (name: string) => join(folder, name);
const isRoot = process.getuid?.() === 0;

const GROUP = '{"resource": {"aws_security_group": {"a": {"name": "a"}}}}';
mkdirSync(at("sound"));
writeFileSync(at("sound/main.tf.json"), GROUP);
writeFileSync(at("file"), "{}");
writeFileSync(at("secret"), "{}");
chmodSync(at("secret"), 0o000);
mkdirSync(at("locked"));
writeFileSync(at("locked/main.tf.json"), GROUP);
chmodSync(at("locked"), 0o000);
symlinkSync("nowhere", at("dangling"));
symlinkSync("loop-b", at("loop-a"));
symlinkSync("loop-a", at("loop-b"));
socket(at("socket"));
writeFileSync(at("large"), "");
truncateSync(at("large"), 256 * 1024 * 1024 + 1);
writeFileSync(at("latin1"), Buffer.from([0xe9, 0x7b]));
writeFileSync(at("utf16"), Buffer.from("\ufeff{}", "utf16le"));
const LONG = "x".repeat(300);

/** What a path may lead to that nobody can read, and what is said of it. */
const PATHS: readonly (readonly [string, string, RegExp])[] = [
  ["nothing", at("nowhere"), /nowhere: there is no such file/],
  [
    "a link that leads nowhere",
    at("dangling"),
    /dangling: it is a link to nowhere, where there is nothing\.$/m,
  ],
  ["a loop of links", at("loop-a"), /loop-a: it leads through a loop of links\.$/m],
  ["a name that is too long", at(LONG), /x{50,}.*: the name is too long for this system\.$/m],
  ["a name with a null character", `${at("a")}\0b`, /a path must not hold a null character/],
  [
    "something below a file",
    at("file/main.tf"),
    /file\/main\.tf: (something on its way is a file|there is no such file)/,
  ],
  ["a socket", at("socket"), /socket: it is a device, a pipe or a socket, and is not opened/],
  ["a device", "/dev/zero", /\/dev\/zero: it is a device, a pipe or a socket, and is not opened/],
  ["another device", "/dev/full", /\/dev\/full: it is a device/],
  ["too large a file", at("large"), /large: it has 257 MB; up to \d+ MB can be read\.$/m],
  ["text of another encoding", at("latin1"), /latin1: it is not UTF-8 text\.$/m],
  ["UTF-16", at("utf16"), /utf16: it is UTF-16/],
  ...(isRoot
    ? []
    : ([
        ["a file without permission", at("secret"), /secret: permission denied\.$/m],
        ["a folder without permission", at("locked"), /locked.*: permission denied\.$/m],
      ] as const)),
];

/** Where a path may be given, as the words around it. */
const PLACES: readonly (readonly [string, (path: string) => string[]])[] = [
  ["PATH", (path) => [path]],
  ["one PATH of several", (path) => [at("sound"), path]],
  ["--flows", (path) => [at("sound"), "--flows", path]],
  ["--var-file", (path) => [at("sound"), "--var-file", path]],
  ["--base", (path) => [at("sound"), "--base", path]],
  ["--config", (path) => ["__tests__/verify/read/recorded/plan.json", "--config", path]],
  ["a plan with --config", (path) => [path, "--config", at("sound")]],
  ["--init", (path) => [path, "--init"]],
];

function isClear({ status, stderr }: { status: number | null; stderr: string }): void {
  expect(status).toBe(2);
  expect(stderr).not.toMatch(/This is a bug|\n\s+at |node_modules/);
  expect(stderr.trim()).not.toBe("");
}

describe.each(PLACES)("given as %s", (place, words) => {
  test.each(PATHS)("%s", async (_, path, sentence) => {
    const result = await run(words(path));
    // A folder of flows is none, a folder of values neither: other words, but as clear.
    isClear(result);
    const isOther =
      place === "--init" || place === "--config" || (place === "--var-file" && path === at("large"));
    expect(result.stderr).toMatch(isOther ? /: / : sentence);
  });
});

describe("a folder for a file, and the reverse", () => {
  test.each<[string, string[], RegExp]>([
    ["--flows", [at("sound"), "--flows", at("sound")], /sound: expected a file, given a folder\.$/m],
    ["--var-file", [at("sound"), "--var-file", at("sound")], /sound: expected a file, given a folder\.$/m],
    [
      "--config",
      ["__tests__/verify/read/recorded/plan.json", "--config", at("file")],
      /expected the folder of the plan's configuration, given a file/,
    ],
    [
      "a plan",
      [at("sound"), "--config", at("sound")],
      /expected a plan as JSON to go with a configuration, given a folder/,
    ],
    [
      "--init",
      [at("file"), "--init"],
      /file: flows\.yaml is written into a folder of Terraform configuration, and this is none/,
    ],
  ])("%s", async (_, args, sentence) => {
    const result = await run(args);
    isClear(result);
    expect(result.stderr).toMatch(sentence);
  });
});

describe("what is in a folder", () => {
  const folderOf = (name: string, make: (path: string) => void, file: string) => {
    mkdirSync(at(name), { recursive: true });
    writeFileSync(at(`${name}/main.tf.json`), GROUP);
    make(at(`${name}/${file}`));
    return at(name);
  };
  const link = (to: string) => (path: string) => symlinkSync(to, path);
  const large = (path: string) => {
    writeFileSync(path, "");
    truncateSync(path, 300 * 1024 * 1024);
  };
  const FILES = ["more.tf", "more.tf.json", "terraform.tfvars", "x.auto.tfvars.json", "flows.yaml"];
  test.each(
    FILES.flatMap((file) =>
      (
        [
          ["a link that leads nowhere", link("nowhere"), /: it is a link to nowhere/],
          ["a loop of links", link(file), /: it leads through a loop of links/],
          ["a link to a folder", link("."), /: expected a file, given a folder|: /],
          ["a socket", socket, /: it is a device, a pipe or a socket/],
          ["too large", large, /: it has 300 MB; up to (2|16|256) MB can be read/],
        ] as const
      ).map(([what, make, sentence]) => [file, what, make, sentence] as const),
    ),
  )("%s is %s", async (file, what, make, sentence) => {
    const path = folderOf(`in ${file} ${what}`, make, file);
    const result = await run([path]);
    // A link to a folder that is called as a file of Terraform is no file of it.
    if (what === "a link to a folder" && file.startsWith("more")) {
      expect(result.status).toBe(0);
      return;
    }
    isClear(result);
    expect(result.stderr).toMatch(sentence);
    expect(result.stderr).toContain(file);
  });
});

describe("what is no input says what to give instead", () => {
  test.each<[string, string, string, RegExp]>([
    [
      "a manifest",
      "policy.yaml",
      "apiVersion: vpcresources.k8s.aws/v1beta1\nkind: SecurityGroupPolicy\n",
      /policy\.yaml: it is a Kubernetes manifest/,
    ],
    [
      "a manifest after a line of comment",
      "p.yml",
      "# x\n---\napiVersion: v1\nkind: Pod\n",
      /p\.yml: it is a Kubernetes manifest/,
    ],
    [
      "a manifest as JSON",
      "policy.json",
      '{"apiVersion": "v1", "kind": "Pod"}',
      /policy\.json: it is a Kubernetes manifest/,
    ],
    [
      "a file of Terraform",
      "main.tf",
      'resource "aws_security_group" "a" {}\n',
      /main\.tf: it is a file of Terraform configuration\. Pass the folder/,
    ],
    [
      "a file of OpenTofu",
      "main.tofu",
      'module "a" {\n}\n',
      /main\.tofu: it is a file of Terraform configuration/,
    ],
    [
      "a file of Terraform as JSON",
      "main.tf.json",
      GROUP,
      /main\.tf\.json: it is a file of Terraform configuration/,
    ],
    [
      "a file of values",
      "prod.tfvars",
      'a = "x"\n',
      /prod\.tfvars: it has values of variables\. Pass the folder, and this file with --var-file/,
    ],
    [
      "a page that shows some of both",
      "notes.md",
      '# Notes\n\nWrite:\n\nresource "aws_security_group" "a" {}\n\napiVersion: v1\nkind: Pod\n',
      /notes\.md:1: it is not JSON/,
    ],
    [
      "a file of Terraform by another name, after comments",
      "main.txt",
      "# The network\n\n/* of\n all */\nlocals {\n a = 1\n}\n",
      /main\.txt: it is a file of Terraform configuration/,
    ],
    ["a file of flows", "flows.yaml", "format: 1\nflows: {}\n", /flows\.yaml: it is a flows\.yaml.*--flows/],
    [
      "a plan of Terraform itself",
      "tfplan",
      "PK\u0003\u0004",
      /tfplan: it is an archive.*terraform show -json/,
    ],
  ])("%s", async (_, name, content, sentence) => {
    mkdirSync(at("others"), { recursive: true });
    writeFileSync(at(`others/${name}`), content);
    const result = await run([at(`others/${name}`)]);
    isClear(result);
    expect(result.stderr).toMatch(sentence);
  });
});

test("all problems are said at once, of all paths", async () => {
  const result = await run([at("nowhere"), at("sound"), at("socket"), at("dangling")]);
  isClear(result);
  expect(result.stderr.trim().split("\n")).toHaveLength(3);
  expect(result.stdout).toBe("");
});

test("all problems are said at once, of all options", async () => {
  const result = await run(["--hlep", "--mode", "loose", "--init=yes", "--fail-on", "x", "--flows"]);
  isClear(result);
  expect(result.stderr.trim().split("\n")).toStrictEqual([
    "there is no option --hlep; did you mean --help? --help lists the options",
    "--init takes no value (given: yes)",
    "--flows needs a value",
    "--mode must be strict, standard (given: loose)",
    "--fail-on must be error, warning, information, never (given: x)",
  ]);
});

test("a bug is called one, with what to do", () => {
  const words = lastWords(new TypeError("x is not a function"));
  expect(words).toMatch(/^This is a bug in the verifier, not in your input: x is not a function\n/);
  expect(words).toContain("report it in the project's issues");
  expect(words).toContain("VERIFY_STACK_TRACE=1");
  expect(words).not.toMatch(/\n\s+at /);
  vi.stubEnv("VERIFY_STACK_TRACE", "1");
  expect(lastWords(new TypeError("x is not a function"))).toMatch(/\n\s+at /);
  vi.unstubAllEnvs();
});

test("what has no effect beside --init is said, and nothing is written", async () => {
  mkdirSync(at("begun"));
  writeFileSync(at("begun/main.tf.json"), GROUP);
  const others = [
    "--flows",
    "f.yaml",
    "--config",
    ".",
    "--base",
    ".",
    "--format",
    "json",
    "--fail-on",
    "never",
  ];
  const result = await run([at("begun"), "--init", ...others, "--no-assumptions"]);
  isClear(result);
  expect(result.stderr.trim().split("\n")).toStrictEqual(
    ["flows", "config", "format", "base", "fail-on", "no-assumptions"].map(
      (name) => `--${name} has no effect on the PATH/flows.yaml that --init writes: leave one of the two out`,
    ),
  );
  expect(existsSync(at("begun/flows.yaml"))).toBe(false);

  const stated = await run([at("begun"), "--init", "--mode", "standard"]);
  expect(stated.status).toBe(0);
  expect(readFileSync(at("begun/flows.yaml"), "utf8")).toContain("\nmode: standard\n");
});

test("--init writes all of its files or none", async () => {
  for (const name of ["one", "two"]) {
    mkdirSync(at(name));
    writeFileSync(at(`${name}/main.tf.json`), GROUP);
  }
  const result = await run(["--init", at("one"), at("nowhere"), at("two")]);
  isClear(result);
  expect((await run([at("one"), "--format", "json"])).stdout).not.toContain("flows.yaml:");
  mkdirSync(at("two/flows.yaml"));
  expect((await run(["--init", at("one"), at("two")])).stderr).toContain(
    "flows.yaml already exists, and is not overwritten",
  );
});
