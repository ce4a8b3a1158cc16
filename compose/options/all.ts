import { CALLED } from "../calls/description";
import { WORKLOAD_DECLARED } from "../workload/description";
import { optionName, variableName } from "./names";
import type { Options } from "./schema";
import { SHAPES_DECLARED } from "./shapes";

/** @internal All objects of options, each before those that name it. */
export const DECLARED: readonly Options[] = [
  ...SHAPES_DECLARED,
  ...WORKLOAD_DECLARED,
  ...Object.values(CALLED).map(({ options }) => options),
];

/** Text of a module, such as the message of a validation, in the names of the options. */
export function inOptionNames(text: string): string {
  const said = text.replaceAll("set on_baseline = false", "leave baseline out");
  return said.replace(/\b[a-z][a-z0-9]*(_[a-z0-9]+)+\b/g, (name) =>
    VARIABLES.has(name) ? optionName(name) : name,
  );
}

/** Besides the options: what `connectTo` takes, and an output that a description names. */
const OTHERS = ["udpPorts", "checkManifestsYaml"];

const VARIABLES: ReadonlySet<string> = new Set(
  [...DECLARED.flatMap(({ options }) => Object.keys(options)), ...OTHERS].map(variableName),
);
