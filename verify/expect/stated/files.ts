import { join, relative } from "node:path";
import { isFolder, kindOf, workingDirectory } from "../../../io/files";
import { readTextFile } from "../../../io/text";
import type { Inventory } from "../../inventory/model";
import type { FlowsFile } from "../../read/flows/schema";
import type { Input } from "../../read/model";
import { FLOWS_LIMIT } from "../../read/terraform/files";
import { bindFlows, type Expectations, parseFlowsFile } from "./flows-file";

/** A `flows.yaml`, parsed, by the path that is shown. */
export interface OwnFlows {
  readonly file: string;
  readonly flows: FlowsFile;
}

/**
 * The `flows.yaml` of an input: the file that is named, or that of the folder; undefined where there is none.
 *
 * @param named the file in place of the folder's
 * @param config the folder of a plan's configuration
 * @throws InputError where it cannot be read or is wrong in form
 */
export function ownFlows({ kind, path }: Input, named?: string, config?: string): OwnFlows | undefined {
  if (named !== undefined) return readFlows(named);
  const folder = kind === "configuration" ? path : config;
  if (folder === undefined || folder === "-" || !isFolder(folder)) return undefined;
  const file = join(folder, "flows.yaml");
  return kindOf(file) === undefined ? undefined : readFlows(file);
}

/** What a file states, with what it says in place of derived flows. */
export function withReplacements({ file, flows }: OwnFlows): OwnFlows {
  const replaced = Object.entries(flows.derived ?? {}).flatMap(([id, { flow, reason }]) =>
    flow === undefined ? [] : [[id, { flow, description: reason }] as const],
  );
  return replaced.length === 0
    ? { file, flows }
    : { file, flows: { ...flows, flows: { ...flows.flows, ...Object.fromEntries(replaced) } } };
}

/**
 * The flows of the input's own file, and of every module that it calls and that brings some along, in this order.
 *
 * @throws InputError naming every endpoint and flow of a file that is wrong
 */
export function expectationsOf(inventory: Inventory, own: OwnFlows | undefined): Expectations[] {
  const parsed = new Map<string, OwnFlows>();
  const result: Expectations[] = own ? [bindFlows(own.flows, own.file, inventory, "")] : [];
  for (const { address, folder } of inventory.input.modules) {
    const file = folder === undefined ? undefined : join(folder, "flows.yaml");
    if (file === undefined || kindOf(file) === undefined) continue;
    const one = parsed.get(file) ?? readFlows(file);
    parsed.set(file, one);
    result.push(bindFlows(one.flows, one.file, inventory, address));
  }
  return result;
}

function readFlows(file: string): OwnFlows {
  return { file: shown(file), flows: parseFlowsFile(readTextFile(file, FLOWS_LIMIT), shown(file)) };
}

function shown(file: string): string {
  const near = relative(workingDirectory(), file);
  return near === "" || near.startsWith("..") ? file : near;
}
