import type { Traffic } from "../../network/traffic";
import type { Endpoint } from "../expect/model";
import type { Workload } from "../inventory/kubernetes/workloads";
import type { Estate } from "../needs/model";
import type { Unjudged } from "./unjudged";

/** A flow that a workload needs, before the workload is added to its id and to its words. */
export interface Wanted {
  /** The rest of its id, such as `readiness/8080`: without lines, and the same in each run. */
  readonly id: string;
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly traffic: readonly Traffic[];
  /** What of the workload needs it, such as `readinessProbe of container api`. */
  readonly words: string;
}

/** A workload whose groups are known, and what of it cannot be judged. */
export interface Subject {
  readonly estate: Estate;
  readonly workload: Workload;
  /** Its pods. */
  readonly own: Endpoint;
  readonly notes: Unjudged;
}

/** One kind of need, from a workload to the flows that it needs. */
export type Derivation = (subject: Subject) => readonly Wanted[];
