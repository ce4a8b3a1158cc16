import { variablesOf } from "../../expression/variables";
import type { ExistingRuleVariables } from "../shared/existing";
import type { Ports } from "../shared/ports";
import type { TagVariables } from "../shared/tags";

/** The inputs of module `pod-to-pod`. */
export interface PodToPodVariables extends TagVariables, ExistingRuleVariables {
  /** Words for the client in descriptions and tags. */
  client_name: string;
  client_security_group_id: string;
  server_name: string;
  server_security_group_id: string;
  /** TCP ports of the server. */
  ports: Ports;
  udp_ports?: Ports;
}

export const variable = variablesOf<PodToPodVariables>();
