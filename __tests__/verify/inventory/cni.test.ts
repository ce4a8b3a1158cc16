import { describe, expect, test } from "vitest";
import { takeInventory } from "../../../verify/inventory";
import { clusters } from "../../../verify/inventory/cluster/clusters";
import {
  AWS_NODE,
  CNI_INIT,
  type CniSource,
  certainEnforcingMode,
  cniSources,
  enforcingModeOf,
  isAsStated,
  isSwitchedOn,
  patchesOfOneVariable,
} from "../../../verify/inventory/cluster/cni";
import { nodeTypes } from "../../../verify/inventory/cluster/nodes";
import { shown } from "../read/support/configuration";
import { type Arguments, inputOf, type Resources } from "../support/input";

const inventoryOf = (resources: Resources, passed?: Record<string, Arguments>) =>
  takeInventory(inputOf(resources, passed && { passed }));
const sourcesOf = (resources: Resources) => cniSources(inventoryOf(resources));

const MODE = "POD_SECURITY_GROUP_ENFORCING_MODE";
const ENI = "ENABLE_POD_ENI";
const addOn = (values: unknown, more: Arguments = {}): Arguments => ({
  addon_name: "vpc-cni",
  cluster_name: "shop",
  configuration_values: typeof values === "object" && values !== null ? JSON.stringify(values) : values,
  ...more,
});
const env = (variables: Readonly<Record<string, unknown>>, more: Arguments = {}): Arguments => ({
  kind: "DaemonSet",
  metadata: [{ name: "aws-node", namespace: "kube-system" }],
  container: "aws-node",
  env: Object.entries(variables).map(([name, value]) => ({ name, value })),
  ...more,
});
const daemonSet = (env: unknown, more: Arguments = {}): Arguments => ({
  manifest: {
    kind: "DaemonSet",
    metadata: { name: "aws-node", namespace: "kube-system" },
    spec: { template: { spec: { containers: [{ name: "aws-node", env, ...more }] } } },
  },
});
const settings = (data: Arguments) => ({ metadata: [{ name: "amazon-vpc-cni" }], data });
const fromMap = (name: string) => ({
  name: ENI,
  value_from: [{ config_map_key_ref: [{ name, key: "pod-eni" }] }],
});
const chart = (values: object, more: Arguments = {}): Arguments => ({
  chart: "aws-vpc-cni",
  values: [JSON.stringify(values)],
  ...more,
});

/** `container NAME=value`, and what is not known of which containers. */
function said({ settings, unknown }: CniSource) {
  return [
    ...settings.map(({ container, name, value }) => `${container} ${name}=${shown(value)}`),
    ...[...unknown].map((container) => `${container} ?`),
  ];
}

/** https://github.com/aws/amazon-vpc-cni-k8s, charts/aws-vpc-cni/values.yaml: `env` and `init.env`. */
describe("the variables that the CNI is given", () => {
  test.each<[what: string, resources: Resources, kind: string, expected: string[]]>([
    [
      "an add-on",
      { "aws_eks_addon.it": addOn({ env: { [ENI]: "true" } }) },
      "add-on",
      ["aws-node ENABLE_POD_ENI=true"],
    ],
    [
      "an add-on, both containers",
      { "aws_eks_addon.it": addOn({ env: { A: "1" }, init: { env: { B: "2" } } }) },
      "add-on",
      ["aws-node A=1", "aws-vpc-cni-init B=2"],
    ],
    ["an add-on, as YAML", { "aws_eks_addon.it": addOn("env:\n  A: '1'\n") }, "add-on", ["aws-node A=1"]],
    ["an add-on without values", { "aws_eks_addon.it": addOn(undefined) }, "add-on", []],
    ["an add-on with empty text", { "aws_eks_addon.it": addOn("") }, "add-on", []],
    [
      "an add-on with other values",
      { "aws_eks_addon.it": addOn({ nodeAgent: { enabled: "true" } }) },
      "add-on",
      [],
    ],
    [
      "an add-on with values that are not known",
      { "aws_eks_addon.it": addOn("${var.values}") },
      "add-on",
      ["aws-node ?", "aws-vpc-cni-init ?"],
    ],
    [
      "an add-on with values that are no map",
      { "aws_eks_addon.it": addOn("[1]") },
      "add-on",
      ["aws-node ?", "aws-vpc-cni-init ?"],
    ],
    [
      "an add-on with text that is neither JSON nor YAML",
      { "aws_eks_addon.it": addOn("{{") },
      "add-on",
      ["aws-node ?", "aws-vpc-cni-init ?"],
    ],
    ["a patch", { "kubernetes_env.it": env({ A: "1" }) }, "env", ["aws-node A=1"]],
    [
      "a patch of a number and a boolean, which become text",
      { "kubernetes_env.it": env({ A: 1, B: true }) },
      "env",
      ["aws-node A=1", "aws-node B=true"],
    ],
    [
      "a patch of the other container",
      { "kubernetes_env.it": env({ B: "2" }, { container: undefined, init_container: "aws-vpc-cni-init" }) },
      "env",
      ["aws-vpc-cni-init B=2"],
    ],
    [
      "a patch of a container that is not known",
      { "kubernetes_env.it": env({ A: "1" }, { container: "${var.c}" }) },
      "env",
      ["aws-node ?", "aws-vpc-cni-init ?"],
    ],
    [
      "a patch of a value that is not known",
      { "kubernetes_env.it": env({ A: "${var.a}" }) },
      "env",
      ["aws-node A=<var.a>"],
    ],
    [
      "a patch of a name that is not known",
      { "kubernetes_env.it": env({}, { env: [{ name: "${var.n}", value: "1" }] }) },
      "env",
      [],
    ],
    [
      "a patch without a value",
      { "kubernetes_env.it": env({}, { env: [{ name: "A" }] }) },
      "env",
      ["aws-node A=null"],
    ],
    [
      "a patch with blocks that are not known",
      { "kubernetes_env.it": env({}, { env: "${var.env}" }) },
      "env",
      ["aws-node ?"],
    ],
    [
      "a patch of which one block is not known",
      { "kubernetes_env.it": env({}, { env: [{ name: "A", value: "1" }, "${var.env}"] }) },
      "env",
      ["aws-node A=1", "aws-node ?"],
    ],
    [
      "the chart",
      { "helm_release.it": chart({ env: { A: "1" }, init: { env: { B: "2" } } }) },
      "chart",
      ["aws-node A=1", "aws-vpc-cni-init B=2"],
    ],
    [
      "the chart with what is set",
      { "helm_release.it": chart({}, { set: [{ name: "env.A", value: "x" }] }) },
      "chart",
      ["aws-node A=x"],
    ],
    [
      "the DaemonSet, of which nothing but what the CNI reads is taken",
      {
        "kubernetes_manifest.it": daemonSet([
          { name: ENI, value: "true" },
          { name: "TOKEN", value: "x" },
        ]),
      },
      "daemon-set",
      ["aws-node ENABLE_POD_ENI=true"],
    ],
    [
      "the DaemonSet as a typed resource, with a value of a ConfigMap",
      {
        "kubernetes_daemon_set_v1.it": {
          metadata: [{ name: "aws-node" }],
          spec: [
            {
              template: [{ spec: [{ container: [{ name: "aws-node", env: [fromMap("amazon-vpc-cni")] }] }] }],
            },
          ],
        },
        "kubernetes_config_map_v1.it": settings({ "pod-eni": "true" }),
      },
      "daemon-set",
      ["aws-node ENABLE_POD_ENI=true"],
    ],
    [
      "the DaemonSet with a value of a ConfigMap that nobody shows",
      {
        "kubernetes_manifest.it": daemonSet([
          { name: ENI, valueFrom: { configMapKeyRef: { name: "other", key: "pod-eni" } } },
        ]),
      },
      "daemon-set",
      ["aws-node ENABLE_POD_ENI=<valueFrom of ENABLE_POD_ENI>"],
    ],
    [
      "the DaemonSet with all of a ConfigMap that nobody shows",
      { "kubernetes_manifest.it": daemonSet([], { envFrom: [{ configMapRef: { name: "other" } }] }) },
      "daemon-set",
      ["aws-node ?"],
    ],
    [
      "the DaemonSet with an environment that is not known",
      { "kubernetes_manifest.it": daemonSet("${var.env}") },
      "daemon-set",
      ["aws-node ?"],
    ],
    [
      "the DaemonSet whose containers are not known",
      {
        "kubernetes_manifest.it": {
          manifest: { kind: "DaemonSet", metadata: { name: "aws-node" }, spec: "${var.spec}" },
        },
      },
      "daemon-set",
      ["aws-node ?", "aws-vpc-cni-init ?"],
    ],
    [
      "the DaemonSet whose value is empty",
      { "kubernetes_manifest.it": daemonSet([{ name: MODE }]) },
      "daemon-set",
      ["aws-node POD_SECURITY_GROUP_ENFORCING_MODE="],
    ],
  ])("%s", (_, resources, kind, expected) => {
    const sources = sourcesOf(resources);
    const [address] = Object.keys(resources);
    expect(sources).toMatchObject([{ address, kind, isUncertain: false }]);
    expect(sources.flatMap(said)).toStrictEqual(expected);
  });

  test("values of a patch are text, as Terraform makes it of numbers and booleans", () => {
    const [patch] = sourcesOf({ "kubernetes_env.it": env({ A: 1, B: true, C: "x" }) });
    expect(patch?.settings.map(({ value }) => value)).toStrictEqual(["1", "true", "x"]);
  });

  test.each<[what: string, resources: Resources]>([
    ["another add-on", { "aws_eks_addon.it": addOn({ env: {} }, { addon_name: "coredns" }) }],
    [
      "an add-on that is not known",
      { "aws_eks_addon.it": addOn({ env: {} }, { addon_name: "${var.name}" }) },
    ],
    [
      "a patch of another DaemonSet",
      { "kubernetes_env.it": env({ A: "1" }, { metadata: [{ name: "kube-proxy" }] }) },
    ],
    [
      "a patch of a Deployment of the same name",
      { "kubernetes_env.it": env({ A: "1" }, { kind: "Deployment" }) },
    ],
    ["another chart", { "helm_release.it": chart({ env: {} }, { chart: "cilium" }) }],
    ["another resource", { "aws_eks_cluster.it": addOn({ env: {} }) }],
  ])("not by %s", (_, resources) => {
    expect(sourcesOf(resources)).toStrictEqual([]);
  });

  test.each<[what: string, more: Arguments, expected: object]>([
    ["a name", {}, { cluster: "shop" }],
    [
      "a reference",
      { cluster_name: "${aws_eks_cluster.c.name}" },
      { cluster: { expression: "aws_eks_cluster.c.name" } },
    ],
    ["a version", { addon_version: "v1.20.0-eksbuild.1" }, { version: "v1.20.0-eksbuild.1" }],
  ])("an add-on has its cluster and version: %s", (_, more, expected) => {
    expect(sourcesOf({ "aws_eks_addon.it": addOn({}, more) })).toMatchObject([expected]);
  });

  test("an add-on without a cluster or a version that is known has none", () => {
    const [source] = sourcesOf({
      "aws_eks_addon.it": addOn({}, { cluster_name: null, addon_version: "${var.version}" }),
    });
    expect(source).not.toHaveProperty("cluster");
    expect(source).not.toHaveProperty("version");
    expect(source).not.toHaveProperty("provider");
  });

  test("those that may not exist, and those of another provider, say so", () => {
    const input = inputOf({ "aws_eks_addon.it": addOn({}), "kubernetes_env.it": env({ A: "1" }) });
    const resources = input.resources.map((one) => ({
      ...one,
      isUncertain: true,
      provider: "kubernetes.eu",
    }));
    const sources = cniSources(takeInventory({ ...input, resources }));
    expect(sources).toMatchObject([
      { kind: "add-on", isUncertain: true, provider: "kubernetes.eu" },
      { kind: "env", isUncertain: true, provider: "kubernetes.eu" },
    ]);
  });
});

/** https://github.com/aws/amazon-vpc-cni-k8s#pod_security_group_enforcing_mode-v1110 */
describe("the enforcing mode", () => {
  const modeOf = (resources: Resources) => {
    const found = enforcingModeOf(sourcesOf(resources));
    return found && `${found.mode} by ${found.by.address}`;
  };
  const OTHER = { "kubernetes_env.z": env({ [MODE]: "strict" }) };
  test.each<[what: string, resources: Resources, mode: string | undefined]>([
    [
      "standard",
      { "aws_eks_addon.it": addOn({ env: { [MODE]: "standard" } }) },
      "standard by aws_eks_addon.it",
    ],
    ["strict", { "aws_eks_addon.it": addOn({ env: { [MODE]: "strict" } }) }, "strict by aws_eks_addon.it"],
    [
      "something else, which the CNI takes for strict",
      { "aws_eks_addon.it": addOn({ env: { [MODE]: "Standard" } }) },
      "strict by aws_eks_addon.it",
    ],
    [
      "by a patch",
      { "kubernetes_env.it": env({ A: "1", [MODE]: "standard" }) },
      "standard by kubernetes_env.it",
    ],
    [
      "by the first that sets it",
      { "aws_eks_addon.it": addOn({ env: { A: "1" } }), ...OTHER },
      "strict by kubernetes_env.z",
    ],
    [
      "on the container that does not read it",
      { "aws_eks_addon.it": addOn({ init: { env: { [MODE]: "standard" } } }) },
      undefined,
    ],
    ["not known", { "kubernetes_env.it": env({ [MODE]: "${var.mode}" }) }, undefined],
    ["not set", { "aws_eks_addon.it": addOn({ env: { A: "standard" } }) }, undefined],
    ["no CNI", {}, undefined],
  ])("%s", (_, resources, mode) => {
    expect(modeOf(resources)).toBe(mode);
  });

  const values = (mode: string) => JSON.stringify({ env: { [MODE]: mode } });
  test("is what an unread module of the cluster is given", () => {
    const addOns = { "vpc-cni": { configuration_values: values("standard") } };
    const found = certainEnforcingMode(inventoryOf({}, { "module.eks": { addons: addOns } }));
    expect(found).toMatchObject({ mode: "standard", by: { address: "module.eks", kind: "add-on" } });
    expect(
      certainEnforcingMode(inventoryOf({}, { "module.eks": { addons: { "vpc-cni": {} } } })),
    ).toBeUndefined();
    expect(
      certainEnforcingMode(inventoryOf({}, { "module.eks": { addons: { coredns: addOns["vpc-cni"] } } })),
    ).toBeUndefined();
    const both = inventoryOf(
      { "aws_eks_addon.it": addOn(values("strict")) },
      { "module.eks": { addons: addOns } },
    );
    expect(certainEnforcingMode(both)).toMatchObject({ mode: "strict" });
  });

  test("is not what a resource says that may not exist", () => {
    const input = inputOf({ "aws_eks_addon.it": addOn(values("standard")) });
    const uncertain = input.resources.map((one) => ({ ...one, isUncertain: true }));
    expect(certainEnforcingMode(takeInventory(input))).toMatchObject({ mode: "standard" });
    expect(certainEnforcingMode(takeInventory({ ...input, resources: uncertain }))).toBeUndefined();
  });
});

describe("whether a variable is on", () => {
  const on = (resources: Resources, container = AWS_NODE) =>
    isSwitchedOn(sourcesOf(resources), container, ENI);
  test.each<[what: string, resources: Resources, isOn: boolean | "unknown"]>([
    ["text", { "aws_eks_addon.it": addOn({ env: { [ENI]: "true" } }) }, true],
    ["a boolean", { "aws_eks_addon.it": addOn({ env: { [ENI]: true } }) }, true],
    [
      "one of two",
      { "aws_eks_addon.it": addOn({ env: { [ENI]: "false" } }), "kubernetes_env.it": env({ [ENI]: "true" }) },
      true,
    ],
    ["off", { "aws_eks_addon.it": addOn({ env: { [ENI]: "false" } }) }, false],
    ["in capitals, which is not on", { "aws_eks_addon.it": addOn({ env: { [ENI]: "True" } }) }, false],
    ["another variable", { "aws_eks_addon.it": addOn({ env: { ENABLE_PREFIX_DELEGATION: "true" } }) }, false],
    ["another container", { "aws_eks_addon.it": addOn({ init: { env: { [ENI]: "true" } } }) }, false],
    ["not known", { "kubernetes_env.it": env({ [ENI]: "${var.on}" }) }, "unknown"],
    ["more that is not known", { "aws_eks_addon.it": addOn("${var.values}") }, "unknown"],
    [
      "more that is not known of the other container",
      { "kubernetes_env.it": env({}, { env: "${var.env}", container: "aws-vpc-cni-init" }) },
      false,
    ],
    ["nothing", {}, false],
  ])("%s", (_, resources, isOn) => {
    expect(on(resources)).toBe(isOn);
  });

  test("is asked of each container", () => {
    const both = { "aws_eks_addon.it": addOn({ init: { env: { [ENI]: "true" } } }) };
    expect([on(both, AWS_NODE), on(both, CNI_INIT)]).toStrictEqual([false, true]);
  });
});

test.each<[management: "addon" | "kubernetes_env" | "external" | undefined, kinds: CniSource["kind"][]]>([
  ["addon", ["add-on"]],
  ["kubernetes_env", ["env", "chart"]],
  ["external", ["chart"]],
  [undefined, ["add-on", "env", "chart"]],
])("what may configure the CNI where flows.yaml says %s", (management, kinds) => {
  const all = sourcesOf({
    "aws_eks_addon.it": addOn({}),
    "kubernetes_env.it": env({ A: "1" }),
    "helm_release.it": chart({}),
  });
  const allowed = all.filter((source) => isAsStated(management && { management }, source));
  expect(allowed.map(({ kind }) => kind)).toStrictEqual(kinds);
});

describe("patches of one variable", () => {
  const twice = (a: Arguments, b: Arguments, c?: Arguments) => {
    const sources = sourcesOf({
      "kubernetes_env.a": a,
      "kubernetes_env.b": b,
      ...(c && { "kubernetes_env.c": c }),
    });
    return [...patchesOfOneVariable(sources)].map(
      ([variable, patches]) => `${variable}: ${patches.map(({ address }) => address).join(" ")}`,
    );
  };
  test.each<[what: string, patches: [Arguments, Arguments, Arguments?], expected: string[]]>([
    ["two", [env({ A: "1" }), env({ A: "2", B: "1" })], ["A of aws-node: kubernetes_env.a kubernetes_env.b"]],
    [
      "three",
      [env({ A: "1" }), env({ A: "2" }), env({ A: "3" })],
      ["A of aws-node: kubernetes_env.a kubernetes_env.b kubernetes_env.c"],
    ],
    ["of different variables", [env({ A: "1" }), env({ B: "1" })], []],
    ["of different containers", [env({ A: "1" }), env({ A: "1" }, { container: "aws-vpc-cni-init" })], []],
    [
      "one that names it twice",
      [
        env(
          {},
          {
            env: [
              { name: "A", value: "1" },
              { name: "A", value: "2" },
            ],
          },
        ),
        env({ B: "1" }),
      ],
      [],
    ],
  ])("%s", (_, patches, expected) => {
    expect(twice(...patches)).toStrictEqual(expected);
  });

  test("of two providers may be of two clusters", () => {
    const input = inputOf({
      "kubernetes_env.a": env({ A: "1" }),
      "kubernetes_env.b": env({ A: "1" }),
      "kubernetes_env.c": env({ A: "1" }),
      "kubernetes_env.d": env({ A: "1" }),
    });
    const provided = (providers: (string | undefined)[]) => {
      const resources = input.resources.map((one, index) => {
        const provider = providers[index];
        return { ...one, ...(provider !== undefined && { provider }) };
      });
      const found = patchesOfOneVariable(cniSources(takeInventory({ ...input, resources })));
      return [...found.values()].map((all) =>
        all.map(({ address }) => address.replace("kubernetes_env.", "")),
      );
    };
    expect(provided([undefined, "kubernetes.eu", "kubernetes.us"])).toStrictEqual([["a", "d"]]);
    expect(provided(["kubernetes.eu", "kubernetes.us", "kubernetes.eu", "kubernetes.us"])).toStrictEqual([
      ["a", "c", "b", "d"],
    ]);
  });
});

/** https://docs.aws.amazon.com/eks/latest/userguide/automode.html */
describe("clusters", () => {
  test.each<[what: string, values: Arguments, autoMode: boolean | "unknown", minor: number | undefined]>([
    ["of a version", { version: "1.33" }, false, 33],
    ["of a version without a minor one", { version: "1" }, false, undefined],
    ["of a patch version, which EKS does not take", { version: "1.33.1" }, false, undefined],
    ["of another major version", { version: "21.33" }, false, undefined],
    ["of a version that is not known", { version: "${var.version}" }, false, undefined],
    ["in Auto Mode", { compute_config: [{ enabled: true }] }, true, undefined],
    ["in Auto Mode, as text", { compute_config: [{ enabled: "true" }] }, true, undefined],
    ["with Auto Mode off", { compute_config: [{ enabled: false }] }, false, undefined],
    ["perhaps in Auto Mode", { compute_config: [{ enabled: "${var.auto}" }] }, "unknown", undefined],
    ["with a block that is not known", { compute_config: "${var.compute}" }, "unknown", undefined],
    [
      "with a block that may not be there",
      { compute_config: [{ enabled: true, dynamic: true }] },
      "unknown",
      undefined,
    ],
  ])("%s", (_, values, autoMode, minor) => {
    const [cluster, ...others] = clusters(inventoryOf({ "aws_eks_cluster.it": values }));
    expect(others).toStrictEqual([]);
    expect(cluster).toMatchObject({ resource: { address: "aws_eks_cluster.it" }, autoMode });
    expect(cluster?.minor).toBe(minor);
    expect(Object.keys(cluster ?? {}).includes("minor")).toBe(minor !== undefined);
  });

  test("that are looked up are none of the input", () => {
    expect(clusters(inventoryOf({ "data.aws_eks_cluster.it": {} }))).toStrictEqual([]);
  });

  test.each<[what: string, resources: Resources, hasPodGroups: boolean, expected: string[]]>([
    [
      "a node group and its template",
      { "aws_eks_node_group.n": {}, "aws_launch_template.t": {} },
      false,
      ["aws_eks_node_group.n", "aws_launch_template.t"],
    ],
    [
      "a template beside a cluster",
      { "aws_eks_cluster.c": {}, "aws_launch_template.t": {} },
      false,
      ["aws_launch_template.t"],
    ],
    ["a template of something else", { "aws_launch_template.t": {} }, false, []],
    ["a template where pods have groups", { "aws_launch_template.t": {} }, true, ["aws_launch_template.t"]],
  ])("types of nodes are named by %s", (_, resources, hasPodGroups, expected) => {
    const found = nodeTypes(inventoryOf(resources), hasPodGroups);
    expect(found.map(({ address }) => address)).toStrictEqual(expected);
  });
});
