import { InputError } from "../../io/errors";
import type { Json } from "../../io/json";
import { groupedBy } from "../../io/lists";
import { LISTS, type ListName, missingPages, type Page } from "./documents";
import { listedGroup, listedInterface, listedRule, permittedRules } from "./items";
import { ruleKey } from "./meaning";
import type { ListedRule, Listings } from "./model";

export { type Page, pageOf } from "./documents";
export type * from "./model";

/** More ids than this do not fit into one filter of a request. */
const FILTER_LIMIT = 200;

/** The command that lists the rules of some groups with their ids. */
export function rulesCommand(groups: readonly string[]): string {
  const filter = groups.length > FILTER_LIMIT ? "" : ` --filters Name=group-id,Values=${groups.join(",")}`;
  return `aws ec2 ${LISTS.SecurityGroupRules.command}${filter} --output json`;
}

/**
 * What pages list, together.
 *
 * @throws InputError where an item lacks what each has, pages are missing, or two lists do not agree
 */
export function listingsOf(pages: readonly Page[]): Listings {
  const problems = missingPages(pages);
  const has = (list: ListName) => pages.some((page) => page.list === list);
  const all = <T>(list: ListName, read: (item: Json) => T | undefined) =>
    pages
      .filter((page) => page.list === list)
      .flatMap(({ file, items }) =>
        items.flatMap((item, index) => {
          const found = read(item);
          if (found === undefined) {
            problems.push(
              `${file}: ${list}[${index}] is not as the API gives it. Print it again without --query: \`aws ec2 ${LISTS[list].command} --output json\`.`,
            );
          }
          return found ?? [];
        }),
      );
  const groups = all("SecurityGroups", listedGroup);
  const permitted = all("SecurityGroups", permittedRules).flat();
  const rules = all("SecurityGroupRules", listedRule);
  const interfaces = all("NetworkInterfaces", listedInterface);
  if (problems.length > 0) throw new InputError(problems);
  const merged = mergedRules(new Set(groups.map(({ id }) => id)), permitted, rules);
  return {
    ...(has("SecurityGroups") && { groups: new Map(groups.map((group) => [group.id, group])) }),
    ...((has("SecurityGroups") || has("SecurityGroupRules")) && { rules: merged }),
    ...(has("NetworkInterfaces") && {
      interfaces: [...new Map(interfaces.map((one) => [one.id, one])).values()],
    }),
  };
}

/**
 * The rules of groups by their ids: where both lists have those of a group, they must be the same ones.
 *
 * @throws InputError where they are not
 */
function mergedRules(
  groups: ReadonlySet<string>,
  permitted: readonly ListedRule[],
  listed: readonly ListedRule[],
): Map<string, readonly ListedRule[]> {
  const withIds = groupedBy(
    [...new Map(listed.map((rule) => [rule.id, rule])).values()],
    ({ group }) => group,
  );
  const withoutIds = groupedBy(
    [...new Map(permitted.map((rule) => [`${rule.group} ${ruleKey(rule)}`, rule])).values()],
    ({ group }) => group,
  );
  const merged = new Map<string, readonly ListedRule[]>(withIds);
  const differing: string[] = [];
  for (const group of groups) {
    const own = withoutIds.get(group) ?? [];
    const known = withIds.get(group);
    if (known === undefined) {
      merged.set(group, own);
      continue;
    }
    const descriptions = new Map(own.map((rule) => [ruleKey(rule), rule.description]));
    const isSame = known.length === own.length && known.every((rule) => descriptions.has(ruleKey(rule)));
    if (!isSame) differing.push(group);
    merged.set(
      group,
      known.map((rule) => ({ ...rule, otherDescription: descriptions.get(ruleKey(rule)) ?? "" })),
    );
  }
  if (differing.length > 0) {
    throw new InputError([
      `${differing.join(", ")}: ${LISTS.SecurityGroups.command} and ${LISTS.SecurityGroupRules.command} list other rules, so that they are not of one moment. Print both again.`,
    ]);
  }
  return merged;
}
