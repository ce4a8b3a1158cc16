import { describe, expect, test } from "vitest";
import { COMMITTED_MODULES } from "../../modules/registry";
import type { AnyModuleContract } from "../../synth/contract";
import { terraformTests } from "../../synth/terraform-tests";
import { textIn } from "../../synth/text";

const MODULES = Object.values(COMMITTED_MODULES).map(({ contract }) => contract);

interface Run {
  readonly name: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly expect_failures?: readonly string[];
}

function runsOf(module: AnyModuleContract): Run[] {
  const file = terraformTests(module)["tests/validation.tftest.json"] as { run: Record<string, object>[] };
  return file.run.flatMap((entry) =>
    Object.entries(entry).map(([name, run]) => ({ name, ...run }) as unknown as Run),
  );
}

/** Values as text, of variables by their names. */
const values = (of: Readonly<Record<string, unknown>>) =>
  Object.entries(of).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);

describe.each(MODULES)("the tests of the validations of $name", (module) => {
  const { variables, preconditions = [] } = module;
  const runs = runsOf(module);

  test("try every value that a validation must refuse, and expect that of every variable in the run", () => {
    const contract = Object.entries(variables).flatMap(([name, { validations = [] }]) =>
      validations.flatMap(({ refused }) =>
        Object.values(refused).map((value) => ({ [name]: textIn(value) })),
      ),
    );
    const refusing = runs.filter(({ expect_failures = [] }) => expect_failures[0]?.startsWith("var."));
    const tried = refusing.flatMap((run) => values(run.variables));
    expect(tried.sort()).toStrictEqual(contract.flatMap(values).sort());
    for (const run of refusing) {
      expect(run.expect_failures).toStrictEqual(Object.keys(run.variables).map((name) => `var.${name}`));
    }
  });

  test("try every value at the edge of what is accepted, and expect no failure", () => {
    const contract = Object.entries(variables).flatMap(([name, { accepted = {} }]) =>
      Object.values(accepted).map((value) => ({ [name]: textIn(value) })),
    );
    const accepting = runs.filter(({ expect_failures }) => expect_failures === undefined);
    expect(accepting.flatMap((run) => values(run.variables)).sort()).toStrictEqual(
      contract.flatMap(values).sort(),
    );
  });

  test("try every contradiction, each in a run of its own", () => {
    const contract = preconditions.flatMap(({ on, refused }) =>
      Object.entries(refused).map(([label, given]) => [`refuses_${label}`, [on], textIn(given)]),
    );
    const contradictions = runs.filter(({ name }) => !/_values_\d+$|^accepts_/.test(name));
    expect(
      contradictions.map(({ name, expect_failures, variables }) => [name, expect_failures, variables]),
    ).toStrictEqual(contract);
  });
});

describe("values that are accepted", () => {
  const text = (accepted: Record<string, string>) => ({
    type: "string",
    description: "Text.",
    default: "",
    example: "",
    accepted,
  });
  const contract = (preconditions: AnyModuleContract["preconditions"]): AnyModuleContract => ({
    name: "example",
    purpose: "An example.",
    provider: "aws",
    variables: { a: text({ one: "1", two: "2" }), b: text({ three: "3" }), ab: text({ four: "4" }) },
    outputs: {},
    ...(preconditions && { preconditions }),
  });
  const accepting = (preconditions: AnyModuleContract["preconditions"]) =>
    runsOf(contract(preconditions)).flatMap(({ expect_failures, variables }) =>
      expect_failures ? [] : [variables],
    );

  test("are tried together, one of each variable", () => {
    expect(accepting([])).toStrictEqual([{ a: "1", b: "3", ab: "4" }, { a: "2" }]);
  });

  test("are tried alone where a precondition speaks of the variable: others may contradict them", () => {
    const precondition = {
      on: "terraform_data.x",
      condition: 'var.a == "" || var.b == ""',
      message: "One.",
      refused: { both: { a: "1", b: "3" } },
    };
    expect(accepting([precondition])).toStrictEqual([{ a: "1" }, { a: "2" }, { b: "3" }, { ab: "4" }]);
  });
});
