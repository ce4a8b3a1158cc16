import { cpSync } from "node:fs";
import { awsStage } from "./stage";
import { command, workFolder } from "./terraform";

/** A clone-like copy of the repository, of the test's own: the CLI leaves states and plans in it. */
export function repository(): string {
  const folder = workFolder();
  cpSync(awsStage().copy, folder, { recursive: true, verbatimSymlinks: true });
  commitAll(folder);
  return folder;
}

/** Makes a folder a git repository with everything in it committed. */
export function commitAll(folder: string): void {
  git(folder, "init", "--quiet");
  git(folder, "add", ".");
  git(folder, "commit", "--quiet", "--message", "Everything");
}

export function git(folder: string, ...args: string[]): string {
  return command(folder, "git", ["-c", "user.name=test", "-c", "user.email=test@example.com", ...args]);
}
