import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../support/folders";
import { verifyHere } from "../support/here";

const GROUP = 'resource "aws_security_group" "a" {\n  name = "a"\n}\n';
const OPEN = `${GROUP}resource "aws_db_instance" "db" {\n  vpc_security_group_ids = [aws_security_group.a.id]\n}\nresource "aws_vpc_security_group_ingress_rule" "w" {\n  security_group_id = aws_security_group.a.id\n  cidr_ipv4         = "0.0.0.0/0"\n  ip_protocol       = "tcp"\n  from_port         = 5432\n  to_port           = 5432\n}\n`;
const PROVIDER = 'provider "aws" {\n  region = "eu-west-1"\n}\n';
const calling = (source: string) => `module "m" {\n  source = "${source}"\n}\n`;

type Files = Readonly<Record<string, string>>;

function repository(files: Files): string {
  const folder = temporaryFolder();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** The roots that are judged, by their paths in the folder. */
async function rootsIn(folder: string, args: readonly string[] = []): Promise<string[]> {
  const { stdout, stderr } = await verifyHere([".", "--format", "json", ...args], folder);
  expect(stdout, stderr).not.toBe("");
  return JSON.parse(stdout).reports.map(({ path }: { path: string }) => path);
}

describe("what is a root", () => {
  test.each<[string, Files, string[], string[]?]>([
    ["one below", { "infra/main.tf": GROUP }, ["infra"]],
    ["several, in order", { "b/main.tf": GROUP, "a/x/main.tf": GROUP, "c.txt": "" }, ["a/x", "b"]],
    [
      "no module that one calls",
      { "prod/main.tf": calling("../modules/db"), "modules/db/main.tf": GROUP },
      ["prod"],
    ],
    [
      "no module of a module",
      { "prod/main.tf": calling("../m/a"), "m/a/main.tf": calling("../b"), "m/b/main.tf": GROUP },
      ["prod"],
    ],
    [
      "as JSON",
      { "prod/main.tf.json": '{"module":{"m":{"source":"../m"}}}', "m/a.tf.json": "{}", "m/b.tf": GROUP },
      ["prod"],
    ],
    ["of OpenTofu", { "prod/main.tofu": calling("../m"), "m/main.tf": GROUP }, ["prod"]],
    [
      "called, with a provider",
      { "all/main.tf": calling("../net"), "net/main.tf": GROUP + PROVIDER },
      ["all", "net"],
    ],
    [
      "called, with a provider as JSON",
      {
        "all/main.tf": calling("../net"),
        "net/main.tf": GROUP,
        "net/p.tf.json": '{"provider":{"aws":[{"region":"eu-west-1"}]}}',
      },
      ["all", "net"],
    ],
    [
      "not one that only says it is given a provider",
      { "all/main.tf": calling("../net"), "net/main.tf": `${GROUP}provider "aws" {\n  alias = "peer"\n}\n` },
      ["all"],
    ],
    [
      "not one whose comment speaks of a provider",
      { "all/main.tf": calling("../net"), "net/main.tf": `${GROUP}# provider "aws" { region = "x" }\n` },
      ["all"],
    ],
    [
      "called, with a backend",
      { "all/main.tf": calling("../net"), "net/main.tf": `${GROUP}terraform {\n  backend "s3" {}\n}\n` },
      ["all", "net"],
    ],
    [
      "called, in the cloud",
      {
        "all/main.tf": calling("../net"),
        "net/main.tf": `${GROUP}terraform {\n  cloud {\n    organization = "o"\n  }\n}\n`,
      },
      ["all", "net"],
    ],
    [
      "called, with a state",
      { "all/main.tf": calling("../net"), "net/main.tf": GROUP, "net/terraform.tfstate": "{}" },
      ["all", "net"],
    ],
    [
      "called, initialised",
      { "all/main.tf": calling("../net"), "net/main.tf": GROUP, "net/.terraform/providers/x": "" },
      ["all", "net"],
    ],
    [
      "not what tools fetched",
      {
        "a/main.tf": GROUP,
        "a/.terraform/modules/x/main.tf": GROUP,
        "node_modules/p/main.tf": GROUP,
        ".git/main.tf": GROUP,
      },
      ["a"],
    ],
    ["that holds Terraform, alone", { "main.tf": GROUP, "examples/x/main.tf": GROUP }, ["."]],
    [
      "with --recursive all",
      { "main.tf": GROUP, "examples/x/main.tf": calling("../..") },
      ["examples/x"],
      ["--recursive"],
    ],
    ["with -r all", { "main.tf": GROUP + PROVIDER, "b/main.tf": GROUP }, [".", "b"], ["-r"]],
    [
      "without what is excluded",
      { "a/main.tf": GROUP, "b/x/main.tf": GROUP, "c/main.tf": GROUP },
      ["a"],
      ["--exclude", "b", "--exclude", "./c/"],
    ],
    [
      "without a pattern",
      { "a/main.tf": GROUP, "a/test/main.tf": GROUP, "b/c/test/x/main.tf": GROUP },
      ["a"],
      ["--exclude", "**/test"],
    ],
  ])("%s", async (_what, files, roots, args) => {
    expect(await rootsIn(repository(files), args)).toStrictEqual(roots);
  });

  test("links do not lead out of the folder, nor to the same root twice", async () => {
    const outside = repository({ "main.tf": GROUP });
    const folder = repository({ "a/main.tf": GROUP });
    symlinkSync(outside, join(folder, "b"));
    symlinkSync("a", join(folder, "c"));
    expect(await rootsIn(folder)).toStrictEqual(["a"]);
  });

  test("several PATHs name a root once", async () => {
    const folder = repository({ "infra/a/main.tf": GROUP, "infra/b/main.tf": GROUP });
    const { stdout } = await verifyHere([".", "infra", "--format", "json"], folder);
    expect(JSON.parse(stdout).reports).toHaveLength(2);
  });
});

describe("one run over several roots", () => {
  test("names them, judges them together and gives one exit code", async () => {
    const folder = repository({ "a/main.tf": GROUP, "b/main.tf": OPEN });
    const { status, stdout, stderr } = await verifyHere(["."], folder);
    expect(stderr).toBe(".: 2 roots: a, b\n");
    expect(stdout).toContain("open-to-the-world");
    expect(status).toBe(1);
    expect(await verifyHere([".", "--quiet", "--fail-on", "never"], folder)).toStrictEqual({
      status: 0,
      stdout: "",
      stderr: "",
    });
  });

  test("says which roots cannot be read, all at once, and reports the others", async () => {
    const folder = repository({
      "a/main.tf": OPEN,
      "b/main.tf": "resource {",
      "c/main.tf": calling("../gone"),
    });
    const { status, stdout, stderr } = await verifyHere(["."], folder);
    expect(stderr).toMatch(/b\/main\.tf:1/);
    expect(stderr).toMatch(/c\/main\.tf:1: .*\.\.\/gone/);
    expect(stdout).toContain("open-to-the-world");
    expect(stdout).not.toContain("Exit code");
    expect(status).toBe(2);
  });

  test("modules that call each other in a circle are not passed over in silence", async () => {
    const folder = repository({ "a/main.tf": calling("../b"), "b/main.tf": calling("../a") });
    const { status, stderr } = await verifyHere(["."], folder);
    expect(stderr).toContain("calls the folder that it is in");
    expect(status).toBe(2);
  });

  test.each<[string, Files, string[], RegExp]>([
    [
      "nothing there",
      { "a/b/x.txt": "", ".terraform/main.tf": GROUP },
      ["."],
      /^\.: there is no Terraform configuration in it.*searched: this folder and 2 below it, without \.git, \.terraform, /,
    ],
    ["all excluded", { "a/main.tf": GROUP }, [".", "--exclude", "a"], /--exclude a and links/],
    [
      "a pattern that is none",
      { "a/main.tf": GROUP },
      [".", "--exclude", "[a"],
      /--exclude must be a pattern such as .* \(given: \[a\)/,
    ],
    [
      "nothing to exclude from",
      { "main.tf": GROUP },
      [".", "--exclude", "a"],
      /--exclude has no effect: .*--recursive/,
    ],
    [
      "--flows for several",
      { "a/main.tf": GROUP, "b/main.tf": GROUP, "f.yaml": "format: 1\n" },
      [".", "--flows", "f.yaml"],
      /--flows goes with one root, but there are 2: a, b/,
    ],
    [
      "--manifests for several, with what to do",
      {
        "a/main.tf": GROUP,
        "b/main.tf": GROUP,
        "k8s/a.yaml": "kind: ServiceAccount\nmetadata: { name: a }\n",
      },
      [".", "--manifests", "k8s"],
      /--manifests goes with one root, and there are 2: a, b\. Name the one that declares the groups of the policies\. Groups of the others count there as declared elsewhere/,
    ],
    [
      "--recursive for a file",
      { "plan.json": "{}" },
      ["plan.json", "--recursive"],
      /plan\.json: --recursive searches folders/,
    ],
  ])("exit code 2: %s", async (_what, files, args, words) => {
    const { status, stdout, stderr } = await verifyHere(args, repository(files));
    expect(stderr).toMatch(words);
    expect(stdout).toBe("");
    expect(status).toBe(2);
  });

  test("--flows with the one root that is found", async () => {
    const folder = repository({
      "infra/main.tf": GROUP,
      "f.yaml":
        "format: 1\nendpoints: { a: aws_security_group.a, b: 10.0.0.0/8 }\nflows: { x: deny a -> b }\n",
    });
    const { status, stdout } = await verifyHere([".", "--flows", "f.yaml", "--all"], folder);
    expect(stdout).toContain("a -/-> b");
    expect(status).toBe(0);
  });

  test("--base of a searched folder is searched, too", async () => {
    const [before, after] = [
      repository({ "x/a/main.tf": GROUP, "x/b/main.tf": GROUP }),
      repository({ "x/a/main.tf": OPEN, "x/b/main.tf": GROUP }),
    ];
    const { stdout } = await verifyHere(["x", "--base", join(before, "x"), "--fail-on", "never"], after);
    expect(stdout).toContain("Becomes reachable");
    expect(stdout).toContain("aws_vpc_security_group_ingress_rule.w");
  });
});

describe("--base compares findings", () => {
  const findings = async (before: string, after: string) => {
    const base = repository({ "main.tf": before });
    const head = repository({ "main.tf": after });
    const { stdout } = await verifyHere([".", "--base", base, "--format", "json"], head);
    const { gone, unchanged, ...rest } = JSON.parse(stdout).difference.findings;
    const names = (list: { check: string; address: string }[]) =>
      list.map(({ check, address }) => `${check} ${address}`);
    return { added: names(rest.new), gone: names(gone), unchanged };
  };
  const WORLD = "open-to-the-world aws_vpc_security_group_ingress_rule.w";

  test.each<[string, string, string, object]>([
    ["new", GROUP, OPEN, { added: [WORLD], gone: [] }],
    ["gone", OPEN, GROUP, { added: [], gone: [WORLD] }],
    ["unchanged, on another line", OPEN, `# a\n\n${OPEN}`, { added: [], gone: [] }],
    ["unchanged, of a rule with another name", OPEN, OPEN.replace('"w"', '"other"'), { added: [], gone: [] }],
    [
      "unchanged, of a group with another address",
      OPEN,
      OPEN.replaceAll(/aws_security_group\.a\b/g, "aws_security_group.b").replace(
        '"aws_security_group" "a"',
        '"aws_security_group" "b"',
      ),
      { added: [], gone: [] },
    ],
  ])("%s", async (_what, before, after, expected) => {
    expect(await findings(before, after)).toMatchObject(expected);
  });

  test("text and Markdown name them, with how many are unchanged", async () => {
    const [base, head] = [repository({ "main.tf": GROUP }), repository({ "main.tf": OPEN })];
    const text = await verifyHere([".", "--base", base], head);
    expect(text.stdout).toMatch(/Findings: \d+ new, 0 gone, 0 unchanged\.\n +\+ .*open-to-the-world aws_vpc/);
    const { stdout } = await verifyHere([".", "--base", base, "--format", "markdown"], head);
    expect(stdout).toMatch(/^- new: .*open-to-the-world aws/m);
  });
});

describe("several outputs of one run", () => {
  test("each whole, in its format, beside what is printed", async () => {
    const folder = repository({ "main.tf": OPEN, "old.json": "old" });
    const args = [".", "--output", "sarif=a, b.sarif,markdown=c.md", "--output=json=old.json"];
    const { status, stdout, stderr } = await verifyHere(args, folder);
    expect({ status, stderr }).toStrictEqual({ status: 1, stderr: "" });
    expect(stdout).toContain("Exit code");
    const read = (name: string) => readFileSync(join(folder, name), "utf8");
    expect(JSON.parse(read("a, b.sarif")).version).toBe("2.1.0");
    expect(read("c.md")).toBe((await verifyHere([".", "--format", "markdown"], folder)).stdout);
    expect(read("old.json")).toBe((await verifyHere([".", "--format", "json"], folder)).stdout);
    expect(readdirSync(folder).sort()).toStrictEqual(["a, b.sarif", "c.md", "main.tf", "old.json"]);
  });

  test("also where nothing is printed", async () => {
    const folder = repository({ "main.tf": GROUP });
    expect(await verifyHere([".", "--quiet", "--output", "text=a.txt"], folder)).toMatchObject({
      status: 0,
      stdout: "",
    });
    expect(readFileSync(join(folder, "a.txt"), "utf8")).toContain("1 group");
  });

  test("none where a root could not be read", async () => {
    const folder = repository({ "a/main.tf": GROUP, "b/main.tf": "resource {" });
    const { status, stderr } = await verifyHere([".", "--output", "json=a.json"], folder);
    expect(stderr).toContain("a.json is not written, because the report is not whole");
    expect(readdirSync(folder).sort()).toStrictEqual(["a", "b"]);
    expect(status).toBe(2);
  });

  test.each([
    ["no format", ["a.json"], /--output must be FORMAT=FILE, such as sarif=report\.sarif \(given: a\.json\)/],
    ["no file", ["json="], /--output must be FORMAT=FILE.*\(given: json=\)/],
    [
      "no such format",
      ["jsn=a,text=b"],
      /the format of --output must be .* \(given: jsn; did you mean json\?\)/,
    ],
    ["no such folder", ["json=gone/a.json"], /gone\/a\.json: there is no folder gone to write it to/],
    ["a folder", ["json=infra"], /infra: --output names a file, and this is a folder/],
    ["a device", ["json=/dev/null"], /\/dev\/null: it is a device/],
    ["the same twice", ["json=a,text=infra/../a"], /--output names a twice/],
    ["what Terraform reads", ["text=infra/main.tf"], /main\.tf: --output must not name what Terraform/],
    [
      "what the verifier reads",
      ["text=infra/flows.yaml"],
      /flows\.yaml: --output must not name what Terraform/,
    ],
  ])("exit code 2, and nothing is written: %s", async (_what, outputs, words) => {
    const folder = repository({ "infra/main.tf": GROUP });
    const { status, stdout, stderr } = await verifyHere(
      ["infra", ...outputs.flatMap((one) => ["--output", one])],
      folder,
    );
    expect(stderr).toMatch(words);
    expect({ status, stdout }).toStrictEqual({ status: 2, stdout: "" });
    expect(readdirSync(folder)).toStrictEqual(["infra"]);
  });
});

test("a report goes over no file that the run reads or writes besides", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "state.json"), '{"format_version": "1.0", "values": {"root_module": {}}}');
  const words = [
    "state.json",
    "--output",
    "json=./state.json,text=k.yaml",
    "--known",
    "k.yaml",
    "--update-known",
  ];
  const { status, stderr } = await verifyHere(words, folder);
  expect(status).toBe(2);
  expect(stderr).toContain(
    "--output would overwrite state.json, which this run reads or writes\n--output would overwrite k.yaml, ",
  );
  expect(readFileSync(join(folder, "state.json"), "utf8")).toContain("format_version");
});
