import type { Arguments } from "../../support/input";
import type { Cases } from "../support/case";
import { POLICY, policy } from "../support/pods";
import { expressions, groups, labels, ONE, one } from "../support/policies";

const GOOD = { ...ONE, ...labels({ a: "x" }) };
const requirement = (key: unknown, operator: unknown, values?: unknown) => ({
  ...ONE,
  ...expressions({ key, operator, ...(values !== undefined && { values }) }),
});

/** A policy whose parts besides its spec are others. */
const other = (parts: Arguments, spec: Arguments = GOOD) => {
  const { manifest } = policy(spec) as { manifest: Arguments };
  return { [POLICY]: { manifest: { ...manifest, ...parts } } };
};
const SELECTED = labels({ a: "x" });

export const cases: Cases = [
  {
    what: "a name in capitals",
    resources: one(GOOD, { name: "Orders" }),
    found: [[POLICY, "error"]],
    says: 'kubernetes_manifest.p: metadata.name must consist of at most 253 lower-case letters, digits, - and ., and start and end with a letter or digit (given: "Orders").',
  },
  ...(
    [
      ["another version", other({ apiVersion: "vpcresources.k8s.aws/v1alpha1" })],
      ["another API", other({ apiVersion: "apps/v1" })],
      ["no version", other({ apiVersion: null })],
      ["another kind of its API", other({ kind: "SecurityGroupPolicies" })],
      ["groups as a list", one({ ...SELECTED, securityGroups: ["sg-1"] })],
      ["groups in a list", one({ ...SELECTED, securityGroups: [{ groupIds: ["sg-1"] }] })],
      ["ids as text", one({ ...SELECTED, securityGroups: { groupIds: "sg-1" } })],
      [
        "an id for the list",
        one({ ...SELECTED, securityGroups: { groupIds: "${aws_security_group.a.id}" } }),
      ],
      ["a list in the list", one({ ...SELECTED, securityGroups: { groupIds: [["sg-1"]] } })],
      ["a splat in the list", one({ ...SELECTED, ...groups("${aws_security_group.a[*].id}") })],
      [
        "a splat of a data source in the list",
        one({ ...SELECTED, ...groups("sg-1", "${data.aws_x.a.b[*].id}") }),
      ],
      ["a function that gives a list in the list", one({ ...SELECTED, ...groups("${toset(var.ids)}") })],
      ["a map in the list", one({ ...SELECTED, securityGroups: { groupIds: [{ id: "sg-1" }] } })],
      ["a number in the list", one({ ...SELECTED, securityGroups: { groupIds: [1] } })],
      ["a name for an id", one({ ...SELECTED, ...groups("orders") })],
      ["ids in one text", one({ ...SELECTED, ...groups("sg-1,sg-2") })],
      ["nothing for an id", one({ ...SELECTED, ...groups("") })],
      [
        "a reference to a name",
        one({ ...SELECTED, ...groups('${module.m.aws_security_group.a["x.y"].name}') }),
      ],
      ["ids in the wrong place", one({ ...SELECTED, groupIds: ["sg-1"] })],
      ["names of service accounts", one({ ...ONE, serviceAccountSelector: { matchNames: ["orders"] } })],
      ["labels without matchLabels", one({ ...ONE, podSelector: { app: "orders" } })],
      ["labels as a list", one({ ...ONE, podSelector: { matchLabels: ["app"] } })],
      ["a selector as a list", one({ ...ONE, podSelector: [{ matchLabels: { app: "x" } }] })],
      [
        "an expression for the list",
        one({ ...ONE, podSelector: { matchExpressions: { key: "a", operator: "Exists" } } }),
      ],
      ["a value for the list", one(requirement("a", "In", "x"))],
      ["a spec as text", other({ spec: "x" })],
    ] as const
  ).map(([what, resources]) => ({ what, resources, found: [[POLICY, "error"]] as const })),
  ...(
    [
      ["no name", one(GOOD, { name: null })],
      ["a name that is too long", one(GOOD, { name: "a".repeat(254) })],
      ["a namespace with a dot", one(GOOD, { namespace: "shop.eu" })],
      ["a namespace that is too long", one(GOOD, { namespace: "a".repeat(64) })],
      ["a key with a space", one({ ...ONE, ...labels({ "a b": "x" }) })],
      ["a key with two slashes", one({ ...ONE, ...labels({ "a/b/c": "x" }) })],
      ["a key without a name", one({ ...ONE, ...labels({ "example.com/": "x" }) })],
      ["a key with a prefix in capitals", one({ ...ONE, ...labels({ "Example.com/a": "x" }) })],
      ["a value that is too long", one({ ...ONE, ...labels({ a: "x".repeat(64) }) })],
      ["a value that ends with a dash", one({ ...ONE, ...labels({ a: "x-" }) })],
      ["an unknown operator", one(requirement("a", "Is", ["x"]))],
      ["no operator", one(requirement("a", null))],
      ["In without values", one(requirement("a", "In", []))],
      ["NotIn without values", one(requirement("a", "NotIn"))],
      ["Exists with values", one(requirement("a", "Exists", ["x"]))],
      [
        "in the selector of service accounts",
        one({ ...GOOD, serviceAccountSelector: { matchLabels: { "-": "x" } } }),
      ],
    ] as const
  ).map(([what, resources]) => ({ what, resources, found: [[POLICY, "error"]] as const })),
  {
    what: "a number as a value, as kubectl applies it",
    resources: {
      "kubectl_manifest.p": {
        yaml_body: JSON.stringify(policy({ ...ONE, ...labels({ a: 1 }) })["manifest"]),
      },
    },
    found: [["kubectl_manifest.p", "error"]],
  },
  {
    what: "numbers and booleans as values, of which Terraform's provider makes text",
    resources: one({ ...ONE, ...labels({ a: 1, b: true }) }),
  },
  {
    what: "numbers among the values of an expression, of which it makes text as well",
    resources: one(requirement("a", "In", [1, 2])),
  },
  {
    what: "a label without a value, which Kubernetes drops",
    resources: one({ ...ONE, ...labels({ a: "x", app: null }) }),
    found: [[POLICY, "error"]],
  },
  { what: "a name with dots", resources: one(GOOD, { name: "orders.v1" }) },
  { what: "no namespace", resources: one(GOOD, { namespace: null }) },
  {
    what: "keys and values at their limits",
    resources: one({
      ...ONE,
      ...labels({ [`app.kubernetes.io/${"a".repeat(63)}`]: "x".repeat(63), b: "", C_1: "A_b.c-1" }),
    }),
  },
  { what: "Exists with an empty list", resources: one(requirement("a", "Exists", [])) },
  { what: "Exists with null", resources: one(requirement("a", "DoesNotExist", null)) },
  { what: "a spec that is not known", resources: other({ spec: "${var.spec}" }) },
  {
    what: "groups that are not known, and an id that may be one",
    resources: one({ ...SELECTED, securityGroups: { groupIds: "${var.ids}" } }),
  },
  {
    what: "ids of several kinds",
    resources: one({
      ...SELECTED,
      ...groups("sg-0a1", "${var.ids[0]}", "${aws_security_group.a[0].id}", "${jsonencode(var.id)}"),
    }),
  },
  {
    what: "a version that is not known",
    resources: other({ apiVersion: "${var.version}" }),
  },
  {
    what: "all that is not known",
    resources: one(requirement("${var.k}", "${var.o}", ["${var.v}"]), {
      name: "${var.n}",
      namespace: "${var.s}",
    }),
  },
];
