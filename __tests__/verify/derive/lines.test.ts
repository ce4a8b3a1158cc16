import { join } from "node:path";
import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { verify } from "../../../verify/verify";
import { estate } from "../../cli/support/estate";

/* What is broken points to the line of the probe, the port, the hook or the webhook, as an editor opens it. */

const TERRAFORM = {
  resource: {
    aws_security_group: {
      orders: { name: "orders", vpc_id: "vpc-1" },
      nodes: { name: "nodes", vpc_id: "vpc-1" },
    },
    aws_eks_cluster: { main: { name: "main", role_arn: "arn", vpc_config: { subnet_ids: [] } } },
    aws_launch_template: { nodes: { vpc_security_group_ids: ["${aws_security_group.nodes.id}"] } },
    aws_eks_node_group: {
      nodes: { cluster_name: "main", launch_template: { id: "${aws_launch_template.nodes.id}" } },
    },
  },
};
const FLOWS = "format: 1\ngroups: { ORDERS: aws_security_group.orders }\n";
const POLICY = `apiVersion: vpcresources.k8s.aws/v1beta1
kind: SecurityGroupPolicy
metadata: { name: orders, namespace: shop }
spec:
  podSelector: { matchLabels: { app: orders } }
  securityGroups: { groupIds: [ORDERS] }
`;
const ORDERS = `# The orders.
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: orders, namespace: shop }
spec:
  template:
    metadata: { labels: { app: orders } }
    spec:
      containers:
        - name: app
          ports: [{ name: http, containerPort: 8080 }]
          readinessProbe:
            httpGet: { port: http }
          livenessProbe: &probe
            tcpSocket: { port: 9090 }
          lifecycle:
            preStop:
              httpGet: { port: 9091 }
        - name: sidecar
          startupProbe: *probe
---
apiVersion: v1
kind: Service
metadata:
  name: orders
  namespace: shop
  annotations:
    service.beta.kubernetes.io/aws-load-balancer-type: external
    service.beta.kubernetes.io/aws-load-balancer-nlb-target-type: ip
    service.beta.kubernetes.io/aws-load-balancer-security-groups: ORDERS
spec:
  type: LoadBalancer
  selector: { app: orders }
  ports:
    - port: 443
      targetPort: 8443
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: { name: orders }
webhooks:
  - name: a.example.com
    clientConfig:
      url: https://example.com
  - name: b.example.com
    clientConfig:
      service: { name: orders, namespace: shop }
`;

/** What came of flows, and the lines that they name, by the ends of their ids. */
async function lines(manifests: Record<string, string>) {
  const files = { "infra/main.tf.json": JSON.stringify(TERRAFORM), "infra/flows.yaml": FLOWS, ...manifests };
  const { folder } = estate(files);
  const { verdicts } = await verify(join(folder, "infra"), { manifests: [join(folder, "k8s")] });
  return Object.fromEntries(
    verdicts.map(({ flow, status }) => {
      const [{ file = "", line = 0 } = {}] = (flow.origins ?? []).map(({ source }) => source);
      const id = flow.id.name.replace("shop/Deployment/orders/", "");
      return [id, `${status} ${file.replace(/^.*\//, "")}:${line}`];
    }),
  );
}

const indented = (text: string) => text.replace(/^(?=.)/gm, "  ");

test("what is broken names the line of a probe, a hook, a port, a webhook", async () => {
  expect(await lines({ "k8s/policy.yaml": POLICY, "k8s/orders.yaml": ORDERS })).toStrictEqual({
    "readiness/8080": "broken orders.yaml:13",
    "liveness/9090": "broken orders.yaml:15",
    "preStop/9091": "broken orders.yaml:18",
    // What an alias repeats stands at its anchor.
    "startup/9090": "broken orders.yaml:15",
    "service/orders/8443": "broken orders.yaml:36",
    "webhook/8443": "broken orders.yaml:48",
    // Nobody writes the default.
    dns: "broken orders.yaml:3",
  });
});

test("in a list of what a cluster holds, too", async () => {
  const items = [POLICY, ...ORDERS.split(/^---\n/m).slice(1)].map((text) => `-${indented(text).slice(1)}`);
  const list = `apiVersion: v1\nkind: List\nitems:\n${items.join("")}`;
  const given = await lines({ "k8s/list.yaml": list });
  const line = (words: string) => list.slice(0, list.indexOf(words)).split("\n").length;
  expect(given["readiness/8080"]).toBe(`broken list.yaml:${line("readinessProbe")}`);
  expect(given["webhook/8443"]).toBe(`broken list.yaml:${line("service: { name: orders")}`);
});

test("what holds names its object, as JSON does, whose lines nobody reads", async () => {
  const rules = ORDERS.replace("kind: Deployment", "kind: StatefulSet");
  const json = JSON.stringify({ apiVersion: "v1", kind: "List", items: parseAllDocuments(rules) });
  const given = await lines({ "k8s/policy.yaml": POLICY, "k8s/orders.json": json });
  expect(given["shop/StatefulSet/orders/readiness/8080"]).toBe("broken orders.json:1");
  const { folder } = estate({
    "infra/main.tf.json": JSON.stringify({
      resource: {
        ...TERRAFORM.resource,
        aws_vpc_security_group_ingress_rule: {
          probe: {
            security_group_id: "${aws_security_group.orders.id}",
            cidr_ipv4: "0.0.0.0/0",
            ip_protocol: "-1",
          },
        },
        aws_vpc_security_group_egress_rule: {
          nodes: {
            security_group_id: "${aws_security_group.nodes.id}",
            cidr_ipv4: "0.0.0.0/0",
            ip_protocol: "-1",
          },
        },
      },
    }),
    "infra/flows.yaml": FLOWS,
    "k8s/all.yaml": `${POLICY}---\n${ORDERS}`,
  });
  const { verdicts } = await verify(join(folder, "infra"), { manifests: [join(folder, "k8s")] });
  const probe = verdicts.find(({ flow }) => flow.id.name.endsWith("readiness/8080"));
  expect(probe?.flow.origins?.[0]?.source.line).toBe(10);
});

/* Each takes another parse: a thousand broken workloads must not take a thousand. */
test("after a hundred objects the line is that of the object", async () => {
  const many = Array.from({ length: 102 }, (_, index) =>
    `${ORDERS.split(/^---\n/m)[1]}`.replace("name: orders,", `name: orders-${index},`),
  );
  const given = await lines({ "k8s/all.yaml": [POLICY, ...many].join("---\n") });
  const at = (index: number) =>
    Number(given[`shop/Deployment/orders-${index}/readiness/8080`]?.split(":").at(-1));
  expect(at(99) - at(98)).toBe(20);
  expect(at(101) - at(100)).toBe(20);
  expect(at(100) - at(99)).toBe(10);
});
