import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { devNull, tmpdir } from "node:os";
import { join } from "node:path";
import { InputError } from "./errors";
import { LARGEST } from "./files";

/*
 * All that is asked of kubectl and helm: what a folder renders to. Neither reaches a network, a cluster or what the user is
 * logged in to: they get an environment without credentials, a proxy that nobody is, and a git that clones files alone.
 */

/** Longer, nobody waits: rendering takes a second. */
const LIMIT_SECONDS = 60;

const MISSING = {
  kubectl:
    "kubectl is not on the PATH, and --render needs it for folders with a kustomization.yaml: install it " +
    "(https://kubernetes.io/docs/tasks/tools/), or leave --render out and give what `kubectl kustomize` prints",
  helm:
    "helm is not on the PATH, and --render needs it for folders with a Chart.yaml: install it " +
    "(https://helm.sh/docs/intro/install/), or leave --render out and give what `helm template` prints",
} as const;

/**
 * What a command of kubectl or helm prints.
 *
 * @throws InputError where the tool is not there, fails or does not end: with what it says itself
 */
export function rendered(tool: "kubectl" | "helm", words: readonly string[]): string {
  // Empty, so that nothing of the user is found there. Helm fails where it cannot look for its settings.
  const home = mkdtempSync(join(tmpdir(), "eks-pod-security-groups-home-"));
  try {
    return printed(tool, words, home);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function printed(tool: "kubectl" | "helm", words: readonly string[], home: string): string {
  const { status, stdout, stderr, error } = spawnSync(tool, words, {
    env: sparse(home),
    encoding: "utf8",
    maxBuffer: LARGEST,
    timeout: LIMIT_SECONDS * 1000,
    killSignal: "SIGKILL",
  });
  const command = [tool, ...words].join(" ");
  if (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw new InputError([`${MISSING[tool]}.`]);
    const late = `it did not end within ${LIMIT_SECONDS} s.`;
    throw new InputError([`${command}: ${code === "ETIMEDOUT" ? late : message}`]);
  }
  if (status === 0) return stdout;
  const why = stderr.trim() === "" ? `it ended with ${status}` : stderr.trim().split("\n").join("; ");
  throw new InputError([`${command}: ${why}`]);
}

/** Nothing of the user's but where programs are. Proxies are named in both spellings, since tools read one or the other. */
function sparse(home: string): NodeJS.ProcessEnv {
  const kept = ["PATH", "PATHEXT", "SystemRoot", "TMPDIR", "TEMP", "TMP"];
  const own = Object.fromEntries(
    kept.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
  );
  const nowhere = "http://127.0.0.1:9";
  const proxies = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"].flatMap((name) => [
    [name, nowhere],
    [name.toLowerCase(), nowhere],
  ]);
  return {
    ...own,
    ...Object.fromEntries(proxies),
    HOME: home,
    KUBECONFIG: devNull,
    GIT_ALLOW_PROTOCOL: "file",
    GIT_TERMINAL_PROMPT: "0",
    GIT_CONFIG_NOSYSTEM: "1",
    LC_ALL: "C",
  };
}
