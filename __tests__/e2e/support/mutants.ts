import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { AnyModuleContract } from "../../../synth/contract";
import { committedStack } from "../../support/project";

/** Runs of a test file, each under its name. */
type Runs = readonly Readonly<Record<string, object>>[];

/** A module without one of the things that its tests try. */
export interface Mutant {
  readonly name: string;
  readonly change: (configuration: Configuration) => void;
  /** The committed tests that see it. */
  readonly test: "plan" | "validation";
  readonly tries: readonly {
    /** The runs, of those of the committed test or others in their place. */
    readonly runs: (committed: Runs) => Runs;
    /** What must be refused, and is not any more. */
    readonly accepted: readonly string[];
  }[];
}

// biome-ignore lint/suspicious/noExplicitAny: as deep as Terraform's JSON.
type Configuration = any;

/**
 * The mutants of modules, by the module.
 *
 * @param sameRules modules whose rules are those of another one, and are tried there
 */
export function mutantsOf(
  modules: readonly AnyModuleContract[],
  sameRules: readonly string[],
): { name: string; mutants: Mutant[] }[] {
  // What several modules have to the letter is tried in the first.
  const tried = new Set<string>();
  const isNew = (rule: { readonly condition: string; readonly message: string }) => {
    const key = `${rule.condition}\n${rule.message}`;
    return !tried.has(key) && tried.add(key);
  };
  return modules
    .map((module) => ({
      name: module.name,
      mutants: [
        ...withoutValidations(module, isNew),
        ...withoutPreconditions(module),
        ...(sameRules.includes(module.name) ? [] : withoutRules(module.name)),
      ],
    }))
    .filter(({ mutants }) => mutants.length > 0);
}

type IsNew = (rule: { readonly condition: string; readonly message: string }) => unknown;

/** Without the first validation of every variable, without the second of every variable, and so on. */
function withoutValidations({ variables }: AnyModuleContract, isNew: IsNew): Mutant[] {
  const all = Object.entries(variables).flatMap(([variable, { validations = [] }]) =>
    validations.map((validation, index) => ({ ...validation, variable, index })).filter(isNew),
  );
  const indexes = [...new Set(all.map(({ index }) => index))];
  return indexes.map((index) => {
    const deleted = all.filter((validation) => validation.index === index);
    const rows = Math.max(...deleted.map(({ refused }) => Object.keys(refused).length));
    return {
      name: `without_validation_${index + 1}`,
      change: (configuration) => {
        for (const { variable, message } of deleted) {
          const [validation] = configuration.variable[variable].validation.splice(index, 1);
          expect(validation.error_message).toBe(message);
          if (configuration.variable[variable].validation.length === 0) {
            delete configuration.variable[variable].validation;
          }
        }
      },
      test: "validation",
      tries: Array.from({ length: rows }, (_, row) => {
        const refused = deleted.filter((validation) => row < Object.keys(validation.refused).length);
        const accepted = refused.map(({ variable }) => `var.${variable}`);
        return {
          runs: refusal(
            accepted,
            Object.fromEntries(
              refused.map(({ variable, refused }) => [variable, Object.values(refused)[row]]),
            ),
          ),
          accepted,
        };
      }),
    };
  });
}

/** A run in which all of these must fail. */
function refusal(failures: readonly string[], variables: object): () => Runs {
  return () => [{ refuses: { command: "plan", variables, expect_failures: failures } }];
}

function withoutPreconditions({ preconditions = [] }: AnyModuleContract): Mutant[] {
  return preconditions.map(({ on, message, refused }, index) => ({
    name: `without_precondition_${index + 1}`,
    change: (configuration) => {
      const [type, name] = on.replace(/^data\./, "").split(".") as [string, string];
      const { lifecycle } = configuration[on.startsWith("data.") ? "data" : "resource"][type][name];
      const position = lifecycle.precondition.findIndex(
        (precondition: { error_message: string }) => precondition.error_message === message,
      );
      expect(position).not.toBe(-1);
      lifecycle.precondition.splice(position, 1);
    },
    test: "validation",
    tries: Object.values(refused).map((variables) => ({
      runs: refusal([on], variables as object),
      accepted: [on],
    })),
  }));
}

/** With a rule that is made for nothing: deleted, it would fail any test that only names it. */
function withoutRules(module: string): Mutant[] {
  return Object.entries(committedStack(module).resource ?? {})
    .filter(([type]) => /^aws_(vpc_)?security_group_(\w+_)?rule$/.test(type))
    .flatMap(([type, rules]) => Object.entries(rules).map(([name, rule]) => ({ type, name, rule })))
    .filter(({ rule }) => "for_each" in rule)
    .map(({ type, name }) => ({
      name: `without_${name}`,
      change: (configuration) => {
        configuration.resource[type][name].for_each = {};
      },
      test: "plan",
      tries: [
        {
          // The first run that asserts the rule: each takes a second.
          runs: (committed) =>
            committed.filter((run) => JSON.stringify(run).includes(`Each of ${name} must`)).slice(0, 1),
          accepted: [],
        },
      ],
    }));
}

/** What `terraform test -json` says of each file: whether it passed, and what should have been refused. */
export function resultsIn(output: string): Map<string, { status: string; accepted: string[] }> {
  const results = new Map<string, { status: string; accepted: string[] }>();
  const of = (file: string) => {
    const result = results.get(file) ?? { status: "", accepted: [] };
    results.set(file, result);
    return result;
  };
  for (const line of output.split("\n").filter((line) => line.startsWith("{"))) {
    const { test_file, diagnostic, "@testfile": file } = JSON.parse(line);
    if (test_file?.status) of(test_file.path).status = test_file.status;
    const [, accepted] = /^The checkable object, (\S+), was expected/.exec(diagnostic?.detail ?? "") ?? [];
    if (accepted !== undefined) of(file).accepted.push(accepted);
  }
  for (const { accepted } of results.values()) accepted.sort();
  return results;
}

/** A test file of a mutant, and what Terraform must report in it as accepted though it should be refused. */
export interface MutantTest {
  readonly file: string;
  readonly accepted: readonly string[];
}

/**
 * Writes a mutant below a copy of its module, and its tests beside those of the module: all mutants of a module then
 * take one `terraform init` and one `terraform test`.
 */
export function writeMutant(folder: string, mutant: Mutant): MutantTest[] {
  const readJson = (path: string) => JSON.parse(readFileSync(join(folder, path), "utf8"));
  const configuration = readJson("cdk.tf.json");
  mutant.change(configuration);
  mkdirSync(join(folder, "mutants", mutant.name), { recursive: true });
  writeFileSync(join(folder, "mutants", mutant.name, "cdk.tf.json"), JSON.stringify(configuration));

  const { run: committed, ...shared } = readJson(`tests/${mutant.test}.tftest.json`);
  const module = { source: `./mutants/${mutant.name}` };
  return mutant.tries.map(({ runs, accepted }, index) => {
    const own = runs(committed);
    expect(own, `runs of ${mutant.test} that see a module ${mutant.name}`).not.toHaveLength(0);
    // In a file of its own: a failing run skips the rest of its file.
    const file = `tests/${mutant.name}_${index + 1}.tftest.json`;
    const run = own.map((entry) =>
      Object.fromEntries(Object.entries(entry).map(([name, run]) => [name, { ...run, module }])),
    );
    writeFileSync(join(folder, file), JSON.stringify({ ...shared, run }));
    return { file, accepted: [...accepted].sort() };
  });
}
