import { variablesOf } from "../../expression/variables";
import type { ExistingRuleVariables } from "../shared/existing";
import type { MoreTrafficVariables } from "../shared/more-traffic/variables";
import type { Ports } from "../shared/ports";
import type { TagVariables } from "../shared/tags";

/** The inputs of a data service's module. */
export interface DataServiceVariables extends TagVariables, ExistingRuleVariables, MoreTrafficVariables {
  /** The workload; the service's group is `NAME-SERVICE_NAME`. */
  name: string;
  /** Name of that group, where it is another one. */
  group_name?: string | null;
  vpc_id: string;
  pods_security_group_id: string;
  /** Tells two services of one kind apart. */
  service_name?: string;
  ports?: Ports;
  /** Ports on which members of the service reach each other through its group. */
  member_ports?: Ports;
}

/** As `DataServiceVariables`, with nothing known of the service. */
export type TcpServiceVariables = DataServiceVariables &
  Required<Pick<DataServiceVariables, "service_name" | "ports">>;

export const variable = variablesOf<DataServiceVariables>();
