import type { Arguments, Resources } from "../../support/input";

export const A = "${aws_security_group.a.id}";
export const B = "${aws_security_group.b.id}";
export const GROUPS: Resources = { "aws_security_group.a": {}, "aws_security_group.b": {} };

/** Groups that the input names and does not declare. */
export const WORKER = '${var.security_groups["k8s_worker"]}';
export const INGRESS = '${var.security_groups["k8s_ingress"]}';

export const WORLD: Arguments = { cidr_blocks: ["0.0.0.0/0"] };
export const PRIVATE: Arguments = { cidr_blocks: ["10.0.0.0/8"] };

/** Arguments of a classic rule. */
export function rule(
  type: "ingress" | "egress",
  security_group_id: string,
  peer: string | Arguments,
  protocol: string | number = "tcp",
  from: number = 443,
  to: number = from,
): Arguments {
  const peers = typeof peer === "string" ? { source_security_group_id: peer } : peer;
  return { type, security_group_id, protocol, from_port: from, to_port: to, ...peers };
}

/** A rule for DNS by one of its protocols. */
export function dns(
  direction: "ingress" | "egress",
  group: string,
  peer: string | Arguments,
  protocol: string,
): Arguments {
  return rule(direction, group, peer, protocol, 53);
}
