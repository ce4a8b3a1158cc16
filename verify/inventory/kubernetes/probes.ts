import { Unknown, type Value } from "../../../expression/value";
import { elements, field, isObject, text } from "../values";

/** What the kubelet asks of a container, by the keys of YAML. */
const PROBES = {
  startupProbe: "startup",
  readinessProbe: "readiness",
  livenessProbe: "liveness",
} as const;
const HOOKS = ["postStart", "preStop"] as const;
/** What opens a connection to the pod: `exec` runs inside of it. */
const CONNECTING = ["httpGet", "tcpSocket", "grpc"] as const;

/** A connection that the kubelet opens for a container. */
export interface Probe {
  readonly container: string;
  readonly kind: "startup" | "readiness" | "liveness" | (typeof HOOKS)[number];
  /** Undefined where the input does not determine it, or names a port that the container does not declare. */
  readonly port: number | undefined;
  /** Where it stands in the spec. */
  readonly part: Value;
  /** Where it leads from the node, if that is stated: without it to the pod. */
  readonly host?: string | Unknown;
}

/**
 * What the kubelet connects to for the probes and hooks of a pod; undefined where the input does not show its containers.
 * https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/
 *
 * @param spec the pod's
 */
export function probesOf(spec: Value | undefined): readonly Probe[] | undefined {
  const lists = ["containers", "initContainers"].map((name) => field(spec, name) ?? null);
  const containers = lists.flatMap((list) => elements(list));
  if (lists[0] === null || containers.length === 0 || !containers.every(isObject)) return undefined;
  return containers.flatMap((container) => {
    const declared = container["ports"] ?? null;
    const name = text(container["name"]) ?? "";
    const asked = [
      ...Object.entries(PROBES).map(([key, kind]) => [kind, container[key] ?? null] as const),
      ...HOOKS.map((kind) => [kind, field(container, "lifecycle", kind) ?? null] as const),
    ];
    return asked.flatMap(([kind, handler]) =>
      connections(handler, declared).map((connection) => ({
        container: name,
        kind,
        part: handler,
        ...connection,
      })),
    );
  });
}

/** The TCP ports of a pod that the kubelet probes; undefined where the input does not determine them. */
export function probedPorts(spec: Value | undefined): readonly number[] | undefined {
  const probes = probesOf(spec);
  if (probes?.some(({ host }) => host instanceof Unknown)) return undefined;
  const ports = probes?.filter(({ host }) => host === undefined).map(({ port }) => port);
  return ports?.every((port) => port !== undefined) ? [...new Set(ports)].sort((a, b) => a - b) : undefined;
}

function connections(handler: Value, declared: Value): Pick<Probe, "port" | "host">[] {
  if (handler === null) return [];
  if (!isObject(handler)) return [{ port: undefined }];
  return CONNECTING.flatMap((kind) => {
    const way = handler[kind] ?? null;
    if (way === null) return [];
    const host = field(way, "host");
    const isStated = host instanceof Unknown || (typeof host === "string" && host !== "");
    return [{ port: numberOf(field(way, "port") ?? null, declared), ...(isStated && { host }) }];
  });
}

/** A port by its number, or by the name that the container gives it. */
function numberOf(port: Value, declared: Value): number | undefined {
  if (port instanceof Unknown || declared instanceof Unknown) return undefined;
  const named = elements(declared).find((one) => typeof port === "string" && field(one, "name") === port);
  const number = Number(named === undefined ? port : field(named, "containerPort"));
  return port !== null && Number.isInteger(number) && number > 0 && number < 65_536 ? number : undefined;
}
