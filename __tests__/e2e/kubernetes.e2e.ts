import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { parse } from "yaml";
import { cluster } from "./support/cluster";
import { ensureCni, ensurePolicies, kubectlIn } from "./support/kubernetes";
import { awsStage, kubernetesStage } from "./support/stage";
import { environment, Terraform, workFolder } from "./support/terraform";

const aws = awsStage();
const { copy, pluginCache } = aws;
const { kubeconfig, kubectl: kubectlPath, ...kubernetes } = kubernetesStage();
const reason = kubernetes.reason ?? inject("kubernetesProvider").reason;
const kubectl = kubectlIn(kubectlPath, kubeconfig);

type Variables = Record<string, unknown>;

/** The variables of the DaemonSet's containers, by the container. */
function variablesOf(): Record<string, Variables> {
  const { spec } = JSON.parse(kubectl("get", "daemonset", "aws-node", "-n", "kube-system", "-o", "json")).spec
    .template;
  const containers: { name: string; env: { name: string; value?: string; valueFrom?: unknown }[] }[] = [
    ...spec.initContainers,
    ...spec.containers,
  ];
  return Object.fromEntries(
    containers.map(({ name, env }) => [
      name,
      Object.fromEntries(env.map((entry) => [entry.name, entry.value ?? entry.valueFrom])),
    ]),
  );
}

const env = environment({ TF_PLUGIN_CACHE_DIR: pluginCache, KUBE_CONFIG_PATH: kubeconfig });

interface Caller {
  readonly root: Terraform;
  readonly folder: string;
  /** Writes the call anew, with other values. */
  readonly call: (values: Variables) => void;
}

/** A root that calls a committed module. */
function rootThatCalls(name: string, values: Variables = {}, more: object = {}): Caller {
  const folder = workFolder();
  const call = (values: Variables) => {
    const module = {
      [name.replaceAll("-", "_")]: { source: join(copy, "cdktf.out/stacks", name), ...values },
    };
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ ...more, module }));
  };
  call(values);
  return { root: new Terraform(folder, env).init(), folder, call };
}

function expectNoChanges(root: Terraform, ...options: string[]): void {
  const { status, output } = root.plan(...options);
  expect(output).toContain("No changes.");
  expect(status).toBe(0);
}

describe.skipIf(aws.reason ?? reason)("the two stages of a cluster", () => {
  test("are applied one after the other: the second gets the pods' group from the state of the first", () => {
    const removeCni = ensureCni(kubectl, copy);
    const removePolicies = ensurePolicies(kubectl, copy);
    const before = variablesOf();
    const expected = {
      ...before,
      "aws-vpc-cni-init": { ...before["aws-vpc-cni-init"], DISABLE_TCP_EARLY_DEMUX: "true" },
      "aws-node": {
        ...before["aws-node"],
        ENABLE_POD_ENI: "true",
        POD_SECURITY_GROUP_ENFORCING_MODE: "strict",
      },
    };
    expect(expected).not.toStrictEqual(before);

    const output = workFolder();
    cpSync(join(copy, "cdktf.out"), join(output, "cdktf.out"), { recursive: true });
    const { prerequisites, file } = cluster();
    const values = `-var-file=${file}`;
    const first = new Terraform(join(output, "cdktf.out/stacks/example-aws")).init();
    first.apply(values);
    const root = new Terraform(join(output, "cdktf.out/stacks/example-kubernetes"), env).init();
    root.apply(values);

    expect(variablesOf()).toStrictEqual(expected);
    const policy = kubectl("get", "securitygrouppolicy", "orders", "-n", "default", "-o", "json");
    expect(JSON.parse(policy).spec).toStrictEqual({
      podSelector: { matchLabels: { app: "orders" } },
      securityGroups: { groupIds: [first.outputs()["pods_security_group_id"]] },
    });
    expectNoChanges(root, values);

    // Each patch knows its own variable: taking one back leaves the other.
    root.destroy(values, "-target=module.vpc_cni.kubernetes_env.aws_node");
    expect(variablesOf()["aws-vpc-cni-init"]).toStrictEqual(expected["aws-vpc-cni-init"]);
    root.destroy(values);
    first.destroy(values);
    prerequisites.destroy();
    removePolicies();
    removeCni();
  });
});

describe.skipIf(reason)("the CNI of a real API server", () => {
  test("gets every option of vpc-cni, and each can change and go by itself", () => {
    const removeCni = ensureCni(kubectl, copy);
    const before = variablesOf();
    const { root, call } = rootThatCalls("vpc-cni");
    const settings = () => ({
      "aws-node": { ...variablesOf()["aws-node"] },
      "aws-vpc-cni-init": { ...variablesOf()["aws-vpc-cni-init"] },
    });

    call({
      enforcing_mode: "standard",
      external_snat: true,
      env: { WARM_ENI_TARGET: "2", AWS_VPC_K8S_CNI_LOGLEVEL: "INFO", ANNOTATE_POD_IP: "true" },
      init_env: { ENABLE_V6_EGRESS: "false" },
    });
    root.apply();
    expect(settings()).toStrictEqual({
      "aws-node": {
        ...before["aws-node"],
        ENABLE_POD_ENI: "true",
        POD_SECURITY_GROUP_ENFORCING_MODE: "standard",
        AWS_VPC_K8S_CNI_EXTERNALSNAT: "true",
        WARM_ENI_TARGET: "2",
        AWS_VPC_K8S_CNI_LOGLEVEL: "INFO",
        ANNOTATE_POD_IP: "true",
      },
      "aws-vpc-cni-init": {
        ...before["aws-vpc-cni-init"],
        DISABLE_TCP_EARLY_DEMUX: "false",
        ENABLE_V6_EGRESS: "false",
      },
    });
    expectNoChanges(root);

    call({ env: { WARM_ENI_TARGET: "3", AWS_VPC_K8S_CNI_LOGLEVEL: "INFO" } });
    const changed = root.apply();
    expect(changed).toContain("0 added, 3 changed, 3 destroyed");
    // What Terraform alone had set is gone.
    expect(settings()).toStrictEqual({
      "aws-node": {
        ...before["aws-node"],
        ENABLE_POD_ENI: "true",
        POD_SECURITY_GROUP_ENFORCING_MODE: "strict",
        WARM_ENI_TARGET: "3",
        AWS_VPC_K8S_CNI_LOGLEVEL: "INFO",
      },
      "aws-vpc-cni-init": { ...before["aws-vpc-cni-init"], DISABLE_TCP_EARLY_DEMUX: "true" },
    });
    expectNoChanges(root);

    root.destroy();
    // What stands in the manifest too stays, with an empty value.
    expect(settings()).toStrictEqual({
      "aws-node": {
        ...before["aws-node"],
        ENABLE_POD_ENI: undefined,
        WARM_ENI_TARGET: undefined,
        AWS_VPC_K8S_CNI_LOGLEVEL: undefined,
      },
      "aws-vpc-cni-init": { ...before["aws-vpc-cni-init"], DISABLE_TCP_EARLY_DEMUX: undefined },
    });
    removeCni();
  });
});

const POLICY = { name: "orders", namespace: "default", security_group_ids: ["sg-0a1b2c3d"] };
const LABELS = { match_labels: { app: "orders" } };
const EXPRESSIONS = {
  match_expressions: [
    { key: "app", operator: "In", values: ["orders", "payments"] },
    { key: "tier", operator: "NotIn", values: ["batch"] },
    { key: "team", operator: "Exists" },
    { key: "plain", operator: "DoesNotExist" },
  ],
};

describe.skipIf(reason)("a SecurityGroupPolicy on a real API server", () => {
  const policy = (name = "orders") =>
    JSON.parse(kubectl("get", "securitygrouppolicy", name, "-n", "default", "-o", "json")).spec;

  test("is applied with every kind of selector, planned empty, changed and destroyed", () => {
    const removePolicies = ensurePolicies(kubectl, copy);
    const { root, call } = rootThatCalls("security-group-policy", { ...POLICY, pod_selector: LABELS });
    const securityGroups = { groupIds: ["sg-0a1b2c3d"] };
    const expressions = {
      matchExpressions: EXPRESSIONS.match_expressions.map((expression) => ({ ...expression })),
    };

    const cases: [Variables, object][] = [
      [{ pod_selector: LABELS }, { podSelector: { matchLabels: { app: "orders" } } }],
      [{ pod_selector: EXPRESSIONS }, { podSelector: expressions }],
      [
        { pod_selector: LABELS, service_account_selector: EXPRESSIONS },
        { podSelector: { matchLabels: { app: "orders" } }, serviceAccountSelector: expressions },
      ],
      [
        { pod_selector: null, service_account_selector: LABELS },
        { serviceAccountSelector: { matchLabels: { app: "orders" } } },
      ],
      [{ pod_selector: {}, select_whole_namespace: true }, { podSelector: {} }],
    ];
    for (const [values, selectors] of cases) {
      call({ ...POLICY, ...values });
      root.apply();
      expect(policy()).toStrictEqual({ ...selectors, securityGroups });
      expectNoChanges(root);
    }

    call({ ...POLICY, pod_selector: LABELS, create: false });
    root.apply();
    expect(kubectl("get", "securitygrouppolicy", "-n", "default", "-o", "name")).toBe("");
    removePolicies();
  });

  test("can get groups that are made in the same apply", () => {
    const removePolicies = ensurePolicies(kubectl, copy);
    const values = {
      ...POLICY,
      pod_selector: LABELS,
      security_group_ids: ["${terraform_data.group.output}"],
    };
    const { root, call } = rootThatCalls("security-group-policy", values, {
      resource: { terraform_data: { group: { input: "sg-0a1b2c3e" } } },
    });
    root.apply();
    expect(policy().securityGroups).toStrictEqual({ groupIds: ["sg-0a1b2c3e"] });
    expectNoChanges(root);
    call({ ...POLICY, pod_selector: { match_labels: { app: "a b" } }, security_group_ids: [] });
    const { status, output } = root.plan();
    expect(status).toBe(1);
    expect(output).toContain("The values in pod_selector must be those of labels");
    expect(output).toContain("There must be at least one security group");
    expect(policy().securityGroups).toStrictEqual({ groupIds: ["sg-0a1b2c3e"] });
    call(values);
    root.destroy();
    removePolicies();
  });

  test("gives YAML that kubectl applies as it is, the check's Jobs too, in a restricted namespace", () => {
    const removePolicies = ensurePolicies(kubectl, copy);
    const namespace = "restricted-orders";
    kubectl("create", "namespace", namespace);
    kubectl("label", "namespace", namespace, "pod-security.kubernetes.io/enforce=restricted");
    const { root, folder } = rootThatCalls(
      "security-group-policy",
      {
        ...POLICY,
        namespace,
        pod_selector: LABELS,
        create: false,
        check: { host: "orders.example.com", port: 3306 },
      },
      {
        output: {
          policy: { value: "${module.security_group_policy.manifest_yaml}" },
          check: { value: "${module.security_group_policy.check_manifests_yaml}" },
        },
      },
    );
    root.apply();
    const { policy: policyYaml, check } = root.outputs();
    writeFileSync(join(folder, "policy.yaml"), policyYaml as string);
    writeFileSync(join(folder, "check.yaml"), check as string);
    const dryRun = (file: string) =>
      kubectl("apply", "--dry-run=server", "--validate=strict", "-f", join(folder, file));
    expect(dryRun("policy.yaml")).toContain("orders created");
    const jobs = dryRun("check.yaml");
    expect(jobs).toContain("job.batch/orders-check-selected created");
    expect(jobs).toContain("job.batch/orders-check-unselected created");

    // The Pod Security Standard judges pods: a Job whose pods it refuses is accepted all the same.
    for (const text of (check as string).split("\n---\n")) {
      const { metadata, spec } = parse(text);
      const pod = { apiVersion: "v1", kind: "Pod", ...spec.template };
      pod.metadata = { ...pod.metadata, name: metadata.name, namespace };
      writeFileSync(join(folder, "pod.json"), JSON.stringify(pod));
      expect(dryRun("pod.json")).toContain(`pod/${metadata.name} created`);
    }
    kubectl("delete", "namespace", namespace, "--wait=false");
    removePolicies();
  });
});
