/**
 * Comments the pull request with the report, in place of the comment that an earlier run made, and adds it to the job's summary.
 * What goes wrong here is told and fails nothing: the exit code of `verify` decides.
 */
import { appendFileSync, readFileSync } from "node:fs";
import { annotate } from "./github.mjs";
import { shortened } from "./shortened.mjs";

const { ERRORS, EXIT_CODE, MARKDOWN, TITLE, TOKEN } = process.env;
const { GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID, GITHUB_SERVER_URL, GITHUB_STEP_SUMMARY } =
  process.env;

/** GitHub's limits: of a comment in characters, of a summary in bytes. */
const LIMITS = { comment: 65_536, summary: 1024 * 1024 };
const RUN = `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`;
/** What the comment of an earlier run begins with; another title is another comment. */
const MARKER = `<!-- eks-pod-security-groups ${encodeURIComponent(TITLE)} -->\n`;

const isVerified = EXIT_CODE === "0" || EXIT_CODE === "1";
const report = `## ${TITLE}\n\n${isVerified ? readFileSync(MARKDOWN, "utf8") : notVerified()}`;
appendFileSync(GITHUB_STEP_SUMMARY, shortened(report, LIMITS.summary, RUN));

const { pull_request: pullRequest } = JSON.parse(readFileSync(process.env.GITHUB_EVENT_PATH, "utf8"));
const isWanted = process.env.COMMENT === "true" && pullRequest !== undefined;
if (isWanted) await comment(pullRequest.number, shortened(MARKER + report, LIMITS.comment, RUN));

/** What stands in place of a report that could not be made: silence would look like health. */
function notVerified() {
  const words = ERRORS ? readFileSync(ERRORS, "utf8").trim() : "The command could not be installed or run.";
  const fence = "`".repeat(Math.max(3, ...[...words.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));
  return `**Not verified**\n\n${fence}text\n${words}\n${fence}\n`;
}

async function comment(number, body) {
  try {
    const issue = `/repos/${GITHUB_REPOSITORY}/issues`;
    const earlier = await earlierComment(`${issue}/${number}/comments`);
    if (earlier) await api("PATCH", `${issue}/comments/${earlier.id}`, { body });
    else await api("POST", `${issue}/${number}/comments`, { body });
  } catch (error) {
    const isForbidden = error.status === 403 || error.status === 404;
    const why = isForbidden
      ? "The token may not write comments, as in a pull request of a fork: the report is in the summary of this run. " +
        "Otherwise give the job `permissions: pull-requests: write`."
      : "The report is in the summary of this run.";
    annotate(isForbidden ? "notice" : "warning", `No comment was made. ${why} (${error.message})`);
  }
}

/** The comment that an earlier run has made: one that begins with the marker, of whoever the token is. */
async function earlierComment(path) {
  const login = await tokenLogin();
  for (let page = 1; ; page++) {
    const comments = await api("GET", `${path}?per_page=100&page=${page}`);
    const own = comments.find(
      ({ body, user }) =>
        body?.startsWith(MARKER.trim()) &&
        (login === undefined ? user?.type === "Bot" : user?.login === login),
    );
    if (own || comments.length < 100) return own;
  }
}

/** Who the token is, unless it is one of an app, as the job's own: these may not ask. */
async function tokenLogin() {
  try {
    return (await api("GET", "/user")).login;
  } catch {
    return undefined;
  }
}

/** @throws Error with the `status` of an answer that is no good */
async function api(method, path, body) {
  const response = await fetch(`${GITHUB_API_URL}${path}`, {
    method,
    headers: {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${TOKEN}`,
      "content-type": "application/json",
      "user-agent": "eks-pod-security-groups",
      "x-github-api-version": "2022-11-28",
    },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  });
  if (!response.ok)
    throw Object.assign(new Error(`${method} ${path}: ${response.status}`), { status: response.status });
  return response.json();
}
