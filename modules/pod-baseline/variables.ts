import { variablesOf } from "../../expression/variables";
import type { ClusterAccessVariables } from "../shared/cluster-access/variables";
import type { ExistingRuleVariables } from "../shared/existing";
import type { TagVariables } from "../shared/tags";

/** The inputs of module `pod-baseline`. */
export interface PodBaselineVariables extends ClusterAccessVariables, TagVariables, ExistingRuleVariables {
  cluster_name: string;
  /** Name of the group, where it is another one. */
  group_name?: string | null;
  vpc_id: string;
}

export const variable = variablesOf<PodBaselineVariables>();
