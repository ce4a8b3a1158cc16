import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { asOracleReads, sets } from "../oracle/sets";
import { workFolder } from "./support/terraform";

const folder = join(__dirname, "../oracle");
/** What the go.mod asks for is there already, or the test is skipped: no other Go is downloaded. */
const env = { ...process.env, GOTOOLCHAIN: "local", GOFLAGS: "-mod=readonly" };

function go(words: readonly string[], timeout = 1_500_000): string {
  return execFileSync("go", words, {
    cwd: folder,
    env,
    timeout,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Why the controller cannot be asked here; undefined where it can. */
function reasonNot(): string | undefined {
  try {
    go(["version"]);
  } catch {
    return "there is no go on the PATH";
  }
  try {
    go(["mod", "download"], 120_000);
  } catch (error) {
    const { stderr = "" } = error as { stderr?: string };
    return `go mod download fails: ${stderr.trim().split("\n").at(-1) || "it takes too long"}`;
  }
  return undefined;
}

const reason = reasonNot();
const name = `the controller answers as it did when its answers were kept${reason ? `: ${reason}` : ""}`;

// Compiling the controller's packages for the first time takes minutes.
test.skipIf(reason)(name, { timeout: 1_800_000 }, () => {
  const program = join(workFolder(), "oracle");
  go(["build", "-o", program, "."]);
  const input = sets().map(asOracleReads).join("\n");
  const answers = execFileSync(program, { input, encoding: "utf8", maxBuffer: 2 ** 24 });
  const [, ...kept] = readFileSync(join(folder, "answers.jsonl"), "utf8").split("\n");
  expect(answers.split("\n")).toStrictEqual(kept);
});
