import type { Json } from "../../../../io/json";
import type { Part } from "./groups";
import { type Block, resource } from "./model";

/** Resources of one state that state the same rule, as they come about by imports and by blocks that are written afterwards. */
export const TWICE = ["classic twice", "own twice", "own and classic", "block and classic"] as const;
export type Twice = (typeof TWICE)[number];

const CLASSIC = "aws_security_group_rule";
const OWN = "aws_vpc_security_group_ingress_rule";
const CIDR = "10.1.0.0/16";

/** A group with a rule that is stated twice. */
export function twicePart(twice: Twice, label: string, vpc: string): Part {
  const id = `aws_security_group.${label}.id`;
  const group = (more: Json = {}) =>
    resource("aws_security_group", label, { name: `twice ${label}`, vpc_id: `\${${vpc}}`, ...more });
  const classic = (name: string, ...cidr_blocks: string[]) =>
    resource(CLASSIC, `${label}_${name}`, {
      security_group_id: `\${${id}}`,
      type: "ingress",
      protocol: "tcp",
      from_port: 443,
      to_port: 443,
      cidr_blocks,
    });
  const own = (name: string) =>
    resource(OWN, `${label}_${name}`, {
      security_group_id: `\${${id}}`,
      ip_protocol: "tcp",
      from_port: 443,
      to_port: 443,
      cidr_ipv4: CIDR,
    });
  const imported = (type: string, name: string, from: string): Block => ({
    kind: "import",
    name: `${label}_${name}`,
    values: { to: `\${${type}.${label}_${name}}`, id: from },
  });
  const asClassic = imported(CLASSIC, "second", `\${${id}}_ingress_tcp_443_443_${CIDR}`);
  switch (twice) {
    case "classic twice": {
      const first = [group(), classic("first", "10.0.0.0/8", CIDR)];
      return { first, root: [...first, classic("second", CIDR)], imports: [asClassic] };
    }
    case "own and classic": {
      const first = [group(), own("first")];
      return { first, root: [...first, classic("second", CIDR)], imports: [asClassic] };
    }
    case "own twice": {
      const first = [group(), own("first")];
      const from = imported(OWN, "second", `\${${OWN}.${label}_first.id}`);
      return { first, root: [...first, own("second")], imports: [from] };
    }
    case "block and classic": {
      const rule = classic("first", CIDR);
      const block = {
        protocol: "tcp",
        from_port: 443,
        to_port: 443,
        cidr_blocks: [CIDR],
        ipv6_cidr_blocks: [],
        security_groups: [],
        prefix_list_ids: [],
        self: false,
        description: null,
      };
      return { first: [group(), rule], root: [group({ ingress: [block] }), rule] };
    }
  }
}
