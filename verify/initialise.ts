import { initialFlows, MISSING } from "./ask/init";
import { type InputOptions, understand } from "./understand";

/**
 * The `flows.yaml` that a folder may begin with: what its rules admit, and what its pods need besides.
 *
 * @param path a folder of Terraform configuration without such a file
 * @returns its text, and how many of its flows are needed and missing
 * @throws InputError when it cannot be read, or the flows of a module that it calls cannot be understood
 */
export async function initialise(
  path: string,
  options: Pick<InputOptions, "varFiles" | "tofu" | "mode" | "manifests" | "render">,
): Promise<{ readonly text: string; readonly missing: number }> {
  const { inventory, settings, flows, derived } = await understand(path, options);
  const text = await initialFlows(inventory, {
    ...(options.mode && { stated: options.mode }),
    mode: settings.mode.mode,
    flows: [...flows, ...(options.manifests ? derived.flows : [])],
  });
  return { text, missing: text.split(MISSING).length - 1 };
}
