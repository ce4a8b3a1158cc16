import { all, any, group, isEmpty, isGiven, isNotEmpty, isNull } from "../../../expression/conditions";
import type { Precondition } from "../../../synth/contract";
import { EXAMPLE } from "../ids";
import { COREDNS, INGRESS, isDefault, variable, WORKER } from "./variables";

/** What no value of one variable can show to be wrong. */
export function clusterAccessPreconditions(on: string, unless?: string): Precondition[] {
  const needed = (condition: string) => (unless === undefined ? condition : any(unless, condition));
  return [
    {
      on,
      condition: needed(
        any(
          isGiven(WORKER),
          group(
            all(
              isEmpty(variable("probe_ports")),
              group(any(isGiven(COREDNS), isNotEmpty(variable("dns_cidrs")))),
            ),
          ),
        ),
      ),
      message:
        "Give k8s_worker in security_groups: probes come from it, and DNS goes through it unless coredns or dns_cidrs is given. Without probes: probe_ports = {}.",
      refused: { no_worker_group: { security_groups: { k8s_ingress: EXAMPLE.ingress } } },
    },
    {
      on,
      condition: needed(any(isGiven(INGRESS), isEmpty(variable("ingress_ports")))),
      message:
        "Give k8s_ingress in security_groups, where requests come from. Without ingress: ingress_ports = {}.",
      refused: { no_ingress_group: { security_groups: { k8s_worker: EXAMPLE.worker } } },
    },
    {
      on,
      condition: any(isNull(COREDNS), isEmpty(variable("dns_cidrs"))),
      message: "DNS goes through the group coredns or to dns_cidrs, not both: leave one out.",
      refused: {
        a_group_and_addresses_for_dns: {
          security_groups: {
            k8s_worker: EXAMPLE.worker,
            k8s_ingress: EXAMPLE.ingress,
            coredns: EXAMPLE.other,
          },
          dns_cidrs: { vpc: { cidr_ipv4: "10.0.0.2/32" } },
        },
      },
    },
    {
      on,
      condition: any(isNotEmpty(variable("internet_protocols")), isDefault("internet_targets")),
      message: "There are internet_targets but no internet_protocols that lead to them: leave one out.",
      refused: {
        targets_without_a_protocol: {
          internet_protocols: [],
          internet_targets: { partner: { cidr_ipv4: "203.0.113.0/24" } },
        },
      },
    },
  ];
}
