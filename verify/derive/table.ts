import type { GroupKey } from "../../network/peers";
import { calledAs } from "../inventory/kubernetes/names";
import { maySelect, policies, policiesOn } from "../inventory/kubernetes/policies";
import type { Workload } from "../inventory/kubernetes/workloads";
import type { Policy } from "../inventory/model";
import type { Estate } from "../needs/model";
import { servicesOfOtherPods } from "../needs/named-services";
import type { WorkloadRow, WorkloadTable } from "./model";

/** Collects what the pods of each workload get, and which policies meet none. */
export class WorkloadTableMaker {
  private readonly rows: WorkloadRow[] = [];
  private readonly met = new Set<Policy>();

  constructor(private readonly estate: Estate) {}

  /**
   * @param groups those that its pods certainly get; none where that is not known
   * @param flows the names of the flows that it needs
   * @param unjudged what of it is not judged, and why
   */
  add(
    workload: Workload,
    groups: readonly GroupKey[],
    flows: readonly string[],
    unjudged: readonly string[],
  ): void {
    const { certain, possible } = policiesOn(this.estate.inventory, workload);
    for (const policy of [...certain, ...possible]) this.met.add(policy);
    const isRefused = possible.length === 0 && certain.every(({ problems }) => problems.length > 0);
    const carries = groups.length > 0 ? "own" : isRefused ? "node" : "unknown";
    const { address, source } = workload;
    this.rows.push({
      name: calledAs(workload),
      address,
      source,
      policies: [...certain, ...possible].map((policy) => ({
        address: policy.address,
        name: typeof policy.name === "string" ? policy.name : policy.address,
      })),
      carries,
      groups,
      flows,
      unjudged,
      closedServices:
        carries === "node"
          ? servicesOfOtherPods(this.estate, workload).map(({ resource }) => resource.address)
          : [],
    });
  }

  /** Policies are idle only beside workloads: manifests of policies alone show no pods. */
  table(): WorkloadTable {
    const idle = policies(this.estate.inventory).filter(
      (policy) => policy.problems.length === 0 && maySelect(policy) && !this.met.has(policy),
    );
    return {
      rows: this.rows,
      idlePolicies: this.rows.length === 0 ? [] : idle.map(({ address }) => address),
    };
  }
}
