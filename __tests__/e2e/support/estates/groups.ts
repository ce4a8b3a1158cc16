import fc from "fast-check";
import type { Json } from "../../../../io/json";
import { addressOf, type Block, type Form, resource } from "./model";
import { movedBefore, movedInside } from "./moved";
import { type GroupPlace, KEYS, PLACES } from "./places";
import {
  accepted,
  blocksOf,
  type DrawnRule,
  FORMS,
  ODD,
  type PeerName,
  type Place,
  resourcesOf,
  rule,
  tags,
} from "./rules";

export interface DrawnGroup {
  readonly form: Form;
  readonly place: GroupPlace;
  /** `undefined`: the provider makes one up. */
  readonly name: string | undefined;
  readonly hasPrefix: boolean;
  readonly description: string | undefined;
  readonly tags: Json | undefined;
  readonly more: Json;
  readonly rules: readonly DrawnRule[];
}

export const drawnGroup: fc.Arbitrary<DrawnGroup> = fc.record({
  form: fc.constantFrom(...FORMS),
  place: fc.constantFrom(...PLACES),
  name: fc.constantFrom("web", "Ops (old)", ODD, "a.b_c/d@e", undefined),
  hasPrefix: fc.boolean(),
  description: fc.constantFrom(undefined, "Of a team", ODD),
  tags,
  more: fc.constantFrom<Json[]>(
    {},
    {},
    { revoke_rules_on_delete: true },
    { lifecycle: { create_before_destroy: true } },
    { timeouts: { delete: "5m" } },
  ),
  rules: fc.array(rule, { minLength: 1, maxLength: 4 }).map(accepted),
});

/** What a part of an estate comes to. */
export interface Part {
  readonly root: readonly Block[];
  /** What the root has of it when it is applied for the first time, where that is something else. */
  readonly first?: readonly Block[];
  /** What the second apply imports. */
  readonly imports?: readonly Block[];
  readonly modules?: Readonly<Record<string, readonly Block[]>>;
}

const REPEATED: Readonly<Record<string, Json>> = {
  count: { count: 2 },
  for_each: { for_each: `\${toset(${JSON.stringify(KEYS)})}` },
};

/**
 * A group of a team with its rules, in the root or in a module of its own.
 *
 * @param name unique in the root, as is the place in `names`
 * @param around how the root names what is around the groups
 * @param hasMoved whether it has got another address before
 */
export function groupPart(
  drawn: DrawnGroup,
  name: string,
  vpc: string,
  around: (peer: PeerName) => string,
  hasMoved: boolean,
): Part {
  const [, inModule, repeat = ""] = /^(module)? ?(\w*)$/.exec(drawn.place.replace("root", "")) ?? [];
  const instances = REPEATED[repeat] ?? {};
  if (inModule === undefined) {
    const blocks = blocksFor(drawn, name, vpc, around, instances, repeat);
    const rule = blocks.find(
      ({ type, values }) => type !== "aws_security_group" && !("for_each" in values || "count" in values),
    );
    const moved = hasMoved ? movedBefore(drawn, name, rule && addressOf(rule)) : [];
    return { root: [...blocks, ...moved] };
  }
  const used = ["nodes", "ingress", "list"] as const;
  const variable = (one: string): Block => ({ kind: "variable", name: one, values: { type: "string" } });
  return {
    root: [
      {
        kind: "module",
        name,
        values: {
          source: `./estates/${name}`,
          ...instances,
          vpc: `\${${vpc}}`,
          each: repeat === "count" ? "${count.index}" : repeat === "for_each" ? "${each.key}" : "",
          ...Object.fromEntries(used.map((peer) => [`${peer}_id`, `\${${around(peer)}}`])),
        },
      },
      ...(hasMoved ? movedBefore(drawn, name) : []),
    ],
    modules: {
      [name]: [
        ...(hasMoved ? movedInside(drawn) : []),
        ...["vpc", "each", ...used.map((peer) => `${peer}_id`)].map(variable),
        ...blocksFor(drawn, "this", "var.vpc", (peer) => `var.${peer}_id`, {}, "variable"),
        { kind: "output", name: "id", values: { value: "${aws_security_group.this.id}" } },
      ],
    },
  };
}

function blocksFor(
  { form, name, hasPrefix, description, tags, more, rules }: DrawnGroup,
  label: string,
  vpc: string,
  idOf: Place["idOf"],
  instances: Json,
  repeat: string,
): Block[] {
  const index = { count: "[count.index]", for_each: "[each.key]" }[repeat] ?? "";
  const each = { count: "-${count.index}", for_each: "-${each.key}", variable: "-${var.each}" }[repeat] ?? "";
  const place: Place = { name: label, id: `aws_security_group.${label}${index}.id`, idOf, instances };
  const naming = hasPrefix ? "name_prefix" : "name";
  const isInline = form === "inline";
  return [
    resource("aws_security_group", label, {
      ...instances,
      ...(name !== undefined && { [naming]: `${name}${each}` }),
      vpc_id: `\${${vpc}}`,
      ...(description !== undefined && { description }),
      ...(tags !== undefined && { tags }),
      ...more,
      ...(isInline && {
        ingress: blocksOf(rules, "ingress", place),
        egress: blocksOf(rules, "egress", place),
      }),
    }),
    ...(isInline ? [] : resourcesOf(rules, form, place)),
  ];
}
