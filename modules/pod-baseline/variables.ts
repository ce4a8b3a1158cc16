import { variablesOf } from "../../expression/variables";
import type { ClusterAccessVariables } from "../shared/cluster-access/variables";

/** The inputs of module `pod-baseline`. */
export interface PodBaselineVariables extends ClusterAccessVariables {
  cluster_name: string;
  vpc_id: string;
  platform: string;
}

export const variable = variablesOf<PodBaselineVariables>();
