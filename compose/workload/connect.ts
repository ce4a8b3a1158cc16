import { TerraformStack } from "cdktf";
import * as z from "zod";
import { given, InputError, parseInput } from "../../io/errors";
import { type PodToPodVariables, podToPod } from "../../modules/pod-to-pod/contract";
import type { Ports } from "../../modules/shared/ports";
import type { AnyModuleContract } from "../../synth/contract";
import { ModuleCall, problemsOfCall } from "../../synth/module-call";
import { resolve } from "../../synth/render";
import { Workload } from ".";

/**
 * Lets the pods of one workload reach those of another: both halves, as a call of module `pod-to-pod` named
 * `module.CLIENT_to_SERVER`. Said again, it adds only the ports that are new.
 *
 * Both workloads are in one root, and have names of at most 80 characters. Across states, call the module with the
 * other group's id.
 *
 * @param ports TCP ports by stable keys
 * @throws InputError for one workload at both ends, for workloads of two stacks, for a key that already means another
 * port, and for whatever the module refuses
 */
export function connect(client: Workload, server: Workload, ports: Ports, udpPorts: Ports = {}): void {
  const problems = [...endProblems("client", client), ...endProblems("server", server)];
  if (problems.length > 0) throw new InputError(problems);
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
  if (existing && (existing.client !== client || existing.server !== server)) {
    const { client: a, server: b } = existing;
    throw new InputError([
      `${where}: module.${id} is the connection of "${a.callId}" to "${b.callId}" already: give one of the workloads another id`,
    ]);
  }
  const merged = {
    ports: union(stack, `${where}: ports`, existing?.values.ports ?? {}, ports),
    udp_ports: union(stack, `${where}: udpPorts`, existing?.values.udp_ports ?? {}, udpPorts),
  };
  const values: PodToPodVariables = {
    client_name: client.workloadName,
    client_security_group_id: client.podsSecurityGroupId,
    server_name: server.workloadName,
    server_security_group_id: server.podsSecurityGroupId,
    ...client.tagging,
    ...merged,
  };
  if (existing === undefined) {
    remember(stack, id, { client, server, call: new ModuleCall(stack, id, podToPod, values), values });
    return;
  }
  const refused = problemsOfCall(id, podToPod as unknown as AnyModuleContract, values);
  if (refused.length > 0) throw new InputError(refused);
  existing.call.set("ports", merged.ports);
  existing.call.set("udp_ports", merged.udp_ports);
  existing.values = values;
}

interface Connection {
  readonly client: Workload;
  readonly server: Workload;
  readonly call: ModuleCall<PodToPodVariables, never>;
  values: PodToPodVariables;
}

/** What was connected, by stack and by the call's id. */
const CONNECTIONS = new WeakMap<TerraformStack, Map<string, Connection>>();

function remember(stack: TerraformStack, id: string, connection: Connection): void {
  const known = CONNECTIONS.get(stack) ?? new Map<string, Connection>();
  CONNECTIONS.set(stack, known.set(id, connection));
}

function endProblems(end: "client" | "server", workload: unknown): string[] {
  if (workload instanceof Workload) return [];
  return [
    `connect: the ${end} must be a Workload of this app (${given(workload)}); for any other group, call module "pod-to-pod"`,
  ];
}

/** The shape alone: the module's own contract checks the values. */
const portsSchema = z.record(
  z.string(),
  z.union([z.number(), z.string()], { error: "must be a port or a range, such as 8080 or 8000-8100" }),
  { error: "must be ports by names of your choice, such as { http: 8080 }" },
);

/** Ports with those added that are new; one that is there under another key is not. */
function union(stack: TerraformStack, where: string, known: Ports, input: Ports): Ports {
  const added = parseInput(where, portsSchema, input);
  const isKnown = (key: string) => Object.hasOwn(known, key);
  /** In words: of a reference, what it refers to. */
  const words = (ports: number | string | undefined) => String(resolve(stack, ports));
  const problems = Object.entries(added)
    .filter(([key, value]) => isKnown(key) && range(words(known[key])) !== range(words(value)))
    .map(
      ([key, value]) =>
        `${where}: "${key}" is ${words(known[key])} already, and cannot be ${words(value)}: give it another key`,
    );
  if (problems.length > 0) throw new InputError(problems);
  const ranges = new Set(Object.values(known).map((ports) => range(words(ports))));
  const fresh = Object.entries(added).filter(
    ([key, value]) => !isKnown(key) && !ranges.has(range(words(value))),
  );
  return { ...known, ...Object.fromEntries(fresh) };
}

/** Ports in one spelling: 80, "80" and "80-80" are the same. */
function range(ports: string): string {
  if (ports.includes("${")) return ports;
  const [from, to = from] = ports.split("-").map(Number);
  return `${from}-${to}`;
}
