import type { Target } from "./model";

/**
 * Who writes the rules: the controller where it makes the groups of the balancer itself, or where it is told to.
 *
 * @param isMade undefined where it is not known whether it makes the groups
 */
export function writtenBy(isMade: boolean | undefined, manages: boolean | undefined): Target["rulesBy"] {
  if (isMade === undefined) return undefined;
  if (isMade || manages) return "controller";
  return manages === false ? "user" : undefined;
}
