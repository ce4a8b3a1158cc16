import { Unknown, type Value } from "../../../expression/value";
import { elements, field, isObject } from "../values";

const PROBES = ["livenessProbe", "readinessProbe", "startupProbe"] as const;
/** What opens a connection to the pod: `exec` runs inside of it. */
const CONNECTING = ["httpGet", "tcpSocket", "grpc"] as const;

/**
 * The TCP ports to which the kubelet connects for the probes of a pod; undefined where the input does not determine them.
 * https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/
 *
 * @param spec the pod's
 */
export function probedPorts(spec: Value | undefined): readonly number[] | undefined {
  const lists = ["containers", "initContainers"].map((name) => field(spec, name) ?? null);
  const containers = lists.flatMap((list) => elements(list));
  if (lists[0] === null || containers.length === 0 || !containers.every(isObject)) return undefined;
  const ports = containers.flatMap((container) =>
    PROBES.flatMap((name) => portsOf(container[name] ?? null, container["ports"] ?? null)),
  );
  return ports.every((port) => port !== undefined) ? [...new Set(ports)].sort((a, b) => a - b) : undefined;
}

function portsOf(probe: Value, declared: Value): (number | undefined)[] {
  if (probe === null) return [];
  if (!isObject(probe)) return [undefined];
  return CONNECTING.flatMap((kind) => {
    const handler = probe[kind] ?? null;
    if (handler === null) return [];
    return [numberOf(field(handler, "port") ?? null, declared)];
  });
}

/** A port by its number, or by the name that the container gives it. */
function numberOf(port: Value, declared: Value): number | undefined {
  if (port instanceof Unknown || declared instanceof Unknown) return undefined;
  const named = elements(declared).find((one) => typeof port === "string" && field(one, "name") === port);
  const number = Number(named === undefined ? port : field(named, "containerPort"));
  return port !== null && Number.isInteger(number) && number > 0 && number < 65_536 ? number : undefined;
}
