import { statedAccess } from "../needs/data-access";
import type { Subject, Wanted } from "./model";

/** Databases and caches that a rule on either side names. */
export function dataOf({ estate, own: from }: Subject): Wanted[] {
  return statedAccess(estate, from.groups).map(({ service, traffic }) => {
    const { address } = service.resource;
    const { groups } = service.attachment;
    const families = estate.inventory.familiesOn(groups);
    return {
      id: `data/${address}`,
      from,
      to: { name: address, groups, ...(families && { families }) },
      traffic,
      words: `rules for ${address}`,
    };
  });
}
