import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { attachedEnvironment, TERRAFORM, type Terraform } from "./terraform";

/** The text of the state of a root; empty where there is none yet. */
export function stateOf({ folder }: Terraform): string {
  const file = join(folder, "terraform.tfstate");
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

/**
 * Applies the plan of a root step by step, and kills it as soon as its state has changed. A process that is stopped writes nothing,
 * so that the state is whole when it ends. What moves and what is imported is in the first state that Terraform writes; what it
 * forgets, it forgets one by one.
 *
 * @returns the state as it was left; undefined if the apply was faster
 */
export async function killedApply(
  of: Terraform,
  env: NodeJS.ProcessEnv = attachedEnvironment(),
): Promise<string | undefined> {
  const before = stateOf(of);
  const child = spawn(TERRAFORM, ["apply", "-no-color", "-parallelism=1", "plan"], {
    cwd: of.folder,
    env,
    stdio: "ignore",
    // With its provider, where that is a process of its own.
    detached: true,
  });
  const send = (signal: NodeJS.Signals) => process.kill(-(child.pid ?? 0), signal);
  let hasEnded = false;
  const end = new Promise<void>((resolve) =>
    child.once("exit", () => {
      hasEnded = true;
      resolve();
    }),
  );
  let left: string | undefined;
  while (!hasEnded && left === undefined) {
    await sleep(2);
    if (hasEnded || stateOf(of) === before) continue;
    send("SIGSTOP");
    await sleep(20);
    if (hasEnded) break;
    const state = stateOf(of);
    if (isWhole(state)) left = state;
    send(left === undefined ? "SIGCONT" : "SIGKILL");
  }
  await end;
  return left;
}

function isWhole(state: string): boolean {
  try {
    JSON.parse(state);
    return true;
  } catch {
    return false;
  }
}
