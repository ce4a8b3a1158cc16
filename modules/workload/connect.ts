import { TerraformStack } from "cdktf";
import type { AnyModuleContract } from "../../terraform/contract";
import { InputError } from "../../terraform/errors";
import { ModuleCall, problemsOfCall } from "../../terraform/module-call";
import { type PodToPodVariables, podToPod } from "../pod-to-pod/contract";
import type { Ports } from "../variables";
import type { Workload } from "./index";

/**
 * Lets the pods of one workload reach those of another: both halves, as a call of module `pod-to-pod` named
 * `module.CLIENT_to_SERVER`. Said again, it adds only the ports that are new.
 *
 * Both workloads are in one root. Across states, call the module with the other group's id.
 *
 * @param ports TCP ports by stable keys
 * @throws InputError for one workload at both ends, for workloads of two stacks, for a key that already means another
 * port, and for whatever the module refuses
 */
export function connect(client: Workload, server: Workload, ports: Ports, udpPorts: Ports = {}): void {
  const where = `connect "${client.callId}" to "${server.callId}"`;
  if (client === server) {
    throw new InputError([`${where}: pods of one workload reach each other through its self_ports`]);
  }
  const stack = TerraformStack.of(client);
  if (TerraformStack.of(server) !== stack) {
    throw new InputError([
      `${where}: they are in two stacks; call module "pod-to-pod" in one of them, with the id of the other's group from its outputs`,
    ]);
  }
  const id = `${client.callId}_to_${server.callId}`;
  const existing = CONNECTIONS.get(stack)?.get(id);
  const merged = {
    ports: union(where, existing?.values.ports ?? {}, ports),
    udp_ports: union(where, existing?.values.udp_ports ?? {}, udpPorts),
  };
  const values: PodToPodVariables = {
    client_name: client.workloadName,
    client_security_group_id: client.podsSecurityGroupId,
    server_name: server.workloadName,
    server_security_group_id: server.podsSecurityGroupId,
    platform: client.platform,
    ...merged,
  };
  if (existing === undefined) {
    remember(stack, id, { call: new ModuleCall(stack, id, podToPod, values), values });
    return;
  }
  const problems = problemsOfCall(id, podToPod as unknown as AnyModuleContract, values);
  if (problems.length > 0) throw new InputError(problems);
  existing.call.set("ports", merged.ports);
  existing.call.set("udp_ports", merged.udp_ports);
  existing.values = values;
}

interface Connection {
  readonly call: ModuleCall<PodToPodVariables, never>;
  values: PodToPodVariables;
}

/** What was connected, by stack and by the call's id. */
const CONNECTIONS = new WeakMap<TerraformStack, Map<string, Connection>>();

function remember(stack: TerraformStack, id: string, connection: Connection): void {
  const known = CONNECTIONS.get(stack) ?? new Map<string, Connection>();
  CONNECTIONS.set(stack, known.set(id, connection));
}

/** Ports with those added that are new; one that is there under another key is not. */
function union(where: string, known: Ports, added: Ports): Ports {
  const isKnown = (key: string) => Object.hasOwn(known, key);
  const problems = Object.entries(added)
    .filter(([key, value]) => isKnown(key) && String(known[key]) !== String(value))
    .map(
      ([key, value]) =>
        `${where}: "${key}" is ${known[key]} already, and cannot be ${value}: give it another key`,
    );
  if (problems.length > 0) throw new InputError(problems);
  const values = new Set(Object.values(known).map(String));
  const fresh = Object.entries(added).filter(([key, value]) => !isKnown(key) && !values.has(String(value)));
  return { ...known, ...Object.fromEntries(fresh) };
}
