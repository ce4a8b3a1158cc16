import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { filesIn, temporaryFolder } from "./support/folders";
import { PROJECT } from "./support/project";
import { runSynth, trySynth } from "./support/synth";

/** A user's `main.ts` with these stacks. */
function app(stacks: string, folder = '"cdktf.out"'): string {
  const main = join(temporaryFolder(), "main.ts");
  writeFileSync(
    main,
    `import { Annotations } from ${JSON.stringify(join(PROJECT, "node_modules/cdktf"))};
     import { RdsMysql, RootStack, run } from ${JSON.stringify(join(PROJECT, "index.ts"))};
     run({ ${stacks} }, ${folder});`,
  );
  return main;
}

const RDS_MYSQL = '"rds-mysql": (app, id) => new RdsMysql(app, id)';

describe("npm run synth", () => {
  test("says in a few lines what it wrote", () => {
    const outdir = temporaryFolder();
    const { stdout, stderr } = runSynth({ main: app(RDS_MYSQL), outdir });
    expect(stderr).toBe("");
    expect(stdout.trimEnd().split("\n")).toStrictEqual([
      "rds-mysql  module  13 resources, 4 variables, 6 outputs",
      expect.stringMatching(/: 6 files written, 0 unchanged$/),
    ]);
  });

  test("counts one file as one", () => {
    const outdir = temporaryFolder();
    runSynth({ main: app(RDS_MYSQL), outdir });
    writeFileSync(join(outdir, "manifest.json"), "");
    expect(runSynth({ main: app(RDS_MYSQL), outdir }).stdout).toContain(": 1 file written, 5 unchanged");
  });

  test("takes an empty CDKTF_OUTDIR for none", () => {
    const cwd = temporaryFolder();
    const { stdout } = runSynth({ main: app(RDS_MYSQL), cwd, outdir: "" });
    expect(stdout).toContain("cdktf.out: 6 files written");
    expect(Object.keys(filesIn(cwd))).toContain("cdktf.out/manifest.json");
  });

  test("says warnings on standard error", () => {
    const outdir = temporaryFolder();
    const warned = `"rds-mysql": (app, id) => {
      const stack = new RdsMysql(app, id);
      Annotations.of(stack).addWarning("soon gone");
      return stack;
    }`;
    const { stdout, stderr } = runSynth({ main: app(warned), outdir });
    expect(stderr).toBe('Warning: stack "rds-mysql": rds-mysql: soon gone\n');
    expect(stdout).toContain("6 files written");
  });

  test("says what it removed", () => {
    const outdir = temporaryFolder();
    runSynth({ main: app(`${RDS_MYSQL}, old: (app, id) => new RdsMysql(app, id)`), outdir });
    expect(runSynth({ main: app(RDS_MYSQL), outdir }).stdout).toContain("\nremoved stacks/old\n");
  });

  test.each([
    [
      "a constructor that throws",
      `broken: () => { throw new Error("no VPC for prod"); }`,
      'stack "broken": no VPC for prod',
    ],
    [
      "a bug in a constructor",
      "broken: (app, id) => { (undefined as any).x; }",
      `stack "broken": Cannot read properties of undefined (reading 'x')`,
    ],
    [
      "a wrong option",
      `root: (app, id) => new (class extends RootStack {})(app, id, { backend: { type: "gcs" } as any })`,
      'stack "root": backend.type: must be "local", "cloud" or "s3" (given: "gcs")',
    ],
  ])("exits with 1 for %s, without a stack trace, and writes nothing", (_what, stack, problem) => {
    const outdir = temporaryFolder();
    const { status, stdout, stderr } = trySynth({ main: app(`${RDS_MYSQL}, ${stack}`), outdir });
    expect(status).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toBe(`Nothing was written, because of\n- ${problem}\n`);
    expect(filesIn(outdir)).toStrictEqual({});
  });

  test("shows where a bug is when it is asked to", () => {
    const main = app("broken: (app, id) => { (undefined as any).x; }");
    const { status, stderr } = trySynth({ main, outdir: temporaryFolder(), env: { SYNTH_STACK_TRACE: "1" } });
    expect(status).toBe(1);
    expect(stderr).toContain(`at broken (${main}:`);
  });

  test.each(["undefined", "{}", '""'])("needs a folder to write to, and %s is none", (folder) => {
    const cwd = temporaryFolder();
    const { status, stderr } = trySynth({ main: app(RDS_MYSQL, folder), cwd, outdir: "" });
    expect(status).toBe(1);
    expect(stderr).toContain('- run: needs the folder to write to, such as "cdktf.out" (');
    expect(filesIn(cwd)).toStrictEqual({});
  });

  test("refuses to write HCL, as `cdktf synth --hcl` asks", () => {
    const outdir = temporaryFolder();
    const { status, stderr } = trySynth({ main: app(RDS_MYSQL), outdir, env: { SYNTH_HCL_OUTPUT: "true" } });
    expect(status).toBe(1);
    expect(stderr).toContain("--hcl: the stacks are written as JSON alone");
    expect(filesIn(outdir)).toStrictEqual({});
  });

  test("keeps the exit code and the message under the cdktf CLI's environment", () => {
    const outdir = temporaryFolder();
    const { status, stderr } = trySynth({
      main: app(`broken: () => { throw new Error("no VPC"); }`),
      outdir,
      env: {
        CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS: "true",
        CDKTF_CONTEXT_JSON: '{"cdktfRelativeModules":[]}',
      },
    });
    expect(status).toBe(1);
    expect(stderr).toContain('stack "broken": no VPC');
  });
});

describe(".ci/run closes with the numbers of both test runs", () => {
  const TEST = { status: "passed", assertionResults: [{ status: "passed" }] };
  const PASSED = { numPassedTests: 3, numFailedTests: 0, numPendingTests: 0, testResults: [TEST] };

  /** Runs the gate with an npm that fails as told and that writes these reports. */
  function gate({ failing, unit = PASSED, e2e = PASSED }: { failing?: string; unit?: object; e2e?: object }) {
    const folder = temporaryFolder();
    mkdirSync(join(folder, ".ci"));
    copyFileSync(join(PROJECT, ".ci/run"), join(folder, ".ci/run"));
    writeFileSync(join(folder, "unit.json"), JSON.stringify(unit));
    writeFileSync(join(folder, "e2e.json"), JSON.stringify(e2e));
    const npm = `#!/usr/bin/env bash
for word in "$@"; do
  case $word in --outputFile.json=*) file=\${word#*=}; cp "$(basename "$file")" "$file" ;; esac
done
[ "$*" != "\${FAILING}" ] && [ "\${*:1:2}" != "\${FAILING}" ]
`;
    mkdirSync(join(folder, "bin"));
    writeFileSync(join(folder, "bin/npm"), npm, { mode: 0o755 });
    spawnSync("git", ["init", "--quiet"], { cwd: folder });
    const { status, stdout } = spawnSync("bash", [".ci/run"], {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, PATH: `${join(folder, "bin")}:${process.env["PATH"]}`, FAILING: failing ?? "-" },
    });
    return { status, lines: stdout.trimEnd().split("\n") };
  }

  test("when all is well", () => {
    const { status, lines } = gate({ e2e: { ...PASSED, numPendingTests: 2 } });
    expect(lines.slice(-2)).toStrictEqual(["2 skipped", "6 passed, 0 failed"]);
    expect(status).toBe(0);
  });

  test.each([
    ["a step before the tests fails", { failing: "run lint" }, "0 passed, 1 failed"],
    [
      "tests fail",
      {
        failing: "run test:e2e",
        e2e: {
          ...PASSED,
          numFailedTests: 2,
          testResults: [{ status: "failed", assertionResults: [{ status: "failed" }, { status: "failed" }] }],
        },
      },
      "6 passed, 2 failed",
    ],
    [
      "a file of tests fails before its tests",
      {
        failing: "test --",
        unit: { ...PASSED, testResults: [TEST, { status: "failed", assertionResults: [] }] },
      },
      "3 passed, 1 failed",
    ],
    [
      "the run of the tests fails though every test passed",
      { failing: "run test:e2e" },
      "6 passed, 1 failed",
    ],
  ])("when %s", (_what, run, last) => {
    const { status, lines } = gate(run);
    expect(lines.at(-1)).toBe(last);
    expect(status).toBe(1);
  });
});
