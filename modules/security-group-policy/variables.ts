import { variablesOf } from "../../expression/variables";
import type { Check } from "./check";
import type { Selector } from "./names";

/** The inputs of module `security-group-policy`. */
export interface SecurityGroupPolicyVariables {
  name: string;
  namespace: string;
  /** Which pods by their own labels. */
  pod_selector: Selector | null;
  /** Which pods by the labels of their service accounts. */
  service_account_selector?: Selector | null;
  select_whole_namespace?: boolean;
  security_group_ids: readonly string[];
  groups_per_interface?: number;
  create?: boolean;
  check?: Check | null;
}

export const variable = variablesOf<SecurityGroupPolicyVariables>();
