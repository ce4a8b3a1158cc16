import { describe, expect, test } from "vitest";
import { committedStack } from "../support/project";
import { described, tags } from "../support/rules";

// The article's facts, written here a second time on purpose: the table must not come from the code under test.
const RDS = "${aws_security_group.rds.id}";
const PODS = "${aws_security_group.pods.id}";
const WORKER = '${var.security_groups["k8s_worker"]}';
const INGRESS = '${var.security_groups["k8s_ingress"]}';
const ANYWHERE = "0.0.0.0/0";
const SELF = "self";

// name, type, group, peer, protocol, from, to, description
type Row = [string, "ingress" | "egress", string, string, "tcp" | "udp", number, number, string];

const ARTICLE: Row[] = [
  [
    "rds_ingress_from_pods",
    "ingress",
    RDS,
    PODS,
    "tcp",
    3306,
    3306,
    "Ingress: Allow access from ${aws_security_group.pods.name}.",
  ],
  ["rds_ingress_to_self", "ingress", RDS, SELF, "tcp", 3306, 3306, "Ingress: Allow access to itself."],
  [
    "pods_ingress_all_tcp_from_worker_security_group",
    "ingress",
    PODS,
    WORKER,
    "tcp",
    0,
    65535,
    "Ingress: Allow all TCP from the worker security group (required for probes to work).",
  ],
  [
    "pods_ingress_all_tcp_from_ingress_security_group",
    "ingress",
    PODS,
    INGRESS,
    "tcp",
    0,
    65535,
    "Ingress: Allow all TCP from the ingress security group (required for ingress to work).",
  ],
  [
    "pods_egress_to_rds",
    "egress",
    PODS,
    RDS,
    "tcp",
    3306,
    3306,
    "Egress: Allow access to ${aws_security_group.rds.name}.",
  ],
  ["pods_egress_https_all", "egress", PODS, ANYWHERE, "tcp", 443, 443, "Egress: HTTPS"],
  ["pods_egress_http_all", "egress", PODS, ANYWHERE, "tcp", 80, 80, "Egress: HTTP"],
  [
    "pods_egress_dns_tcp_to_worker_security_group",
    "egress",
    PODS,
    WORKER,
    "tcp",
    53,
    53,
    "Egress: Allow DNS resolution (TCP) via worker security group",
  ],
  [
    "pods_egress_dns_udp_to_worker_security_group",
    "egress",
    PODS,
    WORKER,
    "udp",
    53,
    53,
    "Egress: Allow DNS resolution (UDP) via worker security group",
  ],
  [
    "worker_ingress_dns_tcp_from_pods_security_group",
    "ingress",
    WORKER,
    PODS,
    "tcp",
    53,
    53,
    "Ingress: Allow DNS resolution (via TCP) from ${aws_security_group.pods.name}.",
  ],
  [
    "worker_ingress_dns_udp_from_pods_security_group",
    "ingress",
    WORKER,
    PODS,
    "udp",
    53,
    53,
    "Ingress: Allow DNS resolution (via UDP) from ${aws_security_group.pods.name}.",
  ],
];

function peerArgument(peer: string): Record<string, unknown> {
  if (peer === SELF) return { self: true };
  if (peer === ANYWHERE) return { cidr_blocks: [ANYWHERE] };
  return { source_security_group_id: peer };
}

describe("the article's module rds-mysql", () => {
  const module = committedStack("rds-mysql");

  test.each(ARTICLE)("has rule %s", (name, type, group, peer, protocol, from, to, description) => {
    expect(module.resource["aws_security_group_rule"]?.[name]).toStrictEqual({
      type,
      security_group_id: group,
      ...peerArgument(peer),
      protocol,
      from_port: from,
      to_port: to,
      description: described(name, description),
    });
  });

  test.each([
    ["rds", "${var.name}"],
    ["pods", "${local.pods_group_name}"],
  ])("has the security group %s", (address, name) => {
    expect(module.resource["aws_security_group"]?.[address]).toStrictEqual({
      name,
      description: described(address, `Default security group for ${name}.`),
      vpc_id: "${var.vpc_id}",
      tags:
        address === "rds"
          ? tags(name)
          : tags(name).replace(
              /^\$\{(.*)\}$/,
              "${var.pods_own_tags == null ? $1 : merge(var.tags, var.pods_own_tags)}",
            ),
    });
  });

  test("names the pods' group after the workload, unless another name is given", () => {
    expect(module.locals["pods_group_name"]).toBe(
      '${var.pods_group_name == null ? "${var.name}-for-pods" : var.pods_group_name}',
    );
  });

  test("has nothing else", () => {
    expect(Object.keys(module.resource)).toStrictEqual(["aws_security_group", "aws_security_group_rule"]);
    expect(Object.keys(module.resource["aws_security_group"] ?? {})).toHaveLength(2);
    expect(Object.keys(module.resource["aws_security_group_rule"] ?? {})).toHaveLength(11);
    expect(module.data).toStrictEqual({ aws_region: { current: {} } });
  });

  test("can be called with count, for_each and provider aliases: it has no provider and no backend", () => {
    expect(module.provider).toBeUndefined();
    expect(module.terraform).toStrictEqual({
      required_providers: { aws: { source: "hashicorp/aws", version: ">= 5.0, < 7.0" } },
      required_version: ">= 1.1",
    });
  });
});
