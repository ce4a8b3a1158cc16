/** The estate of `fixtures/estate`, and what the tests ask about it. */
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { Report } from "../../../verify/checks/model";
import { verify } from "../../../verify/verify";
import { workFolder } from "./terraform";

export const ESTATE = join(__dirname, "../fixtures/estate");

/** Text of a file, and what stands there instead. */
export type Change = readonly [file: string, from: string | RegExp, to: string];

/** The estate in a folder of its own, with some of its text changed. */
export function changed(...changes: readonly Change[]): string {
  const folder = workFolder();
  cpSync(ESTATE, folder, { recursive: true });
  for (const [file, from, to] of changes) {
    const path = join(folder, file);
    const before = readFileSync(path, "utf8");
    const after = before.replace(from, to);
    expect(after, `${file} has ${from}`).not.toBe(before);
    writeFileSync(path, after);
  }
  return folder;
}

/** Its manifests, as they are applied. */
export const MANIFESTS = ["k8s", "kustomize/rendered.yaml", "chart/rendered.yaml"];

export function judged(folder: string, manifests: readonly string[] = MANIFESTS): Promise<Report> {
  return verify(join(folder, "infra"), { manifests: manifests.map((path) => join(folder, path)) });
}

export const derived = ({ verdicts }: Report) => verdicts.filter(({ flow }) => flow.origins);
export const broken = (report: Report) =>
  derived(report).flatMap(({ flow, status }) => (status === "broken" ? [flow.id.name] : []));

/** Warnings and errors. */
export const told = ({ findings }: Report) =>
  findings.flatMap(({ severity, check, address }) =>
    severity === "information" ? [] : [`${check} ${address}`],
  );

/** A thing is left out as in an outage; the report names it once and nothing else. */
export const FAULTS: readonly (readonly [
  what: string,
  change: Change,
  found: { readonly broken?: readonly string[]; readonly told?: readonly string[] },
])[] = [
  [
    "the role of the cluster has no policy for the resource controller",
    ["infra/cluster.tf", ', "AmazonEKSVPCResourceController"', ""],
    { told: ["cluster-role-policy aws_iam_role.cluster"] },
  ],
  [
    "the CNI has the wrong name of a variable",
    ["infra/cluster.tf", 'ENABLE_POD_ENI = "true"', 'ENABLE_POD_ENI = "false"'],
    { told: ["pod-eni-disabled aws_eks_addon.vpc_cni"] },
  ],
  [
    "a readiness probe on a port that no rule allows",
    [
      "k8s/orders.yaml",
      "readinessProbe:\n            httpGet: {path: /ready, port: http}",
      "readinessProbe:\n            httpGet: {path: /ready, port: 8089}",
    ],
    {
      broken: ["spot_nodes", "steady_nodes"].map(
        (nodes) => `shop/Deployment/orders/readiness/8089/aws_security_group.${nodes}`,
      ),
    },
  ],
  [
    "a Service whose target port has another number than the rules",
    ["k8s/payments.yaml", "containerPort: 8443", "containerPort: 9443"],
    {
      broken: [
        ...["spot_nodes", "steady_nodes"].map(
          (nodes) => `shop/Deployment/payments/readiness/9443/aws_security_group.${nodes}`,
        ),
        "shop/Deployment/payments/ingress/callbacks/9443",
      ],
    },
  ],
  [
    "a webhook that listens on another port",
    ["kustomize/rendered.yaml", "containerPort: 9443", "containerPort: 9449"],
    { broken: ["platform/Deployment/admission/webhook/9449"] },
  ],
];
