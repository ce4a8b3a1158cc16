import type { Value } from "../../../expression/value";
import { field, isList, isObject } from "../../../expression/values";
import { nearest } from "../../../io/nearest";
import type { Input, KubernetesObject } from "../model";

/**
 * What is said of words that an option gives a meaning and that nothing of an input has: they change nothing, and are most
 * likely misspelt.
 *
 * @param words those of the option
 */
export function notesOfUnusedWords(
  words: Iterable<string>,
  { resources, manifests = [] }: Pick<Input, "resources" | "manifests">,
): string[] {
  const values = [...manifests.map(({ body }) => body), ...resources.map((resource) => resource.values)];
  return [...words]
    .filter((word) => !values.some((value) => hasText(value, word)))
    .map((word) => {
      const meant = nearest(word, manifests.flatMap(groupsOf));
      const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
      return `--group ${word}: no policy and no annotation has this in the place of a group, so it changes nothing${hint}`;
    });
}

/** Whether a text stands anywhere in a value, alone or among others. */
function hasText(value: Value, text: string): boolean {
  if (typeof value === "string") return value.includes(text);
  if (isList(value)) return value.some((item) => hasText(item, text));
  return isObject(value) && Object.values(value).some((item) => hasText(item, text));
}

/** What a policy has in the place of groups. */
function groupsOf({ body }: KubernetesObject): string[] {
  const ids = field(body, "spec", "securityGroups", "groupIds") ?? null;
  return isList(ids) ? ids.filter((id) => typeof id === "string") : [];
}
