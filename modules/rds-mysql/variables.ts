import { variablesOf } from "../../expression/variables";
import type { ExistingVariables } from "../shared/existing";
import type { TagsInput, TagVariables } from "../shared/tags";

/** The inputs of module `rds-mysql`. */
export interface RdsMysqlVariables extends TagVariables, ExistingVariables {
  /** Name of the database's security group; the pods' group is `NAME-for-pods`. */
  name: string;
  /** Name of the pods' group, where it is another one. */
  pods_group_name?: string | null;
  /** Tags of the pods' group, where they are others than `own_tags`. */
  pods_own_tags?: TagsInput | null;
  vpc_id: string;
  /** Ids of the groups of the worker nodes and of the ingress nodes. */
  security_groups: { k8s_worker: string; k8s_ingress: string };
}

export const variable = variablesOf<RdsMysqlVariables>();

/** The ids of the groups that the cluster has, as Terraform expressions. */
export const WORKER_GROUP = `${variable("security_groups")}["k8s_worker"]`;
export const INGRESS_GROUP = `${variable("security_groups")}["k8s_ingress"]`;
