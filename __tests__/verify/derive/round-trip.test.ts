import { expect, test } from "vitest";
import { stringify } from "yaml";
import { judgedOf, WRITTEN } from "../../support/applied";

/*
 * What is applied and dumped again is judged the same. An API server fills in defaults
 * (https://kubernetes.io/docs/reference/kubernetes-api/); `../../e2e/kubernetes.e2e.ts` asks a real one.
 */

type Body = Record<string, unknown>;

const PROBE = { failureThreshold: 3, periodSeconds: 10, successThreshold: 1, timeoutSeconds: 1 };

function probe(given: Body): Body {
  const { httpGet, grpc, ...rest } = given as { httpGet?: Body; grpc?: Body };
  return {
    ...PROBE,
    ...rest,
    ...(httpGet && { httpGet: { scheme: "HTTP", ...httpGet } }),
    ...(grpc && { grpc: { service: "", ...grpc } }),
  };
}

function container(given: Body): Body {
  const probes = Object.entries(given).map(([key, value]) => [
    key,
    key.endsWith("Probe") ? probe(value as Body) : value,
  ]);
  const { ports = [] } = given as { ports?: Body[] };
  return {
    imagePullPolicy: "Always",
    resources: {},
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
    ...Object.fromEntries(probes),
    ...(ports.length > 0 && { ports: ports.map((port) => ({ protocol: "TCP", ...port })) }),
  };
}

function template(given: Body): Body {
  const { metadata, spec } = given as { metadata: Body; spec: Body & { containers: Body[] } };
  return {
    metadata: { creationTimestamp: null, ...metadata },
    spec: {
      dnsPolicy: "ClusterFirst",
      restartPolicy: "Always",
      schedulerName: "default-scheduler",
      securityContext: {},
      terminationGracePeriodSeconds: 30,
      ...spec,
      containers: spec.containers.map(container),
    },
  };
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

const DEFAULTS: Readonly<Record<string, Body>> = {
  Deployment: {
    progressDeadlineSeconds: 600,
    replicas: 1,
    revisionHistoryLimit: 10,
    strategy: { rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" }, type: "RollingUpdate" },
  },
  StatefulSet: {
    persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
    podManagementPolicy: "OrderedReady",
    replicas: 1,
    revisionHistoryLimit: 10,
    updateStrategy: { rollingUpdate: { partition: 0 }, type: "RollingUpdate" },
  },
  CronJob: {
    concurrencyPolicy: "Allow",
    failedJobsHistoryLimit: 1,
    successfulJobsHistoryLimit: 3,
    suspend: false,
  },
  Service: {
    clusterIP: "10.0.0.7",
    clusterIPs: ["10.0.0.7"],
    internalTrafficPolicy: "Cluster",
    ipFamilies: ["IPv4"],
    ipFamilyPolicy: "SingleStack",
    sessionAffinity: "None",
    type: "ClusterIP",
  },
};

/** An object as an API server gives it back. */
function dumped(object: Body): Body {
  const { kind, metadata, spec } = object as { kind: string; metadata: Body; spec?: Body };
  return {
    ...object,
    metadata: {
      ...metadata,
      annotations: { "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify(object) },
      creationTimestamp: "2026-01-01T00:00:00Z",
      generation: 1,
      managedFields: [{ manager: "kubectl", operation: "Apply", fieldsV1: { "f:spec": {} } }],
      resourceVersion: "321",
      uid: `uid-${kind}-${metadata["name"]}`,
    },
    ...(spec && { spec: { ...DEFAULTS[kind], ...(withTemplates(spec) as Body) } }),
    status: {},
  };
}

/** The ReplicaSet and the pod that a controller makes of a Deployment, which a dump of everything has as well. */
function owned(object: Body): Body[] {
  const { kind, metadata, spec } = dumped(object) as {
    kind: string;
    metadata: Body;
    spec: { template: Body };
  };
  if (kind !== "Deployment") return [];
  const owner = (of: string, name: unknown) => ({
    ownerReferences: [{ apiVersion: "apps/v1", kind: of, name, controller: true }],
  });
  const { metadata: labelled, spec: pod } = spec.template as { metadata: Body; spec: Body };
  const set = `${metadata["name"]}-5d4f`;
  return [
    {
      apiVersion: "apps/v1",
      kind: "ReplicaSet",
      metadata: { name: set, namespace: "shop", ...owner("Deployment", metadata["name"]) },
      spec,
    },
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { ...labelled, name: `${set}-x`, namespace: "shop", ...owner("ReplicaSet", set) },
      spec: { ...pod, nodeName: "node-1" },
      status: { phase: "Running" },
    },
  ];
}

const written = () => judgedOf(WRITTEN.map((object) => stringify(object)).join("---\n"));
const list = (items: readonly Body[]) => ({ apiVersion: "v1", kind: "List", items, metadata: {} });

test("what is written is judged at all: flows that hold and flows that are broken", async () => {
  const { flows, workloads } = await written();
  expect(flows.length).toBeGreaterThan(8);
  expect(new Set(flows.map((one) => one.replace(/.*: /, "")))).toStrictEqual(new Set(["broken", "holds"]));
  expect(workloads).toHaveLength(4);
});

test.each([
  ["kubectl get -o yaml", stringify(list(WRITTEN.map(dumped)))],
  ["kubectl get -o json", JSON.stringify(list(WRITTEN.map(dumped)))],
  [
    "kubectl get with what controllers make of it",
    stringify(list(WRITTEN.flatMap((one) => [...owned(one), dumped(one)]))),
  ],
])("%s gives the same verdicts", async (_, text) => {
  expect(await judgedOf(text)).toStrictEqual(await written());
});
