import { LIMITS } from "../../aws/limits";
import {
  all,
  areDistinct,
  every,
  hasAtMost,
  isBetween,
  isNotEmpty,
  isWhole,
} from "../../expression/conditions";
import type { ModuleContract } from "../../synth/contract";
import { isSecurityGroupId } from "../shared/ids";
import { ACCEPTED_CHECKS, CHECK_EXAMPLE, CHECK_TYPE, CHECK_VALIDATIONS } from "./check";
import { acceptedSelectors, isDnsLabel, isSubdomain, SELECTOR_TYPE, selectorValidations } from "./names";
import { PRECONDITIONS } from "./preconditions";
import { tests } from "./tests";
import { type SecurityGroupPolicyVariables, variable } from "./variables";

export type { SecurityGroupPolicyVariables };

export type SecurityGroupPolicyOutput = "manifest_yaml" | "check_manifests_yaml" | "name" | "namespace";

const GROUPS = ["sg-0a1b2c3d4e5f60004", "sg-0a1b2c3d4e5f60005"];

export const securityGroupPolicy: ModuleContract<SecurityGroupPolicyVariables, SecurityGroupPolicyOutput> = {
  name: "security-group-policy",
  purpose:
    "Binds pods to security groups: a `SecurityGroupPolicy` of the Amazon VPC resource controller, which gives every new pod that it matches a network interface with these groups. Also as YAML, and with two Jobs that show that it works.",
  provider: "kubernetes",
  // Optional attributes of object types.
  minimumTerraform: "1.3",
  variables: {
    name: {
      type: "string",
      description: "Name of the policy, unique in its namespace.",
      example: "orders",
      accepted: { the_longest_name: "n".repeat(253), a_name_of_several_labels: "a.b-1.2" },
      validations: [
        {
          condition: all(isSubdomain(variable("name")), hasAtMost(253, variable("name"))),
          message:
            "The name must be one of Kubernetes: lower-case letters, digits, - and ., starting and ending with a letter or digit, at most 253.",
          refused: {
            an_empty_name: "",
            a_name_in_upper_case: "Orders",
            a_name_with_an_underscore: "my_orders",
            a_name_that_ends_with_a_hyphen: "orders-",
            a_name_of_254_characters: "n".repeat(254),
          },
        },
      ],
    },
    namespace: {
      type: "string",
      description: "Namespace of the pods, and so of the policy. It must exist.",
      example: "shop",
      accepted: { the_longest_namespace: "n".repeat(63) },
      validations: [
        {
          condition: all(isDnsLabel(variable("namespace")), hasAtMost(63, variable("namespace"))),
          message:
            "The namespace must be one of Kubernetes: lower-case letters, digits and -, starting and ending with a letter or digit, at most 63.",
          refused: {
            an_empty_namespace: "",
            a_namespace_with_a_dot: "shop.eu",
            a_namespace_in_upper_case: "Shop",
            a_namespace_of_64_characters: "n".repeat(64),
          },
        },
      ],
    },
    pod_selector: {
      type: SELECTOR_TYPE,
      description:
        "Which pods the policy matches, by their labels. With service_account_selector, both must match. Null: every pod whose service account matches.",
      isNullable: true,
      example: { match_labels: { app: "orders" } },
      accepted: acceptedSelectors("pod_selector"),
      validations: selectorValidations("pod_selector"),
    },
    service_account_selector: {
      type: SELECTOR_TYPE,
      description:
        "Which pods the policy matches, by the labels (not the names) of their service accounts. With pod_selector, both must match. Null: whatever the service account.",
      default: null,
      example: null,
      accepted: acceptedSelectors("service_account_selector"),
      validations: selectorValidations("service_account_selector"),
    },
    select_whole_namespace: {
      type: "bool",
      description:
        "Whether an empty selector, such as pod_selector = {}, is meant: it matches every pod of the namespace.",
      default: false,
      example: false,
    },
    security_group_ids: {
      type: "list(string)",
      description:
        "Ids of the groups that the pods get, in the VPC of the nodes. They replace the node's groups: rules for DNS and probes are among what they must have.",
      example: GROUPS,
      accepted: {
        a_short_group_id: ["sg-0a1b2c3d"],
        as_many_groups_as_the_quota: [1, 2, 3, 4, 5].map((digit) => `sg-0a1b2c3${digit}`),
      },
      validations: [
        {
          condition: isNotEmpty(variable("security_group_ids")),
          message: "There must be at least one security group: without one the policy is ignored.",
          refused: { no_group: [] },
        },
        {
          condition: every("id", variable("security_group_ids"), isSecurityGroupId),
          message: "The ids of security groups must be sg- and 8 or 17 hexadecimal digits.",
          refused: {
            a_name_as_group: ["orders-for-pods"],
            an_empty_group: [""],
            a_group_id_of_12_digits: ["sg-0a1b2c3d4e5f"],
            one_wrong_group_of_two: [...GROUPS, "vpc-0a1b2c3d"],
          },
        },
        {
          condition: areDistinct(variable("security_group_ids")),
          message: "The ids of security groups must differ from each other.",
          refused: { one_group_twice: ["sg-0a1b2c3d", "sg-0a1b2c3d"] },
        },
      ],
    },
    groups_per_interface: {
      type: "number",
      description:
        "How many groups a network interface may have in the account: AWS's quota is 5 and can be raised to 16. On Fargate it is always 5. The policies that match a pod add up, so that this one alone may have no more.",
      default: LIMITS.groupsPerInterface,
      example: LIMITS.groupsPerInterface,
      accepted: { the_highest_quota: LIMITS.mostGroupsPerInterface },
      validations: [
        {
          condition: all(
            isBetween(5, 16, variable("groups_per_interface")),
            isWhole(variable("groups_per_interface")),
          ),
          message: "The quota of groups for each interface must be a whole number from 5 to 16.",
          refused: { a_quota_of_4: 4, a_quota_of_17: 17, half_a_group: 5.5 },
        },
      ],
    },
    create: {
      type: "bool",
      description:
        "Whether Terraform applies the policy. With false it is only checked and given as YAML, for GitOps or kubectl, and the cluster's API is not needed.",
      default: true,
      example: true,
    },
    check: {
      type: CHECK_TYPE,
      description:
        "What the workload must reach and others must not, such as { host = \"orders.example.com\", port = 3306 }: makes the Jobs of check_manifests_yaml. The image must have BusyBox's nslookup and nc. The selected Job's pod has the labels of pod_selector and those given here, and runs as service_account_name.",
      default: null,
      example: CHECK_EXAMPLE,
      accepted: ACCEPTED_CHECKS,
      validations: CHECK_VALIDATIONS,
    },
  },
  outputs: {
    manifest_yaml:
      "The policy as YAML, for those who apply it with GitOps or kubectl (then with create = false). Where it has two selectors, both must match.",
    check_manifests_yaml:
      "Two Jobs that show that the policy works, as YAML for kubectl apply -f -; null without check. NAME-check-selected must resolve the host and reach it, NAME-check-unselected must resolve it and time out.",
    name: "Name of the policy.",
    namespace: "Namespace of the policy.",
  },
  preconditions: PRECONDITIONS,
  usages: {
    "By the service account, with two Jobs that show that it works": {
      pod_selector: null,
      service_account_selector: { match_labels: { app: "orders" } },
      check: { ...CHECK_EXAMPLE, service_account_name: "orders" },
    },
  },
  nextStep:
    "Restart the workload (`kubectl rollout restart`): pods get their security groups when they are created. Then [test it in the cluster](#test-it-in-the-cluster).",
  related: {
    "pod-group": "the security group of a workload's pods",
    "vpc-cni": "enables security groups for pods on a CNI that you manage yourself",
    "vpc-cni-addon": "the same for the managed EKS add-on",
    "docs/policies.md": "what a policy matches, and what happens when it does not",
  },
  notes: {
    Notes: [
      "- The API of the cluster must be reachable when Terraform plans, and the CRD must exist: every EKS cluster has it.",
      "- With both selectors, both must match. Without either, or without groups, the cluster would accept the policy and ignore it: the module rejects it.",
      "- An empty selector (`{}`) matches the whole namespace. It is accepted only with `select_whole_namespace = true`.",
      "- All policies of a namespace that match a pod add up, and a pod with more groups than the quota does not start. This module sees only its own policy; the verifier sees them together.",
      "- Pods get their groups when they are created. After a change: `kubectl rollout restart`. Apply the policy some seconds before the workload: a pod created at the same moment may silently get the node's groups.",
      "- Where a group of the list has the tag `kubernetes.io/cluster/NAME`, it should be the only one: the AWS load balancer controller expects exactly one on an interface with several groups.",
      '- To take over a policy that `kubectl` applied, use an `import` block: `id = "apiVersion=vpcresources.k8s.aws/v1beta1,kind=SecurityGroupPolicy,namespace=shop,name=orders"`.',
    ].join("\n"),
    "Test it in the cluster": [
      "With `check`, the output `check_manifests_yaml` holds two Jobs. Neither is ever ready, so that no Service sends them requests. Pass the output on in your root, then:",
      "",
      "```sh",
      "kubectl -n shop delete job --ignore-not-found orders-check-selected orders-check-unselected",
      "terraform output -raw check_manifests_yaml | kubectl apply -f -",
      "kubectl -n shop wait --for=condition=complete --timeout=5m job/orders-check-selected job/orders-check-unselected",
      "kubectl -n shop logs job/orders-check-selected",
      "kubectl -n shop logs job/orders-check-unselected",
      "```",
      "",
      "`PASSED` or `FAILED` and the cause are each log's last line. A rejected connection is not a time-out: it has got through. If the wait times out, one of them failed: see the logs. To run them again, repeat all of it.",
      "",
      "What the cluster itself says:",
      "",
      "```sh",
      "# Nodes with a trunk interface have the feature SecurityGroupsForPods",
      "kubectl get cninode -o custom-columns='NODE:.metadata.name,FEATURES:.spec.features[*].name'",
      "# How many pods with their own security groups a node can hold",
      "kubectl get nodes -o custom-columns='NODE:.metadata.name,POD-ENI:.status.allocatable.vpc\\.amazonaws\\.com/pod-eni'",
      "# The interface of a pod; empty if no policy matched it when it was created",
      "kubectl -n shop get pods -l app=orders -o custom-columns='POD:.metadata.name,ENI:.metadata.annotations.vpc\\.amazonaws\\.com/pod-eni'",
      "```",
    ].join("\n"),
    "Test the module":
      "`tests/` holds tests for `terraform test` (Terraform 1.7 or newer) with a mocked provider: in a copy of this folder, `terraform init && terraform test`.",
  },
  tests,
};
