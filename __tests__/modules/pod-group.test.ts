import { describe, expect, test } from "vitest";
import { ARTICLE_DEFAULTS, clusterAccessRows } from "../support/cluster-access";
import { committedStack, defaultsOf } from "../support/project";
import { described, FROM, moreTrafficRows, perRule, type RuleRow, rulesOf, TO, tags } from "../support/rules";

const PODS = "aws_security_group.pods.id";

const ROWS: RuleRow[] = [
  ...clusterAccessRows("pods"),
  [
    "pods_ingress_from_self",
    PODS,
    PODS,
    "tcp",
    FROM,
    TO,
    "var.self_ports",
    "Ingress: Allow ${each.key} from the pods themselves.",
  ],
  [
    "pods_egress_to_self",
    PODS,
    PODS,
    "tcp",
    FROM,
    TO,
    "var.self_ports",
    "Egress: Allow ${each.key} to the pods themselves.",
  ],
  ...moreTrafficRows("pods", PODS),
];

describe("the module pod-group", () => {
  const module = committedStack("pod-group");
  const expected = perRule(ROWS, "${var.name}");

  test.each(ROWS.map(([name]) => name))("has rule %s", (name) => {
    const type = `aws_vpc_security_group_${/_ingress_/.test(name) ? "ingress" : "egress"}_rule`;
    expect(module.resource[type]?.[name]).toStrictEqual(expected[type]?.[name]);
  });

  test("has no other rules", () => {
    expect(rulesOf(module)).toStrictEqual(expected);
  });

  test("has one group, of the workload's name, without the cluster's tag", () => {
    expect(module.resource["aws_security_group"]).toStrictEqual({
      pods: {
        name: "${local.group_name}",
        description: described("pods", "Default security group for ${local.group_name}."),
        vpc_id: "${var.vpc_id}",
        tags: tags("${local.group_name}"),
        lifecycle: expect.anything(),
      },
    });
  });

  test("has the workload's name in its group's, unless another is given", () => {
    expect(module.locals["group_name"]).toBe(
      '${var.group_name == null ? "${var.name}-for-pods" : var.group_name}',
    );
  });

  test("does what the article does unless it is told otherwise", () => {
    expect(defaultsOf(module)).toStrictEqual({
      ...ARTICLE_DEFAULTS,
      on_baseline: false,
      self_ports: {},
      ingress_sources: {},
      egress_targets: {},
    });
  });

  test("can be called with count, for_each and provider aliases: it has no provider and no backend", () => {
    expect(module.provider).toBeUndefined();
    expect(module.terraform).toStrictEqual({
      required_providers: { aws: { source: "hashicorp/aws", version: ">= 5.0, < 7.0" } },
      required_version: ">= 1.3",
    });
  });
});
