import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { Report } from "../../../../verify/checks/model";
import { type VerifyOptions, verify } from "../../../../verify/verify";
import { temporaryFolder } from "../../../support/folders";

/** `group direction protocol port peer`; the peer is a group, or a CIDR. */
export type Rule = string;

/** The resources of a Terraform input: by type, then by name. */
export type Terraform = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export const idOf = (group: string) => `\${aws_security_group.${group}.id}`;

/** Groups with their rules, one resource each. */
export function groupsWith(names: readonly string[], rules: readonly Rule[]): Terraform {
  const resource: Record<string, Record<string, unknown>> = {
    aws_security_group: Object.fromEntries(names.map((name) => [name, { name, vpc_id: "vpc-1" }])),
  };
  for (const rule of rules) {
    const [group = "", direction, protocol, port, peer = ""] = rule.split(" ");
    const type = `aws_vpc_security_group_${direction}_rule`;
    const of = group.startsWith("cluster")
      ? "${aws_eks_cluster.main.vpc_config[0].cluster_security_group_id}"
      : idOf(group);
    const other = peer.includes("/")
      ? { [peer.includes(":") ? "cidr_ipv6" : "cidr_ipv4"]: peer }
      : {
          referenced_security_group_id:
            peer === "cluster"
              ? "${aws_eks_cluster.main.vpc_config[0].cluster_security_group_id}"
              : idOf(peer),
        };
    resource[type] = {
      ...resource[type],
      [rule.replace(/\W+/g, "_")]: {
        security_group_id: of,
        ...other,
        ip_protocol: protocol,
        from_port: Number(port),
        to_port: Number(port),
      },
    };
  }
  return resource;
}

export const CLUSTER: Terraform = {
  aws_eks_cluster: { main: { name: "main", role_arn: "x", vpc_config: { subnet_ids: [] } } },
};

/** A cluster whose nodes have a launch template with the group `nodes`. */
export const NODES: Terraform = {
  ...CLUSTER,
  aws_launch_template: { nodes: { vpc_security_group_ids: [idOf("nodes")] } },
  aws_eks_node_group: {
    nodes: {
      cluster_name: "${aws_eks_cluster.main.name}",
      launch_template: { id: "${aws_launch_template.nodes.id}" },
    },
  },
};

/** Both, type by type. */
export function together(...all: readonly Terraform[]): Terraform {
  const result: Record<string, Record<string, unknown>> = {};
  for (const one of all) {
    for (const [type, byName] of Object.entries(one)) result[type] = { ...result[type], ...byName };
  }
  return result;
}

/** A policy that gives the pods of an app in the namespace shop the group of that name. */
export const policyFor = (app: string, namespace = "shop", labels: object = { app }) => ({
  apiVersion: "vpcresources.k8s.aws/v1beta1",
  kind: "SecurityGroupPolicy",
  metadata: { name: app, namespace },
  spec: { podSelector: { matchLabels: labels }, securityGroups: { groupIds: [`$\{${app}}`] } },
});

export const deploymentOf = (
  app: string,
  spec: object = {},
  namespace = "shop",
  labels: object = { app },
) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: app, namespace },
  spec: { template: { metadata: { labels }, spec: { containers: [{ name: "app" }], ...spec } } },
});

/** A Service that leads to the pods of an app. */
export const serviceOf = (
  app: string,
  ports: readonly object[],
  spec: object = {},
  annotations: object = {},
) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: app, namespace: "shop", annotations },
  spec: { selector: { app }, ports, ...spec },
});

export interface Estate extends Pick<VerifyOptions, "mode"> {
  readonly terraform: Terraform;
  readonly objects: readonly object[];
  readonly flows?: string;
}

/** What manifests are applied by: kubectl, or Terraform. */
export type Form = "manifests" | "kubernetes_manifest";
export const FORMS: readonly Form[] = ["manifests", "kubernetes_manifest"];

/**
 * The report of an estate. Text in the place of the id of a group, such as `${orders}`, means the group of that name.
 *
 * @param form objects other than policies and workloads in Terraform as well as beside it
 */
export async function judged(
  { terraform, objects, flows, mode }: Estate,
  form: Form = "manifests",
): Promise<Report> {
  const folder = temporaryFolder();
  const inTerraform = form === "manifests" ? [] : objects.filter(isOfCluster);
  const applied = Object.fromEntries(
    inTerraform.map((manifest, index) => [`o${index}`, { manifest: withReferences(manifest) }]),
  );
  const resource = together(terraform, inTerraform.length > 0 ? { kubernetes_manifest: applied } : {});
  writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ resource }));
  if (flows !== undefined) writeFileSync(join(folder, "flows.yaml"), flows);
  const file = join(folder, "k8s.json");
  const items = objects.filter((object) => !inTerraform.includes(object));
  writeFileSync(file, JSON.stringify({ kind: "List", items }));
  const names = Object.keys(terraform["aws_security_group"] ?? {});
  const groupWords = new Map(names.map((name) => [`$\{${name}}`, `aws_security_group.${name}`]));
  const used = new Map([...groupWords].filter(([words]) => JSON.stringify(items).includes(words)));
  return verify(folder, { manifests: [file], groupWords: used, ...(mode && { mode }) });
}

function isOfCluster(object: object): boolean {
  const { kind } = object as { kind?: string };
  return kind !== "SecurityGroupPolicy" && kind !== "Deployment";
}

/** The ids of groups as Terraform refers to them. */
function withReferences(object: object): unknown {
  return JSON.parse(JSON.stringify(object).replace(/\$\{(\w+)\}/g, (_, name: string) => idOf(name)));
}

/** What became of each flow that workloads need, by its id. */
export const statuses = ({ verdicts }: Report) =>
  Object.fromEntries(
    verdicts.filter(({ flow }) => flow.origins).map(({ flow, status }) => [flow.id.name, status]),
  );

export const brokenOf = (report: Report) =>
  Object.entries(statuses(report))
    .filter(([, status]) => status !== "holds")
    .map(([id]) => id);

/** A rule that is missing, as its cure. */
export function cureBy(rule: Rule) {
  const [group, direction, protocol, port, peer = ""] = rule.split(" ");
  return expect.objectContaining({
    group: `aws_security_group.${group}`,
    direction,
    traffic: { protocol, ports: { from: Number(port), to: Number(port) } },
    peer: peer.includes("/")
      ? { kind: "cidr", cidr: peer }
      : { kind: "group", group: `aws_security_group.${peer}` },
  });
}
