/** The verifier as the program that it is. Everything that needs no process of its own is in `../cli`. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder, temporaryFolderOnce } from "../support/folders";
import { PROJECT } from "../support/project";
import { COMMAND } from "../support/synth";

/** What node is given for the verifier. */
const PROGRAM = [COMMAND, "verify"];

/** Runs the verifier as `npm run verify` does, as a process of its own. */
function runProcess(args: readonly string[], { cwd = PROJECT, input = "" } = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...PROGRAM, ...args], {
    cwd,
    input,
    encoding: "utf8",
  });
  expect(stderr).not.toMatch(/\n\s+at /);
  return { status, stdout, stderr };
}

describe("npm run verify, without a path", () => {
  const { status, stdout } = runProcess([]);

  test("exits with 0: nothing is broken", () => {
    expect(status).toBe(0);
  });

  test("says each flow of a module once, with the rules that carry it, although a root calls it", () => {
    const [, own = ""] = /^cdktf\.out\/stacks\/example-aws ([\s\S]*?)\ncdktf\.out/m.exec(stdout) ?? [];
    for (const id of ["RQ2", "RQ5"]) expect(own.match(new RegExp(`\\b${id}\\b`, "g"))).toHaveLength(1);
    expect(own).toContain("\n8 flows hold");
    expect(stdout).not.toContain("\ncdktf.out/stacks/rds-mysql ");
    expect(own).toContain("pods_ingress_all_tcp_from_ingress_security_group");
  });

  test("gives no warning of its own modules: what is meant is suppressed, once, with the reason", () => {
    expect(stdout).toMatch(/^\d+ flows: .*\. Findings: 1 suppressed\.$/m);
    expect(stdout.match(/warning {2,}dead-rule .*rds_ingress_to_self/g)).toHaveLength(1);
    expect(stdout).toContain("Suppressed: Kept from the article");
  });

  test("lists the stacks without security groups as such", () => {
    // However the lines are wrapped.
    const words = stdout.replaceAll(/\s+/g, " ");
    expect(words).toMatch(
      /cdktf\.out\/stacks\/vpc-cni-addon \([^)]*\): no security groups; looked at: the CNI /,
    );
  });

  test("has no colour where no terminal is", () => {
    expect(stdout).not.toContain("\u001b[");
  });
});

describe("npm run verify, from another folder", () => {
  const article = join(PROJECT, "__tests__/e2e/fixtures/article");
  const npm = (cwd: string, ...words: string[]) =>
    spawnSync("npm", ["run", "--silent", "verify", "--", ...words], { cwd, encoding: "utf8" });

  test("takes paths from there", () => {
    const { stdout, stderr } = npm(article, "modules/rds-mysql", "--fail-on", "never");
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^modules\/rds-mysql {2}\(configuration, /m);
  });

  test("judges this project's stacks where no path is given", () => {
    expect(npm(article, "--quiet")).toMatchObject({ status: 0, stdout: "", stderr: "" });
  });

  test("means the working directory where it is no script of this project that runs", () => {
    const { stdout } = spawnSync(process.execPath, [...PROGRAM, ".", "--fail-on", "never"], {
      cwd: join(article, "modules/rds-mysql"),
      env: {
        ...process.env,
        INIT_CWD: PROJECT,
        npm_lifecycle_event: "verify",
        npm_package_json: "/elsewhere",
      },
      encoding: "utf8",
    });
    expect(stdout).toMatch(/^\. {2}\(configuration, /m);
  });
});

test("a process that is given bad input says so in one sentence and exits with 2", () => {
  const { status, stdout, stderr } = runProcess([join(temporaryFolder(), "nowhere")]);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(stdout).toBe("");
  expect(status).toBe(2);
});

test("a reader that has enough before the end, such as head, is no error", async () => {
  const child = spawn(process.execPath, [...PROGRAM, "--format", "json"], { cwd: PROJECT });
  child.stdout.destroy();
  let said = "";
  child.stderr.on("data", (text) => {
    said += text;
  });
  const [status] = await once(child, "close");
  expect(said).toBe("");
  expect(status).toBe(0);
});

test("a state from standard input", () => {
  const state = {
    format_version: "1.0",
    terraform_version: "1.11.4",
    values: {
      root_module: {
        resources: [
          {
            address: "aws_security_group.a",
            mode: "managed",
            type: "aws_security_group",
            name: "a",
            values: { id: "sg-0a1b2c3d", name: "a", ingress: [], egress: [] },
          },
        ],
      },
    },
  };
  const { status, stdout } = runProcess(["-"], { input: JSON.stringify(state) });
  expect(stdout).toContain("state");
  expect(status).toBe(0);
});

test("the thread of the HCL parser is started only when there is HCL", () => {
  const preload = join(PROJECT, "__tests__/support/print-modules.cjs");
  const loaded = (path: string) =>
    spawnSync(process.execPath, ["--require", preload, ...PROGRAM, path], {
      cwd: PROJECT,
      encoding: "utf8",
    }).stdout;
  expect(loaded("cdktf.out/stacks/rds-mysql")).not.toMatch(/^THREAD|hcl2json/m);
  expect(loaded("__tests__/e2e/fixtures/article")).toMatch(/^THREAD/m);
  expect(existsSync(join(PROJECT, "__tests__/e2e/fixtures/article/flows.yaml"))).toBe(false);
});

describe("the system around it", () => {
  const folder = temporaryFolderOnce();
  const at = (name: string) => join(folder, name);
  mkdirSync(at("sound"));
  writeFileSync(at("sound/main.tf.json"), '{"resource": {"aws_security_group": {"a": {"name": "a"}}}}');

  const node = [process.execPath, ...PROGRAM].map((word) => `'${word}'`).join(" ");
  const shell = (script: string) => {
    const { status, stdout, stderr } = spawnSync("bash", ["-c", script], { cwd: PROJECT, encoding: "utf8" });
    expect(stderr).not.toMatch(/This is a bug|\n\s+at /);
    return { status, stdout, stderr };
  };

  test("a full disk is said, and the exit code is 2", () => {
    const { status, stderr } = shell(`${node} '${at("sound")}' > /dev/full`);
    expect(stderr).toBe("standard output: the disk is full.\n");
    expect(status).toBe(2);
  });

  test("a pipe that is closed is no error", () => {
    expect(shell(`${node} '${at("sound")}' --format json | true; exit \${PIPESTATUS[0]}`)).toStrictEqual({
      status: 0,
      stdout: "",
      stderr: "",
    });
  });

  test("nobody who listens to errors is no error either", () => {
    expect(shell(`${node} '${at("nowhere")}' 2> /dev/full`).status).toBe(2);
    expect(shell(`${node} '${at("nowhere")}' 2>&-`).status).toBe(2);
  });

  test.each<[string, string, RegExp]>([
    ["a folder", `< '${folder}'`, /^-: expected a file, given a folder\.$/m],
    ["closed", "<&-", /^-: /],
    ["empty", "< /dev/null", /^-: standard input is empty/],
    ["without an end", "< /dev/zero", /^-: it has 257 MB; up to 256 MB can be read\.$/m],
  ])("standard input that is %s", (_, redirection, sentence) => {
    const { status, stderr } = shell(`${node} - ${redirection}`);
    expect(stderr).toMatch(sentence);
    expect(status).toBe(2);
  });

  test("a pipe in the file system is not opened", () => {
    spawnSync("mkfifo", [at("pipe")]);
    const { status, stderr } = shell(`${node} '${at("pipe")}'`);
    expect(stderr).toMatch(/pipe: it is a device, a pipe or a socket, and is not opened/);
    expect(status).toBe(2);
  });

  test("a pipe of the shell, and what to do instead", () => {
    const { status, stderr } = shell(`${node} <(echo '{}')`);
    expect(stderr).toMatch(/is not opened\. Pipe what it gives into standard input, with - as PATH\./);
    expect(status).toBe(2);
  });
});
