import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "./moto";
import { environment } from "./terraform";

export interface Cluster {
  readonly kubeconfig: string;
  /** The `kubectl` to use. */
  readonly kubectl: string;
  /** Whether controllers run, which make pods of what is applied. */
  readonly hasControllers: boolean;
  readonly stop: () => Promise<void>;
}

type Home = Readonly<Record<string, string>>;

/**
 * A Kubernetes API, by the convention of envtest: the cluster of `KUBECONFIG`, or else etcd and kube-apiserver from the folder
 * `KUBEBUILDER_ASSETS` or the PATH, started on free ports, with kube-controller-manager where that is there, too. A cluster
 * beyond this machine is taken only with `USE_EXISTING_CLUSTER=true`, because the tests change its CNI.
 *
 * @returns why there is none, in one line, where there is none
 */
export async function startCluster(folder: string, home: Home): Promise<Cluster | { reason: string }> {
  const kubectl = program("kubectl");
  if (kubectl === undefined) return { reason: "there is no `kubectl` in KUBEBUILDER_ASSETS or on the PATH" };
  const existing = process.env["KUBECONFIG"];
  if (existing) return existingCluster(existing, kubectl, home);
  const [etcd, apiServer] = [program("etcd"), program("kube-apiserver")];
  if (etcd !== undefined && apiServer !== undefined)
    return startedCluster(folder, { etcd, apiServer, kubectl }, home);
  return {
    reason:
      "there is no Kubernetes API: set KUBECONFIG, or have etcd and kube-apiserver in KUBEBUILDER_ASSETS or on the PATH",
  };
}

/** The path of a program; undefined where it is in neither place. */
function program(name: string): string | undefined {
  const assets = process.env["KUBEBUILDER_ASSETS"];
  const folders = [...(assets ? [assets] : []), ...(process.env["PATH"] ?? "").split(delimiter)];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

function existingCluster(kubeconfig: string, kubectl: string, home: Home): Cluster | { reason: string } {
  const server = kubectlIn(kubectl, kubeconfig, home)(
    "config",
    "view",
    "--minify",
    "--output",
    "jsonpath={.clusters[0].cluster.server}",
  );
  const isLocal = /^https?:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:|\/|$)/.test(server);
  if (!isLocal && process.env["USE_EXISTING_CLUSTER"] !== "true") {
    return {
      reason: `KUBECONFIG leads to ${server}, and the tests change the CNI: set USE_EXISTING_CLUSTER=true if that is meant`,
    };
  }
  return { kubeconfig, kubectl, hasControllers: true, stop: async () => {} };
}

interface Programs {
  readonly etcd: string;
  readonly apiServer: string;
  readonly kubectl: string;
}

async function startedCluster(folder: string, programs: Programs, home: Home): Promise<Cluster> {
  const { kubectl } = programs;
  const [etcdPort, peerPort, apiPort] = [await freePort(), await freePort(), await freePort()];
  const path = (name: string) => join(folder, name);
  const token = randomUUID();
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  writeFileSync(path("service-account.key"), privateKey.export({ type: "pkcs8", format: "pem" }));
  writeFileSync(path("service-account.pub"), publicKey.export({ type: "spki", format: "pem" }));
  writeFileSync(path("tokens.csv"), `${token},admin,admin,system:masters\n`);
  mkdirSync(path("certificates"));

  const etcd = start(path("etcd.log"), programs.etcd, [
    `--data-dir=${path("etcd")}`,
    `--listen-client-urls=http://127.0.0.1:${etcdPort}`,
    `--advertise-client-urls=http://127.0.0.1:${etcdPort}`,
    `--listen-peer-urls=http://127.0.0.1:${peerPort}`,
    "--unsafe-no-fsync",
  ]);
  const apiServer = start(path("kube-apiserver.log"), programs.apiServer, [
    `--etcd-servers=http://127.0.0.1:${etcdPort}`,
    "--bind-address=127.0.0.1",
    `--secure-port=${apiPort}`,
    `--cert-dir=${path("certificates")}`,
    `--token-auth-file=${path("tokens.csv")}`,
    "--authorization-mode=RBAC",
    "--service-account-issuer=https://localhost",
    `--service-account-signing-key-file=${path("service-account.key")}`,
    `--service-account-key-file=${path("service-account.pub")}`,
    "--service-cluster-ip-range=10.0.0.0/24",
    "--disable-admission-plugins=ServiceAccount",
    // The CNI's containers are privileged.
    "--allow-privileged=true",
  ]);
  const started = [etcd, apiServer];
  const stop = async () => {
    for (const one of started.reverse()) await one.stop();
  };

  const kubeconfig = path("kubeconfig.json");
  const certificate = path("certificates/apiserver.crt");
  writeFileSync(
    kubeconfig,
    JSON.stringify(kubeconfigFor(`https://127.0.0.1:${apiPort}`, certificate, token)),
  );
  let said = "";
  for (let attempt = 0; attempt < 150; attempt += 1) {
    const probe = ["--kubeconfig", kubeconfig, "get", "namespace", "kube-system"];
    const { status, stderr } = spawnSync(kubectl, probe, { encoding: "utf8", env: environment({}, home) });
    if (status === 0) {
      const controllers = startedControllers(path, kubeconfig);
      if (controllers) started.push(controllers);
      return { kubeconfig, kubectl, hasControllers: controllers !== undefined, stop };
    }
    said = stderr;
    await sleep(400);
  }
  await stop();
  throw new Error(`kube-apiserver did not become ready: ${said}`);
}

/** No node is there, so that the pods that they make wait for one. */
function startedControllers(path: (name: string) => string, kubeconfig: string): Started | undefined {
  const manager = program("kube-controller-manager");
  if (manager === undefined) return undefined;
  return start(path("kube-controller-manager.log"), manager, [
    `--kubeconfig=${kubeconfig}`,
    `--service-account-private-key-file=${path("service-account.key")}`,
    "--leader-elect=false",
    "--secure-port=0",
    `--controllers=${CONTROLLERS.join(",")}`,
  ]);
}

/** Those that make pods, and those that let what is deleted go. */
const CONTROLLERS = [
  ...["deployment", "replicaset", "statefulset", "daemonset", "job", "cronjob"],
  ...["serviceaccount", "endpointslice", "namespace", "garbage-collector"],
].map((name) => `${name}-controller`);

interface Started {
  readonly stop: () => Promise<void>;
}

function start(log: string, command: string, args: string[]): Started {
  const output = openSync(log, "a");
  const child: ChildProcess = spawn(command, args, { stdio: ["ignore", output, output] });
  const end = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  return {
    stop: async () => {
      child.kill();
      await end;
    },
  };
}

function kubeconfigFor(server: string, certificate: string, token: string): object {
  return {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "test", cluster: { server, "certificate-authority": certificate } }],
    users: [{ name: "test", user: { token } }],
    contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
    "current-context": "test",
  };
}

/** Runs kubectl on a cluster; throws with what it said when it fails. */
export function kubectlIn(kubectl: string, kubeconfig: string, home?: Home): (...args: string[]) => string {
  return (...args) => {
    const { status, stdout, stderr } = spawnSync(kubectl, ["--kubeconfig", kubeconfig, ...args], {
      encoding: "utf8",
      env: environment({}, home),
      maxBuffer: 64 * 1024 * 1024,
    });
    if (status !== 0)
      throw new Error(`kubectl ${args.join(" ")} exited with ${status}\n${stdout}\n${stderr}`);
    return stdout;
  };
}

/**
 * Makes sure that the cluster has a DaemonSet `aws-node`. One that is there is used and kept.
 *
 * @param copy the copy of the repository
 * @returns what takes away the one that this made
 */
export function ensureCni(kubectl: (...args: string[]) => string, copy: string): () => void {
  return ensure(kubectl, ["daemonset", "aws-node", "-n", "kube-system"], copy, "aws-node.yaml");
}

/** As `ensureCni`, for the resource SecurityGroupPolicy. */
export function ensurePolicies(kubectl: (...args: string[]) => string, copy: string): () => void {
  const definition = ["customresourcedefinition", "securitygrouppolicies.vpcresources.k8s.aws"];
  const remove = ensure(kubectl, definition, copy, "security-group-policy-crd.yaml");
  kubectl("wait", "--for=condition=Established", "--timeout=60s", definition.join("/"));
  return remove;
}

function ensure(
  kubectl: (...args: string[]) => string,
  object: readonly string[],
  copy: string,
  file: string,
): () => void {
  if (kubectl("get", ...object, "-o", "name", "--ignore-not-found")) return () => {};
  const fixture = join(copy, "__tests__/e2e/fixtures/kubernetes", file);
  kubectl("apply", "--server-side", "-f", fixture);
  return () => void kubectl("delete", "-f", fixture);
}
