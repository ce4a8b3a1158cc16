import type { Arguments, Resources } from "../../support/input";
import type { Cases } from "../support/case";
import { podPolicy, policy } from "../support/pods";
import { expressions, groups, ids, labels } from "../support/policies";

/** Two policies, each with some of seven groups in all, but for what they have in common. */
const two = (
  a: Arguments,
  b: Arguments,
  more: { readonly shared?: number; readonly namespace?: string } = {},
) => ({
  "kubernetes_manifest.a": policy({ ...a, ...groups(...ids(4)) }),
  "kubernetes_manifest.b": policy(
    { ...b, ...groups(...ids(more.shared ?? 0), ...ids(3 - (more.shared ?? 0), "sg-1")) },
    { namespace: more.namespace ?? "shop" },
  ),
});
const key = (name: string, operator: string, ...values: string[]) =>
  expressions({ key: name, operator, ...(values.length > 0 && { values }) });
const A = [["kubernetes_manifest.a", "error"]] as const;
const B = [["kubernetes_manifest.b", "error"]] as const;
const MAY = [["kubernetes_manifest.a", "warning"]] as const;

/** A policy for each of some labels and values (several are written with spaces), each with a group of its own. */
function many(labels: number, values: readonly string[]): Resources {
  const all = Array.from({ length: labels }, (_, index) => values.map((value) => ({ index, value }))).flat();
  return Object.fromEntries(
    all.map(({ index, value }) => {
      const name = `p${index}-${value.replaceAll(" ", "-")}`;
      const spec = { ...key(`k${index}`, "In", ...value.split(" ")), ...groups(`sg-${name}`) };
      return [`kubernetes_manifest.${name}`, policy(spec)];
    }),
  );
}
const template = (labels: Arguments) => ({
  metadata: { namespace: "shop" },
  spec: { template: { metadata: { labels } } },
});
const DEPLOYMENT = (labels: Arguments) => ({ "kubernetes_deployment_v1.d": template(labels) });
const BOTH = two(labels({ a: "x" }), key("b", "NotIn", "y"));
const groupsPerInterface: Cases = [
  {
    what: "six groups on pods",
    resources: { "kubernetes_manifest.p": podPolicy(...ids(6)) },
    found: [["kubernetes_manifest.p", "error"]],
    says: "kubernetes_manifest.p puts 6 groups on one interface: sg-00, sg-01, sg-02, sg-03, sg-04 and sg-05. AWS allows 5 unless the quota was raised (16 at most). Merge groups, or have the quota raised and set groups_per_interface in flows.yaml.",
  },
  { what: "five groups on pods", resources: { "kubernetes_manifest.p": podPolicy(...ids(5)) } },
  {
    what: "five groups, one of them twice",
    resources: { "kubernetes_manifest.p": podPolicy(...ids(5), "sg-00") },
  },
  {
    what: "six groups where the quota was raised",
    groupsPerInterface: 6,
    resources: { "kubernetes_manifest.p": podPolicy(...ids(6)) },
  },
  {
    what: "seven groups where the quota was raised to six",
    groupsPerInterface: 6,
    resources: { "kubernetes_manifest.p": podPolicy(...ids(7)) },
    found: [["kubernetes_manifest.p", "error"]],
  },
  { what: "two policies of one selector", resources: two(labels({ a: "x" }), labels({ a: "x" })), found: A },
  {
    what: "more labels, which are some of the pods",
    resources: two(labels({ a: "x" }), labels({ a: "x", b: "y" })),
    found: B,
  },
  {
    what: "a policy for the whole namespace",
    resources: two({ podSelector: {} }, labels({ a: "x" })),
    found: B,
  },
  { what: "a value of several", resources: two(key("a", "In", "x", "y"), labels({ a: "x" })), found: B },
  { what: "a label that is there", resources: two(key("a", "Exists"), key("a", "In", "x")), found: B },
  {
    what: "a label without some values",
    resources: two(key("a", "NotIn", "x"), key("a", "NotIn", "x", "y")),
    found: B,
  },
  {
    what: "a label that is missing, which has no value",
    resources: two(key("a", "NotIn", "x"), key("a", "DoesNotExist")),
    found: B,
  },
  { what: "a value that is another", resources: two(key("a", "NotIn", "x"), labels({ a: "y" })), found: B },
  {
    what: "one value that is not known",
    resources: two(labels({ a: "${var.a}" }), labels({ a: "${var.a}", b: "y" })),
    found: B,
  },
  {
    what: "pods of service accounts, some of all",
    resources: two(
      { serviceAccountSelector: {} },
      { ...labels({ a: "x" }), serviceAccountSelector: { matchLabels: { b: "y" } } },
    ),
    found: B,
  },
  {
    what: "a namespace that is not known",
    resources: {
      "kubernetes_manifest.a": policy(
        { ...labels({ a: "x" }), ...groups(...ids(4)) },
        { namespace: "${var.n}" },
      ),
      "kubernetes_manifest.b": policy(
        { ...labels({ a: "x" }), ...groups(...ids(2, "sg-1")) },
        { namespace: "${var.n}" },
      ),
    },
    found: A,
  },
  {
    what: "three policies, of which two match what the third does",
    resources: {
      "kubernetes_manifest.a": policy({ ...labels({ a: "x" }), ...groups(...ids(2)) }),
      "kubernetes_manifest.b": policy({ ...labels({ a: "x", b: "y" }), ...groups(...ids(2, "sg-1")) }),
      "kubernetes_manifest.c": policy({ ...labels({ b: "y" }), ...groups(...ids(2, "sg-2")) }),
    },
    found: B,
  },
  {
    what: "labels that a pod may have both",
    resources: two(labels({ a: "x" }), labels({ b: "y" })),
    found: MAY,
  },
  {
    what: "values in common",
    resources: two(key("a", "In", "x", "y"), key("a", "In", "y", "z")),
    found: MAY,
  },
  {
    what: "a value that is not known",
    resources: two(labels({ a: "x" }), labels({ a: "${var.a}" })),
    found: MAY,
  },
  {
    what: "a label that may be there",
    resources: two(key("a", "NotIn", "x"), key("a", "Exists")),
    found: MAY,
  },
  {
    what: "labels of pods and of service accounts",
    resources: two(labels({ a: "x" }), { serviceAccountSelector: { matchLabels: { a: "y" } } }),
    found: MAY,
  },
  {
    what: "three policies that a pod may match",
    resources: {
      "kubernetes_manifest.a": policy({ ...labels({ a: "x" }), ...groups(...ids(2)) }),
      "kubernetes_manifest.b": policy({ ...labels({ b: "x" }), ...groups(...ids(2, "sg-1")) }),
      "kubernetes_manifest.c": policy({ ...labels({ c: "x" }), ...groups(...ids(2, "sg-2")) }),
    },
    found: MAY,
  },
  {
    what: "three of which each two exclude the third",
    resources: {
      "kubernetes_manifest.a": policy({ ...key("a", "In", "x", "y"), ...groups(...ids(2)) }),
      "kubernetes_manifest.b": policy({ ...key("a", "In", "y", "z"), ...groups(...ids(2, "sg-1")) }),
      "kubernetes_manifest.c": policy({ ...key("a", "In", "x", "z"), ...groups(...ids(2, "sg-2")) }),
    },
  },
  { what: "two values of one label", resources: two(labels({ a: "x" }), labels({ a: "y" })) },
  { what: "a value and all others", resources: two(labels({ a: "x" }), key("a", "NotIn", "x")) },
  {
    what: "a label that is there and one that is not",
    resources: two(key("a", "Exists"), key("a", "DoesNotExist")),
  },
  {
    what: "two namespaces",
    resources: two(labels({ a: "x" }), labels({ a: "x" }), { namespace: "billing" }),
  },
  { what: "groups in common", resources: two(labels({ a: "x" }), labels({ a: "x" }), { shared: 2 }) },
  {
    what: "two policies where the quota was raised",
    groupsPerInterface: 16,
    resources: two(labels({ a: "x" }), labels({ a: "x" })),
  },
  {
    what: "ten labels with five values each, of which no pod can have more than ten",
    groupsPerInterface: 10,
    resources: many(10, ["v", "w", "x", "y", "z"]),
  },
  {
    what: "ten labels that a pod may have all, where nine groups are the quota",
    groupsPerInterface: 9,
    resources: many(10, ["v"]),
    found: [["kubernetes_manifest.p0-v", "warning"]],
  },
  {
    what: "more ways to overlap than are looked at, none of them known to be too many",
    groupsPerInterface: 16,
    resources: many(8, ["v w", "w x", "x y", "y z", "z v"]),
    found: [["kubernetes_manifest.p0-v-w", "information"]],
  },
  { what: "a policy that is ignored", resources: two({}, labels({ a: "x" })) },
  { what: "a selector that is malformed", resources: two(key("a", "In"), labels({ a: "x" })) },
];

const withWorkloads: Cases = [
  {
    what: "a deployment that two policies match",
    resources: { ...BOTH, ...DEPLOYMENT({ a: "x", b: "z" }) },
    found: [["kubernetes_deployment_v1.d", "error"]],
  },
  {
    what: "a job as a manifest, without the label that must not have a value",
    resources: { ...BOTH, "kubernetes_manifest.j": { manifest: { kind: "Job", ...template({ a: "x" }) } } },
    found: [["kubernetes_manifest.j", "error"]],
  },
  {
    what: "a deployment that one of them matches, as another pod may both",
    resources: { ...BOTH, ...DEPLOYMENT({ a: "x", b: "y" }) },
    found: MAY,
  },
  {
    what: "a deployment in another namespace",
    resources: {
      ...BOTH,
      "kubernetes_deployment.d": { ...template({ a: "x" }), metadata: { namespace: "billing" } },
    },
    found: MAY,
  },
  {
    what: "a deployment whose service account's labels are not known",
    resources: {
      ...two(labels({ a: "x" }), { serviceAccountSelector: { matchLabels: { b: "y" } } }),
      ...DEPLOYMENT({ a: "x", b: "y" }),
    },
    found: MAY,
  },
];

export const cases: Cases = [...groupsPerInterface, ...withWorkloads];
