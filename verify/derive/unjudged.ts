import { calledAs } from "../inventory/kubernetes/names";
import type { Workload } from "../inventory/kubernetes/workloads";

const MOST_NAMED = 5;

/** What is not judged, by the reason: workloads with one reason are one sentence. */
export class Unjudged {
  private readonly byReason = new Map<string, Set<string>>();

  add(workload: Workload, reason: string): void {
    const names = this.byReason.get(reason) ?? new Set();
    this.byReason.set(reason, names.add(calledAs(workload)));
  }

  sentences(): string[] {
    return [...this.byReason].map(([reason, names]) => {
      const more = names.size > MOST_NAMED ? ` and ${names.size - MOST_NAMED} more` : "";
      return `${[...names].slice(0, MOST_NAMED).join(", ")}${more}: ${reason}`;
    });
  }
}
