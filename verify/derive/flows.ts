import type { GroupKey } from "../../network/peers";
import type { Flow, Origin } from "../expect/model";
import { type Workload, workloads } from "../inventory/kubernetes/workloads";
import type { Estate } from "../needs/model";
import { dataOf } from "./data";
import { dnsOf } from "./dns";
import { podEndpoint } from "./endpoints";
import { loadBalancersOf } from "./load-balancers";
import type { Derivation, WorkloadTable } from "./model";
import { calledAs, placeOf } from "./names";
import { networkPoliciesOf } from "./network-policies";
import { probesOf } from "./probes";
import { WorkloadTableMaker } from "./table";
import { Unjudged } from "./unjudged";
import { webhooksOf } from "./webhooks";
import { groupsOf } from "./workload-groups";

/** What workloads need of each other and of the cluster. */
export interface Derived {
  readonly flows: readonly Flow[];
  /** What of a workload is not judged, and why, in sentences. */
  readonly notes: readonly string[];
  readonly table: WorkloadTable;
}

/** What a workload may need, a kind a file. */
const DERIVATIONS: readonly Derivation[] = [
  dnsOf,
  probesOf,
  dataOf,
  loadBalancersOf,
  webhooksOf,
  networkPoliciesOf,
];

/**
 * The flows that workloads with groups of their own need and nobody states. Each has an id without lines, such as
 * `shop/Deployment/orders/readiness/8080`, and what needs it.
 */
export function derivedFlows(estate: Estate): Derived {
  const notes = new Unjudged();
  const flows = new Map<string, Flow>();
  const table = new WorkloadTableMaker(estate);
  for (const workload of workloads(estate.inventory)) {
    const groups = groupsOf(estate, workload, notes);
    const needed = groups.length === 0 ? [] : neededBy(estate, workload, groups, notes);
    for (const flow of needed) {
      const before = flows.get(flow.id.name);
      const origins = [...(before?.origins ?? []), ...(flow.origins ?? [])];
      flows.set(flow.id.name, { ...flow, origins });
    }
    table.add(workload, groups, [...new Set(needed.map(({ id }) => id.name))]);
  }
  return { flows: [...flows.values()], notes: notes.sentences(), table: table.table() };
}

function neededBy(
  estate: Estate,
  workload: Workload,
  groups: readonly GroupKey[],
  notes: Unjudged,
): readonly Flow[] {
  const subject = { estate, workload, own: podEndpoint(estate.inventory, workload, groups), notes };
  return DERIVATIONS.flatMap((derive) => derive(subject)).map(({ id, words, ...rest }): Flow => {
    const name = `${placeOf(workload)}/${id}`;
    const origin: Origin = { words: `${calledAs(workload)}, ${words}`, source: workload.source };
    return { id: { module: "", name }, origins: [origin], expect: "allow", required: new Set(), ...rest };
  });
}
