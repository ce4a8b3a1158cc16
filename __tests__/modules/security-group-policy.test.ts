import { describe, expect, test } from "vitest";
import { committedStack } from "../support/project";

const module = committedStack("security-group-policy");
const policy = module.resource["kubernetes_manifest"]?.["security_group_policy"] ?? {};

test("applies one policy, unless it is asked for the YAML alone", () => {
  expect(policy).toStrictEqual({
    count: "${var.create ? 1 : 0}",
    manifest: "${local.policy}",
    lifecycle: { precondition: expect.any(Array) },
  });
});

test("is the policy of the Amazon VPC resource controller, with the given groups", () => {
  expect(module.locals["policy"]).toStrictEqual({
    apiVersion: "vpcresources.k8s.aws/v1beta1",
    kind: "SecurityGroupPolicy",
    metadata: { name: "${var.name}", namespace: "${var.namespace}" },
    spec: "${merge(local.selectors, { securityGroups = { groupIds = var.security_group_ids } })}",
  });
});

test("refuses the same contradictions where it only gives the YAML", () => {
  type Precondition = { condition: string; error_message: string };
  const lifecycle = policy["lifecycle"] as { precondition: Precondition[] };
  const { precondition } = module.output["manifest_yaml"] as unknown as { precondition: Precondition[] };
  expect(lifecycle.precondition.length).toBe(7);
  expect(precondition).toStrictEqual(
    lifecycle.precondition.map(({ condition, error_message }) => ({
      condition: `\${var.create || (${condition.slice(2, -1)})}`,
      error_message,
    })),
  );
});

test("needs a Terraform that knows optional attributes, and a decision which pods, be it none by their labels", () => {
  expect(module.terraform["required_version"]).toBe(">= 1.3");
  expect(module.variable["pod_selector"]).not.toHaveProperty("default");
  expect(module.variable["pod_selector"]).not.toHaveProperty("nullable");
  expect(module.variable["service_account_selector"]?.["default"]).toBeNull();
  expect(module.variable["select_whole_namespace"]?.["default"]).toBe(false);
});

test("gives the check's Jobs the workload's labels and nobody's", () => {
  const labels = (job: string) =>
    (module.locals[job] as { spec: { template: { metadata: { labels: unknown } } } }).spec.template.metadata
      .labels;
  expect(labels("check_selected")).toBe("${local.check_labels}");
  expect(labels("check_unselected")).toStrictEqual({});
});

describe.each(["check_selected", "check_unselected"])("the Job %s", (name) => {
  type Job = { spec: { template: { spec: Record<string, unknown> }; [key: string]: unknown } };
  const { spec } = module.locals[name] as Job;

  test("gives the CNI time to take the pod's network down, as it does not with zero", () => {
    expect(spec.template.spec["terminationGracePeriodSeconds"]).toBe(30);
  });

  test("runs once, has five minutes, and goes an hour after it has ended", () => {
    expect([
      spec["backoffLimit"],
      spec["activeDeadlineSeconds"],
      spec["ttlSecondsAfterFinished"],
    ]).toStrictEqual([0, 300, 3600]);
    expect(spec.template.spec["restartPolicy"]).toBe("Never");
  });
});
