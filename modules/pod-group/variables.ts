import { variablesOf } from "../../expression/variables";
import type { ClusterAccessVariables } from "../shared/cluster-access/variables";
import type { ExistingRuleVariables } from "../shared/existing";
import type { MoreTrafficVariables } from "../shared/more-traffic/variables";
import type { Ports } from "../shared/ports";
import type { TagVariables } from "../shared/tags";

/** The inputs of module `pod-group`. */
export interface PodGroupVariables
  extends ClusterAccessVariables,
    TagVariables,
    ExistingRuleVariables,
    MoreTrafficVariables {
  /** The workload; its pods' group is `NAME-for-pods`. */
  name: string;
  /** Name of that group, where it is another one. */
  group_name?: string | null;
  vpc_id: string;
  /** Whether the pods also carry the group of `pod-baseline`, which then has the rules of the cluster. */
  on_baseline?: boolean;
  /** TCP ports on which the workload's pods reach each other. */
  self_ports?: Ports;
}

export const variable = variablesOf<PodGroupVariables>();

/** Switches the rules of the cluster off. */
export const ON_BASELINE = variable("on_baseline");
