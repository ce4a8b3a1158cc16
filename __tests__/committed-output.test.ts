import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { filesIn } from "./support/folders";
import { blocksFor, commandsOf } from "./support/pages";
import { PROJECT } from "./support/project";
import { runSynth } from "./support/synth";

const HINT =
  "the committed cdktf.out is not what the code writes: run `npm run synth` and review the difference";

/** Files of a user's deployment may lie beside the committed ones. */
const DEPLOYED =
  /(^|\/)(\.terraform\/.*|\.terraform\.lock\.hcl|plan|.*\.tfstate(\..*)?|.*\.tfvars(\.json)?)$/;

const committed = Object.fromEntries(
  Object.entries(filesIn(join(PROJECT, "cdktf.out"))).filter(([path]) => !DEPLOYED.test(path)),
);

/** What two runs say, the second where nothing has changed, and what they leave. */
let here: { outdir: string; again: string };
/** A run on a strange machine. */
let elsewhere: { outdir: string; stdout: string };

beforeAll(() => {
  const outdir = folder();
  const cwd = folder();
  runSynth({ outdir, cwd });
  here = { outdir, again: runSynth({ outdir, cwd }).stdout };

  const strange = folder();
  const { stdout } = runSynth({
    outdir: strange,
    cwd: folder(),
    preload: join(__dirname, "support/print-modules.cjs"),
    env: {
      TZ: "Pacific/Kiritimati",
      LANG: "tr_TR.UTF-8",
      LC_ALL: "tr_TR.UTF-8",
      HOME: folder(),
      USER: "someone",
      PATH: folder(),
    },
  });
  elsewhere = { outdir: strange, stdout };
}, 120_000);

const folders: string[] = [];

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "eks-pod-security-groups-"));
  folders.push(made);
  return made;
}

afterAll(() => {
  for (const made of folders) rmSync(made, { recursive: true, force: true });
});

test("what is committed is what synthesis writes, file by file", () => {
  const written = filesIn(here.outdir);

  expect(Object.keys(written), HINT).toStrictEqual(Object.keys(committed));
  for (const [path, content] of Object.entries(written)) {
    expect(content, `${path}: ${HINT}`).toBe(committed[path]);
  }
});

test("a second run changes nothing, not even a time stamp", () => {
  expect(here.again).toContain(": 0 files written, ");
});

test.each(blocksFor("synth"))("$page shows what synthesis says when nothing has changed", (block) => {
  const said = here.again.replace(/^.*(?=: 0 files written)/m, "cdktf.out");
  expect(commandsOf(block)).toStrictEqual([{ command: "npm ci && npm run synth", output: said }]);
});

test("the bytes are the same from another directory, time zone, locale and user", () => {
  expect(filesIn(elsewhere.outdir)).toStrictEqual(committed);
});

test("needs no network, no Terraform and nothing else from the PATH", () => {
  // Its PATH was an empty folder.
  expect(filesIn(elsewhere.outdir)).toStrictEqual(committed);
});

test("every JSON file has sorted keys, two spaces and a newline at its end", () => {
  const sort = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(sort);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([k, v]) => [k, sort(v)]),
    );
  };
  const json = Object.entries(committed).filter(([path]) => path.endsWith(".json"));
  expect(json.length).toBeGreaterThan(5);
  for (const [path, content] of json) {
    expect(content, path).toBe(`${JSON.stringify(sort(JSON.parse(content)), null, 2)}\n`);
  }
});

test("nothing of a machine and no construct metadata stands in what is committed", () => {
  for (const [path, content] of Object.entries(committed)) {
    expect(content, path).not.toContain(PROJECT);
    expect(content, path).not.toMatch(/stackTrace|uniqueId|TfToken|node_modules/);
    if (path.endsWith("cdk.tf.json")) {
      const { "//": block, ...rest } = JSON.parse(content);
      expect(block, path).toStrictEqual({ metadata: {} });
      expect(JSON.stringify(rest), path).not.toContain('"//"');
    }
  }
});

test("the process that synthesizes has loaded no provider barrel", () => {
  const { stdout } = elsewhere;
  const loaded = JSON.parse(stdout.slice(stdout.indexOf("MODULES:") + "MODULES:".length)) as string[];

  const providers = loaded.filter((path) => path.includes("@cdktf/provider-"));
  expect(providers).toContainEqual(expect.stringContaining("provider-aws/lib/security-group/index.js"));
  expect(providers.filter((path) => /provider-[a-z]+\/lib\/(lazy-)?index\.js$/.test(path))).toStrictEqual([]);
});
