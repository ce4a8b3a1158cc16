import { expect, test } from "vitest";
import { noteOfUntouchedCni } from "../../../verify/checks/untouched-cni";
import { contextOf } from "../support/context";
import { type InputOptions, inputOf, type Resources } from "../support/input";
import { addOn, ENABLED } from "./support/cni";
import { HAS_PODS } from "./support/pods";

const CLUSTER = { "aws_eks_cluster.shop": { name: "shop" } };
const note = (resources: Resources, options: InputOptions = {}) =>
  noteOfUntouchedCni(contextOf(inputOf(resources, options)));

test("whoever has policies and a cluster, and configures no CNI, is told what EKS installs", () => {
  expect(note({ ...HAS_PODS, ...CLUSTER })).toStrictEqual([
    'nothing here configures the CNI of aws_eks_cluster.shop, which EKS installs without ENABLE_POD_ENI: unless something else, such as kubectl set env, sets it to "true", the pods of kubernetes_manifest.p keep the groups of their nodes',
  ]);
});

test.each<[string, Resources]>([
  ["without policies", CLUSTER],
  ["without a cluster", HAS_PODS],
  ["with two clusters", { ...HAS_PODS, ...CLUSTER, "aws_eks_cluster.other": { name: "other" } }],
  ["with the CNI's add-on", { ...HAS_PODS, ...CLUSTER, "aws_eks_addon.cni": addOn(ENABLED) }],
  ["in Auto Mode", { ...HAS_PODS, "aws_eks_cluster.shop": { compute_config: [{ enabled: true }] } }],
  ["without the CNI", { ...HAS_PODS, "aws_eks_cluster.shop": { bootstrap_self_managed_addons: false } }],
  ["on Fargate", { ...HAS_PODS, ...CLUSTER, "aws_eks_fargate_profile.f": { cluster_name: "shop" } }],
  ["beside a command", { ...HAS_PODS, ...CLUSTER, "null_resource.set_env": {} }],
])("nothing is said %s", (_what, resources) => {
  expect(note(resources)).toStrictEqual([]);
});

test("nothing is said where a module that was not read may configure it, or flows.yaml says who does", () => {
  expect(
    note({ ...HAS_PODS, ...CLUSTER }, { passed: { "module.addons": { cluster_name: "shop" } } }),
  ).toStrictEqual([]);
  const cni = { management: "external", file: "flows.yaml" } as const;
  expect(noteOfUntouchedCni(contextOf(inputOf({ ...HAS_PODS, ...CLUSTER }), { cni }))).toStrictEqual([]);
});
