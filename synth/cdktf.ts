import { createRequire } from "node:module";
import type { TerraformStack } from "cdktf";
import type { Json } from "../io/json";

/*
 * The only door to what cdktf keeps to itself. Any of its versions may move these, so they are named here alone:
 * whoever takes cdktf to a new version has this file to look at.
 */

/** Runs the aspects of a tree of constructs, as cdktf does before it resolves one. */
export { invokeAspects } from "cdktf/lib/synthesize/synthesizer";
/** The register of tokens, which knows whether a text that looks like one is one. Its lookups throw at unknown keys. */
export { TokenMap } from "cdktf/lib/tokens/private/token-map";

/** Merges objects into the first one, in place and at every depth, arrays one behind the other; `undefined` deletes. */
export { deepMerge } from "cdktf/lib/util";

/** What cdktf tells its `App` by, where it looks for the app of a cross-stack reference. */
export const APP = Symbol.for("cdktf/App");

/** What was added to a stack with `addOverride()`, unresolved. */
export function overridesOf(stack: TerraformStack): Json {
  return (stack as unknown as { rawOverrides: Json }).rawOverrides;
}

/** The file itself, not what an import gives of it: cdktf looks its function up there each time. */
const creationStacks = createRequire(__filename)("cdktf/lib/tokens/private/stack-trace") as {
  captureStackTrace: () => string[];
};

/**
 * Makes something while cdktf does not note for each token by which calls it was made. That takes a tenth of a run, half
 * of one under a loader that maps each place to its source, and cdktf shows it only with some errors of its own.
 */
export function withoutCreationStacks<T>(make: () => T): T {
  const { captureStackTrace } = creationStacks;
  creationStacks.captureStackTrace = () => [];
  try {
    return make();
  } finally {
    creationStacks.captureStackTrace = captureStackTrace;
  }
}
