/** The shell blocks of the pages, as their readers run them: in a clone, after what the page wrote before. */
import { execFile, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { blocksFor } from "../support/pages";
import { listingApi } from "./support/listing-api";
import { repository } from "./support/repository";
import { awsStage } from "./support/stage";
import { awsEnvironment, command, environment, tryCommand, workFolder } from "./support/terraform";

const { reason } = awsStage();

describe.skipIf(reason)("docs/verify.md", () => {
  const [plan, known] = blocksFor("shell", "docs/verify.md");
  const folder = () => {
    const clone = repository();
    for (const { file, text } of blocksFor("walk", "docs/verify.md")) {
      if (file === undefined) continue;
      mkdirSync(dirname(join(clone, file)), { recursive: true });
      writeFileSync(join(clone, file), text);
    }
    cpSync(join(clone, "examples/faults/leak"), join(clone, "infra"), { recursive: true });
    return clone;
  };
  const env = () =>
    awsEnvironment({ TF_VAR_vpc_id: "vpc-0a1b2c3d", TF_VAR_node_security_group_id: "sg-0a1b2c3d" });
  const shell = (text = "") => ["-euo", "pipefail", "-c", text];

  beforeAll(() => expect(blocksFor("shell", "docs/verify.md")).toHaveLength(2));

  test("makes a plan and verifies it with its configuration", () => {
    const clone = folder();
    command(join(clone, "shop"), "terraform", ["init", "-no-color"], env());
    const said = command(clone, "bash", shell(plan?.text), env());
    expect(said).toContain("plan.json  (plan, enforcing mode strict)");
    // The names of the page: without the configuration, a plan does not know them.
    expect(said).toContain("holds if  probes  nodes -> api  TCP 8080");
    expect(said).toContain("Exit code 0");
  });

  test("writes down what is known, which then fails no more", () => {
    const clone = folder();
    tryCommand(clone, "bash", shell(known?.text), env());
    expect(existsSync(join(clone, "known.yaml"))).toBe(true);
    expect(readFileSync(join(clone, "known.yaml"), "utf8")).toContain("only-orders");
    expect(command(clone, "npm", ["run", "verify", "--", "infra", "--known", "known.yaml"], env())).toContain(
      "Exit code 0",
    );
  });
});

const noKubectl =
  spawnSync("kubectl", ["version", "--client"]).status === 0 ? undefined : "there is no `kubectl`";

describe.skipIf(noKubectl)("what pages look at in the cluster", () => {
  const NODE = "ip-10-0-1-7.eu-west-1.compute.internal";
  const ENI = '[{"eniId":"eni-0a1b2c3d4e5f60001","privateIp":"10.0.1.9"}]';
  const metadata = (name: string, more: object = {}) => ({ name, ...more });

  test.for(blocksFor("cluster"))("$page:$line shows it", async ({ text }) => {
    const api = await listingApi([
      {
        version: "vpcresources.k8s.aws/v1alpha1",
        kind: "CNINode",
        plural: "cninodes",
        namespaced: false,
        items: [{ metadata: metadata(NODE), spec: { features: [{ name: "SecurityGroupsForPods" }] } }],
      },
      {
        version: "v1",
        kind: "Node",
        plural: "nodes",
        namespaced: false,
        items: [{ metadata: metadata(NODE), status: { allocatable: { "vpc.amazonaws.com/pod-eni": "9" } } }],
      },
      {
        version: "v1",
        kind: "Pod",
        plural: "pods",
        namespaced: true,
        items: [
          { metadata: metadata("orders-1", { annotations: { "vpc.amazonaws.com/pod-eni": ENI } }) },
          { metadata: metadata("orders-2") },
        ],
      },
    ]);
    const kubeconfig = join(workFolder(), "kubeconfig.json");
    writeFileSync(kubeconfig, JSON.stringify(kubeconfigOf(api.url)));
    // Not spawnSync: the API answers in this process.
    const env = environment({ KUBECONFIG: kubeconfig });
    const said = await promisify(execFile)("bash", ["-euo", "pipefail", "-c", text], { env });
    await api.stop();
    const rows = said.stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.split(/ {2,}/));
    const expected = text.includes("get pods")
      ? [
          ["POD", "ENI"],
          ["orders-1", ENI],
          ["orders-2", "<none>"],
        ]
      : [
          ["NODE", "FEATURES"],
          [NODE, "SecurityGroupsForPods"],
          ["NODE", "POD-ENI"],
          [NODE, "9"],
        ];
    expect(rows).toStrictEqual(expected);
  });
});

function kubeconfigOf(server: string): object {
  return {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "test", cluster: { server } }],
    users: [{ name: "test", user: {} }],
    contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
    "current-context": "test",
  };
}
