import type { Verdict } from "../judge/model";
import type { Report } from "./model";

/** Whether a flow counts: not one that workloads need where nobody asks for these. */
export function isCounted({ areDerivedIdle }: Pick<Report, "areDerivedIdle">, { flow }: Verdict): boolean {
  return flow.origins === undefined || !areDerivedIdle;
}
