import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { ensureCni, kubectlIn } from "./support/kubernetes";
import { environment, Terraform, workFolder } from "./support/terraform";

const { copy, pluginCache } = inject("aws");
const { reason, kubeconfig, kubectl: kubectlPath } = inject("kubernetes");
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

/** A root that calls a committed module; `call` writes it anew, with other values. */
function rootThatCalls(name: string): { root: Terraform; call: (values: Variables) => void } {
  const folder = workFolder();
  const call = (values: Variables) => {
    const module = {
      [name.replaceAll("-", "_")]: { source: join(copy, "cdktf.out/stacks", name), ...values },
    };
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ module }));
  };
  call({});
  return { root: new Terraform(folder, env).init(), call };
}

function expectNoChanges(root: Terraform): void {
  const { status, output } = root.plan();
  expect(output).toContain("No changes.");
  expect(status).toBe(0);
}

describe.skipIf(reason)("the CNI of a real API server", () => {
  test("gets both settings from example-kubernetes, and keeps its other variables", () => {
    const removeCni = ensureCni(kubectl, copy);
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
    const values = join(output, "values.tfvars.json");
    writeFileSync(values, JSON.stringify({ kubeconfig_path: kubeconfig }));
    const root = new Terraform(join(output, "cdktf.out/stacks/example-kubernetes"), env).init();

    root.apply(`-var-file=${values}`);
    expect(variablesOf()).toStrictEqual(expected);
    const plan = root.plan(`-var-file=${values}`);
    expect(plan.output).toContain("No changes.");
    expect(plan.status).toBe(0);

    // Each patch knows its own variable: taking one back leaves the other.
    root.destroy(`-var-file=${values}`, "-target=module.vpc_cni.kubernetes_env.aws_node");
    expect(variablesOf()["aws-vpc-cni-init"]).toStrictEqual(expected["aws-vpc-cni-init"]);
    root.destroy(`-var-file=${values}`);
    removeCni();
  });

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
