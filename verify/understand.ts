import { plural } from "../io/plural";
import type { EnforcingMode } from "../network/cni";
import { type Derived, derivedFlows } from "./derive/flows";
import { withoutReplaced } from "./derive/replaced";
import type { Flow } from "./expect/model";
import { type ModeSetting, type Settings, settingsOf } from "./expect/settings";
import { expectationsOf, type OwnFlows, ownFlows, withReplacements } from "./expect/stated/files";
import type { Expectations } from "./expect/stated/flows-file";
import { refuseWrongWords } from "./expect/stated/group-words";
import { takeInventory } from "./inventory";
import { certainEnforcingModes } from "./inventory/cluster/cni";
import type { Inventory } from "./inventory/model";
import { readInput, readPlanWithConfiguration } from "./read";
import { readManifests } from "./read/kubernetes/manifests";
import { notesOfUnusedWords } from "./read/kubernetes/unused-words";
import type { Input } from "./read/model";

/** What an input is read with. */
export interface InputOptions {
  /** A `flows.yaml` in place of the one in the folder. */
  readonly flows?: string;
  /** Files with values of variables, as for Terraform. */
  readonly varFiles?: readonly string[];
  /** Whether folders are read as OpenTofu reads them, whatever files they hold. */
  readonly tofu?: boolean;
  /** For a plan: the folder of its configuration, which knows the references. */
  readonly config?: string;
  /** Over what `flows.yaml` says. Default: what the CNI of the input runs in, else strict. */
  readonly mode?: EnforcingMode;
  /** Manifests that stand beside the input: `[NAMESPACE=]PATH`, each a file, a folder or `-`. */
  readonly manifests?: readonly string[];
  /** Whether folders of manifests that kustomize or Helm put together are rendered by the tools on the PATH. */
  readonly render?: boolean;
  /** Whether what workloads need counts without manifests beside the input, too. */
  readonly expect?: boolean;
  /** What stands in manifests for a group, and the group that is meant: over what `flows.yaml` says. */
  readonly groupWords?: ReadonlyMap<string, string>;
  /** What `-` reads. */
  readonly stdin?: string;
  /** Called before each step that may take long, with what it is: for who waits. */
  readonly onStep?: (words: string) => void;
}

/** An input with all that is expected of it, before anything is judged. */
export interface Understood {
  readonly input: Input;
  readonly inventory: Inventory;
  readonly expectations: readonly Expectations[];
  readonly settings: Settings;
  /** The flows that files state. */
  readonly flows: readonly Flow[];
  readonly derived: Derived;
}

/**
 * Reads one input with its manifests and its flows, and derives what its workloads need.
 *
 * @param path a folder of Terraform configuration, a plan or a state as JSON, or `-`
 * @throws InputError when it cannot be read, or its flows cannot be understood
 */
export async function understand(path: string, options: InputOptions = {}): Promise<Understood> {
  const { varFiles = [], tofu = false, stdin, onStep = () => {} } = options;
  const reading = { varFiles, tofu, ...(stdin !== undefined && { stdin }) };
  const read = options.config
    ? await readPlanWithConfiguration(path, options.config, reading)
    : await readInput(path, reading);
  const file = ownFlows(read, options.flows, options.config);
  const own = file && withReplacements(file);
  const input = withManifests(read, own, options);
  onStep(plural(input.resources.length, "resource"));
  const inventory = takeInventory(input);
  refuseWrongWords(inventory, options.groupWords, own?.file);
  const expectations = expectationsOf(inventory, own);
  const settings = settingsOf(expectations, options.mode, modesOfCni(inventory));
  const flows = expectations.flatMap((one) => one.flows);
  const estate = { inventory, flows, mode: settings.mode.mode };
  const derived = withoutReplaced(derivedFlows(estate), own?.flows.derived);
  return { input, inventory, expectations, settings, flows, derived };
}

/** The enforcing modes that are certainly set for the CNI of the input. */
function modesOfCni(inventory: Inventory): ModeSetting[] {
  return certainEnforcingModes(inventory).map(({ mode, by }) => ({ mode, from: by.address }));
}

/** The input with the objects of manifests, and with what stands in these for its groups. */
function withManifests(
  input: Input,
  own: OwnFlows | undefined,
  { manifests = [], groupWords = new Map(), stdin, render = false }: InputOptions,
): Input {
  const words = new Map([...Object.entries(own?.flows.groups ?? {}), ...groupWords]);
  const { objects, notes } =
    manifests.length === 0 ? { objects: undefined, notes: [] } : readManifests(manifests, stdin, render);
  const read = { ...input, ...(objects && { manifests: objects }) };
  return {
    ...read,
    ...(words.size > 0 && { groupWords: words }),
    notes: [...input.notes, ...notes, ...notesOfUnusedWords(groupWords.keys(), read)],
  };
}
