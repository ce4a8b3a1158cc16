import type { Block } from "./model";
import { type GroupPlace, KEYS } from "./places";

/** Where a group is, and its name; undefined where the provider makes one up. */
interface Placed {
  readonly place: GroupPlace;
  readonly name: string | undefined;
}

/**
 * What a team's `moved` blocks say of a group that has got another address before: another name, a key, or a module around it.
 *
 * @param rule the address of a rule of the group in the root that is no instance, if there is one
 */
export function movedBefore({ place, name }: Placed, label: string, rule?: string): Block[] {
  const group = `aws_security_group.${label}`;
  const [first] = KEYS;
  switch (place) {
    case "root":
      return [
        // A module whose name is that of the group, as the call's that takes it over.
        moved(`${label}_0`, `module.${wordsOf(name ?? label)}.aws_security_group.this`, group),
        ...(rule === undefined ? [] : [moved(`${label}_1`, `${rule}_before`, rule)]),
      ];
    case "count":
      return [moved(label, group, `${group}[0]`)];
    case "for_each":
      return [moved(label, group, `${group}["${first}"]`)];
    case "module":
      return [moved(label, group, `module.${label}.aws_security_group.this`)];
    case "module count":
      return [moved(label, `module.${label}`, `module.${label}[0]`)];
    case "module for_each":
      return [moved(label, `module.${label}`, `module.${label}["${first}"]`)];
  }
}

/** The same inside of the module of a group whose calls have got instances. */
export function movedInside({ place }: Placed): Block[] {
  return place === "module count" || place === "module for_each"
    ? [moved("inside", "aws_security_group.before", "aws_security_group.this")]
    : [];
}

function moved(name: string, from: string, to: string): Block {
  return { kind: "moved", name, values: { from: `\${${from}}`, to: `\${${to}}` } };
}

function wordsOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
}
