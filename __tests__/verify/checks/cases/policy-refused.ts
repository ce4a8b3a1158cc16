import type { Cases } from "../support/case";
import { POLICY } from "../support/pods";
import { expressions, labels, ONE, one } from "../support/policies";

const GOOD = { ...ONE, ...labels({ a: "x" }) };
const requirement = (key: unknown, operator: unknown, values?: unknown) => ({
  ...ONE,
  ...expressions({ key, operator, ...(values !== undefined && { values }) }),
});

export const cases: Cases = [
  {
    what: "a name in capitals",
    resources: one(GOOD, { name: "Orders" }),
    found: [[POLICY, "error"]],
    says: 'kubernetes_manifest.p: metadata.name must be lower-case letters, digits, - and ., 253 at most, with a letter or digit at either end (given: "Orders").',
  },
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
      ["a number as a value", one({ ...ONE, ...labels({ a: 1 }) })],
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
  {
    what: "all that is not known",
    resources: one(requirement("${var.k}", "${var.o}", ["${var.v}"]), {
      name: "${var.n}",
      namespace: "${var.s}",
    }),
  },
];
