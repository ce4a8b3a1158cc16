import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { verify } from "../../../verify/verify";
import { temporaryFolder } from "../../support/folders";
import {
  cureBy,
  deploymentOf,
  groupsWith,
  idOf,
  judged,
  policyFor,
  type Rule,
  serviceOf,
  statuses,
  type Terraform,
  together,
} from "./support/estate";

/*
 * The API server calls the pods behind a webhook or an aggregated API itself, from the interfaces of the control plane: an
 * admission that it cannot ask fails every apply.
 */

const RULES: readonly Rule[] = ["plane egress tcp 9443 hooks", "hooks ingress tcp 9443 plane"];
const CLUSTER: Terraform = {
  aws_eks_cluster: {
    main: {
      name: "main",
      role_arn: "x",
      vpc_config: { subnet_ids: [], security_group_ids: [idOf("plane")] },
    },
  },
};
const GROUPS = ["hooks", "plane", "nodes"];
const PODS = [
  policyFor("hooks"),
  deploymentOf("hooks", {
    dnsPolicy: "Default",
    containers: [{ name: "app", ports: [{ name: "webhook", containerPort: 9443 }] }],
  }),
  serviceOf("hooks", [{ port: 443, targetPort: "webhook" }]),
];
const clientConfig = { service: { namespace: "shop", name: "hooks", path: "/validate" } };
const VALIDATING = {
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "ValidatingWebhookConfiguration",
  metadata: { name: "pod-policy" },
  webhooks: [{ name: "pods.example.com", clientConfig }],
};
const ID = "shop/Deployment/hooks/webhook/9443";

const estate = (objects: readonly object[], rules = RULES, more: Terraform = CLUSTER) =>
  judged({ terraform: together(groupsWith(GROUPS, rules), more), objects });

const conversion = (value: object) => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.example.com" },
  spec: { group: "example.com", versions: [{ name: "v1" }], conversion: value },
});

describe("whatever makes the API server call pods, the control plane reaches them", () => {
  test.each<[what: string, object: object, id: string, words: string]>([
    ["validation", VALIDATING, ID, "webhook of ValidatingWebhookConfiguration pod-policy"],
    [
      "mutation",
      { ...VALIDATING, kind: "MutatingWebhookConfiguration" },
      ID,
      "webhook of MutatingWebhookConfiguration pod-policy",
    ],
    [
      "conversion",
      conversion({ strategy: "Webhook", webhook: { clientConfig } }),
      ID,
      "webhook of CustomResourceDefinition widgets.example.com",
    ],
    [
      "conversion in the form of v1beta1",
      conversion({ strategy: "Webhook", webhookClientConfig: clientConfig }),
      ID,
      "webhook of CustomResourceDefinition widgets.example.com",
    ],
    [
      "an API that pods answer for",
      {
        apiVersion: "apiregistration.k8s.io/v1",
        kind: "APIService",
        metadata: { name: "v1.metrics.example.com" },
        spec: { service: { namespace: "shop", name: "hooks", port: 443 } },
      },
      "shop/Deployment/hooks/api/9443",
      "API of APIService v1.metrics.example.com",
    ],
  ])("%s", async (_, object, id, words) => {
    const report = await estate([...PODS, object]);
    expect(statuses(report)).toStrictEqual({ [id]: "holds" });
    expect(report.verdicts[0]?.flow.origins?.map((origin) => origin.words)).toStrictEqual([
      `Deployment shop/hooks, ${words}`,
    ]);
    expect(report.findings.filter(({ severity }) => severity === "error")).toStrictEqual([]);
  });

  test.each(RULES)("without %s it breaks", async (rule) => {
    const { verdicts } = await estate(
      [...PODS, VALIDATING],
      RULES.filter((other) => other !== rule),
    );
    const broken = verdicts.find(({ flow }) => flow.id.name === ID);
    // EKS's own group is on the control plane, too, and may send: of a missing egress rule it can only be said what is needed.
    expect(broken?.status).toBe(rule.includes("ingress") ? "broken" : "holds-if");
    if (rule.includes("ingress")) expect(broken?.cures).toStrictEqual([cureBy(rule)]);
  });
});

test("a rule that admits the nodes does not admit the control plane", async () => {
  const report = await estate(
    [...PODS, VALIDATING],
    ["plane egress tcp 9443 hooks", "hooks ingress tcp 9443 nodes"],
  );
  expect(statuses(report)).toStrictEqual({ [ID]: "broken" });
});

test("several that call one port need one flow", async () => {
  const second = { ...VALIDATING, kind: "MutatingWebhookConfiguration" };
  const report = await estate([...PODS, VALIDATING, second]);
  expect(report.verdicts.map(({ flow }) => flow.origins?.length)).toStrictEqual([2]);
});

describe("what the API server does not call is not judged, in silence", () => {
  test.each<[what: string, object: object]>([
    ["a webhook elsewhere", { ...VALIDATING, webhooks: [{ clientConfig: { url: "https://example.com" } }] }],
    ["a definition that nobody converts", conversion({ strategy: "None" })],
    [
      "an API of the API server itself",
      { kind: "APIService", metadata: { name: "v1.apps" }, spec: { group: "apps", version: "v1" } },
    ],
    [
      "another Service",
      {
        ...VALIDATING,
        webhooks: [{ clientConfig: { service: { namespace: "shop", name: "other" } } }],
      },
    ],
  ])("%s", async (_, object) => {
    const report = await estate([...PODS, object]);
    expect(statuses(report)).toStrictEqual({});
    expect(report.notes.join("\n")).not.toMatch(/API server/);
  });
});

describe("what is not known is never judged", () => {
  const silent = async (objects: readonly object[], words: RegExp, more?: Terraform) => {
    const report = await estate(objects, RULES, more);
    expect(statuses(report)).toStrictEqual({});
    expect(report.notes.join("\n")).toMatch(words);
  };

  test("the control plane's groups, where the input has no cluster", () =>
    silent([...PODS, VALIDATING], /which groups the control plane carries is not known here/, {}));

  test("which of two clusters it is", () => {
    const { main } = CLUSTER["aws_eks_cluster"] ?? {};
    const more: Terraform = { aws_eks_cluster: { main, other: { ...(main as object), name: "other" } } };
    return silent([...PODS, VALIDATING], /shows no cluster, or several/, more);
  });

  test("a port that the Service does not have", () => {
    const webhooks = [{ clientConfig: { service: { ...clientConfig.service, port: 8443 } } }];
    return silent([...PODS, { ...VALIDATING, webhooks }], /the Service must have port 8443/);
  });

  test("a named port that no container has", () =>
    silent(
      [...PODS.slice(0, 2), serviceOf("hooks", [{ port: 443, targetPort: "gone" }]), VALIDATING],
      /a named port must be among those of the containers/,
    ));
});

test("text that holds no webhook is not parsed, and the schemas of a definition neither", async () => {
  const folder = temporaryFolder();
  writeFileSync(
    join(folder, "main.tf.json"),
    JSON.stringify({ resource: together(groupsWith(GROUPS, RULES), CLUSTER) }),
  );
  const k8s = join(folder, "k8s");
  const pods = PODS.map((object) => JSON.stringify(object)).join("\n---\n");
  const crd = (converted: string, schema: string) =>
    [
      "apiVersion: apiextensions.k8s.io/v1",
      "kind: CustomResourceDefinition",
      "metadata:",
      "  name: widgets.example.com",
      "spec:",
      "  versions:",
      "  - name: v1",
      `    schema: ${schema}`,
      "",
      "  - name: v2",
      "  conversion:",
      converted,
    ].join("\n");
  const webhook = `    strategy: Webhook\n    webhook:\n      clientConfig:\n        service: { name: hooks, namespace: shop }`;
  const broken = "[ never closed";
  writeFileSync(k8s, `${crd("    strategy: None", broken)}\n---\n${crd(webhook, broken)}\n---\n${pods}\n`);
  const report = await verify(folder, {
    manifests: [k8s],
    groupWords: new Map([["${hooks}", "aws_security_group.hooks"]]),
  });
  expect(statuses(report)).toStrictEqual({ [ID]: "holds" });
});

test("the same of the typed resources of Terraform", async () => {
  const metadata = (name: string) => ({ name, namespace: "shop" });
  const more: Terraform = {
    ...CLUSTER,
    kubernetes_deployment_v1: {
      hooks: {
        metadata: metadata("hooks"),
        spec: {
          template: {
            metadata: { labels: { app: "hooks" } },
            spec: {
              dns_policy: "Default",
              container: [{ name: "app", port: [{ name: "webhook", container_port: 9443 }] }],
            },
          },
        },
      },
    },
    kubernetes_service_v1: {
      hooks: {
        metadata: metadata("hooks"),
        spec: { selector: { app: "hooks" }, port: [{ port: 443, target_port: "webhook" }] },
      },
    },
    kubernetes_validating_webhook_configuration_v1: {
      hooks: {
        metadata: { name: "pod-policy" },
        webhook: [
          {
            name: "pods.example.com",
            client_config: { service: { namespace: "shop", name: "hooks" } },
            rule: [{ operations: ["CREATE"] }],
          },
        ],
      },
    },
    kubernetes_api_service_v1: {
      metrics: {
        metadata: { name: "v1.metrics.example.com" },
        spec: { service: { namespace: "shop", name: "hooks", port: 443 } },
      },
    },
  };
  const report = await estate([policyFor("hooks")], RULES, more);
  expect(statuses(report)).toStrictEqual({ [ID]: "holds", "shop/Deployment/hooks/api/9443": "holds" });
});

test("a port that a probe of a typed resource names is known", async () => {
  const probe = { http_get: { path: "/", port: 8080 } };
  const more: Terraform = {
    ...CLUSTER,
    kubernetes_pod_v1: {
      hooks: {
        metadata: { name: "hooks", namespace: "shop", labels: { app: "hooks" } },
        spec: { dns_policy: "Default", container: [{ name: "app", readiness_probe: probe }] },
      },
    },
  };
  const report = await estate([policyFor("hooks")], RULES, more);
  expect(Object.keys(statuses(report))).toStrictEqual(["shop/Pod/hooks/readiness/8080"]);
});
