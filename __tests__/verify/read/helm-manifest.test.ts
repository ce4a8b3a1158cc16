import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { verify } from "../../../verify/verify";
import { temporaryFolder } from "../../support/folders";

/*
 * The Helm provider keeps what a chart renders to in `manifest`, where its experiment of that name is switched on: JSON, by
 * the identity of each object.
 */

const OBJECTS = {
  "securitygrouppolicy.vpcresources.k8s.aws/vpcresources.k8s.aws/v1beta1/orders": {
    apiVersion: "vpcresources.k8s.aws/v1beta1",
    kind: "SecurityGroupPolicy",
    metadata: { name: "orders" },
    spec: {
      podSelector: { matchLabels: { app: "orders" } },
      securityGroups: { groupIds: ["sg-0123456789abcdef0"] },
    },
  },
  "deployment.apps/apps/v1/orders": {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "orders" },
    spec: {
      template: {
        metadata: { labels: { app: "orders" } },
        spec: {
          dnsPolicy: "None",
          dnsConfig: { nameservers: ["10.1.2.3"] },
          containers: [{ name: "app", env: [{ name: "PASSWORD", value: "canary" }] }],
        },
      },
    },
  },
  "secret/v1/orders": {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "orders" },
    data: { a: "canary" },
  },
};

/** The report of a state with one group and one release. */
function judged(values: object) {
  const resource = (type: string, name: string, more: object) => ({
    mode: "managed",
    type,
    name,
    address: `${type}.${name}`,
    values: more,
  });
  const resources = [
    resource("aws_security_group", "orders", {
      id: "sg-0123456789abcdef0",
      name: "orders",
      ingress: [],
      egress: [],
      vpc_id: "vpc-1",
    }),
    resource("helm_release", "shop", { name: "shop", chart: "shop", ...values }),
  ];
  const file = join(temporaryFolder(), "state.json");
  writeFileSync(file, JSON.stringify({ format_version: "1.0", values: { root_module: { resources } } }));
  return verify(file);
}

test("the objects of a release are read, in its namespace", async () => {
  const report = await judged({ namespace: "shop", manifest: JSON.stringify(OBJECTS) });
  expect(report.workloads?.rows).toMatchObject([
    { name: "Deployment shop/orders", address: "helm_release.shop", groups: ["aws_security_group.orders"] },
  ]);
  expect(report.verdicts).toMatchObject([
    { status: "broken", flow: { id: { name: "shop/Deployment/orders/dns" } } },
  ]);
  expect(JSON.stringify(report)).not.toContain("canary");
});

test.each([
  ["none", {}],
  ["one that is empty", { manifest: "" }],
  ["one that is no JSON", { manifest: "{" }],
  ["one that is not known", { manifest: null }],
])("a release with %s says nothing of workloads", async (_, values) => {
  expect((await judged(values)).workloads).toBeUndefined();
});
