import * as z from "zod";
import { parseInput, strictly } from "../io/errors";
import type { Files } from "../io/write";
import { MODULES, type ModuleName } from "../modules/registry";
import { type RuleFormOptions, ruleFormOf } from "../modules/shared/rule-form";
import {
  type FurtherFiles,
  renderApp,
  type Stacks,
  type SynthesisOptions,
  type SynthesisResult,
  synthesize as synthesizeStacks,
} from "../synth/synthesize";

/** What is fixed when an app is synthesized. */
export interface AppOptions extends RuleFormOptions {
  /** Makes further files, which are written with those of the stacks. */
  readonly further?: FurtherFiles | undefined;
}

/**
 * Synthesizes an app and the modules that its roots call: constructs every stack, renders all in memory, then writes
 * `OUTDIR/stacks/NAME/` and `OUTDIR/manifest.json`, whole or not at all. `run` does this for a `main.ts`.
 *
 * @throws InputError naming the stack and the cause of every problem; then nothing on disk has changed
 */
export function synthesize(stacks: Stacks, outdir: string, options?: AppOptions): SynthesisResult {
  return synthesizeStacks(stacks, outdir, withLibrary(options));
}

/**
 * What `synthesize` would write, by the paths in the output folder, such as `stacks/shop/cdk.tf.json`: for tests of an
 * app. Touches no file.
 *
 * @throws InputError naming the stack and the cause of every problem
 */
export function render(stacks: Stacks, options?: AppOptions): Files {
  return renderApp(stacks, withLibrary(options)).files;
}

const optionsSchema: z.ZodType<AppOptions> = z.strictObject(
  {
    // Checked with the modules' own words.
    ruleForm: z.any().optional(),
    further: z.custom<FurtherFiles>((value) => typeof value === "function", "must be a function").optional(),
  },
  strictly("ruleForm, further"),
);

/** The modules of this package, for whoever calls them. One of its name that is not its contract is not known. */
function withLibrary(options: AppOptions = {}): SynthesisOptions {
  const { further, ruleForm } = parseInput("options", optionsSchema, options);
  const form = { ruleForm: ruleFormOf({ ruleForm }) };
  return {
    library: (contract) => {
      const module = Object.hasOwn(MODULES, contract.name) ? MODULES[contract.name as ModuleName] : undefined;
      return module?.contract === (contract as unknown) ? module?.stack(form) : undefined;
    },
    ...(further && { further }),
  };
}
