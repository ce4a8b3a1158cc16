import {
  all,
  any,
  differs,
  equals,
  every,
  group,
  isEmpty,
  isGiven,
  isIn,
  isNull,
  isOneOf,
  not,
  quoted,
  some,
} from "../../expression/conditions";
import type { Precondition } from "../../synth/contract";
import { CHECK_EXAMPLE, CHECKS, type Check } from "./check";
import { expressionsOf, labelsOf } from "./names";
import { variable } from "./variables";

/** The labels of the check's pod: those that the policy asks for win. */
export const CHECK_LABELS = `merge(concat(${CHECKS}.labels, ${variable("pod_selector")}[*].match_labels)...)`;

/** A label's value where there is none: no value of Kubernetes can be that. */
const value = (labels: string) => `lookup(${labels}, one.key, "<none>")`;

/** Whether a pod's labels fit the pod selector's expressions. */
const fits = (labels: string) =>
  every("one", expressionsOf("pod_selector"), (one) => {
    const has = (operator: string) => equals(`${one}.operator`, quoted(operator));
    const isListed = isIn(value(labels), `${one}.values`);
    const exists = equals(group(has("Exists")), isIn(`${one}.key`, `keys(${labels})`));
    return `${has("In")} ? ${isListed} : ${has("NotIn")} ? ${not(isListed)} : ${exists}`;
  });

/** Whether a pod without labels fits the pod selector. */
const UNLABELLED_FITS = all(
  isEmpty(labelsOf("pod_selector")),
  every("one", expressionsOf("pod_selector"), (one) => isOneOf(`${one}.operator`, "NotIn", "DoesNotExist")),
);

const SELECTORS_GIVEN = `concat(${variable("pod_selector")}[*], ${variable("service_account_selector")}[*])`;
const SERVICE_ACCOUNT = `one(${CHECKS}.service_account_name)`;
const selectsAll = (selector: string) =>
  equals(`length(${selector}.match_labels) + length(${selector}.match_expressions)`, "0");
const SOME_EMPTY = some("selector", SELECTORS_GIVEN, selectsAll);
const ALL_EMPTY = every("selector", SELECTORS_GIVEN, selectsAll);

export const RESOURCE = "kubernetes_manifest.security_group_policy";

const groups = (count: number) =>
  Array.from({ length: count }, (_, index) => `sg-${index.toString(16).padStart(8, "0")}`);

const labels = (app: string) => ({ match_labels: { app } });
const check = (more: Partial<Check> = {}) => ({ check: { ...CHECK_EXAMPLE, ...more } });

const contradictions: readonly Omit<Precondition, "on">[] = [
  {
    condition: any(isGiven(variable("pod_selector")), isGiven(variable("service_account_selector"))),
    message:
      "The policy needs a pod_selector or a service_account_selector: without one the cluster accepts it and ignores it.",
    refused: { no_selector: { pod_selector: null } },
  },
  {
    condition: any(variable("select_whole_namespace"), not(SOME_EMPTY)),
    message:
      "An empty selector matches every pod or service account of the namespace: leave it out (null), or set select_whole_namespace = true if that is meant.",
    refused: {
      an_empty_pod_selector: { pod_selector: {} },
      an_empty_service_account_selector: { pod_selector: null, service_account_selector: {} },
      an_empty_selector_beside_another: { service_account_selector: {} },
    },
  },
  {
    condition: any(not(variable("select_whole_namespace")), ALL_EMPTY),
    message:
      "select_whole_namespace is true, but the selectors match less: set pod_selector = {}, or leave select_whole_namespace out.",
    refused: {
      a_whole_namespace_with_labels: { select_whole_namespace: true },
      a_whole_namespace_with_one_of_two_selectors_empty: {
        select_whole_namespace: true,
        pod_selector: {},
        service_account_selector: labels("orders"),
      },
    },
  },
  {
    condition: `length(${variable("security_group_ids")}) <= ${variable("groups_per_interface")}`,
    message:
      "There are more groups than a network interface may have (groups_per_interface): pods would not start. Have the quota raised (16 at most, and always 5 on Fargate) and state it, or merge groups.",
    refused: {
      six_groups: { security_group_ids: groups(6) },
      nine_groups_of_eight: { security_group_ids: groups(9), groups_per_interface: 8 },
    },
  },
  {
    condition: any(
      isNull(variable("check")),
      isNull(variable("service_account_selector")),
      isGiven(SERVICE_ACCOUNT),
    ),
    message:
      "The policy selects by service account, so that its check needs service_account_name: one that the selector matches.",
    refused: {
      a_check_without_the_service_account: { ...check(), service_account_selector: labels("orders") },
    },
  },
  {
    condition: any(isNull(variable("check")), fits(CHECK_LABELS)),
    message:
      "The labels of the check must fit the match_expressions of pod_selector: give it labels that the policy matches.",
    refused: Object.fromEntries(
      (
        [
          ["exists", { key: "team", operator: "Exists" }, {}],
          ["in", { key: "team", operator: "In", values: ["a", "b"] }, { team: "c" }],
          ["not_in", { key: "team", operator: "NotIn", values: ["a", "b"] }, { team: "a" }],
          ["does_not_exist", { key: "team", operator: "DoesNotExist" }, { team: "a" }],
        ] as const
      ).map(([operator, expression, own]) => [
        `a_check_whose_labels_do_not_fit_${operator}`,
        { ...check({ labels: own }), pod_selector: { ...labels("orders"), match_expressions: [expression] } },
      ]),
    ),
  },
  {
    condition: any(
      isNull(variable("check")),
      not(group(UNLABELLED_FITS)),
      group(
        all(
          some("selector", `${variable("service_account_selector")}[*]`, (selector) =>
            not(group(selectsAll(selector))),
          ),
          differs(SERVICE_ACCOUNT, quoted("default")),
        ),
      ),
    ),
    message:
      "The check also needs a pod that the policy does not match: ask for a label in pod_selector (match_labels, In or Exists), or select by a service account other than default. A policy for the whole namespace has no such pod.",
    refused: {
      a_check_of_the_whole_namespace: { ...check(), pod_selector: {}, select_whole_namespace: true },
      a_check_of_the_whole_namespace_as_a_service_account: {
        ...check({ service_account_name: "orders" }),
        pod_selector: {},
        select_whole_namespace: true,
      },
      a_check_of_pods_without_a_label: {
        ...check(),
        pod_selector: { match_expressions: [{ key: "app", operator: "DoesNotExist" }] },
      },
      a_check_of_the_default_service_account: {
        ...check({ service_account_name: "default" }),
        pod_selector: null,
        service_account_selector: labels("orders"),
      },
    },
  },
];

/** What two variables together must fulfil. */
export const PRECONDITIONS: readonly Precondition[] = contradictions.map((one) => ({ on: RESOURCE, ...one }));
