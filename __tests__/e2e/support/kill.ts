import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { attachedEnvironment, TERRAFORM, type Terraform } from "./terraform";

/**
 * Applies the plan of a root step by step, and kills it as soon as its state has changed. The state is whole then: a process that is
 * stopped writes nothing.
 *
 * @returns whether it was killed; false if the apply was faster
 */
export async function killedApply({ folder }: Terraform): Promise<boolean> {
  const file = join(folder, "terraform.tfstate");
  const stateNow = () => (existsSync(file) ? readFileSync(file, "utf8") : "");
  const before = stateNow();
  const child = spawn(TERRAFORM, ["apply", "-no-color", "-parallelism=1", "plan"], {
    cwd: folder,
    env: attachedEnvironment(),
    stdio: "ignore",
  });
  let hasEnded = false;
  const end = new Promise<void>((resolve) =>
    child.once("exit", () => {
      hasEnded = true;
      resolve();
    }),
  );
  let isKilled = false;
  while (!hasEnded && !isKilled) {
    await sleep(2);
    if (stateNow() === before) continue;
    child.kill("SIGSTOP");
    await sleep(20);
    isKilled = !hasEnded && isWhole(stateNow());
    child.kill(isKilled ? "SIGKILL" : "SIGCONT");
  }
  await end;
  return isKilled;
}

function isWhole(state: string): boolean {
  try {
    JSON.parse(state);
    return true;
  } catch {
    return false;
  }
}
