import { join } from "node:path";
import { evaluateData, type Scope } from "../expression/evaluate";
import { type Condition, type ConditionedVariable, failedConditions } from "../expression/module-conditions";
import { Unknown, type Value } from "../expression/value";
import { readText } from "../io/files";
import { isJson, type Json } from "../io/json";

/**
 * What a module refuses of the values of a call, in the module's own sentences: Terraform would say them when it plans.
 *
 * @param inputs as Terraform's JSON has them: text is a template, and references are not known
 */
export type Refusals = (module: string, inputs: Json) => readonly string[];

/** @param stacks the folder with the committed modules, whose validations and preconditions are evaluated */
export function refusalsIn(stacks: string): Refusals {
  const known = new Map<string, Conditions>();
  const conditionsOf = (module: string) => {
    const before = known.get(module);
    if (before !== undefined) return before;
    const read = conditionsIn(JSON.parse(readText(join(stacks, module, "cdk.tf.json"))) as Json);
    known.set(module, read);
    return read;
  };
  return (module, inputs) => {
    const { variables, preconditions } = conditionsOf(module);
    const values = Object.fromEntries(
      Object.entries(inputs).map(([name, value]) => [name, evaluateData(value, NO_NAMES)]),
    );
    return failedConditions(variables, preconditions, values).map(({ message }) => message);
  };
}

const NO_NAMES: Scope = { label: "", name: (name) => new Unknown(name) };

interface Conditions {
  readonly variables: Readonly<Record<string, ConditionedVariable>>;
  readonly preconditions: readonly Condition[];
}

/** The conditions of a module that its JSON has. */
function conditionsIn(content: Json): Conditions {
  const resources = objectsIn(content["resource"]).flatMap(([, named]) => objectsIn(named));
  return {
    variables: Object.fromEntries(
      objectsIn(content["variable"]).map(([name, { type, default: otherwise, validation }]) => [
        name,
        {
          type: String(type ?? "any"),
          ...(otherwise !== undefined && { default: otherwise as Value }),
          validations: conditions(validation),
        },
      ]),
    ),
    preconditions: resources.flatMap(([, { lifecycle }]) =>
      isJson(lifecycle) ? conditions(lifecycle["precondition"]) : [],
    ),
  };
}

function objectsIn(value: unknown): [string, Json][] {
  return isJson(value)
    ? Object.entries(value).filter((entry): entry is [string, Json] => isJson(entry[1]))
    : [];
}

/** Blocks with a condition and its message. */
function conditions(blocks: unknown): Condition[] {
  return [blocks]
    .flat()
    .flatMap((block) =>
      isJson(block)
        ? [{ condition: String(block["condition"]), message: String(block["error_message"]) }]
        : [],
    );
}
