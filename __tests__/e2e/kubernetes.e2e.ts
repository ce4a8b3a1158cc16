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

describe.skipIf(reason)("the CNI of a real API server", () => {
  test("gets both settings from example-kubernetes, and keeps its other variables", () => {
    const removeCni = ensureCni(kubectl, copy);
    const before = variablesOf();
    const expected = {
      ...before,
      "aws-vpc-cni-init": { ...before["aws-vpc-cni-init"], DISABLE_TCP_EARLY_DEMUX: "true" },
      "aws-node": { ...before["aws-node"], ENABLE_POD_ENI: "true" },
    };
    expect(expected).not.toStrictEqual(before);

    const output = workFolder();
    cpSync(join(copy, "cdktf.out"), join(output, "cdktf.out"), { recursive: true });
    const values = join(output, "values.tfvars.json");
    writeFileSync(values, JSON.stringify({ kubeconfig_path: kubeconfig }));
    const env = environment({ TF_PLUGIN_CACHE_DIR: pluginCache });
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
});
