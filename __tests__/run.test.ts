import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { filesIn, temporaryFolder } from "./support/folders";
import { PROJECT } from "./support/project";
import { runSynth, trySynth } from "./support/synth";

/** A user's `main.ts` with these stacks. */
function app(stacks: string): string {
  const main = join(temporaryFolder(), "main.ts");
  writeFileSync(
    main,
    `import { RdsMysql, RootStack, run } from ${JSON.stringify(join(PROJECT, "index.ts"))};
     run({ ${stacks} }, "cdktf.out");`,
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
      expect.stringMatching(/: 5 files written, 0 unchanged$/),
    ]);
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
