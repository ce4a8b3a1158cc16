import type { Json } from "../../../io/json";
import type { Input } from "../model";
import { evaluateText } from "./configuration";
import { normalized } from "./normalized";
import { scopeOf } from "./plan-scope";
import { modulesOf, recordedResources, withoutNulls } from "./recorded";

/** Makes an input of a state (`terraform show -json`). Everything in it is known; references are ids. */
export function stateInput(path: string, state: Json): Input {
  const resources = recordedResources(state["values"]).map((recorded) =>
    normalized({ ...recorded, values: withoutNulls(recorded.values), source: { file: path } }),
  );
  const scope = scopeOf(resources, new Map(), () => undefined);
  return {
    kind: "state",
    path,
    resources,
    modules: modulesOf(resources, path),
    evaluate: (expression, module = "", each) => evaluateText(expression, scope(module), each),
    notes: [],
  };
}
