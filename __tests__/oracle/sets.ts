/*
 * Random sets of policies, pods and service accounts, always the same: what the VPC resource controller answers for them
 * (`main.go`) is kept in `answers.jsonl`, and the verifier must agree.
 */

type Labels = Readonly<Record<string, string>>;

export interface Selector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

interface Metadata {
  readonly name: string;
  readonly namespace: string;
  readonly labels?: Labels;
}

export interface PodSpec {
  readonly serviceAccountName?: string;
  readonly serviceAccount?: string;
  readonly hostNetwork?: boolean;
  readonly nodeSelector?: Labels;
  readonly containers: readonly object[];
}

/** What runs pods, and one pod as the cluster makes it: with the labels that the controller of this kind adds. */
export interface Workload {
  readonly kind: "Pod" | "Deployment" | "Job" | "StatefulSet";
  readonly metadata: Metadata;
  readonly labels: Labels | undefined;
  readonly added: Labels;
  readonly spec: PodSpec;
}

export interface Set {
  readonly policies: readonly {
    readonly metadata: Metadata;
    readonly isMalformed: boolean;
    readonly spec: {
      readonly podSelector?: Selector | null;
      readonly serviceAccountSelector?: Selector | null;
      readonly securityGroups?: { readonly groupIds: readonly string[] };
    };
  }[];
  readonly workloads: readonly Workload[];
  readonly serviceAccounts: readonly { readonly metadata: Metadata }[];
}

/** How many sets there are. */
export const NUMBER = 5000;

const KEYS = ["app", "app", "tier", "example.com/team", "job-name", "pod-template-hash"];
const VALUES = ["orders", "orders", "Orders", "web", "1.0", ""];
const GROUPS = [1, 2, 3, 4].map((number) => `sg-${String(number).repeat(17)}`);
const LONG = "a".repeat(64);
const BAD_KEYS = [
  "",
  "my app",
  "-app",
  "app-",
  "a/b/c",
  "/app",
  "app/",
  "Example.com/app",
  LONG,
  `x/${LONG}`,
];
const BAD_VALUES = ["my orders", "-orders", "orders.", "a/b", "*", LONG];
const BAD_OPERATORS = ["", "in", "Equals", "=", "Gt", "NotExists"];

/**
 * Numbers from 0 to below 1 that look random, from a seed.
 * https://en.wikipedia.org/wiki/Xorshift (32 bits: 13, 17, 5)
 */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** All sets, each in a namespace of its own: `s1`, `s2`, and so on. */
export function sets(): Set[] {
  const next = numbersFrom(20_261_126);
  const chance = (share: number) => next() < share;
  const upTo = (most: number) => Math.floor(next() * (most + 1));
  const oneOf = <T>(items: readonly T[]) => items[upTo(items.length - 1)] as T;
  const some = <T>(least: number, most: number, make: (index: number) => T) =>
    Array.from({ length: least + upTo(most - least) }, (_, index) => make(index));
  const labels = (most: number): Labels =>
    Object.fromEntries(some(1, most, () => [oneOf(KEYS.slice(0, 4)), oneOf(VALUES)]));

  const expression = () => {
    const operator = oneOf(["In", "In", "NotIn", "Exists", "DoesNotExist"]);
    const hasValues = operator === "In" || operator === "NotIn";
    return { key: oneOf(KEYS), operator, ...(hasValues && { values: some(1, 3, () => oneOf(VALUES)) }) };
  };
  const selector = (): Selector => {
    const kind = upTo(9);
    return {
      ...(kind < 7 && { matchLabels: Object.fromEntries(some(1, 2, () => [oneOf(KEYS), oneOf(VALUES)])) }),
      ...(kind > 4 && { matchExpressions: some(kind === 9 ? 0 : 1, 2, expression) }),
    };
  };
  const malformed = (): Selector => {
    const { matchLabels = {}, matchExpressions = [] } = selector();
    const wrong = oneOf<() => Selector>([
      () => ({
        matchExpressions: [{ key: oneOf(KEYS), operator: oneOf(BAD_OPERATORS), values: ["orders"] }],
      }),
      () => ({ matchExpressions: [{ key: oneOf(KEYS), operator: oneOf(["In", "NotIn"]) }] }),
      () => ({ matchExpressions: [{ key: oneOf(KEYS), operator: oneOf(["In", "NotIn"]), values: [] }] }),
      () => ({
        matchExpressions: [
          { key: oneOf(KEYS), operator: oneOf(["Exists", "DoesNotExist"]), values: [oneOf(VALUES)] },
        ],
      }),
      () => ({ matchExpressions: [{ key: oneOf(BAD_KEYS), operator: "DoesNotExist" }] }),
      () => ({
        matchExpressions: [
          { key: oneOf(KEYS), operator: oneOf(["In", "NotIn"]), values: ["orders", oneOf(BAD_VALUES)] },
        ],
      }),
      () => ({ matchLabels: { [oneOf(BAD_KEYS)]: oneOf(VALUES) } }),
      () => ({ matchLabels: { [oneOf(KEYS)]: oneOf(BAD_VALUES) } }),
    ])();
    return {
      matchLabels: { ...matchLabels, ...wrong.matchLabels },
      matchExpressions: [...matchExpressions, ...(wrong.matchExpressions ?? [])],
    };
  };
  const policy = (namespace: string, index: number): Set["policies"][number] => {
    const isMalformed = chance(0.1);
    const isOfPods = chance(0.5);
    const bad = isMalformed ? malformed() : undefined;
    const given = (share: number): Selector | null | undefined => {
      if (chance(share)) return selector();
      return chance(0.2) ? null : chance(0.15) ? {} : undefined;
    };
    const podSelector = isOfPods && bad ? bad : given(0.8);
    const serviceAccountSelector = !isOfPods && bad ? bad : given(0.2);
    return {
      metadata: { name: `p${index}`, namespace: chance(0.1) ? "elsewhere" : namespace },
      isMalformed,
      spec: {
        ...(podSelector !== undefined && { podSelector }),
        ...(serviceAccountSelector !== undefined && { serviceAccountSelector }),
        ...(chance(0.97) && { securityGroups: { groupIds: some(1, 2, () => oneOf(GROUPS)) } }),
      },
    };
  };
  const workload = (namespace: string, index: number): Workload => {
    const name = `w${index}`;
    const kind = oneOf(["Pod", "Pod", "Pod", "Deployment", "Job", "StatefulSet"] as const);
    const added = {
      Pod: {},
      Deployment: { "pod-template-hash": "orders" },
      Job: { "job-name": name, "batch.kubernetes.io/job-name": name },
      StatefulSet: { "statefulset.kubernetes.io/pod-name": `${name}-0`, "apps.kubernetes.io/pod-index": "0" },
    }[kind];
    const account = oneOf([
      "orders",
      "orders",
      "web",
      "",
      undefined,
      undefined,
      chance(0.5) ? "gone" : "web",
    ]);
    const os = oneOf([undefined, undefined, undefined, "linux", "windows"]);
    const key = oneOf(["kubernetes.io/os", "kubernetes.io/os", "beta.kubernetes.io/os"]);
    const own = { ...labels(3), ...(chance(0.05) && { "eks.amazonaws.com/fargate-profile": "default" }) };
    return {
      kind,
      metadata: { name, namespace },
      labels: Object.keys(own).length === 0 ? undefined : own,
      added,
      spec: {
        ...(account !== undefined && { serviceAccountName: account }),
        ...(chance(0.05) && { serviceAccount: "orders" }),
        ...(chance(0.05) && { hostNetwork: true }),
        ...(os !== undefined && chance(0.3) && { nodeSelector: { [key]: os } }),
        containers: [{ name: "main" }],
      },
    };
  };
  return Array.from({ length: NUMBER }, (_, number) => {
    const namespace = `s${number + 1}`;
    return {
      policies: some(2, 4, (index) => policy(namespace, index)).map((one, index) => ({
        ...one,
        metadata: { ...one.metadata, name: `${namespace}-p${index}` },
      })),
      workloads: some(1, 2, (index) => workload(namespace, index)),
      serviceAccounts: ["default", "orders", "web"].map((name) => ({
        metadata: { name, namespace, labels: labels(2) },
      })),
    };
  });
}

/** A set as `main.go` reads it: with the pods in place of what runs them. */
export function asOracleReads({ policies, workloads, serviceAccounts }: Set): string {
  const pods = workloads.map(({ metadata, labels, added, spec }) => ({
    metadata: { ...metadata, labels: { ...labels, ...added } },
    spec,
  }));
  return JSON.stringify({ policies, pods, serviceAccounts });
}

/** The objects of a set as `kubectl get -o json` prints them. */
export function asDump({ policies, workloads, serviceAccounts }: Set): object[] {
  const dumped = (kind: string, apiVersion: string, metadata: Metadata, rest: object) => ({
    kind,
    apiVersion,
    metadata: { ...metadata, uid: `${metadata.namespace}-${kind}-${metadata.name}` },
    ...rest,
  });
  return [
    ...policies.map(({ metadata, spec }) =>
      dumped("SecurityGroupPolicy", "vpcresources.k8s.aws/v1beta1", metadata, { spec }),
    ),
    ...serviceAccounts.map(({ metadata }) => dumped("ServiceAccount", "v1", metadata, {})),
    ...workloads.map(({ kind, metadata, labels, spec }) => {
      if (kind === "Pod") return dumped(kind, "v1", { ...metadata, ...(labels && { labels }) }, { spec });
      const template = { metadata: { ...(labels && { labels }) }, spec };
      const apiVersion = kind === "Job" ? "batch/v1" : "apps/v1";
      return dumped(kind, apiVersion, metadata, { spec: { template } });
    }),
  ];
}
