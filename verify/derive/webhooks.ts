import { callsOf } from "../inventory/kubernetes/called-services";
import { servicesTo, targetPortOf } from "../inventory/kubernetes/services";
import { once } from "../inventory/once";
import { controlPlanes } from "../needs/control-plane";
import type { Estate } from "../needs/model";
import { endpointsOf } from "./endpoints";
import type { Subject, Wanted } from "./model";

const controlPlane = once((estate: Estate) => {
  const all = controlPlanes(estate);
  return all.length === 1 ? endpointsOf(estate, all, "control-plane") : [];
});

/**
 * What the API server calls: webhooks, and APIs that it passes on. It connects to the pods themselves, on the port that
 * their Service leads to: https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html
 */
export function webhooksOf({ estate, workload, own: to, notes }: Subject): Wanted[] {
  const { inventory } = estate;
  const { certain, possible } = servicesTo(inventory, workload);
  for (const service of possible.filter((one) => callsOf(inventory, one).length > 0)) {
    notes.add(
      workload,
      `whether ${service.address}, which the API server calls, leads to its pods is not known, so that is not judged`,
    );
  }
  const called = certain.flatMap((service) => callsOf(inventory, service).map((call) => ({ service, call })));
  if (called.length === 0) return [];
  const from = controlPlane(estate);
  if (from.length === 0) {
    notes.add(
      workload,
      "which groups the control plane carries is not known here, so what the API server calls is not judged: the input shows no cluster, or several",
    );
    return [];
  }
  return called.flatMap(({ service, call: { as, by, port, at } }) => {
    const servicePort = service.ports?.find((one) => port !== undefined && one.port === port);
    const target = servicePort && targetPortOf(servicePort, workload.spec);
    if (target === undefined) {
      notes.add(
        workload,
        `the port that ${by} leads to by ${service.address} is not known, so it is not judged: the Service must have port ${port ?? "that it names"}, and a named port must be among those of the containers`,
      );
      return [];
    }
    return from.map(({ endpoint }) => ({
      id: `${as}/${target}`,
      from: endpoint,
      to,
      traffic: [{ protocol: "tcp", ports: { from: target, to: target } } as const],
      words: `${as === "api" ? "API" : "webhook"} of ${by}`,
      at,
    }));
  });
}
