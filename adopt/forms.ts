import { InputError } from "../io/errors";
import { nearest } from "../io/nearest";
import { importLoses } from "./icmp";
import type { FoundGroup, FoundRule } from "./model";

/** How the rules of a group are written: each a resource for one peer, each a classic resource, or blocks of the group. */
export const FORMS = ["per-rule", "classic", "inline"] as const;
export type Form = (typeof FORMS)[number];

/** The forms as resources are called. */
export const FORM_WORDS: Readonly<Record<Form, string>> = {
  "per-rule": "aws_vpc_security_group_*_rule",
  classic: "aws_security_group_rule",
  inline: "blocks of the group",
};

/** What is asked for a group: a form, or to keep those that its rules have. */
export interface FormChoice {
  /** Undefined: the rules keep their forms. */
  readonly form: Form | undefined;
  /** Whether it was asked for this group, and not for all. */
  readonly isOwn: boolean;
  /** Why it is this one where nobody asked, in a sentence. */
  readonly reason?: string;
}

/**
 * The form that is asked for the rules of each group, by the ids of groups.
 *
 * @param words each a form for all groups (`per-rule`), or one for a group by its address, name or id (`orders=classic`), which
 *   wins; `keep` in the place of a form leaves a group as it is
 * @param outside the ids of groups that the state does not have, and rules on them it has
 * @throws InputError naming each word that says no form or no group, or of which two contradict each other
 */
export function formChoices(
  words: readonly string[],
  inside: readonly FoundGroup[],
  outside: readonly string[] = [],
): ReadonlyMap<string, FormChoice> {
  const groups: readonly Named[] = [...inside, ...outside.map((id) => ({ address: id, id, name: id }))];
  const problems: string[] = [];
  const general = new Set<string>();
  const own = new Map<string, string>();
  for (const word of words) {
    // Names of groups may have this sign, forms have none.
    const at = word.lastIndexOf("=");
    const form = word.slice(at + 1);
    const problem = formProblem(form, word) ?? (at < 0 ? undefined : groupProblem(word.slice(0, at), groups));
    if (problem !== undefined) problems.push(problem);
    else if (at < 0) general.add(form);
    else {
      const [group] = groupsOf(word.slice(0, at), groups);
      const before = group && own.get(group.id);
      if (before !== undefined && before !== form)
        problems.push(`--rules ${word}: the same group has --rules …=${before}. Give one of them.`);
      if (group) own.set(group.id, form);
    }
  }
  if (general.size > 1)
    problems.push(`--rules ${[...general].join(", ")}: give one form for all, and others as GROUP=FORM.`);
  if (problems.length > 0) throw new InputError(problems);
  const [all = KEEP] = general;
  const chosen = (form: string) => FORMS.find((one) => one === form);
  return new Map(
    groups.map(({ id }) => {
      const form = own.get(id);
      return [id, { form: chosen(form ?? all), isOwn: form !== undefined }];
    }),
  );
}

/** Checks the forms of such words, where no groups are known. @throws InputError naming each that is none */
export function checkForms(words: readonly string[]): void {
  const problems = words.flatMap((word) => formProblem(word.slice(word.lastIndexOf("=") + 1), word) ?? []);
  if (problems.length > 0) throw new InputError(problems);
}

const KEEP = "keep";

/** Choices with which an import shows no change: groups of a rule that it loses something of become classic, unless a form is asked for them. */
export function importableChoices(
  choices: ReadonlyMap<string, FormChoice>,
  rules: readonly FoundRule[],
): ReadonlyMap<string, FormChoice> {
  const lossy = new Set(rules.filter(losesPorts).map(({ group }) => group));
  return new Map(
    [...choices].map(([id, choice]) =>
      lossy.has(id) && choice.form === undefined && !choice.isOwn
        ? [id, { form: "classic", isOwn: false, reason: LOSSY }]
        : [id, choice],
    ),
  );
}

const LOSSY =
  "a rule of ICMP with port -1 is imported as aws_security_group_rule, because the import of the other form loses -1 (terraform-provider-aws#44935)";

function losesPorts({ form, values }: FoundRule): boolean {
  return form === "per-rule" && importLoses(values["ip_protocol"], values["from_port"], values["to_port"]);
}

function formProblem(form: string, word: string): string | undefined {
  const accepted: readonly string[] = [...FORMS, KEEP];
  if (accepted.includes(form)) return undefined;
  const meant = nearest(form, accepted);
  return `--rules ${word}: there is no form ${form === "" ? "in it" : form}${meant === undefined ? "" : ` (did you mean ${meant}?)`}. It takes ${accepted.join(", ")}, for all groups or as GROUP=FORM.`;
}

/** What a group can be called by. */
type Named = Pick<FoundGroup, "address" | "id" | "name">;

function groupsOf(word: string, groups: readonly Named[]): Named[] {
  return groups.filter(({ address, id, name }) => [address, id, name].includes(word));
}

function groupProblem(word: string, groups: readonly Named[]): string | undefined {
  const found = groupsOf(word, groups);
  if (found.length === 1) return undefined;
  if (found.length > 1)
    return `--rules ${word}=…: ${found.length} groups have this name: ${found.map(({ address, id }) => `${address} (${id})`).join(", ")}. Give the address or the id.`;
  const meant = nearest(
    word,
    groups.flatMap(({ address, id, name }) => [name, address, id]),
  );
  return `--rules ${word}=…: there is no such group${meant === undefined ? "" : ` (did you mean ${meant}?)`}. It takes the address, the name or the id of a group in the state.`;
}
