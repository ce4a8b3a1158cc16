import { InputError } from "../../io/errors";
import { kindOf } from "../../io/files";
import { isJson, type Json } from "../../io/json";
import type { Input } from "./model";
import { type ConfigurationOptions, readConfiguration } from "./terraform/configuration";
import { joinedInput } from "./terraform/joined";
import { planInput } from "./terraform/plan";
import { PlanConfiguration } from "./terraform/plan-configuration";
import { readRecorded } from "./terraform/recorded-file";
import { stateInput } from "./terraform/state";

export { manifestPath } from "./kubernetes/manifest-files";
export { fetchedCalls } from "./terraform/fetched-calls";
export { holdsConfiguration, isReadAsNew } from "./terraform/languages";
export { type FoundRoots, findRoots, LEFT_OUT, type RootSearch } from "./terraform/roots";

export interface ReadOptions {
  /** Files with values of variables, as `--var-file` names them. */
  readonly varFiles?: readonly string[];
  /** Whether folders are read as OpenTofu reads them: also those that hold files of Terraform. */
  readonly tofu?: boolean;
  /** What standard input holds, for the path `-`. */
  readonly stdin?: string;
}

/**
 * Reads a folder of Terraform configuration, a plan or a state as JSON, or one of these from standard input (`-`).
 *
 * Values have references resolved as far as the input determines them. A resource's nested blocks are always arrays
 * of objects; an argument or a block's argument that is null is absent, as if it were not given.
 *
 * @throws InputError when it cannot be read, with the file and the line where they are known
 */
export async function readInput(path: string, options: ReadOptions = {}): Promise<Input> {
  return withoutOverflow(path, async () => {
    if (isFolderAt(path)) return readConfiguration(path, configurationOptions(options));
    const { kind, file, content } = readRecorded(path, options.stdin);
    return { ...(kind === "plan" ? planInput(file, content) : stateInput(file, content)), path };
  });
}

/** A state, and the plan that was made from it where that was given. */
export interface ReadState {
  /** As it is shown. */
  readonly file: string;
  readonly input: Input;
  readonly plan?: {
    readonly content: Json;
    /** The resources of the state with what their configuration gives, as the plan records it; none of the values is to be read. */
    readonly configuration: Input;
  };
}

/**
 * Reads a state, or of a plan the state that it was made from.
 *
 * @throws InputError as readInput, and for a folder
 */
export async function readState(path: string, { stdin }: ReadOptions = {}): Promise<ReadState> {
  return withoutOverflow(path, async () => {
    if (isFolderAt(path)) throw new InputError([`${path}: expected a state or a plan, given a folder.`]);
    const { kind, file, content } = readRecorded(path, stdin);
    if (kind === "state") return { file, input: { ...stateInput(file, content), path } };
    const prior = content["prior_state"];
    const input = { ...stateInput(file, isJson(prior) ? prior : {}), path };
    return { file, input, plan: { content, configuration: configurationIn(content, input) } };
  });
}

/** What a plan records of the configuration of the resources of its state. */
function configurationIn(plan: Json, state: Input): Input {
  const configuration = new PlanConfiguration(plan["configuration"]);
  return {
    ...state,
    kind: "configuration",
    resources: state.resources.flatMap((resource) => {
      const values = configuration.argumentsOf(resource);
      const provider = configuration.providerOf(resource);
      return values === undefined
        ? []
        : [
            {
              ...resource,
              values: values as Input["resources"][number]["values"],
              ...(provider && { provider }),
            },
          ];
    }),
  };
}

/**
 * Reads a plan and the configuration that it was made of: values from the plan, references from the configuration.
 *
 * An argument's value is the plan's where that is known, else what the configuration evaluates to with the plan's
 * values; what the configuration does not give is left out, since the provider computes it. Actions and the values
 * before are the plan's. Lines are the configuration's.
 *
 * @throws InputError as readInput, and when the first path is no plan or the second no folder
 */
export async function readPlanWithConfiguration(
  planPath: string,
  configPath: string,
  options: ReadOptions = {},
): Promise<Input> {
  return withoutOverflow(planPath, async () => {
    if (planPath !== "-" && isFolderAt(planPath)) {
      throw new InputError([
        `${planPath}: expected a plan as JSON to go with a configuration, given a folder.`,
      ]);
    }
    if (!isFolderAt(configPath)) {
      throw new InputError([`${configPath}: expected the folder of the plan's configuration, given a file.`]);
    }
    const { kind, file, content } = readRecorded(planPath, options.stdin);
    if (kind === "state") {
      throw new InputError([
        `${file}: it is a state; with a configuration, give a plan: \`terraform show -json PLAN\`.`,
      ]);
    }
    return {
      ...(await joinedInput(file, content, configPath, configurationOptions(options))),
      path: planPath,
    };
  });
}

function configurationOptions({ varFiles = [], tofu = false }: ReadOptions): ConfigurationOptions {
  return { varFiles, tofu };
}

function isFolderAt(path: string): boolean {
  if (path === "-") return false;
  const found = kindOf(path);
  if (found === undefined) throw new InputError([`${path}: there is no such file or folder.`]);
  if (found === "other") {
    throw new InputError([
      `${path}: it is a device, a pipe or a socket, and is not opened. Pipe what it gives into standard input, with - as PATH.`,
    ]);
  }
  return found === "folder";
}

/** Input that is nested without measure ends in a sentence too. */
async function withoutOverflow<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new InputError([`${path}: it is nested too deeply to be read.`]);
  }
}
