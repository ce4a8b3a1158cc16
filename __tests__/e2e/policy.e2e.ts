import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { isJson, type Json } from "../../io/json";
import { awsStage } from "./support/stage";
import { environment, Terraform, workFolder } from "./support/terraform";

/*
 * What the module security-group-policy makes of its variables, evaluated by Terraform alone: without its
 * resource the module needs no provider, and its outputs are the same.
 */

const { copy } = awsStage();
const { reason } = inject("terraform");

const VALUES = {
  name: "orders",
  namespace: "shop",
  security_group_ids: ["sg-0a1b2c3d", "sg-0a1b2c3d4e5f60004"],
};
const LABELS = { match_labels: { app: "orders" } };

/** The outputs of the module with some values. */
function outputsOf(values: object): Record<string, string> {
  const folder = workFolder();
  const file = join(copy, "cdktf.out/stacks/security-group-policy/cdk.tf.json");
  const { resource, terraform, ...module } = JSON.parse(readFileSync(file, "utf8"));
  writeFileSync(join(folder, "main.tf.json"), JSON.stringify(module));
  writeFileSync(
    join(folder, "values.auto.tfvars.json"),
    JSON.stringify({ ...VALUES, create: false, ...values }),
  );
  const root = new Terraform(folder, environment()).init();
  root.apply();
  return root.outputs();
}

/** The resource's schema, in which no field is unknown. */
function policySchema(): z.ZodType {
  const file = join(copy, "__tests__/e2e/fixtures/kubernetes/security-group-policy-crd.yaml");
  const { openAPIV3Schema } = parse(readFileSync(file, "utf8")).spec.versions[0].schema;
  openAPIV3Schema.properties.metadata = {
    type: "object",
    required: ["name", "namespace"],
    properties: { name: { type: "string" }, namespace: { type: "string" } },
  };
  return z.fromJSONSchema(closed(openAPIV3Schema) as Parameters<typeof z.fromJSONSchema>[0]);
}

function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (!isJson(schema)) return schema;
  const inside = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  const isObject = schema["type"] === "object" && "properties" in schema;
  return isObject ? { ...inside, additionalProperties: false } : inside;
}

const every = {
  match_labels: { app: "orders", "example.com/tier": "" },
  match_expressions: [
    { key: "app", operator: "In", values: ["orders", "payments"] },
    { key: "team", operator: "Exists" },
  ],
};
const EVERY = {
  matchLabels: { app: "orders", "example.com/tier": "" },
  matchExpressions: [
    { key: "app", operator: "In", values: ["orders", "payments"] },
    { key: "team", operator: "Exists" },
  ],
};

describe.skipIf(reason)("the policy as YAML", () => {
  test.each<[string, object, object]>([
    ["labels", { pod_selector: LABELS }, { podSelector: { matchLabels: { app: "orders" } } }],
    ["labels and expressions", { pod_selector: every }, { podSelector: EVERY }],
    [
      "service accounts alone",
      { pod_selector: null, service_account_selector: every },
      { serviceAccountSelector: EVERY },
    ],
    [
      "both",
      { pod_selector: every, service_account_selector: every },
      { podSelector: EVERY, serviceAccountSelector: EVERY },
    ],
    ["the whole namespace", { pod_selector: {}, select_whole_namespace: true }, { podSelector: {} }],
  ])("selects by %s, in the shape of the resource's schema", (_what, values, selectors) => {
    const policy = parse(outputsOf(values)["manifest_yaml"] as string);
    expect(policySchema().safeParse(policy).error).toBeUndefined();
    expect(policy).toStrictEqual({
      apiVersion: "vpcresources.k8s.aws/v1beta1",
      kind: "SecurityGroupPolicy",
      metadata: { name: "orders", namespace: "shop" },
      spec: { ...selectors, securityGroups: { groupIds: VALUES.security_group_ids } },
    });
  });

  test.each<[string, (spec: Json) => void]>([
    ["a misspelt field", (spec) => Object.assign(spec, { podselector: {} })],
    ["a null", (spec) => Object.assign(spec, { serviceAccountSelector: null })],
    ["no groups", (spec) => Object.assign(spec["securityGroups"] as Json, { groupIds: [] })],
    [
      "an expression without its operator",
      (spec) => Object.assign(spec["podSelector"] as Json, { matchExpressions: [{ key: "app" }] }),
    ],
  ])("would be seen to have %s", (_what, spoil) => {
    const policy = parse(outputsOf({ pod_selector: LABELS })["manifest_yaml"] as string);
    spoil(policy.spec);
    expect(policySchema().safeParse(policy).success).toBe(false);
  });
});

/** As much of a Job as the tests look at. */
interface Job {
  metadata: { name: string; namespace: string };
  spec: {
    backoffLimit: number;
    activeDeadlineSeconds: number;
    ttlSecondsAfterFinished: number;
    template: { metadata: { labels: Record<string, string> }; spec: PodSpec };
  };
}

interface PodSpec extends Json {
  serviceAccountName: string;
  containers: [{ image: string; command: string[]; env: { name: string; value: string }[] } & Json];
}

const CHECK = { host: "db.example.com", port: 3306 };

function jobsOf(values: object): { selected: Job; unselected: Job } {
  const yaml = outputsOf(values)["check_manifests_yaml"] as string;
  const [selected, unselected, ...more] = yaml.split("\n---\n").map((text) => parse(text) as Job);
  expect(more).toStrictEqual([]);
  return { selected: selected as Job, unselected: unselected as Job };
}

describe.skipIf(reason)("the Jobs of a check", () => {
  test("are one that the policy matches and one that it does not", () => {
    const { selected, unselected } = jobsOf({ pod_selector: LABELS, check: CHECK });
    expect(selected.spec.template.metadata.labels).toStrictEqual({ app: "orders" });
    expect(unselected.spec.template.metadata.labels).toStrictEqual({});
    expect(selected.metadata).toStrictEqual({ name: "orders-check-selected", namespace: "shop" });
    expect(unselected.metadata).toStrictEqual({ name: "orders-check-unselected", namespace: "shop" });
  });

  test("differ in their service accounts where the policy selects by these", () => {
    const check = { ...CHECK, service_account_name: "orders" };
    const { selected, unselected } = jobsOf({ pod_selector: null, service_account_selector: LABELS, check });
    expect(selected.spec.template.spec.serviceAccountName).toBe("orders");
    expect(unselected.spec.template.spec.serviceAccountName).toBe("default");
  });

  test("have the labels that the expressions ask for, and the image that is asked for", () => {
    const check = {
      ...CHECK,
      labels: { team: "shop", app: "payments" },
      image: "registry.example.com/busybox",
    };
    const { selected, unselected } = jobsOf({ pod_selector: every, check });
    expect(selected.spec.template.metadata.labels).toStrictEqual({ ...every.match_labels, team: "shop" });
    for (const job of [selected, unselected])
      expect(job.spec.template.spec.containers[0].image).toBe("registry.example.com/busybox");
  });

  test("keep the names of pods legal for the longest name of a policy", () => {
    const { selected, unselected } = jobsOf({
      name: `a.${"n".repeat(251)}`,
      pod_selector: LABELS,
      check: CHECK,
    });
    expect(selected.metadata.name).toMatch(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
    expect(unselected.metadata.name).toMatch(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
  });

  test("run once, end, go, serve nobody, and fit the Pod Security Standard restricted", () => {
    const { selected, unselected } = jobsOf({ pod_selector: LABELS, check: CHECK });
    for (const { spec } of [selected, unselected]) {
      expect(spec.backoffLimit).toBe(0);
      expect(spec.activeDeadlineSeconds).toBeGreaterThan(0);
      expect(spec.ttlSecondsAfterFinished).toBeGreaterThan(0);
      const pod = spec.template.spec;
      expect(pod["restartPolicy"]).toBe("Never");
      expect(pod["terminationGracePeriodSeconds"]).toBeGreaterThan(0);
      expect(pod["securityContext"]).toMatchObject({
        runAsNonRoot: true,
        seccompProfile: { type: "RuntimeDefault" },
      });
      expect(pod.containers[0]).toMatchObject({
        readinessProbe: { exec: { command: ["false"] } },
        resources: { limits: expect.anything(), requests: expect.anything() },
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
      });
    }
  });
});

/** Where the script of the Jobs can run: a network of its own with BusyBox's programs. */
function whyNoNetwork(): string | undefined {
  const busybox = spawnSync("busybox", ["nc", "--help"], { encoding: "utf8" });
  if (busybox.error) return "there is no `busybox` on the PATH";
  const probe = ["--user", "--map-root-user", "--net", "--mount", "ip", "link"];
  if (spawnSync("unshare", probe).status !== 0) return "`unshare` and `ip` can make no network namespace";
  return undefined;
}

const noNetwork = reason ?? whyNoNetwork();
if (noNetwork) console.warn(`the tests of the check's script are skipped: ${noNetwork}`);

test.skipIf(noNetwork)("the Jobs' script tells silence from every other answer", () => {
  const cases: [host: string, port: number, job: "selected" | "unselected", status: number, last: string][] =
    [
      ["db.example.com", 3306, "selected", 0, "PASSED: db.example.com port 3306: reached"],
      ["alias.example.com", 3306, "selected", 0, "PASSED: alias.example.com port 3306: reached"],
      [
        "hole.example.com",
        3306,
        "selected",
        1,
        "FAILED: hole.example.com port 3306: timed out, expected: reached",
      ],
      ["db.example.com", 3307, "selected", 1, "FAILED: db.example.com port 3307: refused, expected: reached"],
      ["nowhere.example.com", 3306, "selected", 1, "FAILED: nowhere.example.com does not resolve"],
      ["hole.example.com", 3306, "unselected", 0, "PASSED: hole.example.com port 3306: timed out"],
      [
        "db.example.com",
        3306,
        "unselected",
        1,
        "FAILED: db.example.com port 3306: reached, expected: timed out",
      ],
      [
        "db.example.com",
        3307,
        "unselected",
        1,
        "FAILED: db.example.com port 3307: refused, expected: timed out",
      ],
      ["nowhere.example.com", 3306, "unselected", 1, "FAILED: nowhere.example.com does not resolve"],
    ];
  const jobs = jobsOf({ pod_selector: LABELS, check: CHECK });
  const runs = cases.map(([host, port, job]) => {
    const { command, env } = jobs[job].spec.template.spec.containers[0];
    const values = Object.fromEntries(env.map(({ name, value }) => [name, value]));
    return { command, env: { ...values, HOST: host, PORT: String(port) } };
  });

  const folder = workFolder();
  const programs = join(folder, "bin");
  mkdirSync(programs);
  const busybox = spawnSync("sh", ["-c", "command -v busybox"], { encoding: "utf8" }).stdout.trim();
  for (const name of ["sh", "nslookup", "sed", "head", "nc", "true"])
    symlinkSync(busybox, join(programs, name));
  const network = join(copy, "__tests__/e2e/fixtures/kubernetes/network.cjs");
  const { stdout, stderr } = spawnSync(
    "unshare",
    [
      "--user",
      "--map-root-user",
      "--net",
      "--mount",
      process.execPath,
      network,
      folder,
      JSON.stringify(runs),
    ],
    { encoding: "utf8", env: { PATH: `${programs}:${process.env["PATH"]}` } },
  );
  expect(stderr).toBe("");
  const results = JSON.parse(stdout) as { status: number; log: string }[];
  expect(
    results.map(({ status, log }, index) => [
      status,
      log.trim().split("\n").at(-1)?.slice(0, cases[index]?.[4].length),
    ]),
  ).toStrictEqual(cases.map(([, , , status, last]) => [status, last]));
});
