import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { filesIn, temporaryFolder } from "../support/folders";
import { PROJECT } from "../support/project";
import { runSynth, trySynth } from "../support/synth";

/** A user's `main.ts` with these stacks. */
function app(stacks: string): string {
  const main = join(temporaryFolder(), "main.ts");
  writeFileSync(
    main,
    `import { RdsMysqlStack, run } from ${JSON.stringify(join(PROJECT, "index.ts"))};
     run({ ${stacks} }, "cdktf.out");`,
  );
  return main;
}

const RDS_MYSQL = '"rds-mysql": (app, id) => new RdsMysqlStack(app, id)';
const BUG = "broken: (app, id) => { (undefined as any).x; }";

describe("npm run synth, as a process", () => {
  test("says in a few lines what it wrote", () => {
    const outdir = temporaryFolder();
    const { stdout, stderr } = runSynth({ main: app(RDS_MYSQL), outdir });
    expect(stderr).toBe("");
    expect(stdout.trimEnd().split("\n")).toStrictEqual([
      "rds-mysql  module  13 resources, 9 variables, 6 outputs",
      expect.stringMatching(/: 6 files written, 0 unchanged$/),
    ]);
  });

  test("exits with 1 for a bug in a constructor, without a stack trace, and writes nothing", () => {
    const outdir = temporaryFolder();
    const { status, stdout, stderr } = trySynth({ main: app(`${RDS_MYSQL}, ${BUG}`), outdir });
    expect(status).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toBe(
      `Nothing was written. Fix:\n- stack "broken": Cannot read properties of undefined (reading 'x')\n`,
    );
    expect(filesIn(outdir)).toStrictEqual({});
  });

  test("shows where a bug is when it is asked to", () => {
    const main = app(BUG);
    const { status, stderr } = trySynth({ main, outdir: temporaryFolder(), env: { SYNTH_STACK_TRACE: "1" } });
    expect(status).toBe(1);
    expect(stderr).toContain(`at broken (${main}:`);
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
