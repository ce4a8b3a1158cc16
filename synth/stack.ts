import { TerraformLocal, TerraformOutput, TerraformStack, TerraformVariable } from "cdktf";
import { Construct } from "constructs";
import { given, InputError } from "../io/errors";
import type { VariableSpec } from "./contract";
import { collectText, holdsToken, textIn } from "./text";

/**
 * Names of stacks are names of folders, and in `cdktf deploy` and `source = "../name"` they are typed by
 * hand: lower case alone, so that no two differ only by case on a file system that ignores it.
 */
const STACK_NAME = /^[a-z][a-z0-9_-]{0,62}$/;

/** Terraform's identifiers, as used for the names of variables, locals, outputs and module calls. */
const IDENTIFIER = /^[a-zA-Z_][a-zA-Z0-9_-]*$/;

/** https://developer.hashicorp.com/terraform/language/values/variables#declaring-an-input-variable */
const RESERVED_VARIABLES = [
  "source",
  "version",
  "providers",
  "count",
  "for_each",
  "lifecycle",
  "depends_on",
  "locals",
];

/**
 * A stack that is written as plain Terraform JSON. Its parts keep the names that they are given: an address
 * never carries a hash.
 *
 * @throws InputError for a name that cannot be a folder's
 */
export abstract class PlainStack extends TerraformStack {
  // Constructs share one namespace for all kinds of children, Terraform has one for each kind.
  private readonly scopes = new Map<string, Construct>();

  /** @param minimumTerraform the oldest version that has everything the stack itself uses, such as `1.1` */
  constructor(
    scope: Construct,
    id: string,
    readonly minimumTerraform: string,
  ) {
    if (!STACK_NAME.test(id)) {
      throw new InputError([
        `the name of a stack is also the name of its folder: a lower-case letter, then at most 62 lower-case letters, digits, "-" or "_" (${given(id)})`,
      ]);
    }
    super(scope, id);
  }

  /**
   * Declares an input variable. Its description and default are taken literally, as Terraform takes them.
   *
   * @throws InputError for a name that Terraform refuses, and for references in what is literal
   */
  addVariable<T>(name: string, spec: VariableSpec<T>): TerraformVariable {
    if (RESERVED_VARIABLES.includes(name)) {
      throw new InputError([
        `a variable cannot be named "${name}": Terraform reserves ${RESERVED_VARIABLES.join(", ")}`,
      ]);
    }
    literal(`variable "${name}"`, { description: spec.description, default: spec.default });
    const variable = new TerraformVariable(this.scopeFor("variable"), identifier("variable", name), {
      type: spec.type,
      description: spec.description,
      ...(spec.default !== null && !spec.isNullable && { nullable: false }),
      ...(spec.validations?.length && {
        validation: spec.validations.map(({ condition, message }) => ({
          condition: `\${${condition}}`,
          errorMessage: message,
        })),
      }),
    });
    variable.overrideLogicalId(name);
    // Not as an option: cdktf would turn the keys of a map to snake case and refuse null.
    if (spec.default !== undefined) variable.addOverride("default", spec.default);
    return variable;
  }

  /**
   * Adds a local value. Text in it stays text; tokens in it resolve.
   *
   * @throws InputError for a name that is no identifier, and naming every value that is no plain data
   */
  addLocal(name: string, value: unknown): TerraformLocal {
    const converted = textIn(value, `local "${name}": its value`);
    const local = new TerraformLocal(this.scopeFor("local"), identifier("local", name), converted);
    local.overrideLogicalId(name);
    return local;
  }

  /**
   * Adds an output. Text in its value stays text; tokens in it resolve. The description is literal.
   *
   * @throws InputError for a name that is no identifier, and naming every value that is no plain data
   */
  addOutput(name: string, value: unknown, description: string): TerraformOutput {
    literal(`output "${name}"`, { description });
    const converted = textIn(value, `output "${name}": its value`);
    const output = new TerraformOutput(this.scopeFor("output"), identifier("output", name), {
      value: "",
      description,
    });
    output.overrideLogicalId(name);
    // Not as an option: cdktf fails on a null inside the value.
    output.addOverride("value", converted);
    return output;
  }

  /**
   * What cdktf's `App` calls of all its stacks before it writes the first one.
   *
   * @throws InputError always: this stack is written by `run`
   */
  override prepareStack(): never {
    const { id } = this.node;
    throw new InputError([
      `stack "${id}" cannot be written by cdktf's app.synth(), which would omit the modules that it calls, and write absolute paths and exact provider versions. Instead of new App() and app.synth(), call run({ "${id}": YourClass }); in a test, render() or expectCommitted()`,
    ]);
  }

  private scopeFor(kind: string): Construct {
    const existing = this.scopes.get(kind);
    if (existing) return existing;
    // In brackets, so that it is in the way of no construct that a user adds.
    const scope = new Construct(this, `(${kind}s)`);
    this.scopes.set(kind, scope);
    return scope;
  }
}

function identifier(kind: string, name: string): string {
  const problems = identifierProblems(`the name of a ${kind}`, name);
  if (problems.length > 0) throw new InputError(problems);
  return name;
}

/** What is wrong with a name that has to be one of Terraform's identifiers. */
export function identifierProblems(what: string, name: string): string[] {
  // `__proto__` would vanish in the objects that cdktf makes.
  if (typeof name === "string" && IDENTIFIER.test(name) && name !== "__proto__") return [];
  return [`${what} starts with a letter or "_" and holds letters, digits, "_" and "-" (${given(name)})`];
}

/**
 * Refuses references where Terraform evaluates nothing, so that no `${var.x}` stands there as dead text.
 *
 * @throws InputError naming every such place, and every value that is no plain data
 */
function literal(what: string, values: Readonly<Record<string, unknown>>): void {
  const problems: string[] = [];
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    const before = problems.length;
    collectText(value, `${what}: its ${name}`, problems);
    if (problems.length === before && holdsToken(value)) {
      problems.push(`${what}: its ${name} refers to another value, but Terraform takes a ${name} literally`);
    }
  }
  if (problems.length > 0) throw new InputError(problems);
}
