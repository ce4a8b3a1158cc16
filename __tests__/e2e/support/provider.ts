import { spawn } from "node:child_process";
import { openSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

interface Provider {
  /** A value of `TF_REATTACH_PROVIDERS`, with which Terraform uses this process instead of one of its own. */
  readonly reattach: string;
  readonly stop: () => Promise<void>;
}

/** The registries in which Terraform and OpenTofu look for `hashicorp/aws`. */
const REGISTRIES = ["registry.terraform.io", "registry.opentofu.org"];

/**
 * Starts a provider by itself, in the mode that it has for debuggers. Terraform starts it for each step of each command
 * otherwise, and the one of AWS takes seconds of processor time to start.
 *
 * What all of Terraform's runs then share is one process: two configurations of the provider in one run (`alias`) are
 * not possible, and runs must not overlap.
 *
 * @param name as in `hashicorp/aws`
 * @param plugins where Terraform has put it, such as a `TF_PLUGIN_CACHE_DIR`
 * @param env the provider's environment: it takes its credentials and its endpoint from there
 * @returns why it cannot be started, in one line, where it cannot
 */
export async function startProvider(
  name: string,
  plugins: string,
  env: NodeJS.ProcessEnv,
  log: string,
): Promise<Provider | { reason: string }> {
  const program = programsIn(plugins).find((path) =>
    basename(path).startsWith(`terraform-provider-${name}_`),
  );
  if (program === undefined) return { reason: `there is no provider ${name} below ${plugins}` };
  const output = openSync(log, "a");
  const child = spawn(program, ["-debug"], { env, stdio: ["ignore", output, output] });
  let ended = false;
  const end = new Promise<void>((resolve) => {
    const done = () => {
      ended = true;
      resolve();
    };
    child.once("exit", done);
    child.once("error", done);
  });
  const stop = async () => {
    // Asked to end so, it takes its socket away.
    child.kill("SIGINT");
    await end;
  };

  for (let attempt = 0; attempt < 300 && !ended; attempt += 1) {
    const [, said] = /TF_REATTACH_PROVIDERS='(\{.*\})'/.exec(readFileSync(log, "utf8")) ?? [];
    if (said !== undefined) {
      const [address] = Object.values(JSON.parse(said));
      const reattach = REGISTRIES.map((registry) => [`${registry}/hashicorp/${name}`, address]);
      return { reattach: JSON.stringify(Object.fromEntries(reattach)), stop };
    }
    await sleep(200);
  }
  if (!ended) await stop();
  return { reason: `the provider ${name} cannot be started by itself` };
}

/**
 * The programs of all providers in a folder, which are at `HOST/NAMESPACE/NAME/VERSION/PLATFORM/PROGRAM`. OpenTofu keeps a
 * file named `PLATFORM.lock` beside each.
 */
function programsIn(plugins: string): string[] {
  return ["HOST", "NAMESPACE", "NAME", "VERSION", "PLATFORM", "PROGRAM"].reduce<string[]>(
    (folders) =>
      folders
        .filter((folder) => statSync(folder).isDirectory())
        .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name))),
    [plugins],
  );
}
