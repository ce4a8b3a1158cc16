import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { Unknown } from "../../../expression/value";
import { InputError } from "../../../io/errors";
import { readManifests } from "../../../verify/read/kubernetes/manifests";
import { temporaryFolder } from "../../support/folders";

const POD = (name: string, more = "") => `apiVersion: v1
kind: Pod
metadata:
  name: ${name}
${more}spec:
  containers: [{ name: app, image: app }]
`;
const IN_SHOP = "  namespace: shop\n";

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const addresses = (paths: readonly string[], stdin?: string) =>
  readManifests(paths, stdin).objects.map(({ address }) => address);

function problemsOf(paths: readonly string[], stdin?: string): string {
  try {
    readManifests(paths, stdin);
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return "";
}

/** What people pipe and commit, in the forms in which tools print it. */
test.each<[what: string, text: string, found: readonly string[]]>([
  ["one document", POD("a", IN_SHOP), ["shop/Pod/a"]],
  [
    "several, as helm template prints them",
    `---\n# Source: a.yaml\n${POD("a")}---\n${POD("b")}`,
    ["Pod/a", "Pod/b"],
  ],
  [
    "the settings of the CNI, and no other ConfigMap",
    "kind: ConfigMap\nmetadata: { name: amazon-vpc-cni, namespace: kube-system }\ndata: { a: b }\n---\n" +
      "kind: ConfigMap\nmetadata:\n  name: aws-node\n---\n# amazon-vpc-cni\nkind: ConfigMap\nmetadata:\n  name: amazon-vpc-cni-2\n" +
      "---\nkind: List\nitems: [{ kind: ConfigMap, metadata: { name: kube-root-ca.crt } }]\n",
    ["kube-system/ConfigMap/amazon-vpc-cni"],
  ],
  ["empty documents between them", `---\n---\n# nothing\n---\n${POD("a")}\n---\n`, ["Pod/a"]],
  [
    "a list, as kubectl get -o yaml prints it",
    "kind: List\nitems:\n- kind: ServiceAccount\n  metadata: {name: a}\n",
    ["ServiceAccount/a"],
  ],
  [
    "JSON, as kubectl get -o json prints it",
    JSON.stringify({
      kind: "PodList",
      items: [{ kind: "Pod", metadata: { name: "a", namespace: "shop" }, spec: { containers: [{}] } }],
    }),
    ["shop/Pod/a"],
  ],
  [
    "a kind that nobody here knows, with a pod template",
    "kind: Rollout\nmetadata: {name: a}\nspec: {template: {spec: {containers: [{}]}}}\n",
    ["Rollout/a"],
  ],
  ["the same object twice", `${POD("a")}---\n${POD("a")}`, ["Pod/a"]],
  [
    "one name in two namespaces",
    `${POD("a", IN_SHOP)}---\n${POD("a", "  namespace: other\n")}`,
    ["shop/Pod/a", "other/Pod/a"],
  ],
  ["Windows line ends", POD("a").replaceAll("\n", "\r\n"), ["Pod/a"]],
  [
    "what is secret is never looked into",
    `kind: Secret\ndata: {{ .Values.broken }}\n---\n${POD("a")}`,
    ["Pod/a"],
  ],
])("%s", (_, text, found) => {
  expect(addresses(["-"], text)).toStrictEqual(found);
});

describe("a live dump says each workload once", () => {
  /** An object, in one line of YAML, with who controls it: `KIND/NAME`. */
  const live = (object: string, by?: string, labels = "", more = "", spec = "") => {
    const [kind = "", name = ""] = object.split("/");
    const [owner, of] = by?.split("/") ?? [];
    const owners = by ? `, ownerReferences: [{kind: ${owner}, name: ${of}, controller: true}]` : "";
    const pod = "containers: [{ name: app, image: app }]";
    const template = kind === "Pod" ? pod : `template: {metadata: {labels: {${labels}}}, spec: {${pod}}}`;
    return `kind: ${kind}\nmetadata: {name: ${name}, namespace: shop, labels: {${labels}}${owners}${more}}\nspec: {${template}${spec}}\n`;
  };
  const HASH = "app: web, pod-template-hash: 5d8f7c9b4d";
  const made = (minute: number) => `, creationTimestamp: "2026-01-01T00:0${minute}:00Z"`;

  test.each<[what: string, objects: readonly string[], found: readonly string[]]>([
    [
      "what another object makes is left out",
      [
        live("Deployment/web"),
        live("ReplicaSet/web-1", "Deployment/web"),
        live("Pod/web-1-a", "ReplicaSet/web-1"),
      ],
      ["Deployment/web"],
    ],
    [
      "pods beside a Deployment, without the ReplicaSet between them",
      [live("Deployment/web"), live("Pod/web-5d8f7c9b4d-a", "ReplicaSet/web-5d8f7c9b4d", HASH)],
      ["Deployment/web"],
    ],
    [
      "pods alone, of a Deployment and of one that is not made by one",
      [
        live("Pod/web-5d8f7c9b4d-a", "ReplicaSet/web-5d8f7c9b4d", HASH),
        live("Pod/web-5d8f7c9b4d-b", "ReplicaSet/web-5d8f7c9b4d", HASH),
        live("Pod/web-6c7f7c9b4d-c", "ReplicaSet/web-6c7f7c9b4d", "pod-template-hash: 6c7f7c9b4d"),
        live("Pod/old-a", "ReplicaSet/old"),
        live("Pod/old-b", "ReplicaSet/old"),
      ],
      ["Deployment/web", "ReplicaSet/old"],
    ],
    [
      "pods alone, of other kinds",
      [
        ...["db-0", "db-1"].map((name) => live(`Pod/${name}`, "StatefulSet/db")),
        ...["agent-a", "agent-b"].map((name) => live(`Pod/${name}`, "DaemonSet/agent")),
        ...["29401260", "29401320"].map((time) => live(`Pod/report-${time}-a`, `Job/report-${time}`)),
        live("Pod/migrate-20261126-a", "Job/migrate-20261126"),
        live("Pod/canary-a", "ReplicaSet/canary-77f", "rollouts-pod-template-hash: 77f"),
      ],
      ["StatefulSet/db", "DaemonSet/agent", "CronJob/report", "Job/migrate-20261126", "Rollout/canary"],
    ],
    [
      "what is made by something in between, which is there alone",
      [
        live("ReplicaSet/web-1", "Deployment/web"),
        live("ReplicaSet/web-2", "Deployment/web"),
        live("Pod/web-2-a", "ReplicaSet/web-2"),
        live("Job/report-1", "CronJob/report"),
        live("Job/report-2", "CronJob/report"),
      ],
      ["Deployment/web", "CronJob/report"],
    ],
    [
      "pods of what may make any, of nodes and of nobody are each a workload",
      [
        live("Pod/step-a", "Workflow/build"),
        live("Pod/step-b", "Workflow/build"),
        live("Pod/kube-proxy-a", "Node/a"),
        live("Pod/driver"),
        live("Pod/executor-1", "Pod/driver", "role: executor"),
      ],
      ["Pod/step-a", "Pod/step-b", "Pod/kube-proxy-a", "Pod/driver", "Pod/executor-1"],
    ],
  ])("%s", (_, objects, found) => {
    const inShop = found.map((address) => `shop/${address}`);
    expect(addresses(["-"], objects.join("---\n"))).toStrictEqual(inShop);
    expect(addresses(["-"], objects.toReversed().join("---\n")).sort()).toStrictEqual([...inShop].sort());
  });

  test("what is no workload stays, whoever controls it", () => {
    const policy =
      "kind: SecurityGroupPolicy\nmetadata: {name: web, namespace: shop, ownerReferences: [{kind: Deployment, name: web, controller: true}]}\n";
    expect(addresses(["-"], [live("Deployment/web"), policy].join("---\n"))).toContain(
      "shop/SecurityGroupPolicy/web",
    );
  });

  test.each([
    [
      "pods",
      [
        live("Pod/web-1-a", "ReplicaSet/web-1", "pod-template-hash: 1", made(1)),
        live("Pod/web-2-a", "ReplicaSet/web-2", "pod-template-hash: 2, new: it", made(2)),
      ],
    ],
    [
      "ReplicaSets, of which an older one is in use again",
      [
        live(
          "ReplicaSet/web-1",
          "Deployment/web",
          "new: it",
          `${made(1)}, annotations: {deployment.kubernetes.io/revision: "10"}`,
        ),
        live(
          "ReplicaSet/web-2",
          "Deployment/web",
          "",
          `${made(2)}, annotations: {deployment.kubernetes.io/revision: "9"}`,
        ),
      ],
    ],
  ])("in a rollout it is the newer: %s", (_, objects) => {
    for (const some of [objects, objects.toReversed()]) {
      const [object, ...others] = readManifests(["-"], some.join("---\n")).objects;
      expect(others).toStrictEqual([]);
      expect(object?.body).toMatchObject({
        kind: "Deployment",
        spec: { template: { metadata: { labels: { new: "it" } } } },
      });
    }
  });
});

describe("the namespace", () => {
  const namespaceOf = (path: string, text: string) => {
    const folder = folderOf({ "a.yaml": text });
    const [object] = readManifests([path.replace("F", folder)]).objects;
    const { metadata } = (object?.body ?? {}) as { metadata?: { namespace: unknown } };
    return metadata?.namespace;
  };

  test("is unknown where nobody says one, and never the default", () => {
    expect(namespaceOf("F", POD("a"))).toBeInstanceOf(Unknown);
  });
  test("is that of the path, for what names none", () => {
    expect(namespaceOf("shop=F", POD("a"))).toBe("shop");
  });
  test("is the object's own, whatever the path says", () => {
    expect(namespaceOf("other=F", POD("a", IN_SHOP))).toBe("shop");
  });
  test("is no part of a path that is there with its =", () => {
    const folder = folderOf({ "a=b/a.yaml": POD("a") });
    expect(addresses([`${folder}/a=b`])).toStrictEqual(["Pod/a"]);
  });
});

test("a folder is read with the folders in it, without what is hidden and what is no manifest", () => {
  const folder = folderOf({
    "b.yml": POD("b"),
    "a/a.json": JSON.stringify({ kind: "Pod", metadata: { name: "a" }, spec: { containers: [{}] } }),
    ".git/c.yaml": POD("c"),
    "package.json": '{"name":"x"}',
    "docker-compose.yaml": "services: {web: {image: x}}\n",
    "README.md": "# kind: Pod",
  });
  expect(addresses([folder])).toStrictEqual(["Pod/b", "Pod/a"]);
});

/** Patches parse as whole objects, templates do not parse: neither says what is applied. */
test.each<[what: string, file: string, command: string]>([
  ["kustomize", "kustomization.yaml", "kubectl kustomize"],
  ["kustomize, by its other name", "Kustomization", "kubectl kustomize"],
  ["Helm", "Chart.yaml", "helm template NAME"],
])("a folder that %s renders is named with the command, and not read file by file", (_, file, command) => {
  const folder = folderOf({
    "a.yaml": POD("a"),
    [`inner/${file}`]: "x: 1\n",
    "inner/templates/b.yaml": POD("b"),
  });
  const { objects, notes } = readManifests([folder]);
  expect(objects.map(({ address }) => address)).toStrictEqual(["Pod/a"]);
  expect(notes).toHaveLength(1);
  expect(notes[0]).toContain(`${folder}/inner: `);
  expect(notes[0]).toContain(command);
});

test.each<[kind: string, text: string, says: string]>([
  [
    "Argo CD",
    "kind: Application\nmetadata: {name: shop}\nspec: {source: {chart: redis}}\n",
    "Application shop, which installs redis, is not read",
  ],
  [
    "Flux",
    "kind: HelmRelease\nmetadata: {name: shop}\nspec: {chart: {spec: {chart: redis}}}\n",
    "HelmRelease shop, which installs redis, is not read",
  ],
])("what %s installs is named as unread", (_, text, says) => {
  const { notes } = readManifests(["-"], `${POD("a")}---\n${text}`);
  expect(notes.join()).toContain(says);
});

describe("what cannot be used is said, all at once", () => {
  test("one object with two contents: of which environment they are is not known", () => {
    const folder = folderOf({
      "dev/a.yaml": POD("a"),
      "prod/a.yaml": POD("a").replace("image: app", "image: other"),
    });
    const problem = problemsOf([folder]);
    expect(problem).toMatch(/dev\/a\.yaml:1 and .*prod\/a\.yaml:1: Pod\/a is there twice/);
    expect(problem).toContain("Choose one environment");
  });

  test("a file that is no YAML, by the line of the document", () => {
    const folder = folderOf({ "a.yaml": `${POD("a")}---\nkind: Pod\n: [\n` });
    expect(problemsOf([join(folder, "a.yaml")])).toContain("a.yaml:8: this document is not YAML.");
  });

  test("the same file found in a folder is a note, and the rest counts", () => {
    const folder = folderOf({
      "a.yaml": POD("a"),
      "chart.yaml": "kind: Pod\nmetadata:\n  name: {{ .Values.x }}\nspec: {containers: [{}]}\n",
    });
    const { objects, notes } = readManifests([folder]);
    expect(objects).toHaveLength(1);
    expect(notes.join()).toMatch(/chart\.yaml:1: this document has \{\{ … \}\} in the place of values/);
  });

  test("a document that holds itself, as an alias can make it", () => {
    expect(problemsOf(["-"], `${POD("a")}---\nkind: Pod\nspec: &spec { containers: [*spec] }\n`)).toContain(
      "-:8: this document is not YAML.",
    );
  });

  test("nothing that is known, and paths that are not there", () => {
    expect(problemsOf(["-"], "kind: ConfigMap\n")).toContain("there is no policy, no workload");
    expect(problemsOf(["-"], "kind: Namespace\nmetadata: { name: shop }\n")).toContain("there is no policy");
    expect(problemsOf(["nowhere", "nor-here"]).split("\n")).toHaveLength(2);
  });
});
