import type { Flow, Origin } from "../expect/model";
import { calledAs, placeOf } from "../inventory/kubernetes/names";
import { type Workload, workloads } from "../inventory/kubernetes/workloads";
import type { Estate } from "../needs/model";
import { dataOf } from "./data";
import { dnsOf } from "./dns";
import { podEndpoint } from "./endpoints";
import { loadBalancersOf } from "./load-balancers";
import type { Derivation, WorkloadTable } from "./model";
import { networkPoliciesOf } from "./network-policies";
import { probesOf } from "./probes";
import { WorkloadTableMaker } from "./table";
import { Unjudged } from "./unjudged";
import { webhooksOf } from "./webhooks";
import { type PodGroups, podGroupsOf } from "./workload-groups";

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
    const own = podGroupsOf(estate, workload, notes);
    const needed = own.groups.length === 0 ? [] : neededBy(estate, workload, own, notes);
    for (const flow of needed) {
      const before = flows.get(flow.id.name);
      const origins = [...(before?.origins ?? []), ...(flow.origins ?? [])];
      flows.set(flow.id.name, { ...flow, origins });
    }
    const names = [...new Set(needed.map(({ id }) => id.name))];
    table.add(workload, own.hangsOn ? [] : own.groups, names, notes.of(workload));
  }
  return { flows: [...flows.values()], notes: notes.sentences(), table: table.table() };
}

function neededBy(
  estate: Estate,
  workload: Workload,
  { groups, hangsOn }: PodGroups,
  notes: Unjudged,
): readonly Flow[] {
  const own = podEndpoint(estate.inventory, workload, groups);
  const subject = { estate, workload, own, notes };
  return DERIVATIONS.flatMap((derive) => derive(subject)).map(({ id, words, at, ...rest }): Flow => {
    const name = `${placeOf(workload)}/${id}`;
    const [need = ""] = id.split("/");
    const { source, lineOf } = at?.object ?? workload;
    const origin: Origin = {
      need,
      words: `${calledAs(workload)}, ${words}`,
      source,
      ...(at && lineOf && { lineOf: () => lineOf(at.part) }),
    };
    const end = rest.from === own ? ("from" as const) : ("to" as const);
    return {
      id: { module: "", name },
      origins: [origin],
      expect: "allow",
      required: new Set(),
      ...rest,
      ...(hangsOn && { hangsOn: { ...hangsOn, end } }),
    };
  });
}
