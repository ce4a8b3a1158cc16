import { referencesIn } from "../expression/references";
import type { Json } from "../io/json";
import { type AnyModuleContract, exampleValues, type ModuleTest, type TestRun } from "./contract";
import { textIn } from "./text";

/** The test files of a module by their paths in its folder: its own, and one for all validations. */
export function terraformTests(contract: AnyModuleContract): Record<string, Json> {
  const tests = { ...contract.tests, validation: validationTest(contract) };
  return Object.fromEntries(
    Object.entries(tests)
      .filter(([, test]) => test.runs.length > 0)
      .map(([name, test]) => [`tests/${name}.tftest.json`, testFile(contract, test)]),
  );
}

/** A value of one variable, under its name in the contract. */
interface Trial {
  readonly variable: string;
  readonly label: string;
  readonly value: Json;
}

/** Every value that a validation or a precondition must refuse, and every value at its edge that must be accepted. */
function validationTest({ preconditions = [], tests, variables }: AnyModuleContract): ModuleTest {
  const data: Record<string, Json> = Object.assign(
    {},
    ...Object.values(tests ?? {}).map((test) => test.data),
  );
  const trials = (variable: string, values: Readonly<Record<string, unknown>>) =>
    Object.entries(values).map(([label, value]): Trial => ({ variable, label, value: value as Json }));
  const specs = Object.entries(variables);
  const accepted = specs.map(([name, spec]) => trials(name, spec.accepted ?? {}));
  const refused = specs.map(([name, { validations = [] }]) =>
    validations.flatMap((validation) => trials(name, validation.refused)),
  );
  // What a precondition speaks of may contradict what another variable has.
  const spokenOf = preconditions.flatMap(({ condition }) =>
    referencesIn(condition).flatMap(([root, name]) => (root === "var" ? [name] : [])),
  );
  const isFree = ({ variable }: Trial) => !spokenOf.includes(variable);
  const alone = accepted.flat().filter((trial) => !isFree(trial));
  const together = atOnce(accepted.map((list) => list.filter(isFree)));
  return {
    data,
    runs: [
      ...alone.map((trial) => planRun(`accepts_${trial.label}`, [trial])),
      ...together.map((row, index) => planRun(`accepts_values_${index + 1}`, row)),
      ...atOnce(refused).map((row, index) => ({
        ...planRun(`refuses_values_${index + 1}`, row),
        expectFailures: row.map(({ variable }) => `var.${variable}`),
      })),
      ...preconditions.flatMap(({ on, refused }) =>
        Object.entries(refused).map(
          ([label, values]): TestRun => ({
            name: `refuses_${label}`,
            command: "plan",
            variables: values,
            expectFailures: [on],
          }),
        ),
      ),
    ],
  };
}

/**
 * The first value of each variable, the second of each, and so on: a run for each value would take minutes. A
 * validation is about one variable, and Terraform checks the others in any case.
 */
function atOnce(perVariable: readonly (readonly Trial[])[]): Trial[][] {
  const rows = Math.max(0, ...perVariable.map((trials) => trials.length));
  return Array.from({ length: rows }, (_, index) =>
    perVariable.flatMap((trials) => trials.slice(index, index + 1)),
  );
}

function planRun(name: string, trials: readonly Trial[]): TestRun {
  return {
    name,
    note: trials.map(({ label }) => label).join(", "),
    command: "plan",
    variables: Object.fromEntries(trials.map(({ variable, value }) => [variable, value])),
  };
}

function testFile({ provider, variables }: AnyModuleContract, test: ModuleTest): Json {
  const { data, resources, runs } = test;
  const defaults = (values: Readonly<Record<string, Json>>) =>
    Object.fromEntries(Object.entries(values).map(([type, defaults]) => [type, { defaults }]));
  return {
    mock_provider: {
      // Terraform refuses an empty `mock_data`.
      [provider]: data && Object.keys(data).length > 0 ? { mock_data: defaults(data) } : {},
    },
    ...(resources && {
      override_resource: Object.entries(resources).map(([target, values]) => ({ target, values })),
    }),
    variables: textIn({ ...exampleValues(variables), ...test.variables }),
    // A list of objects: as one object, sorted keys would reorder the runs.
    run: runs.map((run) => ({
      [run.name]: {
        // Terraform's comment in JSON.
        ...(run.note && { "//": run.note }),
        command: run.command,
        ...(run.variables && { variables: textIn(run.variables) }),
        ...(run.assert && {
          assert: run.assert.map(({ condition, message }) => ({
            condition: `\${${condition}}`,
            error_message: message,
          })),
        }),
        ...(run.expectFailures && { expect_failures: run.expectFailures }),
      },
    })),
  };
}
