import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { parse } from "yaml";
import { PROJECT } from "../../support/project";

/** As much of `action.yml` as a runner looks at. */
interface Step {
  readonly id?: string;
  readonly if?: string;
  readonly run?: string;
  readonly uses?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string>>;
}

export const ACTION: {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
} = parse(readFileSync(join(PROJECT, "action.yml"), "utf8"));

/** What came of a job with the action as its only step. */
export interface ActionRun {
  readonly isSuccess: boolean;
  readonly log: string;
  readonly summary: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** What the other action was given that uploads findings, if it was called. */
  readonly uploaded?: Readonly<Record<string, string>>;
}

export interface Surroundings {
  /** The folder that was checked out. */
  readonly workspace: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly event?: object;
  readonly env?: Readonly<Record<string, string>>;
  readonly doesUploadFail?: boolean;
}

/** Runs the steps of `action.yml` as GitHub's runner does: the scripts for true, other actions as their inputs. */
export async function runAction({
  workspace,
  inputs,
  event = {},
  env = {},
  doesUploadFail,
}: Surroundings): Promise<ActionRun> {
  const temporary = mkdtempSync(join(tmpdir(), "eks-pod-security-groups-runner-"));
  onTestFinished(() => rmSync(temporary, { recursive: true, force: true }));
  const files = {
    output: join(temporary, "output"),
    summary: join(temporary, "summary"),
    event: join(temporary, "event.json"),
  };
  mkdirSync(join(temporary, "temp"));
  writeFileSync(files.summary, "");
  writeFileSync(files.event, JSON.stringify(event));
  const values: Record<string, string> = {
    "github.token": "token of the job",
    "github.action_repository": "platform/eks-pod-security-groups",
  };
  for (const [name, { default: value }] of Object.entries(ACTION.inputs)) {
    const isOther = Object.keys(inputs).some((one) => !(one in ACTION.inputs));
    if (isOther) throw new Error(`the action has no such input: ${Object.keys(inputs)}`);
    values[`inputs.${name}`] = inputs[name] ?? filled(value, values);
  }

  let isSuccess = true;
  let log = "";
  let uploaded: Record<string, string> | undefined;
  for (const { id, if: condition, run, uses, env: own = {}, with: given = {} } of ACTION.runs.steps) {
    if (!isMet(condition, isSuccess, values)) continue;
    if (uses !== undefined) {
      uploaded = Object.fromEntries(
        Object.entries(given).map(([name, value]) => [name, filled(value, values)]),
      );
      values[`steps.${id}.outcome`] = doesUploadFail ? "failure" : "success";
      continue;
    }
    writeFileSync(files.output, "");
    const { code, text } = await started(
      ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", run ?? ""],
      workspace,
      {
        ...process.env,
        GITHUB_ACTION_PATH: PROJECT,
        GITHUB_ACTIONS: "true",
        GITHUB_EVENT_PATH: files.event,
        GITHUB_OUTPUT: files.output,
        GITHUB_REPOSITORY: "shop/infra",
        GITHUB_RUN_ID: "7",
        GITHUB_SERVER_URL: "https://git.example.com",
        GITHUB_STEP_SUMMARY: files.summary,
        RUNNER_TEMP: join(temporary, "temp"),
        // Nothing is asked of a registry.
        npm_config_registry: "http://127.0.0.1:9",
        npm_config_fetch_retries: "0",
        npm_config_cache: join(temporary, "npm"),
        GITHUB_BASE_REF: "",
        ...env,
        ...Object.fromEntries(Object.entries(own).map(([name, value]) => [name, filled(value, values)])),
      },
    );
    log += text;
    if (code !== 0) isSuccess = false;
    for (const line of readFileSync(files.output, "utf8").split("\n").filter(Boolean)) {
      const [name = ""] = line.split("=");
      values[`steps.${id}.outputs.${name}`] = line.slice(name.length + 1);
    }
  }
  const outputs = Object.entries(ACTION.outputs).map(([name, { value }]) => [name, filled(value, values)]);
  return {
    isSuccess,
    log,
    summary: readFileSync(files.summary, "utf8"),
    outputs: Object.fromEntries(outputs),
    ...(uploaded && { uploaded }),
  };
}

/** A text with its expressions evaluated: names alone, as action.yml has them. */
function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{\{ ([a-z_.-]+) \}\}/g, (_, name: string) => values[name] ?? "");
}

function isMet(
  condition: string | undefined,
  isSuccess: boolean,
  values: Readonly<Record<string, string>>,
): boolean {
  if (condition === undefined) return isSuccess;
  const expression = condition.replace(/^\$\{\{ | \}\}$/g, "");
  if (expression === "!cancelled()") return true;
  const parts = expression.split(" && ").map((part) => {
    const [, name = "", operator, value] = /^([a-z_.-]+) (==|!=) '([^']*)'$/.exec(part) ?? [];
    if (operator === undefined) throw new Error(`this runner cannot evaluate ${part}`);
    return ((values[name] ?? "") === value) === (operator === "==");
  });
  return isSuccess && parts.every(Boolean);
}

/** Runs a program beside the test, whose servers go on. */
export function started(
  [command = "", ...args]: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly code: number | null; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let text = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (part) => (text += part));
    child.on("error", reject).on("close", (code) => resolve({ code, text }));
  });
}

interface Comment {
  readonly id: number;
  body: string;
  readonly user: { readonly login: string; readonly type: "Bot" | "User" };
}

/** GitHub's API of one pull request, as much of it as comments need, on loopback. */
export async function startGitHub({ mayWrite = true, login }: { mayWrite?: boolean; login?: string } = {}) {
  const comments: Comment[] = [];
  const requests: string[] = [];
  const me = { login: login ?? "github-actions[bot]", type: login === undefined ? "Bot" : "User" } as const;
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost");
    requests.push(`${request.method} ${pathname}`);
    const answer = (status: number, content: unknown) => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(content));
    };
    let text = "";
    for await (const part of request) text += part;
    if (request.headers.authorization !== "Bearer token of the job") return answer(401, {});
    if (pathname === "/user") return login === undefined ? answer(403, {}) : answer(200, me);
    if (request.method === "GET" && pathname === "/repos/shop/infra/issues/5/comments") {
      const [size, page] = [Number(searchParams.get("per_page")), Number(searchParams.get("page"))];
      return answer(200, comments.slice((page - 1) * size, page * size));
    }
    if (!mayWrite) return answer(403, { message: "Resource not accessible by integration" });
    const { body } = JSON.parse(text);
    if ([...body].length > 65_536) return answer(422, { message: "Body is too long" });
    if (request.method === "POST" && pathname === "/repos/shop/infra/issues/5/comments") {
      const comment = { id: comments.length + 1, body, user: me };
      comments.push(comment);
      return answer(201, comment);
    }
    const comment = comments.find(({ id }) => pathname === `/repos/shop/infra/issues/comments/${id}`);
    if (request.method !== "PATCH" || !comment) return answer(404, {});
    comment.body = body;
    return answer(200, comment);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, comments, requests };
}
