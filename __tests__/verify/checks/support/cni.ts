import type { Arguments } from "../../support/input";

/** An add-on with configuration values, as JSON or as they are. */
export const addOn = (values: unknown, addon_name = "vpc-cni") => ({
  addon_name,
  ...(values !== undefined && {
    configuration_values: typeof values === "string" ? values : JSON.stringify(values),
  }),
});

/** A `kubernetes_env` of the CNI's DaemonSet: variables of one of its containers. */
export function env(
  container: Arguments,
  variables: Record<string, unknown>,
  more: Arguments = {},
): Arguments {
  return {
    kind: "DaemonSet",
    metadata: [{ name: "aws-node", namespace: "kube-system" }],
    ...container,
    env: Object.entries(variables).map(([name, value]) => ({ name, value })),
    ...more,
  };
}

export const NODE = { container: "aws-node" };
export const INIT = { init_container: "aws-vpc-cni-init" };
export const ENABLED = { env: { ENABLE_POD_ENI: "true" } };
export const DEMUX = { DISABLE_TCP_EARLY_DEMUX: "true" };

/** Another DaemonSet than the CNI's. */
export const other = { metadata: [{ name: "other", namespace: "kube-system" }] };

/** The CNI's DaemonSet as a manifest has it: the variables of its container and of its init container. */
export const awsNode = (ofNode: Record<string, unknown>, ofInit: Record<string, unknown> = {}): Arguments => {
  const container = (name: string, variables: Record<string, unknown>) => ({
    name,
    env: Object.entries(variables).map(([variable, value]) => ({ name: variable, value })),
  });
  return {
    kind: "DaemonSet",
    metadata: { name: "aws-node", namespace: "kube-system" },
    spec: {
      template: {
        spec: {
          containers: [container("aws-node", ofNode)],
          initContainers: [container("aws-vpc-cni-init", ofInit)],
        },
      },
    },
  };
};
export const AWS_NODE = "kube-system/DaemonSet/aws-node";
