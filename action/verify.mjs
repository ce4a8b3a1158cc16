/** Runs `verify` with the files that the later steps send. Its exit code is an output: the last step ends with it. */
import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { output } from "./github.mjs";

const { ARGS = "", BASE, COMMAND, GITHUB_BASE_REF, GITHUB_SHA, KNOWN, PATHS = "", RUNNER_TEMP } = process.env;

const lines = (text) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
const paths = lines(PATHS);
const folderOfGit = paths[0] ?? ".";

const folder = mkdtempSync(join(RUNNER_TEMP, "eks-pod-security-groups-report-"));
const [markdown, sarif, errors] = ["report.md", "report.sarif", "errors.txt"].map((name) =>
  join(folder, name),
);
const base = baseOf();
const words = [
  ...["verify", "--output", `markdown=${markdown},sarif=${sarif}`],
  ...(base === undefined ? [] : [`--base=${base}`]),
  ...(KNOWN ? [`--known=${KNOWN}`] : []),
  ...lines(ARGS),
  ...(paths.length === 0 ? [] : ["--", ...paths]),
];

// Names in Terraform are anybody's words: GitHub must read no commands in them.
const end = randomUUID();
console.log(`::stop-commands::${end}`);
const { status, stderr, error } = spawnSync(process.execPath, [COMMAND, ...words], {
  stdio: ["ignore", "inherit", "pipe"],
  encoding: "utf8",
  maxBuffer: 64 * 1024 * 1024,
});
console.log(stderr ?? "");
console.log(`::${end}::`);

writeFileSync(errors, error ? `${error.message}\n${stderr ?? ""}` : stderr);
output({
  "exit-code": status ?? 2,
  errors,
  // Neither is there where something could not be read.
  markdown: existsSync(markdown) ? markdown : "",
  sarif: existsSync(sarif) ? sarif : "",
});

/** What a pull request is compared with: the commit that it is merged into, also where a run is repeated later. */
function baseOf() {
  if (BASE) return BASE === "none" ? undefined : BASE;
  // A plan and a state have no revisions.
  if (!GITHUB_BASE_REF || !statSync(folderOfGit, { throwIfNoEntry: false })?.isDirectory()) return undefined;
  // `rev-parse HEAD^1` knows no parents in a shallow clone; the head of the commit itself does.
  const [head] = git("cat-file", "-p", "HEAD").stdout.split("\n\n");
  const parents = [...head.matchAll(/^parent ([0-9a-f]+)$/gm)].map(([, id]) => id);
  const isMerge = parents.length === 2 && git("rev-parse", "HEAD").stdout.trim() === GITHUB_SHA;
  const tracked = `origin/${GITHUB_BASE_REF}`;
  const [revision, what] = isMerge
    ? [parents[0], parents[0]]
    : [tracked, `+refs/heads/${GITHUB_BASE_REF}:refs/remotes/${tracked}`];
  const isThere = git("cat-file", "-e", `${revision}^{commit}`).status === 0;
  const isShallow = git("rev-parse", "--is-shallow-repository").stdout.trim() === "true";
  // Where it cannot be fetched, the command says what to do.
  if (!isThere) git("fetch", "--quiet", "--no-tags", ...(isShallow ? ["--depth=1"] : []), "origin", what);
  return `git:${revision}`;
}

function git(...args) {
  const { status, stdout } = spawnSync("git", ["-C", folderOfGit, ...args], {
    encoding: "utf8",
    // What it lacks is no error: it is asked for that.
    stdio: ["ignore", "pipe", args[0] === "fetch" ? "inherit" : "ignore"],
  });
  return { status, stdout: stdout ?? "" };
}
