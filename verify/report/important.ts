import type { Report } from "../checks/model";
import type { Difference } from "../compare/difference";
import { flowIdText } from "../expect/flow-id";
import type { Verdict } from "../judge/model";

/** Tells which flows are broken or changed since the base: what is shown where not all fits. */
export function importantIn(
  difference: Difference | undefined,
): (report: Report, verdict: Verdict) => boolean {
  const changed = new Set(
    (difference?.flows ?? []).map(({ path, flow }) => `${path}\n${flowIdText(flow.id)}`),
  );
  return ({ path }, { flow, status }) =>
    status === "broken" || changed.has(`${path}\n${flowIdText(flow.id)}`);
}
