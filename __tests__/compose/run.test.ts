import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Annotations } from "cdktf";
import { describe, expect, test } from "vitest";
import { run } from "../../compose/run";
import { RdsMysqlStack } from "../../modules/rds-mysql";
import { RootStack } from "../../synth/root-stack";
import type { StackFactory, Stacks } from "../../synth/synthesize";
import { filesIn, temporaryFolder } from "../support/folders";
import { here } from "../support/here";

const rdsMysql: StackFactory = (app, id) => new RdsMysqlStack(app, id);
const APP: Stacks = { "rds-mysql": rdsMysql };

const runIn = (outdir: string, stacks: Stacks, env: Record<string, string> = {}) =>
  here(() => run(stacks, "cdktf.out"), { env: { CDKTF_OUTDIR: outdir, ...env } });

/** A factory with a mistake in it. */
const broken = (make: () => unknown): Stacks => ({ broken: make as StackFactory });

describe("npm run synth", () => {
  test("counts one file as one", async () => {
    const outdir = temporaryFolder();
    await runIn(outdir, APP);
    writeFileSync(join(outdir, "manifest.json"), "");
    expect((await runIn(outdir, APP)).stdout).toContain(": 1 file written, 5 unchanged");
  });

  test("takes an empty CDKTF_OUTDIR for none", async () => {
    const cwd = temporaryFolder();
    const { stdout } = await here(() => run(APP, "cdktf.out"), { cwd, env: { CDKTF_OUTDIR: "" } });
    expect(stdout).toContain("cdktf.out: 6 files written");
    expect(Object.keys(filesIn(cwd))).toContain("cdktf.out/manifest.json");
  });

  test("writes to cdktf.out, where it is given no folder", async () => {
    const cwd = temporaryFolder();
    const { stdout } = await here(() => run(APP), { cwd, env: { CDKTF_OUTDIR: "" } });
    expect(stdout).toContain("cdktf.out: 6 files written");
  });

  test.each<[string, object, string]>([
    ["another form", { ruleForm: "old" }, 'options.ruleForm: must be "classic" or "per-rule" (given: "old")'],
    [
      "a misspelled option",
      { ruleform: "classic" },
      'options: does not know "ruleform"; accepted: ruleForm, further',
    ],
    ["files that nothing makes", { further: {} }, "options.further: must be a function (given: {})"],
  ])("refuses %s among its options", async (_what, options, problem) => {
    const outdir = temporaryFolder();
    const { status, stderr } = await here(() => run(APP, outdir, options), { env: { CDKTF_OUTDIR: "" } });
    expect(status).toBe(1);
    expect(stderr).toContain(problem);
    expect(filesIn(outdir)).toStrictEqual({});
  });

  test("says warnings on standard error", async () => {
    const warned: StackFactory = (app, id) => {
      const stack = new RdsMysqlStack(app, id);
      Annotations.of(stack).addWarning("soon gone");
      return stack;
    };
    const { stdout, stderr } = await runIn(temporaryFolder(), { "rds-mysql": warned });
    expect(stderr).toBe('Warning: stack "rds-mysql": rds-mysql: soon gone\n');
    expect(stdout).toContain("6 files written");
  });

  test("says what it removed", async () => {
    const outdir = temporaryFolder();
    await runIn(outdir, { ...APP, old: rdsMysql });
    expect((await runIn(outdir, APP)).stdout).toContain("\nremoved stacks/old\n");
  });

  test.each<[string, Stacks, string]>([
    [
      "a constructor that throws",
      broken(() => {
        throw new Error("no VPC for prod");
      }),
      'stack "broken": no VPC for prod',
    ],
    [
      "a wrong option",
      {
        root: (app, id) =>
          new (class extends RootStack {})(app, id, { backend: { type: "gcs" } } as unknown as object),
      },
      'stack "root": backend.type: must be "local", "cloud" or "s3" (given: "gcs")',
    ],
  ])("exits with 1 for %s, without a stack trace, and writes nothing", async (_what, stacks, problem) => {
    const outdir = temporaryFolder();
    const { status, stdout, stderr } = await runIn(outdir, { ...APP, ...stacks });
    expect(status).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toBe(`Nothing was written. Fix:\n- ${problem}\n`);
    expect(filesIn(outdir)).toStrictEqual({});
  });

  test.each([null, {}, ""])("needs a folder to write to, and %j is none", async (folder) => {
    const cwd = temporaryFolder();
    const { status, stderr } = await here(() => run(APP, folder as string), {
      cwd,
      env: { CDKTF_OUTDIR: "" },
    });
    expect(status).toBe(1);
    expect(stderr).toContain('- run: needs the folder to write to, such as "cdktf.out" (');
    expect(filesIn(cwd)).toStrictEqual({});
  });

  test("refuses to write HCL, as `cdktf synth --hcl` asks", async () => {
    const outdir = temporaryFolder();
    const { status, stderr } = await runIn(outdir, APP, { SYNTH_HCL_OUTPUT: "true" });
    expect(status).toBe(1);
    expect(stderr).toContain("--hcl: the stacks are only written as JSON");
    expect(filesIn(outdir)).toStrictEqual({});
  });

  test("keeps the exit code and the message under the cdktf CLI's environment", async () => {
    const stacks = broken(() => {
      throw new Error("no VPC");
    });
    const { status, stderr } = await runIn(temporaryFolder(), stacks, {
      CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS: "true",
      CDKTF_CONTEXT_JSON: '{"cdktfRelativeModules":[]}',
    });
    expect(status).toBe(1);
    expect(stderr).toContain('stack "broken": no VPC');
  });
});
