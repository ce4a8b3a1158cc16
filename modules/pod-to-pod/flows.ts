import type { ModuleFlows } from "../../synth/flows";
import { variable } from "./variables";

type End = "client" | "server";

const ACCESS = { verdict: "allow", from: "client", to: "server", required: ["client", "server"] } as const;

export const flows: ModuleFlows<End> = {
  endpoints: {
    client: { group: variable("client_security_group_id"), isOnNodes: true },
    server: { group: variable("server_security_group_id"), isOnNodes: true },
  },
  flows: [
    {
      TCP: {
        ...ACCESS,
        forEach: variable("ports"),
        description: "The client reaches the server over TCP.",
        traffic: "TCP ${each.value}",
        requiredNote: "Both halves are this module's.",
      },
      UDP: {
        ...ACCESS,
        forEach: variable("udp_ports"),
        description: "The client reaches the server over UDP.",
        traffic: "UDP ${each.value}",
      },
    },
  ],
};
