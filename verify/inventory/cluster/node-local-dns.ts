import { Unknown, type Value } from "../../../expression/value";
import { podTemplateOf } from "../../read/kubernetes/pod-template";
import type { KubernetesObject } from "../../read/model";
import type { Inventory } from "../model";
import { once } from "../once";
import { resources } from "../resources";
import { elements, field, text, textOrExpression } from "../values";

/**
 * The cache of DNS on each node, on the node's network: it answers at a link-local address, and mostly at the address of the
 * cluster's DNS as well. https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/
 */
export interface NodeLocalDns {
  readonly object: KubernetesObject;
  /** Whether it answers at the address of the cluster's DNS: then all pods of the node ask it. */
  readonly answersForAll: boolean | "unknown";
}

export const nodeLocalDns: (of: Inventory) => NodeLocalDns | undefined = once(({ objects }) => {
  const object = objects.find((one) => !one.isUncertain && isNodeLocalDns(one));
  return object && { object, answersForAll: answersForAll(podTemplateOf(object.body)?.spec) };
});

function isNodeLocalDns({ body }: KubernetesObject): boolean {
  if (field(body, "kind") !== "DaemonSet") return false;
  const template = podTemplateOf(body);
  const labels = field(template?.metadata, "labels");
  const names = [
    field(body, "metadata", "name"),
    field(labels, "k8s-app"),
    field(labels, "app.kubernetes.io/name"),
  ];
  return names.includes("node-local-dns") && field(template?.spec, "hostNetwork") === true;
}

/** `-localip 169.254.20.10,172.20.0.10`: more than link-local addresses. */
function answersForAll(spec: Value | undefined): boolean | "unknown" {
  const words = elements(field(spec, "containers")).flatMap((container) => [
    ...elements(field(container, "command")),
    ...elements(field(container, "args")),
  ]);
  if (words.some((word) => word instanceof Unknown)) return "unknown";
  const at = words.findIndex((word) => /^--?localip(?:=|$)/.test(String(word)));
  if (at < 0) return "unknown";
  const given = String(words[at]).split("=")[1] ?? text(words[at + 1]) ?? "";
  const addresses = given.split(",").filter((address) => address !== "");
  return addresses.length === 0 ? "unknown" : addresses.some((address) => !isLinkLocal(address));
}

/** Whether an address is one of the node itself, other than that of the VPC's resolver. */
export function isLinkLocal(address: string): boolean {
  return /^(?:169\.254\.(?!169\.253$)|fe[89ab][0-9a-f]:)/i.test(address);
}

/** Whether the kubelets of the input tell pods to ask a link-local address: in user data, or in a class of Karpenter. */
export const kubeletsAskLinkLocal: (of: Inventory) => boolean = once((inventory) => {
  const { objects } = inventory;
  const ofClasses = objects.flatMap(({ body }) =>
    field(body, "kind") === "EC2NodeClass" ? elements(field(body, "spec", "kubelet", "clusterDNS")) : [],
  );
  const scripts = resources(
    inventory,
    "aws_launch_template",
    "aws_launch_configuration",
    "aws_instance",
  ).flatMap(({ values }) => [...script(values["user_data"]), ...script(values["user_data_base64"])]);
  return (
    ofClasses.some((address) => typeof address === "string" && isLinkLocal(address)) ||
    scripts.some((words) => CLUSTER_DNS.test(words))
  );
});

/** `--cluster-dns=…` of the kubelet, `--dns-cluster-ip …` of the bootstrap script, `clusterDNS: [ … ]` of its configuration. */
const CLUSTER_DNS = /(?:cluster-dns|dns-cluster-ip|clusterDNS)["']?[\s=:["'\\n-]*169\.254\.20\./;

/** User data as it is, and what base64 holds of it. */
function script(value: Value | undefined): string[] {
  const words = textOrExpression(value);
  if (words === undefined) return [];
  const isEncoded = /^[A-Za-z0-9+/=\s]{16,}$/.test(words);
  return [words, ...(isEncoded ? [Buffer.from(words, "base64").toString("utf8")] : [])];
}
