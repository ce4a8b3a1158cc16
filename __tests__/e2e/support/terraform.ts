import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { LOGINS } from "./logins";
import { awsStage, homeVariables } from "./stage";

/** The name or path of the program: as for the cdktf CLI, of the environment; else what the PATH has. */
export const TERRAFORM = process.env["TERRAFORM_BINARY_NAME"] || onThePath(["terraform", "tofu"]);

function onThePath(names: readonly [string, ...string[]]): string {
  const env = { ...process.env, CHECKPOINT_DISABLE: "1" };
  const isThere = (name: string) => spawnSync(name, ["version"], { env }).error === undefined;
  return names.find(isThere) ?? names[0];
}

export interface CommandResult {
  readonly status: number | null;
  /** Standard output and standard error, in that order. */
  readonly output: string;
}

/**
 * The environment of a command: the user's, without credentials and settings that could lead to a real account,
 * and without what would make Terraform ask or write elsewhere.
 *
 * @param home the variables of a home without logins; the worker's one, which the setup alone has to name
 */
export function environment(
  more: NodeJS.ProcessEnv = {},
  home: Readonly<Record<string, string>> = homeVariables(),
): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !LOGINS.test(name) &&
      !/^(AWS_|TF_VAR_|TF_CLI_ARGS|TF_DATA_DIR|TF_LOG|KUBE_|NODE_OPTIONS|VITEST)/.test(name),
  );
  return {
    ...Object.fromEntries(kept),
    ...home,
    CHECKPOINT_DISABLE: "1",
    TF_INPUT: "0",
    TF_IN_AUTOMATION: "1",
    // In a new home, npm would ask for a newer version of itself.
    npm_config_update_notifier: "false",
    ...more,
  };
}

/** What makes of an emulator AWS. */
export const emulated = (endpoint: string) => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_ACCESS_KEY_ID: "test",
  AWS_SECRET_ACCESS_KEY: "test",
  AWS_REGION: "eu-west-1",
});

/** The environment of a command that sees the emulator as AWS, and starts providers as it does for its users. */
export function awsEnvironment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const { endpoint, pluginCache } = awsStage();
  return environment({
    ...emulated(endpoint),
    TF_PLUGIN_CACHE_DIR: pluginCache,
    TERRAFORM_BINARY_NAME: TERRAFORM,
    PATH: [join(dirname(pluginCache), "bin"), process.env["PATH"]].join(delimiter),
    // Otherwise the cdktf CLI writes into the user's home.
    CDKTF_HOME: join(dirname(pluginCache), "cdktf"),
    ...more,
  });
}

/** As `awsEnvironment`, for Terraform that uses the provider that runs already: it takes a fifth of the time. */
export function attachedEnvironment(): NodeJS.ProcessEnv {
  const { reattach } = awsStage();
  return awsEnvironment(reattach === undefined ? {} : { TF_REATTACH_PROVIDERS: reattach });
}

/** Runs a command and returns whatever it says. */
export function tryCommand(
  cwd: string,
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = attachedEnvironment(),
): CommandResult {
  const { error, status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    env,
    encoding: "utf8",
    // Without one: bash takes a socket for a login from elsewhere, and reads the startup files of the machine.
    stdio: ["ignore", "pipe", "pipe"],
    // `terraform test -json` says megabytes where much fails.
    maxBuffer: 256 * 1024 * 1024,
  });
  if (error) throw error;
  return { status, output: `${stdout}${stderr}` };
}

/** Runs a command that must succeed; throws with what it said when it does not. */
export function command(cwd: string, name: string, args: readonly string[], env?: NodeJS.ProcessEnv): string {
  const { status, output } = tryCommand(cwd, name, args, env);
  if (status !== 0) throw new Error(`${name} ${args.join(" ")} exited with ${status}\n${output}`);
  return output;
}

/**
 * Terraform, or OpenTofu, in one folder. Every method throws with its own words when it fails.
 *
 * It uses the provider that runs already. Tests of how it is used give it `awsEnvironment()`, in which it installs and
 * starts providers as it does for its users.
 */
export class Terraform {
  constructor(
    readonly folder: string,
    private readonly env: NodeJS.ProcessEnv = attachedEnvironment(),
  ) {}

  run(...args: string[]): string {
    return command(this.folder, TERRAFORM, args, this.env);
  }

  try(...args: string[]): CommandResult {
    return tryCommand(this.folder, TERRAFORM, args, this.env);
  }

  init(): this {
    this.run("init", "-no-color");
    return this;
  }

  apply(...args: string[]): string {
    return this.run("apply", "-no-color", "-auto-approve", ...args);
  }

  destroy(...args: string[]): string {
    return this.run("destroy", "-no-color", "-auto-approve", ...args);
  }

  /** `terraform plan -detailed-exitcode`: 0 no changes, 2 changes, 1 an error. */
  plan(...args: string[]): CommandResult {
    return this.try("plan", "-no-color", "-detailed-exitcode", ...args);
  }

  outputs(): Record<string, string> {
    const outputs = JSON.parse(this.run("output", "-json")) as Record<string, { value: string }>;
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
  }

  /** Addresses in the state. */
  state(): string[] {
    return this.run("state", "list").split("\n").filter(Boolean);
  }
}

/** An empty folder that is gone after the test, with whatever Terraform left in it. */
export function workFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "eks-pod-security-groups-e2e-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
