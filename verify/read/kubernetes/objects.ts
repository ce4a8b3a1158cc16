import { documentsOf } from "../../../expression/partial-text";
import { Unknown, type Value } from "../../../expression/value";
import { field, isList, isObject } from "../../../expression/values";
import type { KubernetesObject, Resource } from "../model";
import { helmReleases } from "./helm";
import { withTextValues } from "./text-values";
import { typedObject } from "./typed";

/** The chart that installs what its values hold, as several repositories have it. */
const RAW_CHART = "raw";

/** The objects that the resources of a Terraform input apply, in their order; one for each document of YAML. */
export function kubernetesObjects(resources: readonly Resource[]): KubernetesObject[] {
  const rendered = new Set(resources.filter((one) => renderedIn(one.values) !== undefined));
  const raw = helmReleases(resources.filter((one) => !rendered.has(one))).filter(
    ({ chart }) => chart === RAW_CHART,
  );
  return [
    ...resources.flatMap((resource) => {
      const { address, source, isUncertain } = resource;
      return bodiesOf(resource).map((body) => ({
        address,
        body,
        source,
        ...(isUncertain && { isUncertain }),
      }));
    }),
    ...raw.flatMap(({ address, values, source, isUncertain }) =>
      rawBodies(values).map((body) => ({ address, body, source, ...(isUncertain && { isUncertain }) })),
    ),
  ];
}

/** What is said of resources whose text is no YAML: no policy is seen in it. */
export function notesOfTexts(resources: readonly Resource[]): string[] {
  return resources.flatMap(({ mode, type, address, values }) => {
    const text = values["yaml_body"];
    if (mode !== "managed" || type !== "kubectl_manifest" || typeof text !== "string") return [];
    return documentsOf(text) === undefined
      ? [`${address}: its yaml_body is not YAML, so its content is not read.`]
      : [];
  });
}

function bodiesOf({ mode, type, values }: Resource): readonly Value[] {
  if (mode !== "managed") return [];
  switch (type) {
    case "kubernetes_manifest":
      return [withTextValues(values["manifest"] ?? null)];
    case "kubectl_manifest":
      return documentsIn(values["yaml_body"]).map((body) => inNamespace(body, values["override_namespace"]));
    case "helm_release":
      return (renderedIn(values) ?? [])
        .filter((body) => !isOfOtherDoors(body))
        .map((body) => inRelease(body, values["namespace"] ?? "default"));
    default: {
      const object = typedObject(type, values);
      return object === undefined ? [] : [withTextValues(object)];
    }
  }
}

/**
 * What a chart renders to, where the provider keeps it: an object by the identities of its objects, as JSON.
 * https://registry.terraform.io/providers/hashicorp/helm/latest/docs/resources/release#manifest-1
 */
function renderedIn({ manifest }: Resource["values"]): readonly Value[] | undefined {
  if (typeof manifest !== "string" || manifest === "") return undefined;
  const [objects = null] = documentsOf(manifest) ?? [];
  return isObject(objects) ? Object.values(objects).filter(isObject) : undefined;
}

/** What is secret, and the CNI, whose settings are read from the values of its chart. */
function isOfOtherDoors(body: Value): boolean {
  const kind = field(body, "kind");
  const isCni = kind === "DaemonSet" && field(body, "metadata", "name") === "aws-node";
  return kind === "Secret" || kind === "ConfigMap" || isCni;
}

/** An object of a release is in the namespace of the release, unless it names one. */
function inRelease(body: Value, namespace: Value): Value {
  return field(body, "metadata", "namespace") === undefined ? inNamespace(body, namespace) : body;
}

/** The documents of a text that are objects or may be some. */
function documentsIn(text: Value | undefined): readonly Value[] {
  if (text === undefined || text === null) return [];
  const documents = documentsOf(text);
  if (documents === undefined) return text instanceof Unknown ? [text] : [];
  return documents.filter((document) => document !== null);
}

function inNamespace(body: Value, namespace: Value | undefined): Value {
  if (namespace === undefined || namespace === null || !isObject(body)) return body;
  const { metadata = {} } = body;
  return { ...body, metadata: { ...(isObject(metadata) ? metadata : {}), namespace } };
}

function rawBodies(values: Value): readonly Value[] {
  if (!isObject(values)) return [];
  const { resources = [], templates = [] } = values;
  return [
    ...(isList(resources) ? resources : []),
    ...(isList(templates) ? templates.flatMap((text) => documentsIn(text)) : []),
  ];
}
