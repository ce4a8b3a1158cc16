import type { GroupKey } from "../../network/peers";
import type { Traffic } from "../../network/traffic";
import type { Endpoint } from "../expect/model";
import type { Workload } from "../inventory/kubernetes/workloads";
import type { Estate } from "../needs/model";
import type { ObjectPart, Source } from "../read/model";
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
  /** Where that stands. Default: the workload. */
  readonly at?: ObjectPart;
}

/** A workload whose groups are known, and what of it cannot be judged. */
export interface Subject {
  readonly estate: Estate;
  readonly workload: Workload;
  /** Its pods. */
  readonly own: Endpoint;
  readonly notes: Unjudged;
}

/** A workload with what its pods get. Groups and policies are those that the input determines. */
export interface WorkloadRow {
  /** Such as `Deployment shop/orders`. */
  readonly name: string;
  readonly address: string;
  readonly source: Source;
  /** The policies that select its pods, and where it is not known which do, those that may. */
  readonly policies: readonly { readonly address: string; readonly name: string }[];
  /** Whose groups its pods carry: their own, those of their node, or that is not known. */
  readonly carries: "own" | "node" | "unknown";
  /** Their own groups. */
  readonly groups: readonly GroupKey[];
  /** The names of the flows that it needs. */
  readonly flows: readonly string[];
  /** What of it is not judged, and why: clauses that go with its name. */
  readonly unjudged: readonly string[];
  /** The data services that it uses and that allow pods of other policies only: by their addresses. */
  readonly closedServices: readonly string[];
}

/** The workloads of an input, and how policies meet them. */
export interface WorkloadTable {
  readonly rows: readonly WorkloadRow[];
  /** The addresses of policies that select none of the workloads. */
  readonly idlePolicies: readonly string[];
}

/** One kind of need, from a workload to the flows that it needs. */
export type Derivation = (subject: Subject) => readonly Wanted[];
