import { join } from "node:path";
import { InputError } from "../io/errors";
import { isFile, isFolder } from "../io/files";
import type { Files } from "../io/write";
import { readInput } from "../verify/read";
import { callsOf } from "./calls";
import { estateOf } from "./estate";
import { adoptionFiles } from "./files";
import type { Call, Left } from "./model";
import { type Answers, type Question, Questions } from "./questions";

export { checkPlans, type PlanFinding, type PlansVerdict } from "./plans";
export { type Answers, type Question, questionName } from "./questions";
export type { Call, Left };

export interface AdoptOptions {
  /** The folder with the committed modules. */
  readonly stacks: string;
  readonly varFiles?: readonly string[];
  readonly tofu?: boolean;
  readonly stdin?: string;
  /** What may change in place: `tags`, `descriptions`. */
  readonly accept?: readonly string[];
  /** Answers to what the data does not say. */
  readonly answers?: Answers;
}

/** What is written to adopt an estate. */
export interface Adoption {
  readonly files: Files;
  readonly calls: readonly Call[];
  readonly left: readonly Left[];
  /** Whether the objects move inside their state; else another state takes them. */
  readonly isMoved: boolean;
  /** What nobody answered: the choice that changes nothing was taken. */
  readonly questions: readonly Question[];
  /** What is wrong with answers that nothing asked for, in sentences. */
  readonly unusedAnswers: readonly string[];
}

/** The file in which Terraform keeps a state in the root's folder. */
const STATE = "terraform.tfstate";

/**
 * Reads an estate and makes the calls that hold it.
 *
 * @param paths a state, and the folder of its configuration: then objects move inside their state. A state alone: another
 *   root imports them. A folder alone: its `terraform.tfstate`
 * @throws InputError where they cannot be read, or there is nothing to adopt
 */
export async function adopt(paths: readonly string[], options: AdoptOptions): Promise<Adoption> {
  const { folder, statePath } = placesOf(paths);
  const { varFiles = [], tofu = false, stdin, answers, accept = [] } = options;
  const state = await readInput(statePath, stdin === undefined ? {} : { stdin });
  if (state.kind !== "state") {
    throw new InputError([
      `${statePath}: it is a plan, which is not taken: give the state, as \`terraform state pull\` or \`terraform show -json\` prints it.`,
    ]);
  }
  const configuration = folder === undefined ? undefined : await readInput(folder, { varFiles, tofu });
  const estate = estateOf(state, configuration);
  if (estate.groups.length === 0) {
    throw new InputError([`${statePath}: it holds no security groups, so that there is nothing to adopt.`]);
  }
  const questions = new Questions(answers);
  const accepted = { tags: accept.includes("tags"), descriptions: accept.includes("descriptions") };
  const calls = await callsOf(estate, state, { stacks: options.stacks, questions, accepted });
  const isMoved = folder !== undefined;
  return {
    ...calls,
    files: adoptionFiles(calls, isMoved, options.stacks),
    isMoved,
    questions: questions.open,
    unusedAnswers: questions.unused,
  };
}

function placesOf(paths: readonly string[]): { readonly folder?: string; readonly statePath: string } {
  const folders = paths.filter((path) => path !== "-" && isFolder(path));
  const states = paths.filter((path) => !folders.includes(path));
  if (folders.length > 1 || states.length > 1 || paths.length === 0) {
    throw new InputError([
      `adopt takes one state and the folder of its configuration, or one of the two (given: ${paths.length === 0 ? "nothing" : paths.join(", ")}). Adopt one state at a time.`,
    ]);
  }
  const [folder] = folders;
  const [statePath] = states;
  if (statePath !== undefined) return { statePath, ...(folder !== undefined && { folder }) };
  const own = join(folder ?? "", STATE);
  if (!isFile(own)) {
    throw new InputError([
      `${folder}: there is no ${STATE} in it. Give the state beside the folder: \`terraform state pull > state.json\`, then \`adopt state.json ${folder}\`.`,
    ]);
  }
  return { statePath: own, ...(folder !== undefined && { folder }) };
}
