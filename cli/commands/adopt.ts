import { basename, dirname, join } from "node:path";
import {
  type Adoption,
  type Answers,
  adopt,
  checkPlans,
  type PlanFinding,
  type Question,
  questionName,
  type Way,
} from "../../adopt";
import { attempt, attemptLater, InputError } from "../../io/errors";
import { kindOf, looked, readStandardInput, readText, realPath, shownPath } from "../../io/files";
import { plural } from "../../io/plural";
import { replaceFiles } from "../../io/write";
import { answersOf, askedFor, questionLines } from "../answers";
import type { Context, Run } from "../model";
import type { Values } from "../options";
import { TypedLines } from "../typed-lines";

/** What the exit codes mean; 2 is that of every InputError. */
const EXIT = { complete: 0, rejected: 1, incomplete: 3 };

/** Writes what takes over groups that run, or says whether plans do that and nothing else. */
export const run: Run = async ({ operands, values }, context) =>
  values["check-plan"] ? check(operands, values) : write(operands, values, context);

async function write(paths: readonly string[], values: Values, { root }: Context): Promise<number> {
  const {
    into,
    import: isImported,
    accept = [],
    "var-file": varFiles = [],
    tofu,
    "dry-run": isDry,
    quiet,
  } = values;
  const problems = wrongWords(paths, values);
  const given = (await attemptLater(problems, () => answersOf(values))) ?? new Map();
  const stdin = paths.includes("-") ? readStandardInput().toString("utf8") : undefined;
  const adopted = (answers: Answers) =>
    adopt(paths, {
      stacks: join(root, "cdktf.out/stacks"),
      varFiles,
      tofu: tofu === true,
      isImported: isImported === true,
      accept,
      answers,
      rules: values.rules ?? [],
      ...(stdin !== undefined && { stdin }),
    });
  const mayAsk = stdin === undefined && problems.length === 0;
  const adoption = await attemptLater(problems, () => withAnswers(given, mayAsk, adopted));
  if (adoption === undefined || problems.length > 0) throw new InputError(problems);
  if (adoption.rejected.length > 0) {
    for (const words of adoption.rejected) console.log(`rejected: ${words}`);
    if (!quiet) console.log(`Nothing was written: ${plural(adoption.rejected.length, "problem")}.`);
    return EXIT.rejected;
  }
  const folder = into ?? "";
  const news = into === undefined ? Object.keys(adoption.files) : newFiles(folder, adoption.files);
  if (!isDry) looked(folder, () => replaceFiles(folder, adoption.files, news, []));
  const missing = adoption.left.filter(({ isOthers }) => !isOthers);
  if (!quiet) for (const line of said(adoption, isDry ? undefined : folder)) console.log(line);
  else {
    for (const line of adoption.drift.filter(({ side }) => side === undefined).flatMap(driftLines))
      console.log(line);
    for (const { address, reason } of missing) console.log(`${address}: ${reason}`);
  }
  return missing.length > 0 ? EXIT.incomplete : EXIT.complete;
}

/** What is wrong with options that do not go together, in sentences. */
function wrongWords(paths: readonly string[], values: Values): string[] {
  const { undo, into, import: isImported, "dry-run": isDry, "var-file": varFiles = [], tofu } = values;
  const problems: string[] = [];
  if (undo) problems.push("--undo says what the plans of --check-plan do: give it with --check-plan");
  if (into === undefined && !isDry)
    problems.push("give --into FOLDER, where to write, or --dry-run to see what would be written");
  const isKind = (path: string, kind: string) => path !== "-" && attempt([], () => kindOf(path)) === kind;
  const folders = paths.filter((path) => isKind(path, "folder"));
  const ofFolders = [...(varFiles.length > 0 ? ["--var-file"] : []), ...(tofu ? ["--tofu"] : [])];
  if (folders.length === 0 && ofFolders.length > 0)
    problems.push(`${ofFolders.join(" and ")} says how a folder of configuration is read, and none is given`);
  const isInto = (folder: string) =>
    into !== undefined && isKind(into, "folder") && realPath(folder) === realPath(into);
  if (isImported && folders.some(isInto)) {
    problems.push(
      `--into ${into} is the root that lets the objects go, and --import is for another one. Leave --import out to move them inside it, or give another folder.`,
    );
  }
  const own = folders.length > 0 ? [] : paths.filter((path) => isKind(path, "file") && isInto(dirname(path)));
  if (own.some((path) => basename(path) === "terraform.tfstate")) {
    problems.push(
      `--into ${into} is the root of this state, and a state alone is for another one. Give the folder in the place of the state: \`adopt ${into} --into ${into}\`.`,
    );
  }
  return problems;
}

/**
 * Adopts, asks on a terminal what is not answered, and adopts again with what was said, until nothing new is asked.
 *
 * @param mayAsk whether standard input is free for answers
 * @throws InputError where an answer answers nothing
 */
async function withAnswers(
  given: Answers,
  mayAsk: boolean,
  adoptWith: (answers: Answers) => Promise<Adoption>,
): Promise<Adoption> {
  let answers = given;
  let adoption = await adoptWith(answers);
  if (mayAsk && process.stdin.isTTY && process.stdout.isTTY && adoption.questions.length > 0) {
    const lines = new TypedLines({ input: process.stdin, output: process.stdout });
    const asked = new Set<string>();
    const isNew = (question: Question) => !asked.has(questionName(question));
    try {
      for (let open = adoption.questions; open.length > 0; open = adoption.questions.filter(isNew)) {
        for (const question of open) asked.add(questionName(question));
        answers = new Map([...answers, ...(await askedFor(open, (text) => lines.ask(text)))]);
        adoption = await adoptWith(answers);
      }
    } finally {
      lines.close();
    }
  }
  if (adoption.unusedAnswers.length > 0) throw new InputError(adoption.unusedAnswers);
  return adoption;
}

/**
 * The files that are not there yet.
 *
 * @throws InputError naming those that are there and hold something else
 */
function newFiles(folder: string, files: Adoption["files"]): string[] {
  const isThere = (path: string) => kindOf(join(folder, path)) !== undefined;
  const isSame = (path: string) =>
    kindOf(join(folder, path)) === "file" && looked(path, () => readText(join(folder, path))) === files[path];
  const others = Object.keys(files).filter((path) => isThere(path) && !isSame(path));
  if (others.length > 0) {
    throw new InputError([
      `${others.map((path) => shownPath(join(folder, path))).join(", ")}: already there, and not overwritten. Move what is of an earlier adoption away, or give another --into.`,
    ]);
  }
  return Object.keys(files).filter((path) => !isThere(path));
}

function driftLines({ address, id, differences, side }: Adoption["drift"][number]): string[] {
  return [
    `drift ${address} (${id}): ${side === undefined ? "left until somebody says which side is right" : `${side} is right`}`,
    ...differences.map((words) => `  ${words}`),
  ];
}

const WAYS: Readonly<Record<Way, string>> = {
  moved: "the objects move inside their state",
  imported: "the new root imports the objects, the old one releases them",
  listed: "the new root imports the objects",
};

/** Two forms must not hold a rule at once. */
const CONVERTED_WAY = "the old root releases the objects, then the new root imports them";

/** What is said of an adoption. @param folder where it was written; undefined: nowhere */
function said(
  { calls, drift, unlisted, left, files, way, questions, conversions, faults, lost }: Adoption,
  folder: string | undefined,
): string[] {
  const width = Math.max(0, ...calls.map(({ name }) => name.length));
  const rules = (count: number) => plural(count, "rule");
  return [
    ...drift.flatMap(driftLines),
    ...(unlisted.length > 0 ? [`not compared, because AWS does not list it: ${unlisted.join(", ")}`] : []),
    ...calls.map(({ name, module, takes, reason }) => {
      const count = takes.filter(({ from }) => from.kind === "rule").length;
      const groups = takes.length - count;
      const why = reason === undefined ? "" : `  (not ${reason})`;
      return `module.${name.padEnd(width)}  ${module}: ${plural(groups, "group")}, ${rules(count)}${why}`;
    }),
    ...calls
      .flatMap(({ changes = [] }) => changes)
      .map(
        ({ to, argument, before, after }) =>
          `change in place: ${to} ${argument}: ${before === "" ? "none" : before} -> ${after === "" ? "none" : after}`,
      ),
    ...conversions.map(
      ({ group, from, to, rules: count }) =>
        `${group.address}: ${rules(count)} ${from.length === 0 ? `as ${to}` : `from ${from.join(" and ")} to ${to}`}`,
    ),
    ...conversions.flatMap(({ notes }) => notes.map((note) => `note ${note}`)),
    ...faults.map(({ address, words }) => `mixed ${address}: ${words}`),
    ...lost.map(
      ({ from, lifecycle }) => `note ${from}: ${lifecycle} no longer holds, modules have no lifecycle`,
    ),
    ...left.map(({ address, reason, isOthers }) => `${isOthers ? "left" : "LEFT"} ${address}: ${reason}`),
    ...questions.flatMap((question) => [
      ...questionLines(question),
      `  No answer: ${question.otherwise}. --answer ${questionName(question)}=${question.choices[0]?.value ?? ""} takes the first.`,
    ]),
    folder === undefined
      ? `Nothing was written: --dry-run. It would be ${Object.keys(files).join(", ")}.`
      : `${shownPath(folder)}: wrote ${Object.keys(files).join(", ")}.`,
    ...(folder === undefined
      ? []
      : [
          `${shownPath(join(folder, "adoption.md"))} has the steps: ${way === "imported" && conversions.length > 0 ? CONVERTED_WAY : WAYS[way]}.${way === "listed" ? "" : " It starts with a backup of the state."}`,
        ]),
  ];
}

function check(paths: readonly string[], { quiet, undo }: Values): number {
  if (paths.length === 0) {
    throw new InputError([
      "--check-plan takes plans as JSON: `terraform plan -out plan`, `terraform show -json plan > plan.json`, then `adopt --check-plan plan.json`",
    ]);
  }
  const stdin = paths.includes("-") ? readStandardInput().toString("utf8") : undefined;
  const { rejected, inPlace, imported, moved, forgotten } = checkPlans(paths, {
    stdin,
    isUndo: undo === true,
  });
  const line = ({ plan, address, words }: PlanFinding) =>
    `${paths.length > 1 || address === undefined ? `${plan}: ` : ""}${address === undefined ? "" : `${address} `}${words}`;
  for (const finding of rejected) console.log(`rejected: ${line(finding)}`);
  if (!quiet) {
    for (const finding of inPlace) console.log(`in place: ${line(finding)}`);
    const counts = `${imported} imported, ${moved} moved, ${forgotten} forgotten, ${inPlace.length} changed in place.`;
    console.log(
      rejected.length === 0
        ? `${counts} Nothing is created, replaced or destroyed, and what is reachable stays as it is.`
        : `${counts} Do not apply: ${plural(rejected.length, "problem")}.`,
    );
  }
  return rejected.length > 0 ? EXIT.rejected : EXIT.complete;
}
