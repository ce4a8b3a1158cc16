import type { Arguments, Resources } from "../../support/input";
import { POLICY, policy } from "./pods";

/** Parts of a policy's spec. */
export const groups = (...groupIds: string[]) => ({ securityGroups: { groupIds } });
export const labels = (matchLabels: Arguments) => ({ podSelector: { matchLabels } });
export const expressions = (...matchExpressions: Arguments[]) => ({ podSelector: { matchExpressions } });
export const ONE = groups("sg-1");

/** So many ids of groups. */
export const ids = (count: number, prefix = "sg-0") =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);

/** One policy and nothing else. */
export const one = (spec: Arguments, metadata: Arguments = {}): Resources => ({
  [POLICY]: policy(spec, metadata),
});
