/**
 * What is applied to a real API server and dumped again by kubectl is judged as the files are: the estate of
 * `fixtures/estate`, with what controllers make of it, and faults of every kind of object. What the simulated API server of the
 * other tests fills in (`../support/api-server.ts`) is what the real one does.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { parseAllDocuments, stringify } from "yaml";
import type { Report } from "../../verify/checks/model";
import { verify } from "../../verify/verify";
import { type Body, defaulted, type Manifest, owned } from "../support/api-server";
import { judgedOf, WRITTEN } from "../support/applied";
import { OBJECT_FAULTS } from "../support/faults";
import { temporaryFolderOnce } from "../support/folders";
import { KUBERNETES_FORMS } from "../support/kubernetes-forms";
import { blocksFor } from "../support/pages";
import { OBJECTS, TERRAFORM, WORDS } from "../support/shop";
import { configurationOf, resolved, stateOf } from "../support/terraform-forms";
import { broken, changed, derived, ESTATE, FAULTS, judged, MANIFESTS, told } from "./support/estate";
import { ensurePolicies, kubectlIn } from "./support/kubernetes";
import { awsStage, kubernetesStage } from "./support/stage";
import { environment, Terraform, workFolder } from "./support/terraform";

const { kubeconfig, kubectl: kubectlPath, hasControllers, reason } = kubernetesStage();
const { copy, pluginCache } = awsStage();
const cached = { TF_PLUGIN_CACHE_DIR: pluginCache };
const kubectl = kubectlIn(kubectlPath, kubeconfig);

const NAMESPACES = ["shop", "platform", "apis", "office", "written", "terraform"];

/** What the page asks a cluster for. */
const ASKED = /--output json (\S+)/.exec(blocksFor("dump")[0]?.text.replaceAll("\\\n", "") ?? "")?.[1] ?? "";
/** Kinds of what EKS installs, besides the policies. */
const OF_EKS = ["cninodes", "eniconfigs"];
/** All that a cluster without EKS has of it, and what nobody should add. */
const KINDS = [
  ...ASKED.split(",").filter((kind) => !OF_EKS.includes(kind)),
  ...["configmaps", "endpointslices", "secrets"],
].join(",");

/** Values that nobody may see, as the text that stands for them. */
const CANARIES = { secret: "Y2FuYXJ5LXNlY3JldA==", map: "canary-of-a-map", env: "canary-of-a-variable" };

const SECRETS: readonly Manifest[] = [
  {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "orders", namespace: "shop" },
    data: { password: CANARIES.secret },
  },
  {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "orders", namespace: "shop" },
    data: { url: CANARIES.map },
  },
];

let folder: string;

/** Applies objects; an error is what kubectl says. */
function apply(name: string, objects: readonly object[], ...options: string[]): string {
  const file = join(folder, `${name}.yaml`);
  writeFileSync(file, objects.map((one) => stringify(one)).join("---\n"));
  return kubectl("apply", "-f", file, ...options);
}

function objectsIn(path: string): Manifest[] {
  const files = path.endsWith(".yaml") ? [path] : readdirSync(path).map((name) => join(path, name));
  return files.flatMap((file) =>
    parseAllDocuments(readFileSync(file, "utf8")).flatMap((one) => one.toJS() ?? []),
  );
}

const WRITTEN_IN_ESTATE = MANIFESTS.flatMap((path) => objectsIn(join(ESTATE, path)));

/** What is said of each flow, of each workload and by each finding, whatever file it is from. */
function said(report: Report) {
  const sorted = (texts: readonly string[]) => [...texts].sort();
  return {
    flows: sorted(
      derived(report).map(
        ({ flow, status }) =>
          `${flow.id.name} ${status}: ${(flow.origins ?? []).map(({ words }) => words).join(", ")}`,
      ),
    ),
    findings: sorted(
      report.findings.map(({ severity, check, message }) => `${severity} ${check} ${message}`),
    ),
    workloads: sorted(
      (report.workloads?.rows ?? []).map(({ name, carries, groups, policies }) =>
        [name, carries, ...groups, ...policies.map(({ address }) => address)].join(" "),
      ),
    ),
    notes: sorted(report.notes),
  };
}

/** The cluster as kubectl shows it, in a file. */
function dumpAs(format: string): string {
  const file = join(folder, `live.${format}`);
  writeFileSync(file, kubectl("get", KINDS, "--all-namespaces", "--output", format));
  return file;
}

const judgedLive = (format: string) => verify(join(ESTATE, "infra"), { manifests: [dumpAs(format)] });

/** In the place of the namespace of an object, so that several sets of objects fit into one cluster. */
function inNamespace(name: string, objects: readonly Manifest[]): Manifest[] {
  return JSON.parse(JSON.stringify(objects).replaceAll('"shop"', JSON.stringify(name)));
}

/** What the server would make of objects, without keeping it. */
function answered(name: string, objects: readonly Manifest[]): string {
  const text = apply(name, inNamespace("written", objects), "--dry-run=server", "--output", "json");
  return text.replaceAll('"written"', '"shop"');
}

/** What is chosen by a cluster, and not a default. */
const CHOSEN = new Set(["clusterIP", "clusterIPs", "nodePort", "healthCheckNodePort", "creationTimestamp"]);

function comparable(object: Manifest): unknown {
  const { spec, webhooks } = object as { spec?: Body; webhooks?: unknown };
  return JSON.parse(
    JSON.stringify({ spec, webhooks }, (key, value) => (CHOSEN.has(key) ? undefined : value)),
  );
}

const DEPLOYMENTS = WRITTEN_IN_ESTATE.filter(({ kind }) => kind === "Deployment");
const PODS = DEPLOYMENTS.reduce((sum, { spec }) => sum + Number(spec?.["replicas"] ?? 1), 0);

/** What controllers make of the estate, simulated where there are none. */
async function makePods(): Promise<void> {
  if (!hasControllers) apply("pods", DEPLOYMENTS.flatMap(owned));
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const pods = kubectl("get", "pods", "--all-namespaces", "--output", "name").trim().split("\n");
    if (pods.length >= (hasControllers ? PODS : DEPLOYMENTS.length)) return;
    await sleep(200);
  }
  throw new Error("the controllers make no pods");
}

folder = temporaryFolderOnce();
let removePolicies = () => {};

beforeAll(() => {
  if (reason) return;
  removePolicies = ensurePolicies(kubectl, copy);
  apply(
    "namespaces",
    NAMESPACES.map((name) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } })),
  );
});

afterAll(() => {
  if (reason) return;
  kubectl("delete", "namespace", ...NAMESPACES, "--wait=false");
  removePolicies();
});

describe.skipIf(reason)("objects on a real API server", () => {
  const SOUND: readonly Manifest[] = Object.values(OBJECTS);
  const answeredObjects = (name: string, objects: readonly Manifest[]): Manifest[] =>
    JSON.parse(answered(name, objects)).items;

  test.each<readonly [string, readonly Manifest[]]>([
    ["of the estate", WRITTEN_IN_ESTATE.filter(({ metadata }) => metadata.namespace === "shop")],
    ["of other kinds", WRITTEN],
    ["of the small estate", SOUND],
    [
      "with faults",
      OBJECT_FAULTS.flatMap(({ objects }) => Object.values(objects).filter((one) => !SOUND.includes(one))),
    ],
  ])("gets the defaults that the other tests simulate: %s", (_, objects) => {
    const answers = answeredObjects("defaults", objects);
    expect(answers.map(comparable)).toStrictEqual(objects.map((one) => comparable(defaulted(one))));
  });

  test.each(OBJECT_FAULTS.map((fault) => [fault.what, fault] as const))(
    "shows a fault of an object, and nothing else: %s",
    async (_, { objects, groups = {}, ...found }) => {
      const root = join(folder, "small");
      const extra = Object.values(groups).map((address) => [address, { name: address, vpc_id: "vpc-1" }]);
      mkdirSync(root, { recursive: true });
      const resources = { ...TERRAFORM, ...Object.fromEntries(extra) };
      writeFileSync(join(root, "main.tf.json"), JSON.stringify(configurationOf(resources)));
      const dump = join(folder, "answered.json");
      writeFileSync(dump, answered("fault", Object.values(objects)));
      const groupWords = new Map(Object.entries({ ...WORDS, ...groups }));
      const report = await verify(root, { manifests: [dump], groupWords });
      expect(broken(report).sort()).toStrictEqual(found.broken ?? []);
      expect(told(report)).toStrictEqual(found.told ?? []);
    },
  );
});

describe.skipIf(reason)("an estate on a real API server", () => {
  beforeAll(async () => {
    // What calls pods that never run comes last, because nothing else could be applied then.
    const calling = WRITTEN_IN_ESTATE.filter(({ kind }) => kind.endsWith("WebhookConfiguration"));
    apply("estate", [...WRITTEN_IN_ESTATE.filter((one) => !calling.includes(one)), ...calling]);
    apply("secrets", SECRETS);
    kubectl("set", "env", "deployment/orders", `URL=${CANARIES.env}`, "--namespace", "shop");
    await makePods();
  });

  afterAll(() => {
    const ofCluster = WRITTEN_IN_ESTATE.filter(({ metadata }) => metadata.namespace === undefined);
    for (const { kind, metadata } of ofCluster.reverse()) kubectl("delete", kind, metadata.name);
  });

  test.each(["yaml", "json"])("is judged as its files are: -o %s", async (format) => {
    const files = said(await judged(ESTATE));
    expect(files.flows.length).toBeGreaterThanOrEqual(60);
    const dump = dumpAs(format);
    expect(readFileSync(dump, "utf8")).toMatch(/ownerReferences/);
    expect(said(await judgedLive(format))).toStrictEqual(files);
  });

  test("is judged as its files are by its pods alone, without what they are made from", async () => {
    const kinds = KINDS.split(",").filter((kind) => !["deployments", "replicasets"].includes(kind));
    const dump = join(folder, "pods.json");
    writeFileSync(dump, kubectl("get", kinds.join(","), "--all-namespaces", "--output", "json"));
    const report = await verify(join(ESTATE, "infra"), { manifests: [dump] });
    expect(said(report)).toStrictEqual(said(await judged(ESTATE)));
  });

  test("shows nothing that is secret", async () => {
    const dump = readFileSync(dumpAs("json"), "utf8");
    const report = JSON.stringify(await judgedLive("json"));
    for (const canary of Object.values(CANARIES)) {
      expect(dump).toContain(canary);
      expect(report).not.toContain(canary);
    }
  });

  const live = FAULTS.filter(([, [file]]) => !file.startsWith("infra"));
  test.each(live)("shows a fault, and nothing else: %s", async (_, change, found) => {
    const [file] = change;
    kubectl("apply", "-f", join(changed(change), file));
    const report = await judgedLive("json");
    kubectl("apply", "-f", join(ESTATE, file));
    expect(broken(report).sort()).toStrictEqual([...(found.broken ?? [])].sort());
    expect(told(report)).toStrictEqual(found.told ?? []);
  });
});

/** Faults of objects that Terraform's provider applies without waiting for what only nodes can give. */
const APPLIED = [
  "a readiness probe on a port that no rule allows",
  "a hook on a port that no rule allows",
  "a probe of an init container that goes on running",
  "a Service whose target port has another number than the rules",
  "a network policy that allows a port which no rule does",
  "pods for Windows by a node affinity",
];

describe.skipIf(reason ?? inject("kubernetesProvider").reason)("objects that Terraform applies", () => {
  // An API that does not answer keeps the provider from asking what there is.
  const without = ({ api: _, ...objects }: Readonly<Record<string, Manifest>>) => Object.values(objects);

  test.each(["kubernetes_manifest", "typed resources"])("are judged in a state: %s", async (form) => {
    const root = new Terraform(workFolder(), environment({ KUBE_CONFIG_PATH: kubeconfig, ...cached }));
    // Made anew each time: of an update the provider may say that its own result is inconsistent.
    const appliedState = (): ReturnType<typeof stateOf> => {
      try {
        root.apply();
        return JSON.parse(root.run("show", "-json"));
      } finally {
        root.destroy();
      }
    };
    const judgedState = async (objects: readonly Manifest[]) => {
      const inForm = KUBERNETES_FORMS[form] as (typeof KUBERNETES_FORMS)[string];
      const { resources, places } = inForm(inNamespace("terraform", objects), WORDS);
      writeFileSync(join(root.folder, "main.tf.json"), JSON.stringify(configurationOf(resolved(resources))));
      root.init();
      const shown = appliedState();
      const state = stateOf(TERRAFORM);
      const all = [...state.values.root_module.resources, ...shown.values.root_module.resources];
      const file = join(root.folder, "state.json");
      writeFileSync(file, JSON.stringify({ ...state, values: { root_module: { resources: all } } }));
      const report = await verify(file);
      const inShop = (text: string) => text.replaceAll("terraform/", "shop/");
      return {
        flows: derived(report).length,
        broken: broken(report).map(inShop).sort(),
        told: report.findings.flatMap(({ severity, check, address }) =>
          severity === "information" ? [] : [`${check} ${inShop(places.get(address) ?? address)}`],
        ),
      };
    };

    const healthy = await judgedState(without(OBJECTS));
    expect(healthy).toStrictEqual({ flows: 8, broken: [], told: [] });
    const faults = OBJECT_FAULTS.filter(({ what }) => APPLIED.includes(what));
    expect(faults).toHaveLength(APPLIED.length);
    for (const { what, objects, broken: lost = [], told: named = [] } of faults) {
      const { broken, told } = await judgedState(without(objects));
      expect({ what, broken, told }).toStrictEqual({ what, broken: lost, told: named });
    }
  });
});

// The last, because what it applies stays until the cluster goes.
describe.skipIf(reason)("objects of other kinds on a real API server", () => {
  test("are judged as their files are", async () => {
    apply("written", inNamespace("written", WRITTEN));
    const dump = kubectl("get", KINDS, "--namespace", "written", "--output", "yaml");
    expect(dump).toContain("ClusterFirst");
    const text = WRITTEN.map((object) => stringify(object)).join("---\n");
    expect(await judgedOf(dump.replaceAll("namespace: written", "namespace: shop"))).toStrictEqual(
      await judgedOf(text),
    );
  });
});
