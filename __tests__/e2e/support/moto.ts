import { spawn } from "node:child_process";
import { openSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

interface Moto {
  readonly endpoint: string;
  readonly stop: () => Promise<void>;
}

/** Starts `moto_server` from the PATH on a free port. */
export async function startMoto(log: string): Promise<Moto | { reason: string }> {
  const port = await freePort();
  const output = openSync(log, "a");
  const server = spawn("moto_server", ["-H", "127.0.0.1", "-p", String(port)], {
    // Without it AWS's managed policies are unknown.
    env: { ...process.env, MOTO_IAM_LOAD_MANAGED_POLICIES: "true" },
    stdio: ["ignore", output, output],
  });
  let ended = false;
  const end = new Promise<void>((resolve) => {
    const done = () => {
      ended = true;
      resolve();
    };
    server.once("exit", done);
    server.once("error", done);
  });
  const stop = async () => {
    server.kill();
    await end;
  };

  const endpoint = `http://localhost:${port}`;
  for (let attempt = 0; attempt < 300 && !ended; attempt += 1) {
    const answered = await fetch(`${endpoint}/moto-api/data.json`).then(
      (response) => response.ok,
      () => false,
    );
    if (answered) return { endpoint, stop };
    await sleep(200);
  }
  if (!ended) await stop();
  return {
    reason:
      "there is no AWS emulator: set AWS_ENDPOINT_URL, or have `moto_server` on the PATH (pip install 'moto[server]')",
  };
}

export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
