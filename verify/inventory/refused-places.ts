import { groupedBy } from "../../io/lists";
import type { Refusal, Refused, RefusedPlace } from "./model";

/** The places of refusals, by their addresses. */
export function refusedPlaces(refusals: readonly Refusal[]): ReadonlyMap<string, RefusedPlace> {
  const all = groupedBy(refusals, ({ address }) => address);
  return new Map(
    [...all].map(([place, own]) => [
      place,
      { place, ...(own.every(({ refused }) => mayBeRight(refused)) && { mayBeRight: true }) },
    ]),
  );
}

/**
 * Whether something outside of the input may make a refusal untrue: another configuration that joins two VPCs, so that AWS finds
 * the group, or a state elsewhere that holds the resources.
 */
export function mayBeRight(refused: Refused): boolean {
  if (refused.kind === "two-vpcs") return !refused.vpcs.includes(undefined);
  return refused.kind === "late-instances" && refused.mayBeMade === true;
}
