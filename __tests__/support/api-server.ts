/**
 * What an API server gives back of what is applied: with the defaults that it fills in
 * (https://kubernetes.io/docs/reference/kubernetes-api/), and with what the controllers make of it. That a real one gives
 * back the same is asked in `../e2e/live.e2e.ts`.
 */

export type Body = Record<string, unknown>;

/** An object of Kubernetes as it is written. */
export interface Manifest extends Body {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
  readonly spec?: Body;
}

type Labels = Readonly<Record<string, string>>;

interface Metadata extends Body {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Labels;
}

const PROBE = { failureThreshold: 3, periodSeconds: 10, successThreshold: 1, timeoutSeconds: 1 };

const withProtocol = (ports: unknown) =>
  (ports as Body[] | undefined)?.map((port) => ({ protocol: "TCP", ...port }));

/** What a probe or a hook connects to. */
function handler(given: Body): Body {
  const { httpGet, grpc, ...rest } = given as { httpGet?: Body; grpc?: Body };
  return {
    ...rest,
    ...(httpGet && { httpGet: { path: "/", scheme: "HTTP", ...httpGet } }),
    ...(grpc && { grpc: { service: "", ...grpc } }),
  };
}

function hooks(given: Body): Body {
  return Object.fromEntries(Object.entries(given).map(([key, hook]) => [key, handler(hook as Body)]));
}

function container(given: Body): Body {
  const { image, ports, lifecycle } = given as { image: string; ports?: Body[]; lifecycle?: Body };
  const probes = Object.entries(given).filter(([key]) => key.endsWith("Probe"));
  return {
    imagePullPolicy: /:(?!latest$)[\w.-]+$/.test(image) ? "IfNotPresent" : "Always",
    resources: {},
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
    ...given,
    ...Object.fromEntries(probes.map(([key, value]) => [key, { ...PROBE, ...handler(value as Body) }])),
    ...(lifecycle && { lifecycle: hooks(lifecycle) }),
    ...(ports && { ports: withProtocol(ports) }),
  };
}

function podSpec(given: Body): Body {
  const { containers, initContainers, serviceAccountName } = given as {
    containers: Body[];
    initContainers?: Body[];
    serviceAccountName?: string;
  };
  return {
    dnsPolicy: "ClusterFirst",
    restartPolicy: "Always",
    schedulerName: "default-scheduler",
    securityContext: {},
    terminationGracePeriodSeconds: 30,
    ...given,
    // The name of old has the same value.
    ...(serviceAccountName && { serviceAccount: serviceAccountName }),
    containers: containers.map(container),
    ...(initContainers && { initContainers: initContainers.map(container) }),
  };
}

function template(given: Body): Body {
  const { metadata, spec } = given as { metadata: Body; spec: Body };
  return { metadata: { creationTimestamp: null, ...metadata }, spec: podSpec(spec) };
}

/** Every `template` in an object, however deep. */
function withTemplates(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withTemplates);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      key === "template" ? template(one as Body) : withTemplates(one),
    ]),
  );
}

/** The rules of a network policy. */
function networkRules(rules: unknown): Body[] | undefined {
  return (rules as Body[] | undefined)?.map((rule) => {
    const ports = withProtocol(rule["ports"]);
    return { ...rule, ...(ports && { ports }) };
  });
}

/** What is filled in beside the templates of pods, by the kind. */
const DEFAULTS: Readonly<Record<string, (spec: Body) => Body>> = {
  Deployment: (spec) => ({
    progressDeadlineSeconds: 600,
    replicas: 1,
    revisionHistoryLimit: 10,
    strategy: { rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" }, type: "RollingUpdate" },
    ...spec,
  }),
  StatefulSet: (spec) => ({
    persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
    podManagementPolicy: "OrderedReady",
    replicas: 1,
    revisionHistoryLimit: 10,
    updateStrategy: { rollingUpdate: { partition: 0 }, type: "RollingUpdate" },
    ...spec,
  }),
  CronJob: ({ jobTemplate, ...spec }) => ({
    concurrencyPolicy: "Allow",
    failedJobsHistoryLimit: 1,
    successfulJobsHistoryLimit: 3,
    suspend: false,
    jobTemplate: { metadata: {}, ...(jobTemplate as Body) },
    ...spec,
  }),
  DaemonSet: (spec) => ({
    revisionHistoryLimit: 10,
    updateStrategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 }, type: "RollingUpdate" },
    ...spec,
  }),
  NetworkPolicy: ({ ingress, egress, ...spec }) => ({
    policyTypes: ["Ingress", ...(egress === undefined ? [] : ["Egress"])],
    ...spec,
    ...(ingress !== undefined && { ingress: networkRules(ingress) }),
    ...(egress !== undefined && { egress: networkRules(egress) }),
  }),
  Service: ({ ports, ...spec }) => ({
    clusterIP: "10.0.0.7",
    clusterIPs: ["10.0.0.7"],
    internalTrafficPolicy: "Cluster",
    ipFamilies: ["IPv4"],
    ipFamilyPolicy: "SingleStack",
    sessionAffinity: "None",
    type: "ClusterIP",
    ...(spec["type"] === "LoadBalancer" && {
      allocateLoadBalancerNodePorts: true,
      externalTrafficPolicy: "Cluster",
    }),
    ...spec,
    ports: withProtocol(ports),
  }),
};

function webhook(given: Body): Body {
  const { clientConfig, rules = [] } = given as { clientConfig: { service?: Body }; rules?: Body[] };
  const { service } = clientConfig;
  return {
    failurePolicy: "Fail",
    matchPolicy: "Equivalent",
    namespaceSelector: {},
    objectSelector: {},
    timeoutSeconds: 10,
    ...given,
    clientConfig: { ...clientConfig, ...(service && { service: { port: 443, ...service } }) },
    rules: rules.map((rule) => ({ scope: "*", ...rule })),
  };
}

/** What a cluster knows of an object besides what is written. */
function metadataOf({ kind, metadata, ...rest }: Manifest): Metadata {
  const applied = JSON.stringify({ kind, metadata, ...rest });
  return {
    ...metadata,
    annotations: {
      ...(metadata["annotations"] as Body | undefined),
      "kubectl.kubernetes.io/last-applied-configuration": `${applied}\n`,
    },
    creationTimestamp: "2026-01-01T00:00:00Z",
    generation: 1,
    managedFields: [
      { apiVersion: rest.apiVersion, fieldsType: "FieldsV1", fieldsV1: { "f:spec": {} }, manager: "kubectl" },
    ],
    resourceVersion: "321",
    uid: uidOf({ kind, metadata }),
  };
}

const uidOf = ({ kind, metadata: { name } }: Pick<Manifest, "kind" | "metadata">) => `uid-${kind}-${name}`;

/** The defaults of an object, without what is new in each cluster. */
export function defaulted(object: Manifest): Manifest {
  const { kind, spec } = object;
  const { webhooks } = object as { webhooks?: Body[] };
  if (webhooks !== undefined) return { ...object, webhooks: webhooks.map(webhook) };
  if (spec === undefined) return object;
  if (kind === "Pod") return { ...object, spec: podSpec(spec) };
  const own = DEFAULTS[kind]?.(spec) ?? spec;
  return { ...object, spec: withTemplates(own) as Body };
}

/** An object as an API server gives it back. */
export function dumped(object: Manifest): Manifest {
  return { ...defaulted(object), metadata: metadataOf(object), status: {} };
}

/** What the controllers make of an object, which a dump of everything has as well: the pod, and what stands between. */
export function owned(object: Manifest): Manifest[] {
  const { kind, metadata, spec } = dumped(object) as Manifest & { spec: Body };
  const name = metadata.name;
  switch (kind) {
    case "Deployment":
      return madeBy(object, ["ReplicaSet", `${name}-5d8f7c9b4d`], { "pod-template-hash": "5d8f7c9b4d" });
    case "CronJob": {
      const job = `${name}-29401260`;
      const of = (spec["jobTemplate"] as { spec: Body }).spec;
      const labels = { "batch.kubernetes.io/job-name": job, "controller-uid": "3f2a", "job-name": job };
      return madeBy({ ...object, spec: of }, ["Job", job], labels);
    }
    case "StatefulSet":
      return [podOf(object, kind, name, "0", { "statefulset.kubernetes.io/pod-name": `${name}-0` })];
    case "DaemonSet":
      return [
        podOf(object, kind, name, "x2x9z", {
          "controller-revision-hash": "77f",
          "pod-template-generation": "1",
        }),
      ];
    default:
      return [];
  }
}

/** A set or a Job, and its pod. */
function madeBy(
  object: Manifest,
  [kind, name]: readonly [kind: string, name: string],
  added: Labels,
): Manifest[] {
  const { metadata, spec = {} } = object as { metadata: Metadata; spec: Body };
  const { namespace = "default" } = metadata;
  const pod = spec["template"] as { metadata: Metadata; spec: Body };
  const { matchLabels } = (spec["selector"] ?? {}) as { matchLabels?: Body };
  const labels = { ...pod.metadata.labels, ...added };
  return [
    {
      apiVersion: kind === "Job" ? "batch/v1" : "apps/v1",
      kind,
      metadata: { name, namespace, labels, ownerReferences: ownerOf(object.kind, metadata.name) },
      spec: {
        ...(kind === "ReplicaSet" && { replicas: 1 }),
        ...(matchLabels && { selector: { matchLabels: { ...matchLabels, ...added } } }),
        template: { metadata: { ...pod.metadata, labels }, spec: podSpec(pod.spec) },
      },
    },
    podOf(object, kind, name, "x2x9z", added),
  ];
}

function podOf(
  { metadata, spec = {} }: Manifest,
  kind: string,
  of: string,
  own: string,
  added: Labels,
): Manifest {
  const { namespace = "default" } = metadata;
  const pod = spec["template"] as { metadata: Metadata; spec: Body };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `${of}-${own}`,
      generateName: `${of}-`,
      namespace,
      labels: { ...pod.metadata.labels, ...added },
      ownerReferences: ownerOf(kind, of),
    },
    spec: { ...podSpec(pod.spec), nodeName: "ip-10-0-1-7.ec2.internal" },
    status: { phase: "Running", podIP: "10.0.1.21" },
  };
}

const ownerOf = (kind: string, name: string) => [
  {
    apiVersion: kind.endsWith("Job") ? "batch/v1" : "apps/v1",
    blockOwnerDeletion: true,
    controller: true,
    kind,
    name,
    uid: uidOf({ kind, metadata: { name } }),
  },
];

/** As `kubectl get` prints several objects. */
export const list = (items: readonly Manifest[]) => ({
  apiVersion: "v1",
  items,
  kind: "List",
  metadata: { resourceVersion: "" },
});
