import { expect, test } from "vitest";
import { field } from "../../../expression/values";
import { kubernetesObjects } from "../../../verify/read/kubernetes/objects";
import { inputOf } from "../support/input";
import { read, shown } from "./support/configuration";

/* Typed resources of Kubernetes whose blocks are written, or made by `dynamic` blocks. */

const body = (type: string, name: string, spec: string) => `
resource "${type}" "${name}" {
  metadata {
    name      = "shop"
    namespace = "shop"
  }
  ${spec}
}
`;

/** A block for each of some values, written and dynamic. */
function blocks(name: string, values: readonly string[], content: (value: string) => string) {
  return {
    written: values.map((value) => `${name} {\n${content(JSON.stringify(value))}\n}`).join("\n"),
    dynamic: `dynamic "${name}" {\nfor_each = ${JSON.stringify(values)}\ncontent {\n${content(`${name}.value`)}\n}\n}`,
  };
}

const pods = (spec: string) => `spec {
  template {
    metadata { labels = { app = "shop" } }
    spec {
      ${spec}
    }
  }
}`;

/** Resources with a place for blocks, and the blocks. */
const CASES: readonly (readonly [
  type: string,
  spec: (blocks: string) => string,
  made: { written: string; dynamic: string },
])[] = [
  ...["deployment", "stateful_set", "daemon_set", "replication_controller"].map(
    (type) =>
      [
        `kubernetes_${type}_v1`,
        pods,
        blocks(
          "container",
          ["a", "b"],
          (name) => `name = ${name}\nliveness_probe {\ntcp_socket {\nport = 8080\n}\n}`,
        ),
      ] as const,
  ),
  [
    "kubernetes_cron_job_v1",
    (inner) => `spec {\njob_template {\nmetadata {}\n${pods(inner)}\n}\n}`,
    blocks("toleration", ["a"], (key) => `key = ${key}\noperator = "Exists"`),
  ],
  [
    "kubernetes_pod_v1",
    (inner) => `spec {\ncontainer {\nname = "a"\n${inner}\n}\n}`,
    blocks("port", ["http"], (name) => `name = ${name}\ncontainer_port = 80`),
  ],
  [
    "kubernetes_service_v1",
    (inner) => `spec {\nselector = { app = "shop" }\n${inner}\n}`,
    blocks("port", ["http", "https"], (name) => `name = ${name}\nport = 80\ntarget_port = ${name}`),
  ],
  [
    "kubernetes_ingress_v1",
    (inner) => `spec {\nrule {\nhttp {\n${inner}\n}\n}\n}`,
    blocks(
      "path",
      ["/", "/a"],
      (path) => `path = ${path}\nbackend {\nservice {\nname = "shop"\nport {\nnumber = 80\n}\n}\n}`,
    ),
  ],
  [
    "kubernetes_network_policy_v1",
    (inner) =>
      `spec {\npod_selector {\nmatch_labels = { app = "shop" }\n}\npolicy_types = ["Ingress"]\ningress {\n${inner}\n}\n}`,
    blocks("from", ["a", "b"], (app) => `pod_selector {\nmatch_labels = { app = ${app} }\n}`),
  ],
  [
    "kubernetes_validating_webhook_configuration_v1",
    (inner) => inner,
    blocks(
      "webhook",
      ["a", "b"],
      (name) =>
        `name = ${name}\nclient_config {\nservice {\nname = "shop"\nnamespace = "shop"\nport = 444\n}\n}`,
    ),
  ],
];

test("blocks that dynamic ones make are those that are written", async () => {
  const text = CASES.map(
    ([type, spec, { written, dynamic }]) =>
      body(type, "written", spec(written)) + body(type, "dynamic", spec(dynamic)),
  ).join("");
  const objects = kubernetesObjects((await read({ "main.tf": text })).resources);
  const bodyOf = (address: string) => shown(objects.find((one) => one.address === address)?.body);
  for (const [type] of CASES) {
    const written = bodyOf(`${type}.written`);
    expect(written, type).toBeDefined();
    expect(bodyOf(`${type}.dynamic`), type).toStrictEqual(written);
  }
});

test("a hook of a container is no meta-argument of Terraform, and a port in it is a number", async () => {
  const hook = 'container {\nname = "a"\nlifecycle {\npre_stop {\nhttp_get {\nport = 8083\n}\n}\n}\n}';
  const { resources } = await read({ "main.tf": body("kubernetes_deployment_v1", "shop", pods(hook)) });
  const [object] = kubernetesObjects(resources);
  const spec = field(object?.body ?? null, "spec", "template", "spec");
  expect(spec).toStrictEqual({
    containers: [{ name: "a", lifecycle: { preStop: { httpGet: { port: 8083 } } } }],
  });
});

test("of blocks whose number is not known nothing is", async () => {
  const ports = 'dynamic "port" {\nfor_each = var.ports\ncontent {\nport = port.value\n}\n}';
  const spec = `spec {\nselector = { app = "shop" }\n${ports}\n}`;
  const { resources } = await read({
    "main.tf": `variable "ports" {}\n${body("kubernetes_service_v1", "shop", spec)}`,
  });
  const [object] = kubernetesObjects(resources);
  expect(shown(field(object?.body ?? null, "spec", "ports"))).toStrictEqual(["<dynamic port>"]);
});

test("a block that is not there is an empty list in a state, and nothing in the object", () => {
  const peer = { ip_block: [], namespace_selector: [], pod_selector: [{ match_labels: { app: "web" } }] };
  const ports = [{ end_port: 0, port: "http", protocol: "TCP" }];
  const spec = [
    {
      egress: [],
      ingress: [{ from: [peer], ports }],
      pod_selector: [{ match_expressions: [], match_labels: { app: "orders" } }],
      policy_types: ["Ingress"],
    },
  ];
  const { resources } = inputOf(
    { "kubernetes_network_policy_v1.orders": { metadata: [{ name: "orders" }], spec } },
    { kind: "state" },
  );
  const [object] = kubernetesObjects(resources);
  expect(field(object?.body ?? null, "spec", "ingress")).toStrictEqual([
    {
      from: [{ podSelector: { matchLabels: { app: "web" } } }],
      ports: [{ endPort: 0, port: "http", protocol: "TCP" }],
    },
  ]);
});
