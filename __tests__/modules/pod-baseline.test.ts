import { writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { verify } from "../../verify/verify";
import { ARTICLE_DEFAULTS, clusterAccessRows } from "../support/cluster-access";
import { temporaryFolder } from "../support/folders";
import { committedStack, defaultsOf, PROJECT } from "../support/project";
import { described, perRule, rulesOf, tags } from "../support/rules";

describe("the module pod-baseline", () => {
  const module = committedStack("pod-baseline");
  const NAME = "${local.group_name}";

  test("has the rules that a workload has without it, and no others", () => {
    expect(rulesOf(module)).toStrictEqual(perRule(clusterAccessRows("baseline"), "${var.cluster_name}"));
  });

  test("has one group with the cluster's tag: the load balancer controller wants exactly one on an interface", () => {
    expect(module.resource["aws_security_group"]).toStrictEqual({
      baseline: {
        name: NAME,
        description: described("baseline", `Default security group for ${NAME}.`),
        vpc_id: "${var.vpc_id}",
        tags: tags(NAME, ', "kubernetes.io/cluster/${var.cluster_name}" = "shared"'),
        lifecycle: expect.anything(),
      },
    });
  });

  test("has the cluster's name in its group's, unless another is given", () => {
    expect(module.locals["group_name"]).toBe(
      '${var.group_name == null ? "pod-baseline-${var.cluster_name}" : var.group_name}',
    );
  });

  test("does what the article does unless it is told otherwise", () => {
    expect(defaultsOf(module)).toStrictEqual(ARTICLE_DEFAULTS);
  });
});

describe("a policy beside the baseline and a workload in one root", () => {
  const PLACE = { vpc_id: "vpc-0a1b2c3d4e5f60000", platform: "shop" };
  const GROUPS = { k8s_worker: "sg-0a1b2c3d4e5f60001", k8s_ingress: "sg-0a1b2c3d4e5f60002" };
  const BASELINE = "${module.baseline.baseline_security_group_id}";
  const OWN = "${module.orders.pods_security_group_id}";
  const POLICY = "module.policy.kubernetes_manifest.security_group_policy[0]";
  const ON_BASELINE = { on_baseline: true, security_groups: {} };
  const ALONE = { security_groups: GROUPS };
  const NO_PROBES = { probe_ports: {} };

  /** Where the verifier finds that DNS and probes have no path, and where that is suppressed. */
  async function verified(groups: readonly string[], orders: object, baseline: object = {}) {
    const selector = { match_labels: { app: "orders" } };
    const policy = { name: "orders", namespace: "shop", pod_selector: selector, security_group_ids: groups };
    const folder = temporaryFolder();
    const source = (module: string) => relative(folder, join(PROJECT, "cdktf.out/stacks", module));
    const given = { cluster_name: "shop", ...PLACE, security_groups: GROUPS, ...baseline };
    const module = {
      baseline: { source: source("pod-baseline"), ...given },
      orders: { source: source("pod-group"), name: "orders", ...PLACE, ...orders },
      ...(groups.length > 0 && { policy: { source: source("security-group-policy"), ...policy } }),
    };
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ module }));
    const { findings, suppressed, notes } = await verify(folder);
    const of = (found: typeof findings) =>
      found.filter(({ check }) => check.endsWith("-path")).map(({ check, address }) => `${check} ${address}`);
    return { found: of(findings), suppressed: of(suppressed), notes };
  }

  test.each([
    [
      "names only the workload's group, which has nothing of the cluster",
      [OWN],
      ON_BASELINE,
      {},
      { found: [`no-dns-path ${POLICY}`, `no-probe-path ${POLICY}`] },
    ],
    ["names both", [BASELINE, OWN], ON_BASELINE, {}, {}],
    ["names the group of a workload that is not on the baseline", [OWN], ALONE, {}, {}],
    [
      "gives pods without probes their group",
      [OWN],
      { ...ALONE, ...NO_PROBES },
      {},
      { suppressed: [`no-probe-path ${POLICY}`] },
    ],
    [
      "names both, and no pod has probes",
      [BASELINE, OWN],
      ON_BASELINE,
      NO_PROBES,
      { suppressed: [`no-probe-path ${POLICY}`] },
    ],
    [
      "stands in another root",
      [],
      ON_BASELINE,
      NO_PROBES,
      { suppressed: ["no-probe-path module.orders.aws_security_group.pods"] },
    ],
  ])("%s", async (_, groups, orders, baseline, expected) => {
    expect(await verified(groups, orders, baseline)).toStrictEqual({
      found: [],
      suppressed: [],
      notes: [],
      ...expected,
    });
  });
});
