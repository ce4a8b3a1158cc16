import type { Cases } from "../support/case";
import { A, PRIVATE } from "../support/rules";

const block = (values: object) => ({
  "aws_security_group.c": { ingress: [{ protocol: "tcp", from_port: 443, to_port: 443, ...values }] },
});
const found = [["aws_security_group.c.ingress[0]", "warning"]] as const;

export const cases: Cases = [
  {
    what: "no argument for one",
    resources: block({}),
    found,
    says: "aws_security_group.c.ingress[0] creates no rule: it names no peer. Set one of cidr_blocks, ipv6_cidr_blocks, prefix_list_ids, security_groups and self, or remove it.",
  },
  { what: "empty lists", resources: block({ cidr_blocks: [], security_groups: [], self: false }), found },
  { what: "addresses", resources: block(PRIVATE) },
  { what: "the group itself", resources: block({ self: true }) },
  { what: "groups, some of them not known", resources: block({ security_groups: [A, "${var.x}"] }) },
  { what: "a list that is not known", resources: block({ cidr_blocks: "${var.x}" }) },
];
