import { describe, expect, test } from "vitest";
import type { Report } from "../../../verify/checks/model";
import { FORMATS, type Format, type RenderOptions, render as renderAll } from "../../../verify/report";
import {
  deploymentOf,
  FORMS,
  groupsWith,
  judged,
  NODES,
  policyFor,
  statuses,
  together,
} from "./support/estate";

/*
 * Whoever runs the CNI as a DaemonSet of their own, or hands in a dump of a cluster, says the enforcing mode there: in the mode
 * standard the kubelet's probes meet no group. https://github.com/aws/amazon-vpc-cni-k8s/blob/master/README.md
 */

const render = (reports: readonly Report[], format: Format, options: Partial<RenderOptions> = {}) =>
  renderAll(reports, format, { color: false, width: 200, ...options });

const TERRAFORM = together(
  NODES,
  groupsWith(["orders", "nodes"], ["orders egress udp 53 nodes", "orders egress tcp 53 nodes"]),
);
const PROBED = { containers: [{ name: "app", readinessProbe: { tcpSocket: { port: 8080 } } }] };
const APP = [policyFor("orders"), deploymentOf("orders", PROBED)];
const READINESS = "shop/Deployment/orders/readiness/8080";

const variable = (value: unknown) => [{ name: "POD_SECURITY_GROUP_ENFORCING_MODE", ...(value as object) }];
const awsNode = (
  env: readonly object[],
  more: object = {},
  namespace: string | undefined = "kube-system",
) => ({
  apiVersion: "apps/v1",
  kind: "DaemonSet",
  metadata: { name: "aws-node", ...(namespace && { namespace }) },
  spec: {
    template: {
      metadata: { labels: { "k8s-app": "aws-node" } },
      spec: {
        hostNetwork: true,
        initContainers: [{ name: "aws-vpc-cni-init", env: [] }],
        containers: [
          { name: "aws-node", env: [...env, { name: "PASSWORD", value: "canary-of-aws-node" }], ...more },
          { name: "aws-eks-nodeagent", env: [{ name: "TOKEN", value: "canary-of-the-agent" }] },
        ],
      },
    },
  },
});
const settings = (data: object) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "amazon-vpc-cni", namespace: "kube-system" },
  data: { "enable-network-policy-controller": "true", other: "canary-in-the-settings", ...data },
});
const FROM = { valueFrom: { configMapKeyRef: { name: "amazon-vpc-cni", key: "mode" } } };
const STANDARD = awsNode(variable({ value: "standard" }));

describe.each(FORMS)("the DaemonSet aws-node, by %s, says the mode", (form) => {
  test.each<[what: string, objects: readonly object[], isProbed: boolean]>([
    ["standard", [STANDARD], false],
    ["strict", [awsNode(variable({ value: "strict" }))], true],
    ["nothing, which is strict", [awsNode([])], true],
    ["in a ConfigMap", [settings({ mode: "standard" }), awsNode(variable(FROM))], false],
    [
      "in a ConfigMap that another reference takes whole",
      [
        settings({ POD_SECURITY_GROUP_ENFORCING_MODE: "standard" }),
        awsNode([], { envFrom: [{ configMapRef: { name: "amazon-vpc-cni" } }] }),
      ],
      false,
    ],
    [
      "itself, whatever the ConfigMap says that it takes whole",
      [
        settings({ POD_SECURITY_GROUP_ENFORCING_MODE: "standard" }),
        awsNode(variable({ value: "strict" }), {
          envFrom: [{ configMapRef: { name: "amazon-vpc-cni" } }],
        }),
      ],
      true,
    ],
    ["in a ConfigMap that nobody shows", [awsNode(variable(FROM))], true],
  ])("%s", async (_, objects, isProbed) => {
    const report = await judged({ terraform: TERRAFORM, objects: [...APP, ...objects] }, form);
    expect(Object.keys(statuses(report)).includes(READINESS)).toBe(isProbed);
    expect(report.mode).toBe(isProbed ? "strict" : "standard");
  });
});

test("the report names what sets the mode, and what says otherwise", async () => {
  const declared = {
    aws_eks_addon: {
      cni: {
        cluster_name: "main",
        addon_name: "vpc-cni",
        configuration_values: JSON.stringify({ env: { POD_SECURITY_GROUP_ENFORCING_MODE: "strict" } }),
      },
    },
  };
  const objects = [...APP, STANDARD];
  const live = await judged({ terraform: TERRAFORM, objects });
  expect(render([live], "text")).toContain(
    "(configuration, enforcing mode standard, from kube-system/DaemonSet/aws-node)",
  );
  expect(JSON.parse(render([live], "json"))).toMatchObject({
    reports: [{ mode: "standard", mode_from: "kube-system/DaemonSet/aws-node" }],
  });
  const both = await judged({ terraform: together(TERRAFORM, declared), objects });
  expect(both).toMatchObject({ mode: "strict", modeFrom: "aws_eks_addon.cni" });
  expect(both.notes).toContain(
    "flows are judged in strict mode, set by aws_eks_addon.cni; kube-system/DaemonSet/aws-node says standard",
  );
  expect(both.findings.map(({ check }) => check)).not.toContain("cni-configured-twice");
  const stated = await judged({ terraform: TERRAFORM, objects, mode: "standard" });
  expect(stated).not.toHaveProperty("modeFrom");
});

test("what stands beside the settings of the CNI appears nowhere", async () => {
  const secret = { kind: "Secret", metadata: { name: "s" }, stringData: { a: "canary-in-a-secret" } };
  const other = { kind: "ConfigMap", metadata: { name: "aws-node" }, data: { a: "canary-in-another" } };
  const objects = [...APP, STANDARD, settings({}), awsNode([], {}, "other"), secret, other];
  for (const form of FORMS) {
    const report = await judged(
      { terraform: TERRAFORM, objects: form === FORMS[0] ? objects : [...APP, STANDARD, settings({})] },
      form,
    );
    for (const format of FORMATS) expect(render([report], format, { all: true })).not.toContain("canary");
  }
});
