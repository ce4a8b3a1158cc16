import type { Arguments, Resources } from "../../support/input";
import type { Case } from "./case";

/** An object of Kubernetes as a test writes it. */
export type Manifest = { readonly kind: string; readonly metadata: Arguments } & Arguments;

/** What pods are made of, with labels and a spec. */
export const template = (labels: Arguments, spec: Arguments = {}) => ({
  metadata: { labels },
  spec: { containers: [{ name: "app" }], ...spec },
});

/** A Deployment in the namespace `shop`. */
export const deployment = (
  name: string,
  labels: Arguments,
  spec: Arguments = {},
  namespace: unknown = "shop",
): Manifest => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name, namespace },
  spec: { template: template(labels, spec) },
});

/** A service account in the namespace `shop`. */
export const serviceAccount = (name: string, labels: Arguments = {}, metadata: Arguments = {}): Manifest => ({
  apiVersion: "v1",
  kind: "ServiceAccount",
  metadata: { name, namespace: "shop", labels, ...metadata },
});

/** A policy in the namespace `shop`. */
export const sgp = (name: string, spec: Arguments, namespace: unknown = "shop"): Manifest => ({
  apiVersion: "vpcresources.k8s.aws/v1beta1",
  kind: "SecurityGroupPolicy",
  metadata: { name, namespace },
  spec: { securityGroups: { groupIds: ["sg-0a1b2c3d4e5f60001"] }, ...spec },
});

export const byLabels = (matchLabels: Arguments) => ({ podSelector: { matchLabels } });

const addressOf = ({ kind, metadata: { name, namespace } }: Manifest) => `${namespace}/${kind}/${name}`;

/** What is there, as YAML beside the Terraform has it. */
export function inManifests(...objects: readonly Manifest[]): Pick<Case, "resources" | "manifests"> {
  return { resources: {}, manifests: Object.fromEntries(objects.map((one) => [addressOf(one), one])) };
}

/** The same as resources of Terraform: `kubernetes_manifest.NAME`, with the kind in the name. */
export function inTerraform(...objects: readonly Manifest[]): { resources: Resources } {
  const nameOf = ({ kind, metadata }: Manifest) => `${kind}_${metadata["name"]}`;
  return {
    resources: Object.fromEntries(
      objects.map((manifest) => [`kubernetes_manifest.${nameOf(manifest)}`, { manifest }]),
    ),
  };
}
