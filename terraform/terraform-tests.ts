import { type AnyModuleContract, exampleValues, type ModuleTest, type TestRun } from "./contract";
import type { Json } from "./json";
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

/** Every value that a validation or a precondition must refuse, and every value at its edge that must be accepted. */
function validationTest({ preconditions = [], tests, variables }: AnyModuleContract): ModuleTest {
  const data: Record<string, Json> = Object.assign(
    {},
    ...Object.values(tests ?? {}).map((test) => test.data),
  );
  const runs = Object.entries(variables).flatMap(([name, { accepted = {}, validations = [] }]) => [
    ...Object.entries(accepted).map(
      ([label, value]): TestRun => ({
        name: `accepts_${label}`,
        command: "plan",
        variables: { [name]: value },
      }),
    ),
    ...validations.flatMap(({ refused }) =>
      Object.entries(refused).map(
        ([label, value]): TestRun => ({
          name: `refuses_${label}`,
          command: "plan",
          variables: { [name]: value },
          expectFailures: [`var.${name}`],
        }),
      ),
    ),
  ]);
  const contradictions = preconditions.flatMap(({ on, refused }) =>
    Object.entries(refused).map(
      ([label, values]): TestRun => ({
        name: `refuses_${label}`,
        command: "plan",
        variables: values,
        expectFailures: [on],
      }),
    ),
  );
  return { data, runs: [...runs, ...contradictions] };
}

function testFile({ provider, variables }: AnyModuleContract, { data, resources, runs }: ModuleTest): Json {
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
    variables: textIn(exampleValues(variables)),
    // A list of objects: as one object, sorted keys would reorder the runs.
    run: runs.map((run) => ({
      [run.name]: {
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
