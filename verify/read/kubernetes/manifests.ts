import { isDeepStrictEqual } from "node:util";
import { Unknown, type Value } from "../../../expression/value";
import { field, isList, isObject, type ValueObject } from "../../../expression/values";
import { attempt, InputError } from "../../../io/errors";
import { kindOf, LARGEST, shownPath } from "../../../io/files";
import { readTextFile } from "../../../io/text";
import type { KubernetesObject, LineOf } from "../model";
import { manifestFiles, manifestPath, unrenderedWords } from "./manifest-files";
import { addressOf, UNKNOWN_NAMESPACE } from "./namespace";
import { asOwners } from "./owners";
import { podTemplateOf } from "./pod-template";
import { renderings } from "./render";
import { manifestDocuments } from "./yaml-text";

/** What manifests hold that is understood. */
export interface Manifests {
  readonly objects: readonly KubernetesObject[];
  /** What of them is not read, and why, in sentences. */
  readonly notes: readonly string[];
}

/** Kinds that are in no namespace, whatever their file says. */
const OF_THE_CLUSTER: ReadonlySet<string> = new Set([
  "APIService",
  "AWSNodeTemplate",
  "CNINode",
  "CustomResourceDefinition",
  "EC2NodeClass",
  "IngressClass",
  "IngressClassParams",
  "MutatingWebhookConfiguration",
  "Namespace",
  "Node",
  "NodeClass",
  "NodePool",
  "Provisioner",
  "ValidatingWebhookConfiguration",
]);

/** Kinds that are understood besides those that make pods. */
export const KINDS: ReadonlySet<string> = new Set([
  ...OF_THE_CLUSTER,
  "ENIConfig",
  "Ingress",
  "NetworkPolicy",
  "SecurityGroupPolicy",
  "Service",
  "ServiceAccount",
  "TargetGroupBinding",
]);

/** Whether an object says something by itself: a Namespace only has labels, by which others name it. */
function isSubject({ body }: KubernetesObject): boolean {
  return field(body, "kind") !== "Namespace";
}

/** The one ConfigMap that is read: the settings of the VPC CNI. */
export const CNI_CONFIG_MAP = "amazon-vpc-cni";

/** Kinds that are never looked into, but for that ConfigMap: most of a repository's text, and what is secret. */
const NOT_READ: ReadonlySet<string> = new Set([
  "ClusterRole",
  "ClusterRoleBinding",
  "ConfigMap",
  "Role",
  "RoleBinding",
  "Secret",
]);

/** Objects by which something else installs others, with what it is called. */
const INSTALLERS: Readonly<Record<string, (spec: ValueObject) => Value | undefined>> = {
  Application: (spec) => field(spec, "source", "chart") ?? field(spec, "source", "path"),
  HelmRelease: (spec) => field(spec, "chart", "spec", "chart"),
};

/** One object with the file that it was read from. */
interface Found {
  readonly object: KubernetesObject;
  readonly identity: string;
}

/**
 * The Kubernetes objects of files and folders of manifests: YAML of many documents, JSON, lists; what `kubectl kustomize`,
 * `helm template` and `kubectl get -o yaml` print. An object that names no namespace has an unknown one, unless its path
 * says which.
 *
 * @param given `[NAMESPACE=]PATH`, each a file, a folder or `-`
 * @param stdin what `-` reads
 * @param isRendering whether what kustomize and Helm put together is rendered by the tools on the PATH
 * @throws InputError naming everything that cannot be read, objects that are there twice with different content, and that
 *   nothing which is understood is there
 */
export function readManifests(given: readonly string[], stdin?: string, isRendering = false): Manifests {
  const problems: string[] = [];
  const notes: string[] = [];
  const found: Found[] = [];
  for (const words of given) {
    const { path, namespace } = manifestPath(words);
    const read = (file: string, text: string, isNamed: boolean) => {
      const take = () => objectsIn(file, text, namespace, notes);
      if (isNamed) found.push(...(attempt(problems, take) ?? []));
      else found.push(...(attempt(notes, take) ?? []));
    };
    if (path === "-") {
      read("-", stdin ?? "", true);
      continue;
    }
    const kind = attempt(problems, () => kindOf(path));
    if (kind === undefined) {
      problems.push(`${path}: there is no such file or folder of manifests.`);
    } else if (kind === "folder") {
      const { files, unrendered } = attempt(problems, () => manifestFiles(path)) ?? {
        files: [],
        unrendered: [],
      };
      if (isRendering) {
        // A line of what is rendered is none of a file.
        for (const { file, text } of renderings(unrendered, namespace, problems)) {
          const read = attempt(problems, () => objectsIn(file, text, namespace, notes)) ?? [];
          found.push(
            ...read.map(({ object: { lineOf: _, ...object }, identity }) => ({
              identity,
              object: { ...object, source: { file: object.source.file } },
            })),
          );
        }
      } else notes.push(...unrendered.map(unrenderedWords));
      for (const file of files) {
        const text = attempt(notes, () => readTextFile(file, LARGEST));
        if (text !== undefined) read(shownPath(file), text, false);
      }
    } else {
      const text = attempt(problems, () => readTextFile(path, LARGEST));
      if (text !== undefined) read(shownPath(path), text, true);
    }
  }
  const objects = asOwners(distinct(found, problems));
  if (problems.length === 0 && !objects.some(isSubject)) {
    problems.push(
      `${given.join(", ")}: there is no policy, no workload and nothing else that is known in these manifests.`,
      ...notes,
    );
  }
  if (problems.length > 0) throw new InputError(problems);
  return { objects, notes };
}

function objectsIn(file: string, text: string, namespace: string | undefined, notes: string[]): Found[] {
  return manifestDocuments(text, file, wantedOf).flatMap(({ content, line, lineOf }) =>
    items(content as Value).flatMap((body): Found[] => {
      if (!isObject(body)) return [];
      const { kind, spec } = body;
      if (typeof kind !== "string") return [];
      const installed = Object.hasOwn(INSTALLERS, kind) && isObject(spec ?? null);
      if (installed) {
        const chart = INSTALLERS[kind]?.(spec as ValueObject);
        const what = typeof chart === "string" ? `, which installs ${chart}` : "";
        notes.push(
          `${file}:${line}: ${kind} ${nameOf(body)}${what}, is not read: give what it renders as well.`,
        );
        return [];
      }
      const known = understood(body, kind);
      return known === undefined ? [] : [foundObject(known, kind, namespace, { file, line }, lineOf)];
    }),
  );
}

/** The object, or what is understood of it; undefined where that is nothing. */
function understood(body: ValueObject, kind: string): ValueObject | undefined {
  if (kind === "ConfigMap") return nameOf(body) === CNI_CONFIG_MAP ? body : undefined;
  if (NOT_READ.has(kind) || !(KINDS.has(kind) || podTemplateOf(body) !== undefined)) return undefined;
  return kind === DEFINITION ? conversionOf(body) : body;
}

/** Of the definition of a kind it matters who converts its objects. */
const DEFINITION = "CustomResourceDefinition";

function conversionOf({ apiVersion = null, kind = null, metadata = null, spec = null }: ValueObject) {
  const conversion = field(spec, "conversion") ?? null;
  if (field(conversion, "strategy") !== "Webhook") return undefined;
  return { apiVersion, kind, metadata, spec: { conversion } };
}

/**
 * What of a document need be parsed: the kind stands at the beginning of a line in YAML as everybody writes it, so that nothing
 * need be to know it.
 */
function wantedOf(text: string): string | undefined {
  const kind = /^kind:[ \t]*["']?(\w+)/m.exec(text)?.[1];
  if (kind === "ConfigMap") return CALLED_AS_THE_CNIS.test(text) ? text : undefined;
  if (kind === DEFINITION) return NAMES_WEBHOOK.test(text) ? text.replace(SCHEMAS, "") : undefined;
  return kind === undefined || !NOT_READ.has(kind) ? text : undefined;
}

const NAMES_WEBHOOK = /^[ \t]+strategy:[ \t]*["']?Webhook\b/m;
/** The versions of a definition, which make it large. */
const SCHEMAS = /^ {2}versions:[ \t]*\n(?:(?: {2}[ -].*|[ \t]*)\n)+/m;
const CALLED_AS_THE_CNIS = new RegExp(`\\bname["']?:[ \\t]*["']?${CNI_CONFIG_MAP}(?![\\w.-])`);

/** The items of a list, as `kubectl get` prints one, or the object itself. */
function items(content: Value): readonly Value[] {
  if (isList(content)) return content.flatMap(items);
  if (!isObject(content)) return [];
  const { kind, items: list = null } = content;
  return typeof kind === "string" && kind.endsWith("List") && isList(list) ? list.flatMap(items) : [content];
}

function foundObject(
  body: ValueObject,
  kind: string,
  given: string | undefined,
  source: KubernetesObject["source"],
  lineOf: LineOf | undefined,
): Found {
  const metadata = isObject(body["metadata"] ?? null) ? (body["metadata"] as ValueObject) : {};
  const isOfCluster = OF_THE_CLUSTER.has(kind);
  const namespace = isOfCluster ? null : (metadata["namespace"] ?? given ?? new Unknown(UNKNOWN_NAMESPACE));
  const name = nameOf(body);
  const address = addressOf(namespace, kind, name);
  const api = String(body["apiVersion"] ?? "").replace(/\/?[^/]*$/, "");
  return {
    object: {
      address,
      body: { ...body, metadata: { ...metadata, namespace } },
      source,
      isManifest: true,
      ...(lineOf && { lineOf }),
    },
    identity: `${api} ${address}`,
  };
}

function nameOf(body: ValueObject): string {
  const { metadata = null } = body;
  const { name, generateName } = isObject(metadata) ? metadata : {};
  return String(name ?? (generateName === undefined ? "?" : `${String(generateName)}?`));
}

/** Each object once; of objects with one identity and different content it is said where they stand. */
function distinct(found: readonly Found[], problems: string[]): KubernetesObject[] {
  const first = new Map<string, KubernetesObject>();
  for (const { object, identity } of found) {
    const before = first.get(identity);
    if (before === undefined) first.set(identity, object);
    else if (!isDeepStrictEqual(before.body, object.body)) {
      problems.push(
        `${placeOf(before)} and ${placeOf(object)}: ${object.address} is there twice, with different content. Choose one environment.`,
      );
    }
  }
  return [...first.values()];
}

function placeOf({ source: { file, line } }: KubernetesObject): string {
  return line === undefined ? file : `${file}:${line}`;
}
