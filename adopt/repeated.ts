import type { Estate, FoundGroup, Left } from "./model";

/**
 * An estate without groups that a state has under more than one address, such as one that was imported twice: a call can hold a
 * group once, and the first address is the one that is taken over.
 */
export function withoutRepeated(estate: Estate): { readonly estate: Estate; readonly left: readonly Left[] } {
  const first = new Map<string, FoundGroup>();
  const left: Left[] = [];
  for (const group of estate.groups) {
    const known = first.get(group.id);
    if (known === undefined) first.set(group.id, group);
    else {
      left.push({
        address: group.address,
        reason: `it is the same group as ${known.address} (${group.id}), which the state has twice. Let one of them go first: delete its block, and \`terraform state rm '${group.address}'\``,
        isOthers: false,
      });
    }
  }
  return left.length === 0 ? { estate, left } : { estate: { ...estate, groups: [...first.values()] }, left };
}
