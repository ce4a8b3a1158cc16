import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { evaluateExpression } from "../../expression/evaluate";
import { FUNCTION_NAMES, NOT_EVALUATED } from "../../expression/functions";
import { Unknown, type Value } from "../../expression/value";
import { attribute } from "../../expression/values";
import { readInput } from "../../verify/read";
import { CALLED, generatedCalls } from "../expression/support/calls";
import { awsStage } from "./support/stage";
import { environment, TERRAFORM, Terraform, workFolder } from "./support/terraform";

const { reason } = awsStage();

/** A template that is no reference: Terraform rejects it, and OpenTofu takes it. */
const LITERAL = 'templatestring("a", {})';

/** Functions that only OpenTofu has: their values are unknown to the verifier. */
const OF_OPENTOFU = ["base64gunzip", "cidrcontains", "urldecode"];

/** A call as text: what it gives as JSON, or that Terraform refuses it. */
const asText = (call: string) => `try(jsonencode(${call}), "REFUSED")`;

/** What Terraform makes of calls; nothing where the value is not known to Terraform itself. */
function inConsole(folder: string, calls: readonly string[]): (string | undefined)[] {
  // It reads lines of 64 kB at most.
  const [first, rest] = [calls.slice(0, 400), calls.slice(400)];
  const { stdout, stderr } = spawnSync(TERRAFORM, ["console"], {
    cwd: folder,
    env: environment(),
    input: `[${first.map(asText).join(", ")}]\n`,
    encoding: "utf8",
  });
  const lines = stdout.trim().split("\n").slice(1, -1);
  expect(lines, stderr).toHaveLength(first.length);
  const values = lines.map((line) => {
    const text = line.trim().replace(/,$/, "");
    return text.startsWith('"') ? (JSON.parse(text.replace(/([$%])\1\{/g, "$1{")) as string) : undefined;
  });
  return rest.length === 0 ? values : [...values, ...inConsole(folder, rest)];
}

/** Calls of which the values differ, with both; a value that is not known differs from none. */
function differing(
  calls: readonly string[],
  own: (call: string) => Value,
  seen: readonly (string | undefined)[],
) {
  return calls.flatMap((call, index) => {
    const value = own(asText(call));
    return value instanceof Unknown || value === seen[index] ? [] : [{ call, value, terraform: seen[index] }];
  });
}

describe.skipIf(reason)("functions", () => {
  test("of Terraform are all listed, also by their full names", () => {
    const metadata = new Terraform(workFolder()).run("metadata", "functions", "-json");
    const names = Object.keys((JSON.parse(metadata) as { function_signatures: object }).function_signatures);
    const own = [...FUNCTION_NAMES, ...NOT_EVALUATED].sort();
    const ofTerraform = names.filter((name) => !OF_OPENTOFU.includes(name.replace(/^core::/, "")));
    expect(ofTerraform.filter((name) => !name.startsWith("core::")).sort()).toStrictEqual(own);
    expect(
      ofTerraform
        .filter((name) => name.startsWith("core::"))
        .map((name) => name.slice(6))
        .sort(),
    ).toStrictEqual(own);
  });

  test("have the values that terraform console gives, in thousands of calls, and refuse what it refuses", () => {
    const calls = generatedCalls(4_000);
    const own = (call: string) => evaluateExpression(call, { label: "", name: attribute });
    const seen = inConsole(workFolder(), calls);
    expect(differing(calls, own, seen)).toStrictEqual([]);
    // Saying nothing would agree with everything.
    const unknown = calls.filter((call) => own(asText(call)) instanceof Unknown);
    expect(unknown.length / calls.length).toBeLessThan(0.04);
    expect(seen.filter((value) => value !== undefined && value !== "REFUSED").length).toBeGreaterThan(2_000);
  });

  test("are called by the generated calls, but for those of files, templates and marks", () => {
    const elsewhere = /^file|^templat|sensitive$|^(?:try|can)$/;
    expect(FUNCTION_NAMES.filter((name) => !elsewhere.test(name))).toStrictEqual([...CALLED].sort());
  });

  test("read files as Terraform does", async () => {
    const folder = workFolder();
    for (const [name, content] of Object.entries(FILES)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    new Terraform(folder).init();
    const input = await readInput(folder);
    const seen = inConsole(folder, ON_FILES);
    const differ = differing(ON_FILES, (call) => input.evaluate(call), seen);
    expect(differ.filter(({ call, terraform }) => call !== LITERAL || terraform !== '"a"')).toStrictEqual([]);
    const unknown = ON_FILES.filter((call) => input.evaluate(asText(call)) instanceof Unknown);
    expect(unknown).toStrictEqual(['file("data")']);
  });
});

const FILES: Readonly<Record<string, string | Buffer>> = {
  "main.tf":
    'module "inner" {\n  source = "./modules/inner"\n}\nlocals {\n  greeting = "Hi $${name}%%{ if loud }!%%{ endif }"\n}\n',
  "modules/inner/main.tf":
    'output "path" {\n  value = "${path.module} ${path.root} ${file("${path.module}/own.txt")}"\n}\n',
  "modules/inner/own.txt": "own",
  "data/rules.yaml":
    "rules:\n  - { port: 5432, cidr: 10.0.0.0/16 }\n  - { port: 443, cidr: 0.0.0.0/0, open: yes }\n",
  "data/rules.csv": "port,cidr\n5432,10.0.0.0/16\n",
  "data/rules.json": '{"rules": [{"port": 5432}]}',
  "data/deep/er/a.yaml": "1",
  "data/.hidden.yaml": "1",
  "data/binary": Buffer.from([0xff, 0xfe, 0x00]),
  "list.tftpl":
    "%{ for name, port in ports ~}\nallow ${name} ${port}\n%{ if port == 80 ~}\n  # plain\n%{ else ~}\n  # other\n%{ endif ~}\n%{ endfor ~}\nend\n",
  "typed.tftpl": "${[for p in ports : p + 1]}",
  "missing.tftpl": "${nothing}",
  "broken.tftpl": "${",
};

const ON_FILES: readonly string[] = [
  'file("data/rules.yaml")',
  'yamldecode(file("data/rules.yaml")).rules[1]',
  'yamldecode(file("${path.module}/data/rules.yaml"))',
  'csvdecode(file("./data/rules.csv"))',
  'jsondecode(file("data/../data/rules.json"))',
  'file("data/binary")',
  'file("data")',
  'file("nowhere")',
  'fileexists("data/rules.yaml")',
  'fileexists("nowhere")',
  'filebase64("data/binary")',
  'filemd5("data/binary")',
  'filesha1("data/rules.csv")',
  'filesha256("data/rules.csv")',
  'filesha512("data/rules.csv")',
  'filebase64sha256("data/rules.csv")',
  'filebase64sha512("data/rules.csv")',
  'fileset("data", "*.yaml")',
  'fileset("data", "**/*.yaml")',
  'fileset(path.module, "data/*.{csv,json}")',
  'fileset("data", "rules.[cj]*")',
  'fileset("data", "**")',
  'fileset("nowhere", "*")',
  'fileset("data", "deep")',
  'templatefile("list.tftpl", { ports = { http = 80, db = 5432 } })',
  'templatefile("typed.tftpl", { ports = [1, 2] })',
  'templatefile("missing.tftpl", {})',
  'templatefile("broken.tftpl", {})',
  'templatefile("list.tftpl", [])',
  'templatestring(local.greeting, { name = "Ann", loud = true })',
  'templatestring(local.greeting, { name = "Ann", loud = false })',
  "templatestring(local.greeting, {})",
  LITERAL,
  "path.root",
  "path.cwd",
  "module.inner.path",
];
