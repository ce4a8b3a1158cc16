import { calledAs } from "../inventory/kubernetes/names";
import type { Workload } from "../inventory/kubernetes/workloads";

const MOST_NAMED = 5;

/** What is not judged, by the reason: workloads with one reason are one sentence. */
export class Unjudged {
  private readonly byReason = new Map<string, Set<string>>();
  private readonly byWorkload = new Map<string, Set<string>>();

  add(workload: Workload, reason: string): void {
    const name = calledAs(workload);
    this.byReason.set(reason, (this.byReason.get(reason) ?? new Set()).add(name));
    this.byWorkload.set(name, (this.byWorkload.get(name) ?? new Set()).add(reason));
  }

  /** The reasons that are about a workload. */
  of(workload: Workload): string[] {
    return [...(this.byWorkload.get(calledAs(workload)) ?? [])];
  }

  sentences(): string[] {
    return [...this.byReason].map(([reason, names]) => {
      const more = names.size > MOST_NAMED ? ` and ${names.size - MOST_NAMED} more` : "";
      return `${[...names].slice(0, MOST_NAMED).join(", ")}${more}: ${reason}`;
    });
  }
}
