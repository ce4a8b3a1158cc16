import type { ModuleTest, TestRun } from "../../synth/contract";
import { CHECK_EXAMPLE } from "./check";
import { PRECONDITIONS, RESOURCE } from "./preconditions";

const specIs = (expected: object) => ({
  condition: `jsonencode(yamldecode(output.manifest_yaml).spec) == jsonencode(jsondecode(${JSON.stringify(JSON.stringify(expected))}))`,
  message: `The spec must be ${JSON.stringify(expected)}.`,
});

const securityGroups = { groupIds: ["sg-0a1b2c3d4e5f60004", "sg-0a1b2c3d4e5f60005"] };

/** What is refused when Terraform applies the policy is refused when it only gives the YAML. */
const refusedYaml = PRECONDITIONS.flatMap(({ refused }) =>
  Object.entries(refused).map(
    ([label, variables]): TestRun => ({
      name: `refuses_${label}_in_yaml`,
      command: "plan",
      variables: { ...variables, create: false },
      expectFailures: ["output.manifest_yaml"],
    }),
  ),
);

/** What a caller relies on: the policy's spec for each kind of selector, and the Jobs. */
export const tests: Record<string, ModuleTest> = {
  plan: {
    runs: [
      {
        name: "selects_pods_by_their_labels",
        command: "plan",
        assert: [
          specIs({ podSelector: { matchLabels: { app: "orders" } }, securityGroups }),
          {
            condition: `jsonencode(${RESOURCE}[0].manifest) == jsonencode(yamldecode(output.manifest_yaml))`,
            message: "The YAML must be the policy that is applied.",
          },
          {
            condition: "output.check_manifests_yaml == null",
            message: "Without a check there must be no Jobs.",
          },
        ],
      },
      {
        name: "selects_by_service_account_alone",
        command: "plan",
        variables: { pod_selector: null, service_account_selector: { match_labels: { team: "shop" } } },
        assert: [specIs({ serviceAccountSelector: { matchLabels: { team: "shop" } }, securityGroups })],
      },
      {
        name: "selects_by_both_with_expressions",
        command: "plan",
        variables: {
          service_account_selector: {
            match_expressions: [
              { key: "team", operator: "In", values: ["shop", "web"] },
              { key: "plain", operator: "DoesNotExist" },
            ],
          },
        },
        assert: [
          specIs({
            podSelector: { matchLabels: { app: "orders" } },
            securityGroups,
            serviceAccountSelector: {
              matchExpressions: [
                { key: "team", operator: "In", values: ["shop", "web"] },
                { key: "plain", operator: "DoesNotExist" },
              ],
            },
          }),
        ],
      },
      {
        name: "selects_the_whole_namespace_when_asked_to",
        command: "plan",
        variables: { pod_selector: {}, select_whole_namespace: true },
        assert: [specIs({ podSelector: {}, securityGroups })],
      },
      {
        name: "gives_the_policy_as_yaml_alone",
        command: "plan",
        variables: { create: false },
        assert: [
          { condition: `length(${RESOURCE}) == 0`, message: "Terraform must apply nothing." },
          specIs({ podSelector: { matchLabels: { app: "orders" } }, securityGroups }),
        ],
      },
      {
        name: "makes_two_jobs_of_a_check",
        command: "plan",
        variables: { check: CHECK_EXAMPLE },
        assert: [
          {
            condition:
              '[for job in split("\\n---\\n", output.check_manifests_yaml) : yamldecode(job).metadata.name] == ["orders-check-selected", "orders-check-unselected"]',
            message: "There must be one Job that the policy matches and one that it does not.",
          },
        ],
      },
      {
        name: "accepts_a_check_whose_labels_fit",
        command: "plan",
        variables: {
          check: { ...CHECK_EXAMPLE, labels: { team: "a" }, service_account_name: "orders" },
          pod_selector: {
            match_labels: { app: "orders" },
            match_expressions: [
              { key: "team", operator: "In", values: ["a", "b"] },
              { key: "tier", operator: "NotIn", values: ["batch"] },
              { key: "team", operator: "Exists" },
              { key: "plain", operator: "DoesNotExist" },
            ],
          },
          service_account_selector: { match_labels: { team: "shop" } },
        },
      },
      ...refusedYaml,
    ],
  },
};
