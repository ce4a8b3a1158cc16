import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

declare module "vitest" {
  export interface ProvidedContext {
    /** Where the first test that needs a build makes it. */
    buildFolder: string;
  }
}

/** As much of a project of tests as this needs. */
interface Provider {
  provide(key: "buildFolder", folder: string): void;
}

/** A folder for the build that tests share; it is gone after the run. */
export default function setup({ provide }: Provider): () => void {
  const folder = mkdtempSync(join(tmpdir(), "eks-pod-security-groups-build-"));
  provide("buildFolder", folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
