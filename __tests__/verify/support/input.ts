import { absoluteIn } from "../../../expression/address";
import { resourceReference } from "../../../expression/resource-reference";
import { Unknown, type Value } from "../../../expression/value";
import type { Input, Resource } from "../../../verify/read/model";

/** Arguments as a test writes them: text that is one `${…}` is a value that the input does not determine. */
export type Arguments = { readonly [argument: string]: unknown };

/** Resources by their addresses: `module.a["b"].aws_security_group.pods[0]`, `data.aws_security_group.x`. */
export type Resources = { readonly [address: string]: Arguments };

export interface InputOptions {
  readonly kind?: Input["kind"];
  /** Values of expressions; all others are unknown. */
  readonly expressions?: { readonly [expression: string]: Value };
  readonly actions?: NonNullable<Input["actions"]>;
  readonly before?: Resources;
  /** Objects of manifests, by their addresses, in which text is as it stands. */
  readonly manifests?: Readonly<Record<string, Arguments>>;
  /** What stands in manifests for groups, and the group that is meant. */
  readonly groupWords?: Readonly<Record<string, string>>;
  /** What modules that were not read are given, by their addresses. */
  readonly passed?: Readonly<Record<string, Arguments>>;
}

/** An input as a reader makes it, of resources that are written out. */
export function inputOf(resources: Resources, options: InputOptions = {}): Input {
  const {
    kind = "configuration",
    expressions = {},
    actions,
    before,
    manifests,
    groupWords,
    passed = {},
  } = options;
  return {
    kind,
    path: "main.tf.json",
    resources: Object.entries(resources).map(([address, values], index) => resource(address, values, index)),
    modules: Object.entries(passed).map(([address, given]) => ({
      address,
      passed: toValue(given) as NonNullable<Input["modules"][number]["passed"]>,
      source: { file: "main.tf.json" },
    })),
    evaluate: (expression, module = "") => {
      const absolute = absoluteIn(module, expression);
      return expressions[absolute] ?? new Unknown(absolute);
    },
    notes: [],
    ...(actions && { actions }),
    ...(groupWords && { groupWords: new Map(Object.entries(groupWords)) }),
    ...(manifests && {
      manifests: Object.entries(manifests).map(([address, body]) => ({
        address,
        body: body as Value,
        isManifest: true as const,
        source: { file: "main.tf.json", line: 1 },
      })),
    }),
    ...(before && { before: toValue(before) as NonNullable<Input["before"]> }),
  };
}

function resource(address: string, values: Arguments, index: number): Resource {
  const reference = resourceReference(address);
  if (!reference) throw new Error(`${address} is no address of a resource`);
  const { module, mode, type, name } = reference;
  return {
    address,
    module,
    mode,
    type,
    name,
    values: toValue(values) as Resource["values"],
    source: { file: "main.tf.json", line: index + 1 },
  };
}

function toValue(value: unknown): Value {
  if (typeof value === "string") {
    const expression = /^\$\{(.*)\}$/s.exec(value)?.[1];
    return expression === undefined ? value : new Unknown(expression);
  }
  if (Array.isArray(value)) return value.map(toValue);
  if (typeof value === "object" && value !== null && !(value instanceof Unknown)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toValue(item)]));
  }
  return value as Value;
}
