import processes from "node:child_process";
import { syncBuiltinESMExports } from "node:module";

/** Keeps the quick projects quick: who starts a process there is told where it belongs. */
function refuse(): never {
  throw new Error("A test that starts a process belongs to the project `processes` of vitest.config.mts.");
}

Object.assign(processes, {
  exec: refuse,
  execFile: refuse,
  execFileSync: refuse,
  execSync: refuse,
  fork: refuse,
  spawn: refuse,
  spawnSync: refuse,
});
syncBuiltinESMExports();
