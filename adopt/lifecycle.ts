import { takenBy } from "./blocks";
import type { Call } from "./model";

/** What held of an object by its `lifecycle`, and does not in a module. */
export interface LostLifecycle {
  readonly from: string;
  readonly to: string;
  /** As it was written: `prevent_destroy = true`. */
  readonly lifecycle: string;
}

/** What no longer holds of what calls take over: modules have no `lifecycle`. */
export function lostLifecycles(calls: readonly Call[]): LostLifecycle[] {
  return takenBy(calls).flatMap(({ from, to }) =>
    (from.lifecycle ?? []).map((lifecycle) => ({ from: from.address, to, lifecycle })),
  );
}
