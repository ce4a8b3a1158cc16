import fc from "fast-check";
import { expect, test } from "vitest";
import { takeInventory } from "../../../verify/inventory";
import { isOneNamespace } from "../../../verify/inventory/kubernetes/namespaces";
import {
  matchesWorkload,
  mayMatchTogether,
  mayMatchWorkload,
  policiesBeside,
  policiesOn,
} from "../../../verify/inventory/kubernetes/policies";
import { workloads } from "../../../verify/inventory/kubernetes/workloads";
import { inputOf } from "../support/input";

/*
 * The index is there for speed alone: what it finds is what looking at every policy finds.
 */

const key = fc.constantFrom("a", "b", "job-name");
const value = fc.constantFrom("x", "y", "${var.v}");
const namespace = fc.constantFrom("shop", "shop", "shop", "office", "${var.n}");
const expressions = fc.array(
  fc.oneof(
    fc.record({
      key,
      operator: fc.constantFrom("In", "NotIn"),
      values: fc.uniqueArray(value, { minLength: 1, maxLength: 2 }),
    }),
    fc.record({ key, operator: fc.constantFrom("Exists", "DoesNotExist") }),
  ),
  { maxLength: 2 },
);
const selector = fc.record({
  matchLabels: fc.dictionary(key, value, { maxKeys: 2 }),
  matchExpressions: expressions,
});
const policy = fc.record(
  { namespace, podSelector: selector, serviceAccountSelector: selector },
  { requiredKeys: ["namespace"] },
);
const pods = fc.record({
  namespace,
  kind: fc.constantFrom("Deployment", "Job"),
  labels: fc.dictionary(key, value, { maxKeys: 3 }),
});

test("the policies that an index finds for pods, and beside a policy, are those that looking at all of them finds", () => {
  const found = { certain: 0, possible: 0, beside: 0 };
  fc.assert(
    fc.property(
      fc.array(policy, { minLength: 2, maxLength: 6 }),
      fc.array(pods, { minLength: 1, maxLength: 4 }),
      (policies, workers) => {
        const inventory = takeInventory(
          inputOf({
            ...Object.fromEntries(
              policies.map(({ namespace, ...selectors }, index) => [
                `kubernetes_manifest.p${index}`,
                {
                  manifest: {
                    apiVersion: "vpcresources.k8s.aws/v1beta1",
                    kind: "SecurityGroupPolicy",
                    metadata: { name: `p${index}`, namespace },
                    spec: { ...selectors, securityGroups: { groupIds: ["sg-1"] } },
                  },
                },
              ]),
            ),
            ...Object.fromEntries(
              workers.map(({ namespace, kind, labels }, index) => [
                `kubernetes_manifest.w${index}`,
                { manifest: { kind, metadata: { namespace }, spec: { template: { metadata: { labels } } } } },
              ]),
            ),
          }),
        );
        for (const workload of workloads(inventory)) {
          const certain = inventory.policies.filter(
            (one) =>
              isOneNamespace(one.namespace, workload.namespace) === true && matchesWorkload(one, workload),
          );
          const possible = inventory.policies.filter(
            (one) => !certain.includes(one) && mayMatchWorkload(one, workload),
          );
          expect(policiesOn(inventory, workload)).toStrictEqual({ certain, possible });
          found.certain += certain.length;
          found.possible += possible.length;
        }
        for (const one of inventory.policies) {
          const beside = inventory.policies.filter((other) => other !== one && mayMatchTogether(one, other));
          expect(policiesBeside(inventory, one)).toStrictEqual(beside);
          found.beside += beside.length;
        }
      },
    ),
    { numRuns: 150 },
  );
  for (const count of Object.values(found)) expect(count).toBeGreaterThan(10);
});
