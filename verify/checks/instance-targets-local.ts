import { field } from "../../expression/values";
import { targetsOf } from "../inventory/balancers";
import { type Service, servicesTo } from "../inventory/kubernetes/services";
import { workloads } from "../inventory/kubernetes/workloads";
import { podGroups } from "../needs/controller-rules";
import type { Check, CheckContext, Observation } from "./check";

export const check: Check = {
  id: "instance-targets-local",
  severity: "error",
  about: "pods with groups",
  title: "Instance targets with externalTrafficPolicy: Local in strict mode",
  why: "In strict mode, Services with instance targets and externalTrafficPolicy: Local do not work for pods with their own security groups: what comes to the node cannot go on to a pod of the same node. Use ip targets, externalTrafficPolicy: Cluster, or standard mode. It is a warning if the cloud provider's own controller serves the Service.",
  reference: "https://docs.aws.amazon.com/eks/latest/userguide/security-groups-for-pods.html",
  run: (context) => {
    if (context.mode !== "strict") return [];
    const found = new Map<Service, Observation>();
    for (const workload of workloads(context.inventory)) {
      if ((podGroups(context.inventory, workload) ?? []).length === 0) continue;
      for (const service of servicesTo(context.inventory, workload).certain) {
        const severity = severityOf(context, service);
        if (severity === undefined || found.has(service)) continue;
        const { address, source } = service;
        const message = `${address} has instance targets and externalTrafficPolicy: Local, and leads to pods with their own security groups (${workload.address}): in strict mode they are not reached. Use ip targets, or externalTrafficPolicy: Cluster.`;
        found.set(service, { address, source, severity, message });
      }
    }
    return [...found.values()];
  },
};

/** Undefined where nothing certainly comes by way of a node that must keep it. */
function severityOf({ inventory }: CheckContext, service: Service): "error" | "warning" | undefined {
  const { spec, annotations } = service;
  if (field(spec, "externalTrafficPolicy") !== "Local") return undefined;
  const targets = targetsOf(inventory, service);
  if (targets.some(({ type }) => type === "instance")) return "error";
  // What another class serves, and what a webhook may still give a class, is not known.
  const isOfProvider =
    field(spec, "type") === "LoadBalancer" &&
    (field(spec, "loadBalancerClass") ?? null) === null &&
    field(annotations, "service.beta.kubernetes.io/aws-load-balancer-type") !== "external" &&
    field(annotations, "service.beta.kubernetes.io/aws-load-balancer-nlb-target-type") === undefined;
  return targets.length === 0 && isOfProvider ? "warning" : undefined;
}
