import { type Protocol, portsIn, type Rules } from "../../network/rules";
import { variable } from "./variables";

type PodToPodRules = Rules<"client" | "server">;

function halves(protocol: Protocol): PodToPodRules {
  const traffic = {
    protocol,
    ports: portsIn("each.value"),
    forEach: variable(protocol === "tcp" ? "ports" : "udp_ports"),
    requirement: "ACCESS",
  } as const;
  return {
    [`client_egress_${protocol}_to_server`]: {
      group: "client",
      direction: "egress",
      peer: { group: "server" },
      ...traffic,
      description: `Egress: Allow \${each.key} to \${${variable("server_name")}}.`,
    },
    [`server_ingress_${protocol}_from_client`]: {
      group: "server",
      direction: "ingress",
      peer: { group: "client" },
      ...traffic,
      description: `Ingress: Allow \${each.key} from \${${variable("client_name")}}.`,
    },
  };
}

/** Both halves of the access, for both protocols. */
export const rules: PodToPodRules = { ...halves("tcp"), ...halves("udp") };
