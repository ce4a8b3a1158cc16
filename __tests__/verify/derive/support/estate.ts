import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { Report } from "../../../../verify/checks/model";
import { verify } from "../../../../verify/verify";
import { temporaryFolder } from "../../../support/folders";

/*
 * Estates of groups and their rules in Terraform, with policies and workloads in manifests.
 */

export type Rule = readonly [
  group: string,
  direction: "ingress" | "egress",
  protocol: string,
  port: number,
  /** The name of a group, or a CIDR. */
  peer: string,
];
export type Resources = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export const idOf = (group: string) => `\${aws_security_group.${group}.id}`;

/** What is named in `${…}` of policies: each group by its own name. */
const placeholder = (group: string) => `\${${group.toUpperCase()}_SG_ID}`;

const isCidr = (peer: string) => /^[\d.]+\//.test(peer);

/** Groups with rules of their own, and what else a configuration has. */
export function terraform(groups: readonly string[], rules: readonly Rule[], more: Resources = {}) {
  const resource: Record<string, Record<string, unknown>> = { ...more };
  resource["aws_security_group"] = {
    ...Object.fromEntries(groups.map((name) => [name, { name, vpc_id: "vpc-1" }])),
    ...more["aws_security_group"],
  };
  for (const [group, direction, protocol, port, peer] of rules) {
    const type = `aws_vpc_security_group_${direction}_rule`;
    resource[type] = {
      ...resource[type],
      [`${group}_${direction}_${protocol}_${port}_${peer.replace(/\W/g, "_")}`]: {
        security_group_id: idOf(group),
        ...(isCidr(peer) ? { cidr_ipv4: peer } : { referenced_security_group_id: idOf(peer) }),
        ip_protocol: protocol,
        from_port: port,
        to_port: port,
      },
    };
  }
  return { resource };
}

/** A policy that gives the pods of an app a group of the same name, or others. */
export const policy = (app: string, groups: readonly string[] = [app], name = app) => ({
  apiVersion: "vpcresources.k8s.aws/v1beta1",
  kind: "SecurityGroupPolicy",
  metadata: { name, namespace: "shop" },
  spec: {
    podSelector: { matchLabels: { app } },
    securityGroups: { groupIds: groups.map(placeholder) },
  },
});

/** A Deployment with one container, which asks for no DNS of the cluster. */
export const deployment = (app: string, container: object = {}, spec: object = {}) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: app, namespace: "shop" },
  spec: {
    selector: { matchLabels: { app } },
    template: {
      metadata: { labels: { app } },
      spec: {
        dnsPolicy: "Default",
        containers: [{ name: "app", ports: [{ name: "http", containerPort: 8080 }], ...container }],
        ...spec,
      },
    },
  },
});

export const service = (app: string, ports: readonly object[], spec: object = {}, annotations?: object) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: app, namespace: "shop", ...(annotations && { annotations }) },
  spec: { selector: { app }, ports, ...spec },
});

export interface Estate {
  readonly configuration: object;
  readonly objects?: readonly object[];
  /** The groups that policies and annotations name by placeholders. */
  readonly groups?: readonly string[];
  readonly flows?: string;
}

export async function judged({ configuration, objects = [], groups = [], flows }: Estate): Promise<Report> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "main.tf.json"), JSON.stringify(configuration));
  if (flows !== undefined) writeFileSync(join(folder, "flows.yaml"), flows);
  const items = join(folder, "k8s.json");
  if (objects.length > 0) writeFileSync(items, JSON.stringify({ kind: "List", items: objects }));
  return verify(folder, {
    ...(objects.length > 0 && { manifests: [items] }),
    groupWords: new Map(groups.map((group) => [placeholder(group), `aws_security_group.${group}`])),
  });
}

/** What became of each flow that workloads need, by its id. */
export const statuses = ({ verdicts }: Report) =>
  Object.fromEntries(
    verdicts.filter(({ flow }) => flow.origins).map(({ flow, status }) => [flow.id.name, status]),
  );

/** The rule that is missing, as a cure. */
export const cureBy = ([group, direction, protocol, port, peer]: Rule) =>
  expect.objectContaining({
    group: `aws_security_group.${group}`,
    direction,
    traffic: { protocol, ports: { from: port, to: port } },
    peer: isCidr(peer)
      ? { kind: "cidr", cidr: peer }
      : { kind: "group", group: `aws_security_group.${peer}` },
  });
