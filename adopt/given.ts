import { join } from "node:path";
import { isRuleType, isSecurityGroupType } from "../aws/security-group-types";
import { attempt, InputError } from "../io/errors";
import { isFile, isFolder, kindOf, shownPath } from "../io/files";
import type { Json } from "../io/json";
import { plural } from "../io/plural";
import { readTextFile } from "../io/text";
import { type ReadState, readState } from "../verify/read";
import { JSON_LIMIT } from "../verify/read/terraform/files";
import { readRecorded } from "../verify/read/terraform/recorded-file";
import { type Listings, listingsOf, type Page, pageOf } from "./listings";
import { changesOf } from "./plan-changes";
import { checkSound } from "./sound";

/** What is given to adopt, each path recognized by what it holds. */
export interface Given {
  /** The folder of the configuration. */
  readonly folder?: string;
  /** What Terraform knows: a state, or the one that a plan was made from. */
  readonly state?: ReadState;
  /** What AWS lists. */
  readonly listings: Listings;
}

/** The file in which Terraform keeps a state in the root's folder. */
const STATE = "terraform.tfstate";

/**
 * Reads all but the folder.
 *
 * @param stdin what standard input holds, for the path `-`
 * @throws InputError where something cannot be read, or does not go together
 */
export async function readGiven(paths: readonly string[], stdin: string | undefined): Promise<Given> {
  const folders = paths.filter((path) => path !== "-" && isFolder(path));
  const files = paths.filter((path) => !folders.includes(path));
  const pages: Page[] = [];
  const recorded: string[] = [];
  const problems: string[] = [];
  for (const path of files) {
    const known = problems.length;
    const page = attempt(problems, () => pageAt(path, stdin));
    if (page !== undefined) pages.push(page);
    else if (problems.length === known) recorded.push(path);
  }
  if (problems.length > 0 || recorded.length > 1) {
    for (const path of recorded) attempt(problems, () => readRecorded(path, stdin));
    if (problems.length > 0) throw new InputError(problems);
  }
  if (folders.length > 1 || recorded.length > 1 || paths.length === 0) {
    throw new InputError([
      `adopt takes one state and the folder of its configuration, or one of the two, or what aws ec2 describe-security-groups and describe-security-group-rules print (given: ${paths.length === 0 ? "nothing" : paths.join(", ")}). Adopt one state at a time.`,
    ]);
  }
  const listings = listingsOf(pages);
  const [folder] = folders;
  const path = recorded[0] ?? (folder === undefined ? undefined : ownState(folder));
  return {
    ...(folder !== undefined && { folder }),
    ...(path !== undefined && { state: await stateAt(path, stdin) }),
    listings,
  };
}

/** @throws InputError where there is no such file, or it cannot be read */
function pageAt(path: string, stdin: string | undefined): Page | undefined {
  if (path !== "-" && kindOf(path) === undefined)
    throw new InputError([`${path}: there is no such file or folder.`]);
  if (path !== "-" && !isFile(path)) return undefined;
  return path === "-" ? pageOf("-", stdin ?? "") : pageOf(shownPath(path), readTextFile(path, JSON_LIMIT));
}

function ownState(folder: string): string {
  const own = join(folder, STATE);
  if (isFile(own)) return own;
  throw new InputError([
    `${folder}: there is no ${STATE} in it. Give the state beside the folder: \`terraform state pull > state.json\`, then \`adopt state.json ${folder}\`.`,
  ]);
}

/** @throws InputError for a plan that changes what would be adopted, and a state of which the next apply does */
async function stateAt(path: string, stdin: string | undefined): Promise<ReadState> {
  const read = await readState(path, stdin === undefined ? {} : { stdin });
  checkSound(read.file, read.input);
  const tainted = read.input.resources.flatMap(({ type, address, isTainted = false }) =>
    isTainted && (isSecurityGroupType(type) || isRuleType(type)) ? [address] : [],
  );
  if (tainted.length > 0) {
    throw new InputError([
      `${read.file}: the next apply replaces ${tainted.join(", ")} (tainted), wherever it is. Apply first; or, if it is sound: ${tainted.map((address) => `\`terraform untaint '${address}'\``).join(", ")}.`,
    ]);
  }
  const pending = read.plan === undefined ? [] : pendingChanges(read.plan.content);
  if (pending.length === 0) return read;
  throw new InputError([
    `${read.file}: the plan changes what would be adopted (${plural(pending.length, "change")}): ${pending.join(", ")}. Apply it or settle it first, then give a plan that does not.`,
  ]);
}

/** What a plan would do to groups and rules. */
function pendingChanges(plan: Json): string[] {
  return changesOf(plan).flatMap(({ address, type, actions, isImported, isMoved }) => {
    if (!isSecurityGroupType(type) && !isRuleType(type)) return [];
    const pending = [
      ...actions.filter((action) => action !== "no-op" && action !== "read"),
      ...(isImported ? ["import"] : []),
      ...(isMoved ? ["move"] : []),
    ];
    return pending.length === 0 ? [] : [`${address} (${pending.join(", ")})`];
  });
}
