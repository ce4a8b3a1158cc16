/** What needs a process: another user, a folder that is gone, a bound of memory. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../support/folders";
import { PROJECT } from "../support/project";
import { COMMAND } from "../support/synth";

const GROUP = '{"resource": {"aws_security_group": {"a": {"name": "a"}}}}';

/** Root may read everything, so that another user asks. */
const NOBODY = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

function verify(
  path: string,
  { node = [] as string[], shell = "", user = {} as { uid?: number; gid?: number } } = {},
) {
  const words = [...node, COMMAND, "verify", path];
  const { status, stdout, stderr } = shell
    ? spawnSync("sh", ["-c", `${shell} && exec "$0" "$@"`, process.execPath, ...words], { encoding: "utf8" })
    : spawnSync(process.execPath, words, { cwd: PROJECT, encoding: "utf8", ...user });
  expect(stderr).not.toMatch(/\n\s+at |This is a bug/);
  return { status, stdout, stderr };
}

// A clone builds its command when it is first called, which only its owner may.
beforeAll(() => void verify("--help"));

describe("what may not be read", () => {
  const folder = () => {
    const path = temporaryFolder();
    chmodSync(path, 0o755);
    mkdirSync(join(path, "locked"));
    writeFileSync(join(path, "main.tf.json"), GROUP);
    return path;
  };

  test("a file", () => {
    const path = folder();
    chmodSync(join(path, "main.tf.json"), 0o000);
    const { status, stderr } = verify(path, { user: NOBODY });
    expect(status).toBe(2);
    expect(stderr).toMatch(/main\.tf\.json: permission denied/);
  });

  test("a folder", () => {
    const path = join(folder(), "locked");
    chmodSync(path, 0o000);
    const { status, stderr } = verify(path, { user: NOBODY });
    expect(status).toBe(2);
    expect(stderr).toMatch(/locked.*: permission denied/);
  });
});

test("a working directory that is gone", () => {
  const path = temporaryFolder();
  const { status, stderr } = verify(".", {
    shell: `mkdir "${path}/gone" && cd "${path}/gone" && rmdir "${path}/gone"`,
  });
  expect(status).toBe(2);
  expect(stderr.trim().split("\n")).toHaveLength(1);
});

test("a for_each of a million is refused with the limit named, within a gigabyte", () => {
  const path = temporaryFolder();
  writeFileSync(
    join(path, "main.tf"),
    `resource "aws_security_group" "a" {
  for_each = toset(flatten([for a in range(1000) : [for b in range(1000) : "\${a}-\${b}"]]))
}
`,
  );
  const { status, stdout } = verify(path, { node: ["--max-old-space-size=1024"] });
  expect(status).toBe(0);
  expect(stdout.replace(/\s+/g, " ")).toContain("its for-expressions go through more than 250000 rounds");
});
