import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { CommandResult } from "./terraform";

/**
 * A proxy that lets nothing through and writes down what was asked of it. Programs that it is given ask it for
 * whatever is not on this machine.
 */
export async function recordingProxy(): Promise<{
  readonly env: Readonly<Record<string, string>>;
  /** Where programs wanted to go, such as `app.terraform.io:443`. */
  readonly requests: readonly string[];
}> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? "");
    response.writeHead(403).end();
  });
  server.on("connect", (request, socket) => {
    requests.push(request.url ?? "");
    socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const proxy = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const here = "localhost,127.0.0.1";
  return {
    env: {
      HTTPS_PROXY: proxy,
      https_proxy: proxy,
      HTTP_PROXY: proxy,
      http_proxy: proxy,
      NO_PROXY: here,
      no_proxy: here,
    },
    requests,
  };
}

/** As `tryCommand`, while a server of the test answers. */
export function tryCommandBeside(
  cwd: string,
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    const said = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said.stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said.stderr += text;
    });
    child.once("error", reject);
    child.once("close", (status) => resolve({ status, output: `${said.stdout}${said.stderr}` }));
  });
}
