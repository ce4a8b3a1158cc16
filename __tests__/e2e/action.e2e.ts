/** The GitHub action: the steps of action.yml run as scripts, with the packed tarball, on a repository with two roots. */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { version } from "../../package.json";
import { PROJECT } from "../support/project";
import { runAction, type Surroundings, started, startGitHub } from "./support/action";
import { commit, type Files, git, workFolder, write } from "./support/git";
import { packProject } from "./support/package";

let tarball = "";
beforeAll(() => {
  ({ tarball } = packProject());
});

const root = (name: string) =>
  `provider "aws" {}\nresource "aws_security_group" "${name}" {\n  name = "${name}"\n}\n`;
const rule = (group: string, from: string, port: number) =>
  `resource "aws_vpc_security_group_ingress_rule" "from_${port}" {\n  security_group_id = aws_security_group.${group}.id\n  cidr_ipv4 = "${from}"\n  ip_protocol = "tcp"\n  from_port = ${port}\n  to_port = ${port}\n}\n`;

const MAIN: Files = { "live/app/main.tf": root("app"), "live/net/main.tf": root("net") };
/** Opens a group to the world: a warning. */
const OPENED: Files = { "live/net/main.tf": root("net") + rule("net", "0.0.0.0/0", 22) };

/** A pull request as actions/checkout gives it: one commit, its merge, of a repository that is elsewhere. */
function pullRequest(changes: Files, main: Files = MAIN) {
  const folder = workFolder();
  const far = join(folder, "far");
  const workspace = join(folder, "workspace");
  for (const one of [far, workspace]) mkdirSync(one);
  git(far, "init", "-q", "-b", "main");
  commit(far, main);
  git(far, "checkout", "-q", "-b", "change");
  commit(far, changes);
  git(far, "checkout", "-q", "-b", "merge", "main");
  git(far, "merge", "-q", "--no-ff", "-m", "merge", "change");
  git(far, "update-ref", "refs/pull/5/merge", "merge");
  git(far, "checkout", "-q", "main");
  git(workspace, "init", "-q");
  git(workspace, "remote", "add", "origin", `file://${far}`);
  git(workspace, "fetch", "-q", "--depth=1", "origin", "+refs/pull/5/merge:refs/remotes/pull/5/merge");
  git(workspace, "checkout", "-q", "refs/remotes/pull/5/merge");
  return { far, workspace, sha: git(workspace, "rev-parse", "HEAD") };
}

type GitHub = Awaited<ReturnType<typeof startGitHub>>;
const EVENT = { pull_request: { number: 5 } };

/** Runs the action in a pull request. */
function verified(
  { workspace, sha }: { workspace: string; sha: string },
  github: GitHub,
  inputs: Record<string, string> = {},
  others: Partial<Surroundings> = {},
) {
  return runAction({
    workspace,
    inputs: { tarball, ...inputs },
    event: EVENT,
    env: { GITHUB_API_URL: github.url, GITHUB_BASE_REF: "main", GITHUB_SHA: sha },
    ...others,
  });
}

describe("in a pull request", () => {
  test("comments with the difference, uploads the findings, and ends with the exit code after that", async () => {
    const github = await startGitHub();
    const { isSuccess, log, summary, outputs, uploaded } = await verified(pullRequest(OPENED), github, {
      args: "--fail-on=warning",
    });
    const [comment] = github.comments;
    expect(comment?.body).toMatch(
      /^<!-- eks-pod-security-groups eks-pod-security-groups -->\n## eks-pod-security-groups\n/,
    );
    expect(comment?.body).toContain("| `0.0.0.0/0` -> `aws_security_group.net` | TCP 22 |");
    expect(comment?.body).toContain("Findings: 1 new");
    expect(summary).toContain("open-to-the-world");
    expect(log).toContain("Exit code 1: 1 finding is a warning.");
    expect(uploaded?.["sarif_file"]).toBe(outputs["sarif"]);
    expect(isSuccess).toBe(false);
    expect(outputs["exit-code"]).toBe("1");
  });

  test("replaces its own comment, on whatever page that is, and no other that looks like it", async () => {
    const github = await startGitHub();
    const marker = "<!-- eks-pod-security-groups eks-pod-security-groups -->\n";
    const others = Array.from({ length: 230 }, (_, index) => ({
      id: index + 1,
      body: index === 3 ? `${marker}All is well!` : `> ${marker}${index}`,
      user: { login: "somebody", type: "User" as const },
    }));
    github.comments.push(...structuredClone(others));
    const change = pullRequest(OPENED);
    await verified(change, github);
    expect(github.comments).toHaveLength(231);
    commit(change.workspace, MAIN);
    await verified({ ...change, sha: git(change.workspace, "rev-parse", "HEAD") }, github);
    expect(github.comments.slice(0, 230)).toStrictEqual(others);
    expect(github.comments).toHaveLength(231);
    expect(github.comments[230]?.body).toContain("Findings: 0 new");
  });

  test("a token of a person finds that person's comment; another title is another comment", async () => {
    const github = await startGitHub({ login: "platform" });
    const change = pullRequest(OPENED);
    for (const title of ["One", "Two --> $(touch injected)", "One"])
      await verified(change, github, { title });
    expect(github.comments.map(({ body }) => body.split("\n")[0])).toStrictEqual([
      "<!-- eks-pod-security-groups One -->",
      "<!-- eks-pod-security-groups Two%20--%3E%20%24(touch%20injected) -->",
    ]);
    expect(existsSync(join(change.workspace, "injected"))).toBe(false);
  });

  test("of a fork, whose token may not write: a notice, the report in the summary, and the verdict decides", async () => {
    const github = await startGitHub({ mayWrite: false });
    const { isSuccess, log, summary } = await verified(
      pullRequest(OPENED),
      github,
      {},
      { doesUploadFail: true },
    );
    expect(log).toMatch(/^::notice title=[^:]*::No comment was made\. .*fork.*summary of this run/m);
    expect(log).toMatch(/^::warning title=[^:]*::The findings were not uploaded: .*security-events: write/m);
    expect(summary).toContain("| `0.0.0.0/0` -> `aws_security_group.net` | TCP 22 |");
    expect(isSuccess).toBe(true);
  });

  test("an API that is not there is a warning", async () => {
    const github = await startGitHub();
    const { isSuccess, log } = await verified(pullRequest({}), { ...github, url: "http://127.0.0.1:9" });
    expect(log).toMatch(/^::warning title=[^:]*::No comment was made/m);
    expect(isSuccess).toBe(true);
  });

  test("repeated after the base has moved on, the difference is the pull request's alone", async () => {
    const github = await startGitHub();
    const change = pullRequest(OPENED);
    commit(change.far, { "live/app/main.tf": root("app") + rule("app", "10.9.0.0/16", 443) });
    await verified(change, github);
    expect(github.comments[0]?.body).toContain("TCP 22");
    expect(github.comments[0]?.body).not.toContain("TCP 443");
  });

  test("checked out otherwise, it is compared with the branch that it is for", async () => {
    const github = await startGitHub();
    const change = pullRequest(OPENED);
    git(change.workspace, "fetch", "-q", "--depth=1", "origin", "change");
    git(change.workspace, "checkout", "-q", "FETCH_HEAD");
    await verified(change, github);
    expect(github.comments[0]?.body).toContain("| `0.0.0.0/0` -> `aws_security_group.net` | TCP 22 |");
  });

  test("with what is known, only what is new counts", async () => {
    const github = await startGitHub();
    const known = "live/net";
    const old = { ...MAIN, ...OPENED };
    const before = pullRequest({ "live/app/main.tf": root("app") + rule("app", "0.0.0.0/0", 3389) }, old);
    const update = { tarball, base: "none", comment: "false", paths: known, known: "known.yaml" };
    const args = "--fail-on=warning\n--update-known";
    expect((await runAction({ workspace: before.workspace, inputs: { ...update, args } })).isSuccess).toBe(
      true,
    );
    const inputs = { known: "known.yaml", args: "--fail-on=warning" };
    expect(await verified(before, github, { ...inputs, paths: known })).toMatchObject({ isSuccess: true });
    expect(await verified(before, github, { ...inputs, paths: "live/net\nlive/app" })).toMatchObject({
      isSuccess: false,
    });
  });

  test("what cannot be read is told in place of an earlier comment, and the job fails", async () => {
    const github = await startGitHub();
    const change = pullRequest(OPENED);
    await verified(change, github);
    write(change.workspace, { "live/app/main.tf": "resource {" });
    const { isSuccess, log, outputs, uploaded } = await verified(change, github);
    expect(github.comments).toHaveLength(1);
    expect(github.comments[0]?.body).toMatch(/\*\*Not verified\*\*\n\n```text\n[\s\S]*live\/app\/main\.tf:1/);
    expect(log).toMatch(/^::error title=[^:]*::The security groups could not be verified/m);
    expect(outputs).toMatchObject({ "exit-code": "2", sarif: "", markdown: "" });
    expect(uploaded).toBeUndefined();
    expect(isSuccess).toBe(false);
  });

  test("a tarball that is not there is told likewise", async () => {
    const github = await startGitHub();
    const { isSuccess, log } = await verified(pullRequest({}), github, { tarball: "nowhere.tgz" });
    expect(log).toMatch(/^::error title=[^:]*::tarball: .*nowhere\.tgz: there is no such file/m);
    expect(github.comments[0]?.body).toContain("**Not verified**");
    expect(isSuccess).toBe(false);
  });

  test("without a tarball it is the one of the action's own release that is installed", async () => {
    const github = await startGitHub();
    const { log } = await verified(
      pullRequest({}),
      github,
      { tarball: "" },
      { env: { GITHUB_API_URL: github.url, GITHUB_SERVER_URL: "http://127.0.0.1:9" } },
    );
    const address = `http://127.0.0.1:9/platform/eks-pod-security-groups/releases/download/v${version}/eks-pod-security-groups-${version}.tgz`;
    expect(log).toContain(`::error title=eks-pod-security-groups::tarball: ${address} cannot be installed`);
  });

  test("inputs are words, whatever they hold, and names in Terraform are no commands of a workflow", async () => {
    const github = await startGitHub();
    const touch = '"; touch injected; echo "$(touch injected)`touch injected`';
    const change = pullRequest({
      "live/app/main.tf": root("app") + rule("app", "0.0.0.0/0", 22),
      "live/app/flows.yaml":
        'format: 1\nendpoints: { app: aws_security_group.app, net: 10.0.0.0/8 }\nflows:\n  a: { flow: "allow net -> app TCP 22", description: "::error::injected" }\n',
    });
    const { log } = await verified(change, github, { args: "--all" });
    const [, shown = ""] = /^::stop-commands::(\S+)\n/m.exec(log) ?? [];
    const inside = log.slice(log.indexOf(`::stop-commands::${shown}`), log.indexOf(`\n::${shown}::`));
    expect(inside).toContain("Exit code 0");
    const others = ["paths", "base", "known", "args", "title"].map((name) => [name, touch]);
    for (const inputs of [Object.fromEntries(others), { tarball: touch }])
      await verified(change, github, inputs);
    expect(existsSync(join(change.workspace, "injected"))).toBe(false);
  });
});

test("a report that is longer than a comment may be is cut between lines, with what is open closed and a note", async () => {
  const github = await startGitHub();
  const folder = workFolder();
  const line = "  a --> b: TCP 443 → ünïcödé 🔒\n";
  write(folder, {
    "event.json": JSON.stringify(EVENT),
    "report.md": `### Report\n\n\`\`\`mermaid\n${line.repeat(4000)}\`\`\`\n`,
    summary: "",
  });
  const step = [process.execPath, join(PROJECT, "action/comment.mjs")];
  const { code } = await started(step, folder, {
    ...process.env,
    COMMENT: "true",
    EXIT_CODE: "0",
    GITHUB_API_URL: github.url,
    GITHUB_EVENT_PATH: "event.json",
    GITHUB_REPOSITORY: "shop/infra",
    GITHUB_RUN_ID: "7",
    GITHUB_SERVER_URL: "https://git.example.com",
    GITHUB_STEP_SUMMARY: "summary",
    MARKDOWN: "report.md",
    TITLE: "Report",
    TOKEN: "token of the job",
  });
  expect(code).toBe(0);
  const [comment] = github.comments;
  const lines = comment?.body.split("\n") ?? [];
  const shown = lines.filter((one) => `${one}\n` === line).length;
  expect(Buffer.byteLength(comment?.body ?? "")).toBeGreaterThan(60_000);
  expect(lines.slice(-4)).toStrictEqual([
    "```",
    "",
    `**${4000 - shown + 2} of 4008 lines are left out: GitHub takes no more. All of it: https://git.example.com/shop/infra/actions/runs/7**`,
    "",
  ]);
  expect(readFileSync(join(folder, "summary"), "utf8")).toContain(line.repeat(4000));
});

test("on a push there is no comment, and the summary has the report", async () => {
  const github = await startGitHub();
  const { workspace } = pullRequest(OPENED);
  const { isSuccess, summary, outputs } = await runAction({
    workspace,
    inputs: { tarball },
    env: { GITHUB_API_URL: github.url },
  });
  expect(github.requests).toStrictEqual([]);
  expect(summary).toContain("open-to-the-world");
  expect(readFileSync(outputs["markdown"] ?? "", "utf8")).not.toContain("Difference");
  expect(isSuccess).toBe(true);
});
