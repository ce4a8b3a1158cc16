import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

export type Files = Readonly<Record<string, string>>;

/** A folder that is gone after the test. */
export function workFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "eks-pod-security-groups-ci-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function write(folder: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

/** Runs git, as somebody. @throws Error with what it says when it fails */
export function git(folder: string, ...words: string[]): string {
  const identity = [
    "-c",
    "user.name=a",
    "-c",
    "user.email=a@example.com",
    "-c",
    "protocol.file.allow=always",
  ];
  const { status, stdout, stderr } = spawnSync("git", [...identity, ...words], {
    cwd: folder,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`git ${words.join(" ")}: ${stderr}`);
  return stdout.trim();
}

export function commit(folder: string, files: Files): void {
  write(folder, files);
  git(folder, "add", "-A");
  git(folder, "commit", "-q", "-m", "x", "--allow-empty");
}
