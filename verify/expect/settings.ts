import type { EnforcingMode } from "../../network/cni";
import type { Endpoint } from "./model";
import type { Expectations } from "./stated/flows-file";

/** The enforcing mode that flows are judged in, and what says so. */
export interface ModeSetting {
  readonly mode: EnforcingMode;
  /** `--mode`, the path of a `flows.yaml`, the address of what sets it for the CNI, or `default`. */
  readonly from: string;
}

/** What holds for all flows of an input: each setting from the first source that has it. */
export interface Settings {
  readonly mode: ModeSetting;
  /** Whether the CNI of the input decides the mode, because nobody states one. */
  readonly isOfCni: boolean;
  readonly cni?: NonNullable<Expectations["cni"]>;
  readonly groupsPerInterface?: number;
  /** The worker nodes, for files that name none of their own. */
  readonly nodes?: Endpoint;
  /** Where sources of a setting differ, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * Decides the settings of an input: an option is stronger than a `flows.yaml`, the input's own file than those of the
 * modules that it calls.
 *
 * @param expectations in the order of their weight
 * @param option the mode that the user asks for
 * @param ofCni what the CNI of the input certainly sets, by its weight: it counts where nobody says a mode
 */
export function settingsOf(
  expectations: readonly Expectations[],
  option?: EnforcingMode,
  ofCni: readonly ModeSetting[] = [],
): Settings {
  const cni = firstOf(expectations, "cni");
  const groupsPerInterface = firstOf(expectations, "groupsPerInterface");
  const nodes = firstOf(expectations, "nodes");
  const stated = modesOf(expectations, option);
  const isOfCni = stated.length === 0 && ofCni.length > 0;
  const modes = isOfCni ? ofCni : stated;
  const [mode = { mode: "strict", from: "default" } as const, ...others] = modes;
  const different = others.filter((other) => other.mode !== mode.mode);
  const said = different.map((other) => `${other.from} says ${other.mode}`);
  return {
    mode,
    isOfCni,
    ...(cni && { cni }),
    ...(groupsPerInterface && { groupsPerInterface }),
    ...(nodes && { nodes }),
    notes:
      said.length === 0
        ? []
        : [`flows are judged in ${mode.mode} mode, set by ${mode.from}; ${[...new Set(said)].join(", ")}`],
  };
}

function modesOf(expectations: readonly Expectations[], option: EnforcingMode | undefined): ModeSetting[] {
  return [
    ...(option === undefined ? [] : [{ mode: option, from: "--mode" }]),
    ...expectations.flatMap(({ mode, file }) => (mode === undefined ? [] : [{ mode, from: file }])),
  ];
}

function firstOf<Key extends "nodes" | "cni" | "groupsPerInterface">(
  expectations: readonly Expectations[],
  key: Key,
): Expectations[Key] | undefined {
  return expectations.find((one) => one[key] !== undefined)?.[key];
}
