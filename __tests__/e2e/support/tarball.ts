import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { buildProject, run } from "./build";

/** Builds and packs the project, as a release does. @returns the path of the tarball, which is gone after all tests of the file */
export function packedTarball(): string {
  const folder = mkdtempSync(join(tmpdir(), "eks-pod-security-groups-tarball-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const built = join(folder, "built");
  buildProject(built);
  const lines = run(built, "npm", "pack", "--ignore-scripts", "--pack-destination", folder)
    .trim()
    .split("\n");
  return join(folder, lines.at(-1) ?? "");
}
