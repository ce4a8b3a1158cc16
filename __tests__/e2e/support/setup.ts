import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { ProvidedContext } from "vitest";
import { PROVIDERS, type ProviderName } from "../../../synth/providers";
import { PROJECT } from "../../support/project";
import { type Cluster, startCluster } from "./kubernetes";
import { keepStatesLocal } from "./local-states";
import { homeWithoutLogins } from "./logins";
import { startMoto } from "./moto";
import { startProvider } from "./provider";
import type { AwsStage, KubernetesStage } from "./stage";
import { emulated, environment, TERRAFORM } from "./terraform";

/** As much as this needs of vitest's project. */
interface Project {
  readonly config: { readonly maxWorkers: number };
  provide<K extends keyof ProvidedContext & string>(key: K, value: ProvidedContext[K]): void;
}

/**
 * Prepares what end-to-end tests share, a stage for each worker, and takes it away afterwards. `E2E_REQUIRED=1` makes
 * it an error when the tests on AWS or of the cdktf CLI cannot run, `E2E_REQUIRED=all` those on Kubernetes too; empty or
 * `0` is as if it were not set.
 */
export default async function setup(project: Project): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), "eks-pod-security-groups-e2e-"));
  const stops: (() => Promise<void>)[] = [async () => rmSync(folder, { recursive: true, force: true })];
  const stop = async () => {
    for (const step of stops.reverse()) await step();
  };

  const required = process.env["E2E_REQUIRED"] ?? "";
  const isRequired = required !== "" && required !== "0";

  try {
    const places = Array.from({ length: project.config.maxWorkers }, (_, index): Place => {
      const place = join(folder, `${index + 1}`);
      return { folder: place, home: homeWithoutLogins(join(place, "home")) };
    });
    project.provide(
      "homes",
      places.map(({ home }) => home),
    );
    const [{ home }] = places as [Place, ...Place[]];
    const noTerraform = whyNoTerraform(home);
    project.provide("terraform", because(noTerraform));

    const aws: AwsStage[] = [];
    for (const { folder, home } of places) {
      const stage = await awsStage(folder, home, noTerraform, stops);
      settle("AWS", stage.reason, isRequired);
      aws.push(stage);
    }
    project.provide("aws", aws);
    const [{ copy, pluginCache }] = aws as [AwsStage];

    const noCli = whyNoCli(copy, home);
    settle("the cdktf CLI", noCli, isRequired);
    project.provide("cli", because(noCli));

    const noKubernetesProvider = noTerraform ?? whyNoProvider("kubernetes", folder, pluginCache, home);
    project.provide("kubernetesProvider", because(noKubernetesProvider));
    const kubernetes: KubernetesStage[] = [];
    for (const { folder, home } of places) {
      const { stop, ...cluster }: Started<Cluster> = await startCluster(folder, home);
      if (stop) stops.push(stop);
      settle("Kubernetes", cluster.reason, required === "all");
      kubernetes.push({ kubeconfig: "", kubectl: "", hasControllers: false, ...cluster });
    }
    settle("Terraform's provider of Kubernetes", noKubernetesProvider, required === "all");
    project.provide("kubernetes", kubernetes);
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}

/** What one worker's tests on AWS find, in a folder of its own. What has to end is added to `stops`. */
async function awsStage(
  folder: string,
  home: Home,
  noTerraform: string | undefined,
  stops: (() => Promise<void>)[],
): Promise<AwsStage> {
  const pluginCache = join(folder, "plugin-cache");
  mkdirSync(pluginCache, { recursive: true });
  linkTerraform(join(folder, "bin"));
  const copy = copyRepository(join(folder, "repository"));
  const aws = await orReason(noTerraform ?? whyNoProvider("aws", folder, pluginCache, home), () =>
    emulator(folder),
  );
  if (aws.stop) stops.push(aws.stop);
  const running = aws.endpoint === undefined ? {} : await attached(aws.endpoint, pluginCache, folder, home);
  if (running.stop) stops.push(running.stop);
  return {
    endpoint: aws.endpoint ?? "",
    copy,
    pluginCache,
    ...(running.reattach === undefined ? {} : { reattach: running.reattach }),
    ...because(aws.reason),
  };
}

type Home = Readonly<Record<string, string>>;

/** Where the stage of one worker is. */
interface Place {
  readonly folder: string;
  readonly home: Home;
}

type Started<T> = Partial<T> & { reason?: string; stop?: () => Promise<void> };

/** Starts something, unless there is a reason already why it would be of no use. */
async function orReason<T>(
  reason: string | undefined,
  start: () => Promise<Started<T>>,
): Promise<Started<T>> {
  return reason === undefined ? start() : ({ reason } as Started<T>);
}

async function emulator(folder: string): Promise<Started<{ endpoint: string }>> {
  const endpoint = process.env["AWS_ENDPOINT_URL"];
  return endpoint ? { endpoint } : startMoto(join(folder, "moto.log"));
}

/** The provider, started once for all tests of a worker, unless `E2E_ATTACHED=0` asks for one in each step of each command. */
async function attached(
  endpoint: string,
  pluginCache: string,
  folder: string,
  home: Home,
): Promise<Started<{ reattach: string }>> {
  if (process.env["E2E_ATTACHED"] === "0") return {};
  const started = await startProvider(
    "aws",
    pluginCache,
    environment(emulated(endpoint), home),
    join(folder, "provider.log"),
  );
  if ("reason" in started) console.warn(`Terraform starts a provider in each step: ${started.reason}`);
  return started;
}

function settle(what: string, reason: string | undefined, isRequired: boolean): void {
  if (reason === undefined) return;
  if (isRequired) throw new Error(`the end-to-end tests on ${what} are required but cannot run: ${reason}`);
  console.warn(`end-to-end tests on ${what} are skipped: ${reason}`);
}

const because = (reason: string | undefined) => (reason === undefined ? {} : { reason });

function whyNoTerraform(home: Home): string | undefined {
  const { error, status } = spawnSync(TERRAFORM, ["version"], { env: environment({}, home) });
  return error || status !== 0
    ? "there is no `terraform` and no `tofu` on the PATH, and TERRAFORM_BINARY_NAME names none"
    : undefined;
}

/** Pages and their readers say `terraform`, whichever program the tests are about: it is called so in a folder of the PATH. */
function linkTerraform(folder: string): void {
  mkdirSync(folder);
  if (TERRAFORM === "terraform") return;
  const { stdout } = spawnSync("sh", ["-c", 'command -v "$0"', TERRAFORM], { encoding: "utf8" });
  if (stdout !== "") symlinkSync(resolve(stdout.trim()), join(folder, "terraform"));
}

/** The CLI itself starts without its terminal library, and dies in the first command that deploys. */
function whyNoCli(copy: string, home: Home): string | undefined {
  const library = "@cdktf/node-pty-prebuilt-multiarch";
  const probe = ["-e", `require("${library}")`];
  const { status } = spawnSync("node", probe, { cwd: copy, env: environment({}, home) });
  if (status === 0) return undefined;
  return `${library} cannot be loaded: it is prebuilt for node 20 and 22, and this is ${process.version}`;
}

function whyNoProvider(
  name: ProviderName,
  folder: string,
  pluginCache: string,
  home: Home,
): string | undefined {
  const probe = join(folder, `probe-${name}`);
  mkdirSync(probe);
  const required_providers = { [name]: PROVIDERS[name] };
  writeFileSync(join(probe, "main.tf.json"), JSON.stringify({ terraform: { required_providers } }));
  const { status } = spawnSync(TERRAFORM, ["init"], {
    cwd: probe,
    env: environment({ TF_PLUGIN_CACHE_DIR: pluginCache }, home),
  });
  return status === 0
    ? undefined
    : `\`terraform init\` cannot install ${PROVIDERS[name].source}; the Terraform CLI configuration (TF_CLI_CONFIG_FILE) may name a mirror`;
}

/**
 * Copies what git knows and what it would add, so that no state or build output comes along. The roots of the copy
 * keep their states beside them, also where the committed ones are of a real workspace.
 */
function copyRepository(target: string): string {
  const list = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], {
    cwd: PROJECT,
    encoding: "utf8",
  });
  for (const path of list.split("\0").filter(Boolean)) {
    mkdirSync(dirname(join(target, path)), { recursive: true });
    cpSync(join(PROJECT, path), join(target, path), { force: true });
  }
  keepStatesLocal(join(target, "cdktf.out/stacks"));
  symlinkSync(join(PROJECT, "node_modules"), join(target, "node_modules"));
  return target;
}
