import { attempt, attemptLater, InputError } from "../io/errors";
import type { Files } from "../io/write";
import { readInput } from "../verify/read";
import type { Input } from "../verify/read/model";
import { acceptedOf } from "./accepted";
import { callsOf } from "./calls";
import { carriersOf } from "./carriers";
import { convert, heldConversions, ruleIdsOf } from "./convert";
import { mixedGroups } from "./convert/mixed";
import type { Conversion } from "./convert/model";
import { outsideIds } from "./convert/outside";
import { withConverted, withRules } from "./convert/state";
import { type Drift, settled } from "./drift";
import { estateOf, rulesOfOthers } from "./estate";
import { adoptionFiles } from "./files";
import { checkForms, formChoices, importableChoices } from "./forms";
import { type Given, readGiven } from "./given";
import { asImported } from "./imported";
import { type LostLifecycle, lostLifecycles } from "./lifecycle";
import { type ListedEstate, listedEstate } from "./listed";
import type { Listings } from "./listings";
import type { Call, Estate, Left, Way } from "./model";
import { type Answers, type Question, Questions } from "./questions";
import { withoutRepeated } from "./repeated";

export { checkPlans, type PlanFinding, type PlansVerdict } from "./plans";
export { type Answers, type Question, questionName } from "./questions";
export type { Call, Conversion, Drift, Left, LostLifecycle, Way };

export interface AdoptOptions {
  /** The folder with the committed modules. */
  readonly stacks: string;
  readonly varFiles?: readonly string[];
  readonly tofu?: boolean;
  /** Whether another root imports the objects, also where their folder is given. Without a folder, one does in any case. */
  readonly isImported?: boolean;
  readonly stdin?: string;
  /** What may differ: `ACCEPTED` has the words. */
  readonly accept?: readonly string[];
  /** Answers to what the data does not say. */
  readonly answers?: Answers;
  /** The forms that rules get, as `formChoices` takes them. */
  readonly rules?: readonly string[];
}

/** What is written to adopt an estate. */
export interface Adoption {
  readonly files: Files;
  readonly calls: readonly Call[];
  readonly left: readonly Left[];
  /** The groups of which AWS has something else than Terraform knows. */
  readonly drift: readonly Drift[];
  /** The addresses of groups that what AWS lists does not have, where it lists anything. */
  readonly unlisted: readonly string[];
  /** How the objects get to their new addresses. */
  readonly way: Way;
  /** What becomes of rules that get another form. */
  readonly conversions: readonly Conversion[];
  /** What is wrong with groups today, each with its address. */
  readonly faults: readonly { readonly address: string; readonly words: string }[];
  /** What held of objects by their `lifecycle`, and does not in modules. */
  readonly lost: readonly LostLifecycle[];
  /** Why nothing may be written, in sentences: then there are no files. */
  readonly rejected: readonly string[];
  /** What nobody answered: the choice that changes nothing was taken. */
  readonly questions: readonly Question[];
  /** What is wrong with answers that nothing asked for, in sentences. */
  readonly unusedAnswers: readonly string[];
}

/**
 * Reads an estate and makes the calls that hold it.
 *
 * @param paths a state, or a plan made from it, and the folder of its configuration: then objects move inside their state, unless
 *   `isImported`. A state alone: another root imports them. A folder alone: its `terraform.tfstate`. What AWS lists, alone: a new root imports it
 * @throws InputError where they cannot be read, or there is nothing to adopt
 */
export async function adopt(paths: readonly string[], options: AdoptOptions): Promise<Adoption> {
  const { stdin, answers, stacks, rules = [], isImported = false } = options;
  const problems: string[] = [];
  const accept = attempt(problems, () => acceptedOf(options.accept ?? [])) ?? [];
  const given = await attemptLater(problems, () => readGiven(paths, stdin));
  const read = given && (await attemptLater(problems, () => estateGiven(given, options)));
  if (given === undefined || read === undefined) {
    attempt(problems, () => checkForms(rules));
    throw new InputError(problems);
  }
  const { estate: known, input, left } = read;
  if (known.groups.length === 0) {
    problems.push(
      `${given.state?.file ?? paths.join(", ")}: it holds no security groups, so that there is nothing to adopt.`,
    );
  }
  const choices = attempt(problems, () =>
    known.groups.length === 0 ? checkForms(rules) : formChoices(rules, known.groups, outsideIds(known)),
  );
  if (!choices || problems.length > 0) throw new InputError(problems);
  const accepted = { tags: accept.includes("tags"), descriptions: accept.includes("descriptions") };
  const side = accept.find((one) => one.startsWith("drift="));
  const questions = new Questions(
    answers,
    new Map(side === undefined ? [] : [["drift", side.slice("drift=".length)]]),
  );
  const carried = withCarriers(known, input, given.listings);
  const {
    estate: running,
    drift,
    unlisted,
    ...rest
  } = given.state === undefined
    ? { estate: carried, drift: [], unlisted: [], left: [] }
    : settled(carried, input, given.listings, questions);
  const { rules: listed } = given.listings;
  const way =
    given.state === undefined ? "listed" : given.folder === undefined || isImported ? "imported" : "moved";
  const {
    estate: converted,
    conversions,
    rejected,
  } = convert(running, {
    choices: way === "imported" ? importableChoices(choices, running.rules) : choices,
    ...(listed !== undefined && { ruleIds: ruleIdsOf(listed) }),
    acceptsTags: accepted.tags,
  });
  const estate = way === "imported" ? asImported(converted) : converted;
  const live = new Set(drift.flatMap(({ id, side }) => (side === "live" ? [id] : [])));
  const state = withRules(
    input,
    running.rules.filter(({ group }) => live.has(group)),
  );
  const found = await callsOf(estate, withConverted(state, estate), { stacks, questions, accepted });
  const calls = { calls: found.calls, left: [...found.left, ...left, ...rest.left] };
  const held = heldConversions(conversions, new Set(found.left.map(({ address }) => address)), estate);
  return {
    ...calls,
    files:
      rejected.length > 0
        ? {}
        : adoptionFiles(
            { ...calls, drift, unlisted },
            { way, conversions: held, moves: known.moves, stacks },
          ),
    drift,
    unlisted,
    way,
    conversions: held,
    faults: mixedGroups(running, conversions),
    lost: lostLifecycles(found.calls),
    rejected,
    questions: questions.open,
    unusedAnswers: questions.unused,
  };
}

function withCarriers(estate: Estate, state: Input, listings: Listings): Estate {
  const carriers = carriersOf(estate, state, listings);
  return {
    ...estate,
    groups: estate.groups.map((group) => {
      const own = carriers.get(group.id);
      return own === undefined ? group : { ...group, carriers: own };
    }),
  };
}

async function estateGiven(
  { folder, state, listings }: Given,
  { varFiles = [], tofu = false }: AdoptOptions,
): Promise<ListedEstate> {
  if (state === undefined) return listedEstate(listings);
  const configuration =
    folder === undefined ? state.plan?.configuration : await readInput(folder, { varFiles, tofu });
  const { estate, left } = withoutRepeated(estateOf(state.input, configuration, folder !== undefined));
  return { estate, input: state.input, left: [...left, ...rulesOfOthers(state.input)] };
}
