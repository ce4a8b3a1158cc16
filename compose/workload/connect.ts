import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import * as z from "zod";
import { InputError, parseInput } from "../../io/errors";
import { type PodToPodVariables, podToPod } from "../../modules/pod-to-pod/contract";
import type { Ports } from "../../modules/shared/ports";
import type { AnyModuleContract } from "../../synth/contract";
import { ModuleCall, problemsOfCall } from "../../synth/module-call";
import { resolve } from "../../synth/render";
import { inOptionNames } from "../options/all";
import { optionsOnly } from "../options/schema";

/** The ports on which a workload reaches another. */
export interface Connection {
  /** TCP ports by names of your choice, which become part of addresses: a port, or a range such as `8000-8100`. */
  readonly ports?: Ports | undefined;
  /** UDP ports, in the same way. */
  readonly udpPorts?: Ports | undefined;
}

/** What connecting needs of a workload. */
interface End extends Construct {
  readonly callId: string;
  readonly workloadName: string;
  readonly podsSecurityGroupId: string;
  valuesFor(contract: AnyModuleContract): object;
}

const POD_TO_POD = podToPod as unknown as AnyModuleContract;

/** As `Workload.connectTo`. */
export function connect(client: End, server: End, connection: Connection): void {
  const where = `connect "${client.callId}" to "${server.callId}"`;
  if (client === server) {
    throw new InputError([`${where}: pods of one workload reach each other through its selfPorts`]);
  }
  const stack = TerraformStack.of(client);
  if (TerraformStack.of(server) !== stack) {
    throw new InputError([
      `${where}: they are in two stacks; call module "pod-to-pod" in one of them, with the id of the other's security group from its outputs`,
    ]);
  }
  const { ports = {}, udpPorts = {} } = parseInput(where, connectionSchema, connection);
  const id = `${client.callId}_to_${server.callId}`;
  const existing = CONNECTIONS.get(stack)?.get(id);
  if (existing && (existing.client !== client || existing.server !== server)) {
    const { client: a, server: b } = existing;
    throw new InputError([
      `${where}: module.${id} already connects "${a.callId}" to "${b.callId}": give one of the workloads another id`,
    ]);
  }
  const merged = {
    ports: union(stack, `${where}: ports`, existing?.values.ports ?? {}, ports),
    udp_ports: union(stack, `${where}: udpPorts`, existing?.values.udp_ports ?? {}, udpPorts),
  };
  const values = {
    ...client.valuesFor(POD_TO_POD),
    client_name: client.workloadName,
    client_security_group_id: client.podsSecurityGroupId,
    server_name: server.workloadName,
    server_security_group_id: server.podsSecurityGroupId,
    ...merged,
  } as unknown as PodToPodVariables;
  const refused = problemsOfCall(id, POD_TO_POD, values, where);
  if (refused.length > 0) throw new InputError(refused.map(inOptionNames));
  if (existing === undefined) {
    remember(stack, id, { client, server, call: new ModuleCall(stack, id, podToPod, values), values });
    return;
  }
  existing.call.set("ports", merged.ports);
  existing.call.set("udp_ports", merged.udp_ports);
  existing.values = values;
}

/** Two workloads that are connected. */
interface Connected {
  readonly client: End;
  readonly server: End;
  readonly call: ModuleCall<PodToPodVariables, never>;
  values: PodToPodVariables;
}

/** What was connected, by stack and by the call's id. */
const CONNECTIONS = new WeakMap<TerraformStack, Map<string, Connected>>();

function remember(stack: TerraformStack, id: string, connection: Connected): void {
  const known = CONNECTIONS.get(stack) ?? new Map<string, Connected>();
  CONNECTIONS.set(stack, known.set(id, connection));
}

/** The shape alone: the module's own contract checks the values. */
const portsSchema = z
  .record(
    z.string(),
    z.union([z.number(), z.string()], { error: "must be a port or a range, such as 8080 or 8000-8100" }),
    { error: "must be ports by names of your choice, such as { http: 8080 }" },
  )
  .optional();

const connectionSchema: z.ZodType<Connection> = z.strictObject(
  { ports: portsSchema, udpPorts: portsSchema },
  optionsOnly(["ports", "udpPorts"]),
);

/** Ports with those added that are new; one that is there under another key is not. */
function union(stack: TerraformStack, where: string, known: Ports, added: Ports): Ports {
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
