import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "./moto";
import { environment } from "./terraform";

export interface Cluster {
  readonly kubeconfig: string;
  /** The `kubectl` to use. */
  readonly kubectl: string;
  readonly stop: () => Promise<void>;
}

/**
 * A Kubernetes API, by the convention of envtest: the cluster of `KUBECONFIG`, or else etcd and kube-apiserver
 * from the folder `KUBEBUILDER_ASSETS`, started on free ports. A cluster beyond this machine is taken only with
 * `USE_EXISTING_CLUSTER=true`, because the tests change its CNI.
 *
 * @returns why there is none, in one line, where there is none
 */
export async function startCluster(
  folder: string,
  home: Readonly<Record<string, string>>,
): Promise<Cluster | { reason: string }> {
  const assets = process.env["KUBEBUILDER_ASSETS"];
  const existing = process.env["KUBECONFIG"];
  const kubectl = assets && existsSync(join(assets, "kubectl")) ? join(assets, "kubectl") : "kubectl";
  const { error } = spawnSync(kubectl, ["version", "--client"]);
  if (error) return { reason: "there is no `kubectl` in KUBEBUILDER_ASSETS or on the PATH" };
  if (existing) return existingCluster(existing, kubectl, home);
  if (assets) return startedCluster(folder, assets, kubectl, home);
  return {
    reason: "there is no Kubernetes API: set KUBECONFIG, or KUBEBUILDER_ASSETS for etcd and kube-apiserver",
  };
}

function existingCluster(
  kubeconfig: string,
  kubectl: string,
  home: Readonly<Record<string, string>>,
): Cluster | { reason: string } {
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
  return { kubeconfig, kubectl, stop: async () => {} };
}

async function startedCluster(
  folder: string,
  assets: string,
  kubectl: string,
  home: Readonly<Record<string, string>>,
): Promise<Cluster> {
  const [etcdPort, peerPort, apiPort] = [await freePort(), await freePort(), await freePort()];
  const path = (name: string) => join(folder, name);
  const token = randomUUID();
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  writeFileSync(path("service-account.key"), privateKey.export({ type: "pkcs8", format: "pem" }));
  writeFileSync(path("service-account.pub"), publicKey.export({ type: "spki", format: "pem" }));
  writeFileSync(path("tokens.csv"), `${token},admin,admin,system:masters\n`);
  mkdirSync(path("certificates"));

  const etcd = start(path("etcd.log"), join(assets, "etcd"), [
    `--data-dir=${path("etcd")}`,
    `--listen-client-urls=http://127.0.0.1:${etcdPort}`,
    `--advertise-client-urls=http://127.0.0.1:${etcdPort}`,
    `--listen-peer-urls=http://127.0.0.1:${peerPort}`,
    "--unsafe-no-fsync",
  ]);
  const apiServer = start(path("kube-apiserver.log"), join(assets, "kube-apiserver"), [
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
  const stop = async () => {
    await apiServer.stop();
    await etcd.stop();
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
    if (status === 0) return { kubeconfig, kubectl, stop };
    said = stderr;
    await sleep(400);
  }
  await stop();
  throw new Error(`kube-apiserver did not become ready: ${said}`);
}

function start(log: string, command: string, args: string[]): { stop: () => Promise<void> } {
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
export function kubectlIn(
  kubectl: string,
  kubeconfig: string,
  home?: Readonly<Record<string, string>>,
): (...args: string[]) => string {
  return (...args) => {
    const { status, stdout, stderr } = spawnSync(kubectl, ["--kubeconfig", kubeconfig, ...args], {
      encoding: "utf8",
      env: environment({}, home),
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
