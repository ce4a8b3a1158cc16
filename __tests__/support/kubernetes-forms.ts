import { stringify } from "yaml";
import { type Body, dumped, list, type Manifest, owned } from "./api-server";
import { type Block, configurationOf, Reference, type Resources, Template } from "./terraform-forms";

/** The forms in which objects of Kubernetes stand beside the Terraform, or in it. */

/** What text in the place of a group means: a resource of Terraform. */
export type GroupWords = Readonly<Record<string, string>>;

export interface Written {
  readonly files: Readonly<Record<string, unknown>>;
  /** The manifests among them. */
  readonly manifests: readonly string[];
  /** What Terraform applies of it. */
  readonly resources: Resources;
  /** What manifests call its objects, by the addresses that they have in this form. */
  readonly places: ReadonlyMap<string, string>;
}

type Form = (objects: readonly Manifest[], words: GroupWords) => Written;

export const KUBERNETES_FORMS: Readonly<Record<string, Form>> = {
  YAML: (objects) => beside("k8s/all.yaml", objects.map((one) => stringify(one)).join("---\n")),
  "a live dump": (objects) =>
    beside(
      "live.json",
      JSON.stringify(list(objects.flatMap((one) => [...owned(one), dumped(one)])), null, 4),
    ),
  kubernetes_manifest: (objects, words) =>
    within(objects, (one) => ["kubernetes_manifest", { manifest: referring(one, words) as Body }]),
  "typed resources": (objects, words) =>
    within(
      objects,
      (one) =>
        typed(referring(one, words) as Manifest) ?? [
          "kubernetes_manifest",
          { manifest: referring(one, words) },
        ],
    ),
  kubectl_manifest: (objects, words) =>
    within(objects, (one) => ["kubectl_manifest", { yaml_body: new Template(stringify(meant(one, words))) }]),
};

/** `shop/Deployment/orders`, as the verifier names what manifests have. */
export function placeOf({ kind, metadata: { name, namespace } }: Manifest): string {
  return [...(namespace === undefined ? [] : [namespace]), kind, name].join("/");
}

function beside(path: string, text: string): Written {
  return {
    files: { [path]: text },
    manifests: [path],
    resources: {},
    places: new Map(),
  };
}

function within(
  objects: readonly Manifest[],
  resource: (object: Manifest) => readonly [type: string, body: Block],
): Written {
  const found = objects.map((one) => {
    const [type, body] = resource(one);
    const name = placeOf(one).replaceAll(/\W/g, "_").toLowerCase();
    return { address: `${type}.${name}`, body, one };
  });
  const resources: Resources = Object.fromEntries(found.map(({ address, body }) => [address, body]));
  return {
    files: { "k8s.tf.json": configurationOf(resources) },
    manifests: [],
    resources,
    places: new Map(found.map(({ address, one }) => [address, placeOf(one)])),
  };
}

/** A reference in the place of text that stands for a group: what nobody fills in stays. */
function referring(value: unknown, words: GroupWords): unknown {
  if (typeof value === "string") {
    const address = Object.hasOwn(words, value) ? words[value] : undefined;
    return address === undefined ? value : new Reference(address);
  }
  if (Array.isArray(value)) return value.map((item) => referring(item, words));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, referring(item, words)]));
}

/** The same as text within text. */
function meant(object: Manifest, words: GroupWords): unknown {
  return JSON.parse(
    JSON.stringify(object, (_, value) =>
      typeof value === "string" && Object.hasOwn(words, value) ? `\${${words[value]}.id}` : value,
    ),
  );
}

/** The typed resource of each kind that has one: https://registry.terraform.io/providers/hashicorp/kubernetes/latest/docs */
const TYPED: Readonly<Record<string, string>> = {
  APIService: "kubernetes_api_service_v1",
  DaemonSet: "kubernetes_daemon_set_v1",
  Deployment: "kubernetes_deployment_v1",
  Ingress: "kubernetes_ingress_v1",
  NetworkPolicy: "kubernetes_network_policy_v1",
  Service: "kubernetes_service_v1",
  ServiceAccount: "kubernetes_service_account_v1",
  ValidatingWebhookConfiguration: "kubernetes_validating_webhook_configuration_v1",
};

/** Lists by the blocks that their items are. */
const BLOCKS: Readonly<Record<string, string>> = {
  containers: "container",
  initContainers: "init_container",
  nodeSelectorTerms: "node_selector_term",
  paths: "path",
  ports: "port",
  rules: "rule",
  tolerations: "toleration",
  webhooks: "webhook",
};

const MAPS = ["annotations", "labels", "matchLabels", "nodeSelector"];

function typed(object: Manifest): readonly [type: string, body: Block] | undefined {
  const { apiVersion: _, kind, ...rest } = object;
  const type = TYPED[kind];
  // Where no node is, nothing is ever rolled out.
  const waits = kind === "Deployment" || kind === "DaemonSet";
  if (type === undefined) return undefined;
  return [type, { ...blocks(rest, kind), ...(waits && { wait_for_rollout: false }) }];
}

/** Objects as blocks, which Terraform has as lists of one, with the names of Terraform. */
function blocks(value: Body, kind: string): Block {
  return Object.fromEntries(
    Object.entries(value).map(([key, item]): [string, unknown] => {
      const isMap = MAPS.includes(key) || (key === "selector" && kind === "Service");
      if (isMap || item instanceof Reference) return [snakeCase(key), item];
      if (Array.isArray(item) && item.some((one) => typeof one === "object")) {
        // Of a rule of a network policy the block has the name of the list.
        const name = kind === "NetworkPolicy" ? key : (BLOCKS[key] ?? snakeCase(key));
        return [snakeCase(name), item.map((one) => blocks(one as Body, kind))];
      }
      if (typeof item === "object" && item !== null && !Array.isArray(item))
        return [snakeCase(key), [blocks(item as Body, kind)]];
      return [snakeCase(key), isPort(key, kind) ? String(item) : item];
    }),
  );
}

/** What may be a number or a name is text. */
function isPort(key: string, kind: string): boolean {
  return key === "targetPort" || (key === "port" && (kind === "Deployment" || kind === "NetworkPolicy"));
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
