import { type Protocol, portsIn, type Rules } from "../../network/rules";
import { variable } from "./variables";

/** Both halves of the access. */
export function rules(): Rules<"client" | "server"> {
  const halves = (protocol: Protocol): Rules<"client" | "server"> => {
    const traffic = {
      protocol,
      ports: portsIn("each.value"),
      forEach: protocol === "tcp" ? variable("ports") : variable("udp_ports"),
      requirement: "ACCESS",
    } as const;
    return {
      [`client_egress_${protocol}_to_server`]: {
        group: "client",
        direction: "egress",
        peer: { group: "server" },
        ...traffic,
        description: "Egress: Allow ${each.key} to ${var.server_name}.",
      },
      [`server_ingress_${protocol}_from_client`]: {
        group: "server",
        direction: "ingress",
        peer: { group: "client" },
        ...traffic,
        description: "Ingress: Allow ${each.key} from ${var.client_name}.",
      },
    };
  };
  return { ...halves("tcp"), ...halves("udp") };
}
