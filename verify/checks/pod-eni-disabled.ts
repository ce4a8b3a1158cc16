import { AWS_NODE, cniSources, isSwitchedOn } from "../inventory/cluster/cni";
import type { Check } from "./check";
import { hasPodGroups } from "./subjects";

export const check: Check = {
  id: "pod-eni-disabled",
  severity: "error",
  title: "The CNI gives pods no groups of their own",
  why: 'Without ENABLE_POD_ENI = "true" on the container aws-node the nodes get no trunk interface, and every pod keeps the node\'s groups, whatever its SecurityGroupPolicy says. A warning where the input does not show such pods.',
  reference: "https://docs.aws.amazon.com/eks/latest/userguide/security-groups-pods-deployment.html",
  run: (context) => {
    // Somebody else's settings are not in the input.
    const sources = context.cni?.management === "external" ? [] : cniSources(context.inventory);
    const [first] = sources;
    if (first === undefined || isSwitchedOn(sources, AWS_NODE, "ENABLE_POD_ENI") !== false) return [];
    const fix =
      first.kind === "add-on"
        ? 'configuration_values = jsonencode({ env = { ENABLE_POD_ENI = "true" } })'
        : 'a kubernetes_env with container = "aws-node" and env { name = "ENABLE_POD_ENI", value = "true" }';
    return [
      {
        address: first.address,
        source: first.source,
        severity: hasPodGroups(context) ? "error" : "warning",
        message: `${first.address} configures the CNI without ENABLE_POD_ENI = "true" on the container aws-node: no pod gets security groups of its own. Add ${fix}.`,
      },
    ];
  },
};
