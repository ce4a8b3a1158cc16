import type { Cases } from "../support/case";
import { byLabels, deployment, inManifests, inTerraform, sgp } from "../support/workloads";

const POLICY = sgp("web", byLabels({ app: "web" }));
const OS = { os: { name: "windows" } };
const asks = (operator: string, ...values: string[]) => ({
  matchExpressions: [{ key: "kubernetes.io/os", operator, values }],
});
const affinity = (...nodeSelectorTerms: object[]) => ({
  affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
});
const web = (spec: object) => deployment("web", { app: "web" }, spec as Record<string, unknown>);
const ADDRESS = "shop/Deployment/web";

export const cases: Cases = [
  {
    what: "pods that say in spec.os that they are for Windows",
    ...inManifests(POLICY, web(OS)),
    found: [[ADDRESS, "error"]],
    says: "shop/Deployment/web is for Windows by its spec.os, and shop/SecurityGroupPolicy/web matches its pods: they request a branch interface, which no Windows node has, and stay Pending. Add the nodeSelector kubernetes.io/os: windows, by which the controller passes them over, or select other pods.",
  },
  {
    what: "the same in Terraform",
    ...inTerraform(POLICY, web(OS)),
    found: [["kubernetes_manifest.Deployment_web", "error"]],
  },
  {
    what: "pods that a node affinity puts on Windows",
    ...inManifests(POLICY, web(affinity(asks("In", "windows")))),
    found: [[ADDRESS, "error"]],
  },
  {
    what: "the same as a typed resource of Terraform",
    resources: {
      "kubernetes_manifest.p": { manifest: POLICY },
      "kubernetes_deployment_v1.web": {
        metadata: [{ name: "web", namespace: "shop" }],
        spec: [
          {
            template: [
              {
                metadata: [{ labels: { app: "web" } }],
                spec: [
                  {
                    container: [{ name: "app" }],
                    affinity: [
                      {
                        node_affinity: [
                          {
                            required_during_scheduling_ignored_during_execution: [
                              {
                                node_selector_term: [
                                  {
                                    match_expressions: [
                                      { key: "kubernetes.io/os", operator: "In", values: ["windows"] },
                                    ],
                                  },
                                ],
                              },
                            ],
                          },
                        ],
                      },
                    ],
                  },
                ],
              },
            ],
          },
        ],
      },
    },
    found: [["kubernetes_deployment_v1.web", "error"]],
  },
  {
    what: "pods with the nodeSelector as well, which the controller passes over",
    ...inManifests(POLICY, web({ ...OS, nodeSelector: { "kubernetes.io/os": "windows" } })),
  },
  { what: "pods for Linux", ...inManifests(POLICY, web({ os: { name: "linux" } })) },
  {
    what: "pods that may run on either",
    ...inManifests(POLICY, web(affinity(asks("In", "linux", "windows")))),
  },
  {
    what: "pods of which one of the terms is not about Windows",
    ...inManifests(POLICY, web(affinity(asks("In", "windows"), {}))),
  },
  { what: "pods that keep off Windows", ...inManifests(POLICY, web(affinity(asks("NotIn", "windows")))) },
  {
    what: "pods for Windows that no policy matches",
    ...inManifests(sgp("web", byLabels({ app: "api" })), web(OS)),
  },
  {
    what: "a policy without groups, which the controller ignores",
    ...inManifests({ ...POLICY, spec: byLabels({ app: "web" }) }, web(OS)),
  },
];
