import type { Json } from "../../../io/json";
import type { Input } from "../model";
import { evaluateText } from "./configuration";
import { normalized } from "./normalized";
import { scopeOf } from "./plan-scope";
import { modulesOf, recordedResources, withoutNulls } from "./recorded";

/**
 * Makes an input of a state, as `terraform show -json` prints it. Everything in it is known; references are ids. What was
 * replaced and only waits to be destroyed is left out, with a note.
 */
export function stateInput(path: string, state: Json): Input {
  const recorded = recordedResources(state["values"]);
  const resources = recorded
    .filter(({ deposed }) => deposed === undefined)
    .map((one) => {
      const recorded = withoutNulls(one.values);
      const resource = normalized({ ...one, values: recorded, source: { file: path } });
      const isSame =
        resource.values === recorded || JSON.stringify(resource.values) === JSON.stringify(recorded);
      return isSame ? resource : { ...resource, recorded };
    });
  const scope = scopeOf(resources, new Map(), () => undefined);
  return {
    kind: "state",
    path,
    resources,
    modules: modulesOf(resources, path),
    evaluate: (expression, module = "", each) => evaluateText(expression, scope(module), each),
    notes: recorded.flatMap(({ address, deposed }) =>
      deposed === undefined
        ? []
        : [
            `${address}: its deposed object ${deposed} is skipped: the next apply destroys it, but its rules are in force until then.`,
          ],
    ),
  };
}
