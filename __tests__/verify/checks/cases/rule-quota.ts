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
    says: "aws_security_group.a has 61 inbound rules for IPv4 in this input; AWS allows 60 unless the quota was raised. Merge rules into ranges or prefix lists, spread them over several groups, or have the quota raised.",
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
    what: "60 rules",
    resources: { ...GROUPS, ...rules(60, A, PRIVATE) },
    found: [["aws_security_group.a", "warning"]],
  },
  {
    what: "61 rules for addresses that are not known, of which there may be none",
    resources: { ...GROUPS, ...rules(61, A, { cidr_blocks: ["${var.cidr}"] }) },
  },
  {
    what: "what two calls add to a group whose rules are all in the input",
    resources: {
      ...GROUPS,
      ...rules(2, A, PRIVATE, "module.x."),
      ...rules(2, A, PRIVATE, "module.y."),
    },
  },
  {
    what: "what one call and the root add to a group of others",
    resources: { ...rules(2, WORKER, PRIVATE, "module.x."), ...rules(2, WORKER, PRIVATE) },
  },
  {
    what: "48 rules",
    resources: { ...GROUPS, ...rules(48, A, B) },
    found: [["aws_security_group.a", "warning"]],
    says: "aws_security_group.a has 48 inbound rules for IPv4 in this input; AWS allows 60 unless the quota was raised. Merge rules into ranges or prefix lists, spread them over several groups, or have the quota raised.",
  },
  {
    what: "what two calls add to a group of others",
    resources: { ...rules(2, WORKER, PRIVATE, "module.x."), ...rules(2, WORKER, IPV6, 'module.y["a"].') },
    found: [["var.worker", "information"]],
    says: "var.worker has 2 inbound rules for IPv4 in this input; AWS allows 60 unless the quota was raised. Each of 2 module calls adds up to 2 inbound rules: 30 such calls fill an otherwise empty group.",
  },
  {
    what: "what many calls add: each no more than seven",
    resources: Object.assign(
      {},
      ...[7, 1, 6].map((count, call) => rules(count, WORKER, B, `module.m[${call}].`)),
    ),
    found: [["var.worker", "information"]],
    says: "var.worker has 14 inbound rules for IPv4 in this input; AWS allows 60 unless the quota was raised. Each of 3 module calls adds up to 7 inbound rules: 8 such calls fill an otherwise empty group.",
  },
  {
    what: "61 outbound rules for IPv6, of as many calls",
    resources: {
      ...GROUPS,
      ...Object.fromEntries(
        Array.from({ length: 61 }, (_, port) => [
          `module.m["${port}"].aws_security_group_rule.r`,
          rule("egress", A, IPV6, "tcp", port),
        ]),
      ),
    },
    found: [["aws_security_group.a", "error"]],
    says: "aws_security_group.a has 61 outbound rules for IPv6 in this input; AWS allows 60 unless the quota was raised. Each of 61 module calls adds up to 1 outbound rule: 60 such calls fill an otherwise empty group. Merge rules into ranges or prefix lists, spread them over several groups, or have the quota raised.",
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
