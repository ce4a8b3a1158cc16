import { describe, expect, test } from "vitest";
import { takeInventory } from "../../../verify/inventory";
import {
  matchesWorkload,
  mayMatchTogether,
  mayMatchWorkload,
  maySelect,
  policies,
  policiesWithout,
  workloadsOf,
} from "../../../verify/inventory/kubernetes/policies";
import { NOTHING } from "../../../verify/inventory/kubernetes/selectors";
import { workloads } from "../../../verify/inventory/kubernetes/workloads";
import type { Policy } from "../../../verify/inventory/model";
import { groupsOnPods } from "../../../verify/needs/pods";
import { type Arguments, inputOf, type Resources } from "../support/input";

const A = "${aws_security_group.a.id}";
const B = "${aws_security_group.b.id}";
const GROUPS: Resources = { "aws_security_group.a": { name: "a" }, "aws_security_group.b": { name: "b" } };
const X = "${var.x}";

const manifest = (spec: unknown, parts: Arguments = {}): Arguments => ({
  manifest: {
    apiVersion: "vpcresources.k8s.aws/v1beta1",
    kind: "SecurityGroupPolicy",
    metadata: { name: "p", namespace: "shop" },
    spec,
    ...parts,
  },
});
const SELECTOR = { podSelector: { matchLabels: { app: "orders" } } };
const groupIds = (...ids: unknown[]) => ({ securityGroups: { groupIds: ids } });
const GOOD = { ...SELECTOR, ...groupIds(A) };

const inventoryOf = (...all: Arguments[]) =>
  takeInventory(
    inputOf({
      ...GROUPS,
      ...Object.fromEntries(all.map((one, index) => [`kubernetes_manifest.p${index}`, one])),
    }),
  );
function policyOf(spec: unknown, parts?: Arguments): Policy {
  const { policies: all } = inventoryOf(manifest(spec, parts));
  expect(all).toHaveLength(1);
  return all[0] as Policy;
}

/** What the cluster's schema of a policy says: config/crd/bases of aws/amazon-vpc-resource-controller-k8s. */
describe("what is wrong with a policy, in words", () => {
  const problems = (spec: unknown, parts?: Arguments) => policyOf(spec, parts).problems;
  const SELECTED = { ...SELECTOR };
  const ids = (value: unknown) => ({ ...SELECTED, securityGroups: { groupIds: value } });
  const ID = "spec.securityGroups.groupIds";
  const WAY = "remove one pair of brackets; concat() joins lists";
  const LIST = `but must be a string: ${WAY}`;
  const LISTS = `but must be strings: ${WAY}`;
  const AN_ID = "must be the id of a security group, such as sg-0123456789abcdef0";

  test.each<[what: string, spec: unknown, parts: Arguments, said: string[]]>([
    ["nothing", GOOD, {}, []],
    ["a policy of a version that is not known", GOOD, { apiVersion: X }, []],
    [
      "another version",
      GOOD,
      { apiVersion: "vpcresources.k8s.aws/v1" },
      [
        'apiVersion must be vpcresources.k8s.aws/v1beta1, the only one that the cluster knows (given: "vpcresources.k8s.aws/v1")',
      ],
    ],
    [
      "no version",
      GOOD,
      { apiVersion: null },
      [
        "apiVersion must be vpcresources.k8s.aws/v1beta1, the only one that the cluster knows (nothing was given)",
      ],
    ],
    ["another kind", GOOD, { kind: "PodPolicy" }, ['kind must be SecurityGroupPolicy (given: "PodPolicy")']],
    [
      "both",
      GOOD,
      { kind: "PodPolicy", apiVersion: "vpcresources.k8s.aws/v1" },
      [
        'kind must be SecurityGroupPolicy (given: "PodPolicy")',
        'apiVersion must be vpcresources.k8s.aws/v1beta1, the only one that the cluster knows (given: "vpcresources.k8s.aws/v1")',
      ],
    ],
    [
      "a spec as text",
      "x",
      {},
      ['spec must be a map with podSelector, serviceAccountSelector, securityGroups (given: "x")'],
    ],
    [
      "a spec as a list",
      [GOOD],
      {},
      ["spec must be a map with podSelector, serviceAccountSelector, securityGroups (given: a list)"],
    ],
    ["a spec as a number", 1, {}, ["spec must be a map (given: 1)"]],
    [
      "a spec as a function that gives a list",
      "${concat(var.a, var.b)}",
      {},
      [
        "spec must be a map with podSelector, serviceAccountSelector, securityGroups (given: concat(var.a, var.b))",
      ],
    ],
    ["a spec that is not known", X, {}, []],
    ["no spec", null, {}, []],
    ["a selector that is null", { ...GOOD, serviceAccountSelector: null }, {}, []],
    [
      "a selector as a list",
      { ...GOOD, podSelector: [{}] },
      {},
      ["spec.podSelector must be a map with matchLabels, matchExpressions (given: a list)"],
    ],
    [
      "labels as a list",
      { ...GOOD, podSelector: { matchLabels: ["app"] } },
      {},
      ["spec.podSelector.matchLabels must be a map of labels (given: a list)"],
    ],
    [
      "labels as text",
      { ...GOOD, podSelector: { matchLabels: "app" } },
      {},
      ['spec.podSelector.matchLabels must be a map of labels (given: "app")'],
    ],
    ["labels that are not known", { ...GOOD, podSelector: { matchLabels: X } }, {}, []],
    [
      "labels by a function that gives a list",
      { ...GOOD, podSelector: { matchLabels: "${keys(var.a)}" } },
      {},
      ["spec.podSelector.matchLabels must be a map of labels (given: keys(var.a))"],
    ],
    [
      "an expression that is no list",
      { ...GOOD, podSelector: { matchExpressions: { key: "a", operator: "Exists" } } },
      {},
      ["spec.podSelector.matchExpressions must be a list (given: a map)"],
    ],
    ["expressions that are not known", { ...GOOD, podSelector: { matchExpressions: X } }, {}, []],
    [
      "expressions as a number",
      { ...GOOD, podSelector: { matchExpressions: 1 } },
      {},
      ["spec.podSelector.matchExpressions must be a list (given: 1)"],
    ],
    [
      "values that are no list, in the second expression",
      {
        ...GOOD,
        podSelector: {
          matchExpressions: [
            { key: "a", operator: "In", values: ["x"] },
            { key: "b", operator: "In", values: "x" },
          ],
        },
      },
      {},
      ['spec.podSelector.matchExpressions[1].values must be a list (given: "x")'],
    ],
    [
      "a key as a map",
      { ...GOOD, podSelector: { matchExpressions: [{ key: {}, operator: "Exists" }] } },
      {},
      ["spec.podSelector.matchExpressions[0].key must be a string (given: a map)"],
    ],
    [
      "a key as a list",
      { ...GOOD, podSelector: { matchExpressions: [{ key: ["a"], operator: "Exists" }] } },
      {},
      ["spec.podSelector.matchExpressions[0].key must be a string (given: a list)"],
    ],
    [
      "an expression as text",
      { ...GOOD, podSelector: { matchExpressions: ["app"] } },
      {},
      ['spec.podSelector.matchExpressions[0] must be a map with key, operator, values (given: "app")'],
    ],
    [
      "groups as a list",
      { ...SELECTED, securityGroups: [A] },
      {},
      ["spec.securityGroups must be a map with groupIds (given: a list)"],
    ],
    ["ids as text", ids("sg-0a"), {}, [`${ID} must be a list (given: "sg-0a")`]],
    ["an id for the list", ids(A), {}, [`${ID} must be a list (given: aws_security_group.a.id)`]],
    ["ids that are not known", ids(X), {}, []],
    ["another attribute for the list, which may be one", ids("${module.m.ids}"), {}, []],
    ["a list in the list", ids([[A]]), {}, [`${ID}[0] is a list, ${LIST}`]],
    ["two lists in the list", ids([[A], "sg-0a", [B]]), {}, [`${ID}[0] and [2] are lists, ${LISTS}`]],
    ["three lists in the list", ids([[A], [A], [B]]), {}, [`${ID}[0], [1] and [2] are lists, ${LISTS}`]],
    ["a splat in the list", ids(["${aws_security_group.a[*].id}"]), {}, [`${ID}[0] is a list, ${LIST}`]],
    ["a map in the list", ids([{ id: "sg-0a" }]), {}, [`${ID}[0] must be a string (given: a map)`]],
    [
      "a list and a map in the list",
      ids([{ id: "sg-0a" }, [A]]),
      {},
      [`${ID}[1] is a list, ${LIST}`, `${ID}[0] must be a string (given: a map)`],
    ],
    ["a number in the list", ids([1]), {}, [`${ID}[0] must be a string (given: 1)`]],
    ["a boolean in the list", ids(["sg-0a", true]), {}, [`${ID}[1] must be a string (given: true)`]],
    ["a name", ids(["orders"]), {}, [`${ID}[0] ${AN_ID} (given: "orders")`]],
    ["a name that ends like an id", ids(["xsg-0a"]), {}, [`${ID}[0] ${AN_ID} (given: "xsg-0a")`]],
    ["an id with a space behind it", ids(["sg-0a "]), {}, [`${ID}[0] ${AN_ID} (given: "sg-0a ")`]],
    [
      "ids in one text",
      ids(["sg-0a,sg-0b"]),
      {},
      [`${ID}[0] ${AN_ID} (given: "sg-0a,sg-0b"); each id must be its own item`],
    ],
    [
      "the name of a group",
      ids(["${aws_security_group.a.name}"]),
      {},
      [`${ID}[0] must be the id of the group: use .id instead of .name`],
    ],
    [
      "the ARN of a group",
      ids(["sg-0a", "${aws_security_group.a.arn}"]),
      {},
      [`${ID}[1] must be the id of the group: use .id instead of .arn`],
    ],
    ["an attribute that no group has", ids(["${aws_security_group.a.tags.Name}"]), {}, []],
    ["the name of something else", ids(["${aws_instance.a.name}"]), {}, []],
    ["a group as a whole", ids(["${aws_security_group.a}"]), {}, []],
    ["ids", ids([A, "sg-0a", X, null]), {}, []],
    [
      "ids in the wrong place",
      { ...SELECTED, groupIds: ["sg-0a"] },
      {},
      [
        "spec.groupIds is not a field of a SecurityGroupPolicy, and is dropped: use spec.securityGroups.groupIds",
      ],
    ],
    [
      "ids by a name of AWS's",
      { ...SELECTED, securityGroups: { securityGroupIds: ["sg-0a"] } },
      {},
      [
        "spec.securityGroups.securityGroupIds is not a field of a SecurityGroupPolicy, and is dropped: use spec.securityGroups.groupIds",
      ],
    ],
    [
      "a selector by a name of Services",
      { ...groupIds(A), selector: {} },
      {},
      ["spec.selector is not a field of a SecurityGroupPolicy, and is dropped: use spec.podSelector"],
    ],
    [
      "names of service accounts",
      { ...GOOD, serviceAccountSelector: { matchNames: ["orders"] } },
      {},
      [
        "spec.serviceAccountSelector.matchNames is not a field of a SecurityGroupPolicy, and is dropped: use matchLabels, which are labels of the service account",
      ],
    ],
    [
      "a field that means nothing here",
      { ...GOOD, priority: 1 },
      {},
      ["spec.priority is not a field of a SecurityGroupPolicy, and is dropped"],
    ],
    [
      "a field by the name of what every object has",
      { ...GOOD, toString: 1 },
      {},
      ["spec.toString is not a field of a SecurityGroupPolicy, and is dropped"],
    ],
  ])("%s", (_, spec, parts, said) => {
    expect(problems(spec, parts)).toStrictEqual(said);
  });
});

describe("what is a policy", () => {
  test.each<[what: string, parts: Arguments, is: boolean]>([
    ["its kind", {}, true],
    ["its kind of another API", { apiVersion: "apps/v1" }, true],
    ["another kind of its API", { kind: "PodPolicy" }, true],
    ["the nodes of its API", { kind: "CNINode" }, false],
    ["a kind that is not known", { kind: X }, false],
    [
      "an API with a similar name",
      { kind: "PodPolicy", apiVersion: "vpcresources.k8s.aws.example/v1" },
      false,
    ],
    ["an API that is not known", { kind: "PodPolicy", apiVersion: X }, false],
    ["another kind", { kind: "NetworkPolicy", apiVersion: "networking.k8s.io/v1" }, false],
  ])("%s", (_, parts, is) => {
    expect(inventoryOf(manifest(GOOD, parts)).policies).toHaveLength(is ? 1 : 0);
  });
});

describe("what a policy says", () => {
  test.each<[what: string, spec: unknown, expected: object]>([
    [
      "its groups, each once",
      { ...SELECTOR, ...groupIds(A, "sg-0a", A) },
      { groups: ["aws_security_group.a", "sg-0a"], meantGroups: [] },
    ],
    [
      "the groups that it means where it is refused",
      { ...SELECTOR, ...groupIds([A]) },
      { groups: [], meantGroups: ["aws_security_group.a"] },
    ],
    [
      "groups in the place of their map",
      { ...SELECTOR, securityGroups: [A] },
      { groups: [], meantGroups: ["aws_security_group.a"] },
    ],
    [
      "a group by its name, which is meant",
      { ...SELECTOR, ...groupIds("b") },
      { groups: [], meantGroups: ["aws_security_group.b"] },
    ],
    ["how many ids", { ...SELECTOR, ...groupIds("sg-0a", null, "sg-0b") }, { groupIds: ["sg-0a", "sg-0b"] }],
    ["no ids", SELECTOR, { groupIds: [] }],
    ["no ids, as null", { ...SELECTOR, securityGroups: null }, { groupIds: [] }],
    ["no ids in a map", { ...SELECTOR, securityGroups: { groupIds: null } }, { groupIds: [] }],
    [
      "ids that are not known",
      { ...SELECTOR, securityGroups: { groupIds: X } },
      { groupIds: undefined, groups: ["var.x"] },
    ],
    ["groups that are not known", { ...SELECTOR, securityGroups: X }, { groupIds: undefined }],
    [
      "groups in a wrong place, which are no known number",
      { ...SELECTOR, securityGroups: [A] },
      { groupIds: undefined },
    ],
    [
      "no selector",
      groupIds(A),
      { podSelector: { state: "absent" }, serviceAccountSelector: { state: "absent" } },
    ],
    ["a selector that is null", { podSelector: null, ...groupIds(A) }, { podSelector: { state: "absent" } }],
    [
      "a selector that is not known",
      { podSelector: X, ...groupIds(A) },
      { podSelector: { state: "unknown" }, matched: undefined },
    ],
    ["labels that are not known", { podSelector: { matchLabels: X } }, { podSelector: { state: "unknown" } }],
    [
      "expressions that are not known",
      { podSelector: { matchExpressions: X } },
      { podSelector: { state: "unknown" } },
    ],
    [
      "values that are not known",
      { podSelector: { matchExpressions: [{ key: "a", operator: "In", values: X }] } },
      { podSelector: { state: "unknown" } },
    ],
    [
      "an expression that is not known",
      { podSelector: { matchExpressions: [X] } },
      { podSelector: { state: "unknown" } },
    ],
    [
      "a spec that is not known",
      X,
      { podSelector: { state: "unknown" }, serviceAccountSelector: { state: "unknown" } },
    ],
    [
      "pods that are not known under a service account",
      { podSelector: X, serviceAccountSelector: SELECTOR.podSelector },
      { matched: undefined },
    ],
    [
      "pods under a service account that is not known",
      { ...SELECTOR, serviceAccountSelector: X },
      { matched: undefined },
    ],
    [
      "pods under a service account by an operator that there is not",
      { ...SELECTOR, serviceAccountSelector: { matchExpressions: [{ key: "a", operator: "Is" }] } },
      { matched: NOTHING },
    ],
    [
      "what it asks of labels",
      {
        podSelector: {
          matchLabels: { app: "x" },
          matchExpressions: [
            { key: "tier", operator: "Exists" },
            { key: "env", operator: "In", values: ["a", "b"] },
            {},
          ],
        },
      },
      {
        podSelector: {
          state: "given",
          requirements: [
            { key: "app", operator: "In", values: ["x"] },
            { key: "tier", operator: "Exists", values: undefined },
            { key: "env", operator: "In", values: ["a", "b"] },
            { key: null, operator: null, values: undefined },
          ],
        },
      },
    ],
    ["an empty selector", { podSelector: {} }, { podSelector: { state: "given", requirements: [] } }],
  ])("%s", (_, spec, expected) => {
    expect(policyOf(spec)).toMatchObject({
      address: "kubernetes_manifest.p0",
      isUncertain: false,
      ...expected,
    });
  });

  test("its name and its namespace, which is default where none is given", () => {
    expect(policyOf(GOOD)).toMatchObject({ name: "p", namespace: "shop" });
    expect(policyOf(GOOD, { metadata: {} })).toMatchObject({ name: null, namespace: "default" });
    expect(policyOf(GOOD, { metadata: undefined })).toMatchObject({ name: null, namespace: "default" });
  });
});

describe("pods that two policies select", () => {
  const labels = (matchLabels: Arguments) => ({ podSelector: { matchLabels } });
  const expression = (key: string, operator: string, values?: unknown) => ({
    podSelector: { matchExpressions: [{ key, operator, ...(values !== undefined && { values }) }] },
  });
  const account = (matchLabels: Arguments) => ({ serviceAccountSelector: { matchLabels } });
  test.each<[what: string, a: Arguments, b: Arguments, may: boolean]>([
    ["by the same label", labels({ app: "x" }), labels({ app: "x" }), true],
    ["by two values of a label", labels({ app: "x" }), labels({ app: "y" }), false],
    ["by two labels", labels({ app: "x" }), labels({ tier: "y" }), true],
    ["by a value and a list with it", labels({ app: "x" }), expression("app", "In", ["x", "y"]), true],
    ["by a value and a list without it", labels({ app: "x" }), expression("app", "In", ["y", "z"]), false],
    ["by a value and its opposite", labels({ app: "x" }), expression("app", "NotIn", ["x"]), false],
    ["by a value and the opposite of another", labels({ app: "x" }), expression("app", "NotIn", ["y"]), true],
    ["by a value and its absence", labels({ app: "x" }), expression("app", "DoesNotExist"), false],
    ["by a value and its presence", labels({ app: "x" }), expression("app", "Exists"), true],
    ["by a value that is not known", labels({ app: X }), labels({ app: "x" }), true],
    [
      "by a value that is not known and its absence",
      labels({ app: X }),
      expression("app", "DoesNotExist"),
      false,
    ],
    [
      "by the same label of a pod and of a service account",
      labels({ app: "x" }),
      account({ app: "y" }),
      true,
    ],
    ["by two service accounts", account({ app: "x" }), account({ app: "y" }), false],
    ["by a selector that is not known", labels({ app: "x" }), { podSelector: X }, true],
  ])("%s", (_, a, b, may) => {
    const [first, second] = inventoryOf(
      manifest({ ...a, ...groupIds(A) }),
      manifest({ ...b, ...groupIds(B) }),
    ).policies;
    expect(mayMatchTogether(first as Policy, second as Policy)).toBe(may);
    expect(mayMatchTogether(second as Policy, first as Policy)).toBe(may);
  });

  test.each<[what: string, namespaces: [unknown, unknown], may: boolean]>([
    ["in one namespace", ["shop", "shop"], true],
    ["in two", ["shop", "office"], false],
    ["in one that is not known", ["shop", X], true],
    ["in another that is not known", [X, "shop"], true],
  ])("%s", (_, [a, b], may) => {
    const inventory = inventoryOf(
      manifest({ ...SELECTOR, ...groupIds(A) }, { metadata: { namespace: a } }),
      manifest({ ...SELECTOR, ...groupIds(B) }, { metadata: { namespace: b } }),
    );
    const [first, second] = inventory.policies as [Policy, Policy];
    expect(mayMatchTogether(first, second)).toBe(may);
    expect(groupsOnPods({ inventory, flows: [], mode: "strict" }, first)).toStrictEqual(
      may ? ["aws_security_group.a", "aws_security_group.b"] : ["aws_security_group.a"],
    );
  });
});

test.each<[what: string, spec: Arguments, may: boolean]>([
  ["labels", SELECTOR, true],
  ["an empty selector", { podSelector: {} }, true],
  ["no selector, which the cluster ignores", {}, false],
  ["a service account alone", { serviceAccountSelector: { matchLabels: { app: "x" } } }, true],
  ["a selector that is not known", { podSelector: X }, true],
  [
    "a label with two values",
    {
      podSelector: {
        matchLabels: { a: "x" },
        matchExpressions: [{ key: "a", operator: "In", values: ["y"] }],
      },
    },
    false,
  ],
  [
    "a label that is there and is not",
    {
      podSelector: {
        matchExpressions: [
          { key: "a", operator: "Exists" },
          { key: "a", operator: "DoesNotExist" },
        ],
      },
    },
    false,
  ],
  [
    "a service account whose label has two values, beside pods",
    {
      ...SELECTOR,
      serviceAccountSelector: {
        matchLabels: { a: "x" },
        matchExpressions: [{ key: "a", operator: "NotIn", values: ["x"] }],
      },
    },
    false,
  ],
  [
    "pods whose label has two values, beside a service account",
    {
      serviceAccountSelector: SELECTOR.podSelector,
      podSelector: {
        matchLabels: { a: "x" },
        matchExpressions: [{ key: "a", operator: "NotIn", values: ["x"] }],
      },
    },
    false,
  ],
])("a policy may select pods by %s", (_, spec, may) => {
  expect(maySelect(policyOf({ ...spec, ...groupIds(A) }))).toBe(may);
});

describe("the workloads of a policy", () => {
  const deployment = (labels: unknown, namespace: unknown = "shop"): Arguments => ({
    manifest: { kind: "Deployment", metadata: { namespace }, spec: { template: { metadata: { labels } } } },
  });
  const seen = (spec: unknown, workload: Arguments, parts?: Arguments) => {
    const inventory = takeInventory(
      inputOf({
        ...GROUPS,
        "kubernetes_manifest.p": manifest(spec, parts),
        "kubernetes_manifest.w": workload,
      }),
    );
    const [policy] = inventory.policies as [Policy];
    const [pods] = workloads(inventory);
    return {
      certainly: workloadsOf(inventory, policy).length > 0,
      perhaps: pods !== undefined && mayMatchWorkload(policy, pods),
      labels: pods !== undefined && matchesWorkload(policy, pods),
    };
  };
  const YES = { certainly: true, perhaps: true, labels: true };
  const NO = { certainly: false, perhaps: false, labels: false };
  const PERHAPS = { certainly: false, perhaps: true, labels: false };
  const operator = (name: string, values?: string[]) => ({
    podSelector: { matchExpressions: [{ key: "app", operator: name, ...(values && { values }) }] },
  });
  test.each<[what: string, spec: unknown, workload: Arguments, expected: object]>([
    ["with its label", GOOD, deployment({ app: "orders", tier: "web" }), YES],
    ["with another value", GOOD, deployment({ app: "billing" }), NO],
    ["without its label", GOOD, deployment({ tier: "web" }), NO],
    ["with a label that is not known", GOOD, deployment({ app: X }), PERHAPS],
    ["of another namespace", GOOD, deployment({ app: "orders" }, "office"), { ...NO, labels: true }],
    [
      "of a namespace that is not known",
      GOOD,
      deployment({ app: "orders" }, X),
      { ...PERHAPS, labels: true },
    ],
    ["under a selector of everything", { podSelector: {}, ...groupIds(A) }, deployment({}), YES],
    [
      "under a selector that is not known",
      { podSelector: X, ...groupIds(A) },
      deployment({ app: "orders" }),
      PERHAPS,
    ],
    [
      "under a service account",
      { ...GOOD, serviceAccountSelector: { matchLabels: { a: "x" } } },
      deployment({ app: "orders" }),
      PERHAPS,
    ],
    [
      "with one of several values",
      { ...operator("In", ["a", "orders"]), ...groupIds(A) },
      deployment({ app: "orders" }),
      YES,
    ],
    [
      "with an excluded value",
      { ...operator("NotIn", ["orders"]), ...groupIds(A) },
      deployment({ app: "orders" }),
      NO,
    ],
    [
      "without a label that must not have a value",
      { ...operator("NotIn", ["orders"]), ...groupIds(A) },
      deployment({}),
      YES,
    ],
    [
      "with a label that must be there",
      { ...operator("Exists"), ...groupIds(A) },
      deployment({ app: "" }),
      YES,
    ],
    [
      "with a label that must not be there",
      { ...operator("DoesNotExist"), ...groupIds(A) },
      deployment({ app: "a" }),
      NO,
    ],
    [
      "without a label that must not be there",
      { ...operator("DoesNotExist"), ...groupIds(A) },
      deployment({}),
      YES,
    ],
    [
      "with a label that is null, which is none",
      { ...operator("DoesNotExist"), ...groupIds(A) },
      deployment({ app: null }),
      YES,
    ],
    [
      "by an operator that Kubernetes does not have",
      { ...operator("Is", ["orders"]), ...groupIds(A) },
      deployment({ app: "orders" }),
      NO,
    ],
    ["by In without values", { ...operator("In", []), ...groupIds(A) }, deployment({ app: "orders" }), NO],
    [
      "by NotIn without values",
      { ...operator("NotIn", []), ...groupIds(A) },
      deployment({ app: "orders" }),
      NO,
    ],
    [
      "by Exists with values",
      { ...operator("Exists", ["orders"]), ...groupIds(A) },
      deployment({ app: "orders" }),
      NO,
    ],
    [
      "by DoesNotExist with values",
      { ...operator("DoesNotExist", ["a"]), ...groupIds(A) },
      deployment({}),
      NO,
    ],
    [
      "by the same value that is not known",
      { podSelector: { matchLabels: { app: X } }, ...groupIds(A) },
      deployment({ app: X }),
      { certainly: true, perhaps: true, labels: true },
    ],
    [
      "by a value that is not known",
      { podSelector: { matchLabels: { app: X } }, ...groupIds(A) },
      deployment({ app: "orders" }),
      PERHAPS,
    ],
    [
      "excluding a value that is not known",
      { ...operator("NotIn", [X]), ...groupIds(A) },
      deployment({ app: "orders" }),
      PERHAPS,
    ],
    [
      "by two conditions on a label of which one is not known",
      {
        podSelector: { matchLabels: { app: X }, matchExpressions: [{ key: "app", operator: "Exists" }] },
        ...groupIds(A),
      },
      deployment({ app: "orders" }),
      PERHAPS,
    ],
    [
      "by a value that is not known, with another one",
      { podSelector: { matchLabels: { app: X } }, ...groupIds(A) },
      deployment({ app: "${var.y}" }),
      PERHAPS,
    ],
    [
      "under a service account that must not have a label",
      { ...GOOD, serviceAccountSelector: { matchExpressions: [{ key: "a", operator: "DoesNotExist" }] } },
      deployment({ app: "orders" }),
      PERHAPS,
    ],
    ["with a number for a label, of which it makes text", GOOD, deployment({ app: 1 }), NO],
    ["with a label that is not known beside one that is", GOOD, deployment({ app: X, tier: "web" }), PERHAPS],
    [
      "excluding a value, with a label that is not known",
      { ...operator("NotIn", ["orders"]), ...groupIds(A) },
      deployment({ app: X }),
      PERHAPS,
    ],
    [
      "with a label that must be there and is not known",
      { ...operator("Exists"), ...groupIds(A) },
      deployment({ app: X }),
      YES,
    ],
    [
      "by a condition on a key that is not known",
      { podSelector: { matchExpressions: [{ key: X, operator: "Exists" }] }, ...groupIds(A) },
      deployment({ app: "orders" }),
      PERHAPS,
    ],
    [
      "by a number, of which Terraform's provider makes text",
      { podSelector: { matchLabels: { app: 1 } }, ...groupIds(A) },
      deployment({ app: "1" }),
      { certainly: true, perhaps: true, labels: true },
    ],
  ])("%s", (_, spec, workload, expected) => {
    expect(seen(spec, workload)).toStrictEqual(expected);
  });

  test("of a namespace of the policy that is not known", () => {
    expect(seen(GOOD, deployment({ app: "orders" }), { metadata: { namespace: X } })).toStrictEqual({
      ...PERHAPS,
      labels: true,
    });
  });
});

describe("policies on whose pods nothing opens something", () => {
  const closed = (opens: string[], ...all: Arguments[]) =>
    policiesWithout(inventoryOf(...all), (group) => opens.includes(group)).map(({ address }) => address);
  const [P, Q] = ["kubernetes_manifest.p0", "kubernetes_manifest.p1"];
  const OTHER = { podSelector: { matchLabels: { app: "billing" } } };
  test.each<[what: string, opens: string[], all: Arguments[], expected: (string | undefined)[]]>([
    ["no group of it", [], [manifest(GOOD)], [P]],
    ["its own group", ["aws_security_group.a"], [manifest(GOOD)], []],
    ["one of its groups", ["aws_security_group.b"], [manifest({ ...SELECTOR, ...groupIds(A, B) })], []],
    [
      "a group that may, because the input does not declare it",
      [],
      [manifest({ ...SELECTOR, ...groupIds(A, "sg-0a") })],
      [],
    ],
    [
      "the group of a policy for the same pods",
      ["aws_security_group.b"],
      [manifest(GOOD), manifest({ ...SELECTOR, ...groupIds(B) })],
      [],
    ],
    [
      "one of the groups of a policy for the same pods",
      ["aws_security_group.b"],
      [manifest(GOOD), manifest({ ...SELECTOR, ...groupIds(A, B) })],
      [],
    ],
    [
      "the group of a policy for others",
      ["aws_security_group.b"],
      [manifest(GOOD), manifest({ ...OTHER, ...groupIds(B) })],
      [P],
    ],
    ["no group of either", [], [manifest(GOOD), manifest({ ...OTHER, ...groupIds(B) })], [P, Q]],
    ["a policy without groups", [], [manifest(SELECTOR)], []],
    ["a policy without a selector", [], [manifest(groupIds(A))], []],
  ])("%s", (_, opens, all, expected) => {
    expect(closed(opens, ...all)).toStrictEqual(expected);
  });
});

test("a policy that may not exist is none of those that are there", () => {
  const input = inputOf({
    ...GROUPS,
    "kubernetes_manifest.p": manifest(GOOD),
    "kubernetes_manifest.q": manifest(GOOD),
  });
  const resources = input.resources.map((one) => ({
    ...one,
    ...(one.address === "kubernetes_manifest.q" && { isUncertain: true }),
  }));
  const inventory = takeInventory({ ...input, resources });
  expect(inventory.policies.map(({ isUncertain }) => isUncertain)).toStrictEqual([false, true]);
  expect(policies(inventory).map(({ address }) => address)).toStrictEqual(["kubernetes_manifest.p"]);
});

test("pods carry the groups of a policy, and those of one without groups or that is refused carry none", () => {
  const attachments = (spec: unknown) =>
    inventoryOf(manifest(spec)).attachments.map(({ role, groups }) => [role, groups]);
  expect(attachments(GOOD)).toStrictEqual([["pods", ["aws_security_group.a"]]]);
  expect(attachments(SELECTOR)).toStrictEqual([]);
  expect(attachments({ ...SELECTOR, ...groupIds([A]) })).toStrictEqual([]);
});
