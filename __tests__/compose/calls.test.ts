import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { TerraformVariable } from "cdktf";
import { describe, expect, test } from "vitest";
import { render } from "../../compose/app";
import { EksClusterRole, PodBaseline, SecurityGroupPolicy, VpcCni, VpcCniAddon } from "../../compose/calls";
import { CALLED } from "../../compose/calls/description";
import { Workload } from "../../compose/workload";
import { eksClusterRole } from "../../modules/eks-cluster-role/contract";
import { podBaseline } from "../../modules/pod-baseline/contract";
import { securityGroupPolicy } from "../../modules/security-group-policy/contract";
import { vpcCni } from "../../modules/vpc-cni/contract";
import { vpcCniAddon } from "../../modules/vpc-cni-addon/contract";
import { ModuleCall } from "../../synth/module-call";
import { app, GROUPS, PLACE, problemsOf, type Root, VALUES } from "../support/workloads";

/** The root as Terraform reads it. */
const rootOf = (build: (root: Root) => void) =>
  JSON.parse(render(app(build))["stacks/root/cdk.tf.json"] ?? "");

const LABELS = { app: "orders" };

/** A module, called by its construct and by its variables' names. */
const CALLS: readonly (readonly [string, (root: Root) => void, (root: Root) => void])[] = [
  [
    "EksClusterRole",
    (root) => new EksClusterRole(root, "call", { clusterRoleName: "shop", attachServicePolicy: false }),
    (root) =>
      new ModuleCall(root, "call", eksClusterRole, {
        cluster_role_name: "shop",
        attach_service_policy: false,
      }),
  ],
  [
    "VpcCni without options",
    (root) => new VpcCni(root, "call"),
    (root) => new ModuleCall(root, "call", vpcCni, {}),
  ],
  [
    "VpcCniAddon, whose variables of the environment keep their names",
    (root) =>
      new VpcCniAddon(root, "call", {
        clusterName: "shop",
        externalSnat: null,
        env: { WARM_IP_TARGET: "2", some_name: "1" },
        initEnv: { ENABLE_V6_EGRESS: "true" },
      }),
    (root) =>
      new ModuleCall(root, "call", vpcCniAddon, {
        cluster_name: "shop",
        external_snat: null,
        env: { WARM_IP_TARGET: "2", some_name: "1" },
        init_env: { ENABLE_V6_EGRESS: "true" },
      }),
  ],
  [
    "PodBaseline, with peers and ports by keys of the user's choice",
    (root) =>
      new PodBaseline(root, "call", {
        ...PLACE,
        clusterName: "shop",
        securityGroups: GROUPS,
        probePorts: { my_probe: 8080 },
        internetTargets: { the_bank: { cidrIpv4: "203.0.113.0/24" } },
      }),
    (root) =>
      new ModuleCall(root, "call", podBaseline, {
        ...VALUES,
        cluster_name: "shop",
        probe_ports: { my_probe: 8080 },
        internet_targets: { the_bank: { cidr_ipv4: "203.0.113.0/24" } },
      }),
  ],
  [
    "SecurityGroupPolicy, with selectors and a check",
    (root) =>
      new SecurityGroupPolicy(root, "call", {
        name: "orders",
        namespace: "shop",
        podSelector: { matchLabels: LABELS, matchExpressions: [{ key: "tier", operator: "DoesNotExist" }] },
        serviceAccountSelector: { matchLabels: { some_label: "a" } },
        securityGroupIds: ["sg-0a1b2c3d"],
        check: { host: "db.example.com", port: 3306, serviceAccountName: "orders" },
      }),
    (root) =>
      new ModuleCall(root, "call", securityGroupPolicy, {
        name: "orders",
        namespace: "shop",
        pod_selector: {
          match_labels: LABELS,
          match_expressions: [{ key: "tier", operator: "DoesNotExist" }],
        },
        service_account_selector: { match_labels: { some_label: "a" } },
        security_group_ids: ["sg-0a1b2c3d"],
        check: { host: "db.example.com", port: 3306, service_account_name: "orders" },
      }),
  ],
];

/** What needs the cluster's API. */
const anywhere = (build: (root: Root) => void) => (root: Root) => {
  new KubernetesProvider(root, "kubernetes", {});
  build(root);
};

describe("a module's construct", () => {
  test.each(CALLS)("%s is the same call as with the names of the variables", (_what, construct, call) => {
    expect(rootOf(anywhere(construct))).toStrictEqual(rootOf(anywhere(call)));
  });

  test("has an option for every variable of its module", () => {
    for (const { contract, options } of Object.values(CALLED))
      expect(Object.keys(options.options)).toHaveLength(Object.keys(contract.variables).length + 2);
  });

  test("waits for what it is told to, takes providers, and gives its outputs", () => {
    const { module, output } = rootOf((root) => {
      const role = new EksClusterRole(root, "role", { clusterRoleName: "shop" });
      const addon = new VpcCniAddon(root, "cni", { clusterName: "shop", dependsOn: [role] });
      const kubernetes = new KubernetesProvider(root, "kubernetes", { alias: "shop" });
      const policy = new SecurityGroupPolicy(root, "policy", {
        name: "orders",
        namespace: "shop",
        podSelector: null,
        serviceAccountSelector: { matchLabels: LABELS },
        securityGroupIds: ["sg-0a1b2c3d"],
        check: { host: "db.example.com", port: 3306, serviceAccountName: "orders" },
        providers: [kubernetes],
      });
      root.ids("all", [addon.addonVersion, policy.manifestYaml, policy.checkManifestsYaml]);
    });
    expect(module.cni.depends_on).toEqual(["module.role"]);
    expect(module.policy).toMatchObject({ pod_selector: null, providers: { kubernetes: "kubernetes.shop" } });
    expect(output.all.value).toEqual([
      "${module.cni.addon_version}",
      "${module.policy.manifest_yaml}",
      "${module.policy.check_manifests_yaml}",
    ]);
  });

  test("PodBaseline is the baseline of workloads", () => {
    const { module, output } = rootOf((root) => {
      const baseline = new PodBaseline(root, "baseline", {
        ...PLACE,
        clusterName: "shop",
        securityGroups: GROUPS,
      });
      const orders = new Workload(root, "orders", { ...PLACE, baseline });
      root.ids("carried", orders.securityGroupIds);
      root.ids("own", [baseline.securityGroupId]);
    });
    expect(module.orders.on_baseline).toBe(true);
    expect(output.carried.value[0]).toBe(output.own.value[0]);
  });

  test("takes references at every depth", () => {
    const { module } = rootOf((root) => {
      const given = new TerraformVariable(root, "given", {});
      new PodBaseline(root, "baseline", {
        clusterName: given.stringValue,
        vpcId: given.stringValue,
        securityGroups: given.value,
        dnsCidrs: { vpc: { cidrIpv4: given.stringValue } },
      });
    });
    expect(module.baseline).toMatchObject({
      cluster_name: "${var.given}",
      security_groups: "${var.given}",
      dns_cidrs: { vpc: { cidr_ipv4: "${var.given}" } },
    });
  });
});

describe("what is wrong with options is said in their names", () => {
  const policy = { name: "orders", namespace: "shop", podSelector: null, securityGroupIds: ["sg-0a1b2c3d"] };

  test.each<[string, (root: Root) => void, string]>([
    [
      "a variable's name",
      (root) => new PodBaseline(root, "one", { cluster_name: "shop" } as never),
      'PodBaseline "one": does not know "cluster_name" (write clusterName); accepted: clusterName, vpcId, ',
    ],
    [
      "nothing",
      (root) => new EksClusterRole(root, "one", undefined as never),
      'EksClusterRole "one": must be an object with clusterRoleName, ',
    ],
    [
      "no value",
      (root) => new EksClusterRole(root, "one", {} as never),
      'EksClusterRole "one".clusterRoleName: must be given: Name (not the ARN)',
    ],
    [
      "a value that the module rejects",
      (root) => new VpcCniAddon(root, "one", { clusterName: "shop", enforcingMode: "lax" }),
      'VpcCniAddon "one": ',
    ],
    [
      "values that do not go together",
      (root) => new SecurityGroupPolicy(root, "one", { ...policy, podSelector: {} }),
      "selectWholeNamespace = true",
    ],
    [
      "a misspelled attribute",
      (root) => new SecurityGroupPolicy(root, "one", { ...policy, podSelector: { matchLabel: {} } as never }),
      'SecurityGroupPolicy "one".podSelector: does not know "matchLabel" (write matchLabels); accepted: matchLabels, matchExpressions',
    ],
    [
      "a check without its port",
      (root) =>
        new SecurityGroupPolicy(root, "one", { ...policy, check: { host: "db.example.com" } as never }),
      'SecurityGroupPolicy "one".check.port: must be given: ',
    ],
  ])("%s", (_what, build, message) => {
    expect(problemsOf(build).join("\n")).toContain(message);
  });
});
