import type { Source } from "../read/model";

/** One flow, finding or workload as a test. */
export interface Case {
  readonly name: string;
  /** Where it stands, if it has a place. */
  readonly source?: Source;
  readonly outcome: "passed" | "failed" | "skipped";
  /** The kind of a failure: `broken-flow`, `workload`, or the check. */
  readonly type: string;
  /** What is said of it, where there is something to say. */
  readonly words?: string;
}
