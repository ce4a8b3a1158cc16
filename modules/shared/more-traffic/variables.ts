import { variablesOf } from "../../../expression/variables";
import type { TrafficInput } from "../peers";

/** The inputs of modules that open more than what they are for. */
export interface MoreTrafficVariables {
  ingress_sources?: Readonly<Record<string, TrafficInput>>;
  egress_targets?: Readonly<Record<string, TrafficInput>>;
}

export const variable = variablesOf<MoreTrafficVariables>();
