import type { Resources } from "../../support/input";
import type { Cases } from "../support/case";
import { A, B, GROUPS, PRIVATE, rule } from "../support/rules";

const WORKER = "${var.worker}";

/** So many rules of a group, each for a port of its own. */
function rules(count: number, group: string, peer: Parameters<typeof rule>[2], module = ""): Resources {
  return Object.fromEntries(
    Array.from({ length: count }, (_, port) => [
      `${module}aws_security_group_rule.r${port}`,
      rule("ingress", group, peer, "tcp", port),
    ]),
  );
}
const IPV6 = { ipv6_cidr_blocks: ["2001:db8::/32"] };

export const cases: Cases = [
  {
    what: "61 rules",
    resources: { ...GROUPS, ...rules(61, A, PRIVATE) },
    found: [["aws_security_group.a", "error"]],
  },
  {
    what: "60 rules, of which one counts for a list of two",
    resources: {
      ...GROUPS,
      ...rules(59, A, B),
      "aws_ec2_managed_prefix_list.l": { max_entries: 2, entry: [{ cidr: "10.0.0.0/8" }] },
      "aws_security_group_rule.l": rule("ingress", A, {
        prefix_list_ids: ["${aws_ec2_managed_prefix_list.l.id}"],
      }),
    },
    found: [["aws_security_group.a", "error"]],
  },
  {
    what: "48 rules",
    resources: { ...GROUPS, ...rules(48, A, B) },
    found: [["aws_security_group.a", "warning"]],
  },
  {
    what: "what two calls add to a group of others",
    resources: { ...rules(2, WORKER, PRIVATE, "module.x."), ...rules(2, WORKER, IPV6, 'module.y["a"].') },
    found: [["var.worker", "information"]],
  },
  {
    what: "60 rules, the families apart",
    resources: {
      ...GROUPS,
      ...rules(47, A, PRIVATE),
      ...Object.fromEntries(
        Array.from({ length: 47 }, (_, port) => [
          `aws_security_group_rule.s${port}`,
          rule("ingress", A, IPV6, "tcp", port),
        ]),
      ),
    },
  },
  {
    what: "a list of IPv6 beside rules for IPv4",
    resources: {
      ...GROUPS,
      ...rules(40, A, PRIVATE),
      "aws_ec2_managed_prefix_list.l": { max_entries: 40, address_family: "IPv6" },
      "aws_security_group_rule.l": rule("ingress", A, {
        prefix_list_ids: ["${aws_ec2_managed_prefix_list.l.id}"],
      }),
    },
  },
  { what: "what one call adds to a group of others", resources: rules(2, WORKER, PRIVATE, "module.x.") },
];
