import { AWS_NODE, type CniSource, cniSources, isSwitchedOn } from "../inventory/cluster/cni";
import { field, isObject } from "../inventory/values";
import type { Check } from "./check";
import { listed } from "./words";

export const check: Check = {
  id: "pod-eni-disabled",
  severity: "error",
  about: "pods with groups",
  title: "The CNI gives pods no security groups of their own",
  why: 'Without ENABLE_POD_ENI = "true" on the container aws-node, nodes get no trunk interface, and every pod keeps the groups of its node, whatever its SecurityGroupPolicy says.',
  reference: "https://docs.aws.amazon.com/eks/latest/userguide/security-groups-pods-deployment.html",
  run: (context) => {
    // Somebody else's settings are not in the input.
    const sources = context.cni?.management === "external" ? [] : cniSources(context.inventory);
    const [first] = sources;
    if (first === undefined || isSwitchedOn(sources, AWS_NODE, "ENABLE_POD_ENI") !== false) return [];
    return [
      {
        address: first.address,
        source: first.source,
        message: `${first.address} configures the CNI without ENABLE_POD_ENI = "true" on the container aws-node: no pod gets its own security groups. ${fixFor(sources)}`,
      },
    ];
  },
};

const NAME = "ENABLE_POD_ENI";

/** The one key to add or to change, so that the others stay. */
function fixFor(all: readonly CniSource[]): string {
  const sources = all.filter(({ kind }) => kind !== "daemon-set");
  if (sources.length === 0) {
    return `Set it where the DaemonSet comes from: the managed add-on, the chart, or kubectl set env daemonset ${AWS_NODE} -n kube-system ${NAME}=true.`;
  }
  const ofNode = sources.filter(({ kind }) => kind !== "env");
  const [source = sources.find(({ settings }) => settings.some(({ container }) => container === AWS_NODE))] =
    ofNode;
  if (source === undefined) {
    return `Add a kubernetes_env with container = "${AWS_NODE}", its own field_manager and env { name = "${NAME}", value = "true" }.`;
  }
  const { address, kind, values, settings } = source;
  const own = settings.filter(({ container }) => container === AWS_NODE).map(({ name }) => name);
  if (kind === "env") {
    return own.includes(NAME)
      ? `Set ${NAME} of ${address} to "true".`
      : `Add the block env { name = "${NAME}", value = "true" } to ${address}.`;
  }
  const map = kind === "add-on" ? "its configuration_values" : "the values of the chart";
  if (own.includes(NAME)) return `Set env.${NAME} in ${map} to "true".`;
  if (isObject(field(values, "env"))) {
    return `Add ${NAME} = "true" to the map env of ${map}${beside(own)}.`;
  }
  const keys = isObject(values) ? Object.keys(values) : [];
  if (kind === "add-on" && keys.length === 0) {
    return `Add configuration_values = jsonencode({ env = { ${NAME} = "true" } }).`;
  }
  return `Add env = { ${NAME} = "true" } to ${map}${beside(keys)}.`;
}

function beside(keys: readonly string[]): string {
  return keys.length === 0 ? "" : `, next to ${listed(keys)}`;
}
