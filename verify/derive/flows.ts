import type { Flow, Origin } from "../expect/model";
import { workloads } from "../inventory/kubernetes/workloads";
import type { Estate } from "../needs/model";
import { dataOf } from "./data";
import { dnsOf } from "./dns";
import { podEndpoint } from "./endpoints";
import { loadBalancersOf } from "./load-balancers";
import type { Derivation } from "./model";
import { calledAs, placeOf } from "./names";
import { probesOf } from "./probes";
import { Unjudged } from "./unjudged";
import { webhooksOf } from "./webhooks";
import { groupsOf } from "./workload-groups";

/** What workloads need of each other and of the cluster. */
export interface Derived {
  readonly flows: readonly Flow[];
  /** What of a workload is not judged, and why, in sentences. */
  readonly notes: readonly string[];
}

/** What a workload may need, a kind a file. */
const DERIVATIONS: readonly Derivation[] = [dnsOf, probesOf, dataOf, loadBalancersOf, webhooksOf];

/**
 * The flows that workloads with groups of their own need and nobody states. Each has an id without lines, such as
 * `shop/Deployment/orders/readiness/8080`, and what needs it.
 */
export function derivedFlows(estate: Estate): Derived {
  const notes = new Unjudged();
  const flows = new Map<string, Flow>();
  for (const workload of workloads(estate.inventory)) {
    const groups = groupsOf(estate, workload, notes);
    if (groups.length === 0) continue;
    const own = podEndpoint(estate.inventory, workload, groups);
    const subject = { estate, workload, own, notes };
    for (const { id, words, ...rest } of DERIVATIONS.flatMap((derive) => derive(subject))) {
      const name = `${placeOf(workload)}/${id}`;
      const origin: Origin = { words: `${calledAs(workload)}, ${words}`, source: workload.source };
      const before = flows.get(name);
      const origins = [...(before?.origins ?? []), origin];
      flows.set(name, { id: { module: "", name }, origins, expect: "allow", required: new Set(), ...rest });
    }
  }
  return { flows: [...flows.values()], notes: notes.sentences() };
}
