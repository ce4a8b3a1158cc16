import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { verify } from "../../verify/verify";
import {
  MANIFESTS,
  OTHER_PROBE,
  publicRoot,
  ROOT,
  VERSION_20,
  withoutDns,
  withoutPolicy,
} from "../support/public-root";
import { folderWith } from "./read/support/configuration";

async function report(root: string, manifests = MANIFESTS) {
  const folder = folderWith(publicRoot(root, manifests));
  const { verdicts, findings } = await verify(folder, { manifests: [join(folder, "k8s")] });
  const serious = findings.filter(({ severity }) => severity !== "information");
  return {
    flows: verdicts.map(({ flow, status }) => `${flow.id.name} ${status}`).sort(),
    findings: serious.map(({ severity, check, address }) => `${severity} ${check} ${address}`),
  };
}

const DATA = "shop/Deployment/orders/data/module.database.module.db_instance.aws_db_instance.this[0]";
const HEALTHY = [
  `${DATA} holds`,
  "shop/Deployment/orders/dns holds",
  "shop/Deployment/orders/readiness/8080 holds",
];

describe.each([
  ["21", ROOT],
  ["20", VERSION_20],
])("version %s of the public module for clusters, not downloaded", (_, root) => {
  test("healthy, it has no warning", async () => {
    expect(await report(root)).toStrictEqual({ flows: HEALTHY, findings: [] });
  });

  test("the cluster's role without its policy is found by name", async () => {
    expect(await report(withoutPolicy(root))).toStrictEqual({
      flows: HEALTHY,
      findings: ["error cluster-role-policy module.eks.aws_iam_role.this[0]"],
    });
  });

  test("no port 53 into the nodes' group is found by name", async () => {
    const flows = HEALTHY.map((flow) => flow.replace("/dns holds", "/dns broken"));
    expect(await report(withoutDns(root))).toStrictEqual({ flows, findings: [] });
  });

  test("a readiness port that no rule allows is found by name", async () => {
    const flows = HEALTHY.map((flow) => flow.replace("/8080 holds", "/8081 broken"));
    expect(await report(root, OTHER_PROBE)).toStrictEqual({ flows, findings: [] });
  });
});
