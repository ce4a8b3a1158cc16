import { describe, expect, test } from "vitest";
import { ARTICLE_DEFAULTS, clusterAccessRows } from "../support/cluster-access";
import { committedStack, defaultsOf } from "../support/project";
import { perRule, rulesOf, tags } from "../support/rules";

describe("the module pod-baseline", () => {
  const module = committedStack("pod-baseline");
  const NAME = "pod-baseline-${var.cluster_name}";

  test("has the rules that a workload has without it, and no others", () => {
    expect(rulesOf(module)).toStrictEqual(perRule(clusterAccessRows("baseline"), "${var.cluster_name}"));
  });

  test("has one group with the cluster's tag: the load balancer controller wants exactly one on an interface", () => {
    expect(module.resource["aws_security_group"]).toStrictEqual({
      baseline: {
        name: NAME,
        description: `Default security group for ${NAME}.`,
        vpc_id: "${var.vpc_id}",
        tags: { ...tags(NAME), "kubernetes.io/cluster/${var.cluster_name}": "shared" },
        lifecycle: expect.anything(),
      },
    });
  });

  test("does what the article does unless it is told otherwise", () => {
    expect(defaultsOf(module)).toStrictEqual(ARTICLE_DEFAULTS);
  });
});
