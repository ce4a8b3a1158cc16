import { variablesOf } from "../../expression/variables";
import type { ClusterAccessVariables } from "../shared/cluster-access/variables";
import type { TagVariables } from "../shared/tags";

/** The inputs of module `pod-baseline`. */
export interface PodBaselineVariables extends ClusterAccessVariables, TagVariables {
  cluster_name: string;
  vpc_id: string;
}

export const variable = variablesOf<PodBaselineVariables>();
