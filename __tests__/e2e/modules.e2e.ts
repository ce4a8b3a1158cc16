import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { DataServiceStack } from "../../modules/data-service";
import { PodBaselineStack } from "../../modules/pod-baseline";
import { PodGroupStack } from "../../modules/pod-group";
import { PodToPodStack } from "../../modules/pod-to-pod";
import { COMMITTED_MODULES } from "../../modules/registry";
import { synthesize } from "../../synth/synthesize";
import { mutantsOf, resultsIn, writeMutant } from "./support/mutants";
import { awsStage } from "./support/stage";
import { Terraform, workFolder } from "./support/terraform";

const { copy, reason } = awsStage();

const MODULES = Object.values(COMMITTED_MODULES).map(({ contract }) => contract);

/** Modules that differ from another one in names and ports alone: their rules are tried there. */
const SAME_RULES = ["rds-postgres", "elasticache-redis", "tcp-service"];

/** Why the tests of a module cannot run: its provider is mocked, but Terraform must have it. */
const reasons = { aws: reason, kubernetes: inject("kubernetesProvider").reason };

/** A consumer's copy of a committed module's folder. */
function moduleCopy(name: string): string {
  const folder = workFolder();
  cpSync(join(copy, "cdktf.out/stacks", name), folder, { recursive: true });
  return folder;
}

describe.each(["aws", "kubernetes"] as const)("a consumer's copy of a module for %s", (provider) => {
  const modules = MODULES.filter((module) => module.provider === provider);
  const tests = test.skipIf(reasons[provider]);

  tests.each(modules)("$name is valid, and its own tests pass", ({ name }) => {
    const terraform = new Terraform(moduleCopy(name)).init();
    expect(terraform.run("validate", "-no-color")).toContain("The configuration is valid.");
    expect(terraform.run("test", "-no-color")).toMatch(/Success! \d+ passed, 0 failed\./);
  });

  tests.each(mutantsOf(modules, SAME_RULES))(
    "$name needs each of its validations, preconditions and rules: without it a test fails",
    ({ name, mutants }) => {
      const folder = moduleCopy(name);
      const expected = mutants.flatMap((mutant) => writeMutant(folder, mutant));
      const filters = expected.map(({ file }) => `-filter=${file}`);
      const results = resultsIn(new Terraform(folder).init().try("test", "-json", ...filters).output);
      const found = expected.map(({ file }) => ({ file, ...results.get(file) }));
      expect(found.map(({ file, accepted }) => ({ file, accepted }))).toStrictEqual(expected);
      // Where nothing is accepted that was refused before, an assertion must fail: an error would say nothing of it.
      const unseen = found.filter(({ status, accepted }) => accepted?.length === 0 && status !== "fail");
      expect(unseen).toStrictEqual([]);
    },
  );
});

describe.skipIf(reason)("a module for AWS", () => {
  test("is planned in one go with what its inputs come from: no validation fails on an unknown value", () => {
    const folder = workFolder();
    cpSync(join(copy, "__tests__/e2e/fixtures/article/prerequisites.tf"), join(folder, "prerequisites.tf"));
    const source = (name: string) => join(copy, "cdktf.out/stacks", name);
    writeFileSync(
      join(folder, "main.tf.json"),
      JSON.stringify({
        resource: { terraform_data: { name: { input: "orders" } } },
        module: {
          rds_mysql: {
            source: source("rds-mysql"),
            name: "${terraform_data.name.output}",
            platform: "${terraform_data.name.output}",
            vpc_id: "${aws_vpc.cluster.id}",
            security_groups: {
              k8s_worker: "${aws_security_group.worker.id}",
              k8s_ingress: "${aws_security_group.ingress.id}",
            },
          },
          eks_cluster_role: {
            source: source("eks-cluster-role"),
            cluster_role_name: "${aws_iam_role.cluster.name}",
          },
        },
      }),
    );
    const { status, output } = new Terraform(folder).init().plan();
    expect(output).toContain("Plan: 21 to add, 0 to change, 0 to destroy.");
    expect(status).toBe(2);
  });

  test("of those that combine is planned in one go, too: ids, addresses and ports may be unknown, keys must not", () => {
    const folder = workFolder();
    cpSync(join(copy, "__tests__/e2e/fixtures/article/prerequisites.tf"), join(folder, "prerequisites.tf"));
    const source = (name: string) => join(copy, "cdktf.out/stacks", name);
    const text = (name: string) => `\${terraform_data.${name}.output}`;
    const group = (name: string) => `\${aws_security_group.${name}.id}`;
    const place = { vpc_id: "${aws_vpc.cluster.id}", platform: text("word") };
    const access = {
      security_groups: {
        k8s_worker: group("worker"),
        k8s_ingress: group("ingress"),
        coredns: group("coredns"),
      },
      probe_ports: { http: text("port") },
      ingress_ports: { http: text("port") },
      internet_targets: {
        vpc: { cidr_ipv4: "${aws_vpc.cluster.cidr_block}" },
        ipv6: { cidr_ipv6: text("cidr_ipv6") },
        s3: { prefix_list_id: "${aws_ec2_managed_prefix_list.s3.id}" },
      },
      vpc_endpoint_security_groups: { ecr: group("endpoint") },
    };
    const service = {
      ...place,
      name: text("word"),
      pods_security_group_id: "${module.orders.pods_security_group_id}",
    };
    const unknown = (input: string) => ({ input });
    const made = (name: string) => ({ name, vpc_id: "${aws_vpc.cluster.id}" });
    writeFileSync(
      join(folder, "main.tf.json"),
      JSON.stringify({
        resource: {
          terraform_data: {
            word: unknown("orders"),
            port: unknown("8080"),
            range: unknown("8000-8100"),
            cidr_ipv4: unknown("10.0.0.2/32"),
            cidr_ipv6: unknown("2001:db8::/32"),
          },
          aws_security_group: { coredns: made("coredns"), endpoint: made("endpoint") },
          aws_ec2_managed_prefix_list: { s3: { name: "s3", address_family: "IPv4", max_entries: 1 } },
        },
        module: {
          orders: {
            source: source("pod-group"),
            name: text("word"),
            ...place,
            ...access,
            self_ports: { gossip: text("range") },
            ingress_sources: {
              monitoring: { security_group_id: group("endpoint"), ports: text("port") },
              resolver: { cidr_ipv4: text("cidr_ipv4"), protocol: "icmp", icmp_type: 8 },
            },
            egress_targets: { partner: { cidr_ipv6: text("cidr_ipv6"), ports: text("range") } },
          },
          payments: {
            source: source("pod-group"),
            name: "payments",
            on_baseline: true,
            security_groups: {},
            ...place,
          },
          baseline: {
            source: source("pod-baseline"),
            cluster_name: text("word"),
            ...place,
            ...access,
            security_groups: { k8s_worker: group("worker"), k8s_ingress: group("ingress") },
            dns_cidrs: { vpc: { cidr_ipv4: text("cidr_ipv4") } },
          },
          orders_to_payments: {
            source: source("pod-to-pod"),
            platform: text("word"),
            client_name: text("word"),
            client_security_group_id: "${module.orders.pods_security_group_id}",
            server_name: "payments",
            server_security_group_id: "${module.payments.pods_security_group_id}",
            ports: { http: text("port") },
            udp_ports: { rtp: text("range") },
          },
          redis: { source: source("elasticache-redis"), ...service },
          search: {
            source: source("tcp-service"),
            ...service,
            service_name: text("word"),
            ports: { http: text("port") },
            member_ports: { transport: text("range") },
          },
        },
      }),
    );
    const { status, output } = new Terraform(folder).init().plan();
    expect(output).toContain("Plan: 58 to add, 0 to change, 0 to destroy.");
    expect(status).toBe(2);
  });

  test("is tested by a consumer who mocks the provider with the values of the module's document", () => {
    const folder = workFolder();
    cpSync(join(copy, "__tests__/e2e/fixtures/article"), folder, { recursive: true });
    useModule(folder, join(copy, "cdktf.out/stacks/rds-mysql"));
    const snippet = codeBlock(join(copy, "cdktf.out/stacks/rds-mysql/README.md"), "mock_provider");
    const file = join(folder, "root.tftest.hcl");
    const terraform = new Terraform(folder);
    const run = 'run "everything" {\n  command = apply\n}\n';

    writeFileSync(file, `${snippet}\n${run}`);
    expect(terraform.init().run("test", "-no-color")).toContain("Success! 1 passed, 0 failed.");

    // Without the values, the made-up ids are refused: the document's advice is needed.
    writeFileSync(file, `mock_provider "aws" {}\n${run}`);
    const { status, output } = terraform.try("test", "-no-color");
    expect(status).toBe(1);
    expect(output).toContain("must be vpc- and 8 or 17 hexadecimal digits");
  });

  test.each(MODULES.map(({ name }) => name))("%s documents calls that are formatted", (name) => {
    const folder = workFolder();
    const blocks = codeBlocks(join(copy, "cdktf.out/stacks", name, "README.md"));
    expect(blocks.length).toBeGreaterThan(0);
    for (const [index, block] of blocks.entries()) writeFileSync(join(folder, `${index}.tf`), `${block}\n`);
    new Terraform(folder).run("fmt", "-check", "-diff");
  });
});

describe.skipIf(reason)("a module that combines, with rules in the form classic", () => {
  test.each(["pod-group", "pod-baseline", "pod-to-pod", "tcp-service"])(
    "%s passes its own tests, which are those of the form",
    (name) => {
      const folder = workFolder();
      const options = { ruleForm: "classic" } as const;
      synthesize(
        {
          "pod-baseline": (app, id) => new PodBaselineStack(app, id, options),
          "pod-group": (app, id) => new PodGroupStack(app, id, options),
          "pod-to-pod": (app, id) => new PodToPodStack(app, id, options),
          "tcp-service": (app, id) => new DataServiceStack(app, id, "tcp-service", options),
        },
        folder,
      );
      const terraform = new Terraform(join(folder, "stacks", name)).init();
      // What is refused does not depend on the form.
      expect(terraform.run("test", "-no-color", "-filter=tests/plan.tftest.json")).toMatch(
        /Success! [1-9]\d* passed, 0 failed\./,
      );
    },
  );
});

/** Swaps the source of the fixture's module call. */
function useModule(folder: string, source: string): void {
  const file = join(folder, "workload.tf");
  const before = readFileSync(file, "utf8");
  const after = before.replace('"./modules/rds-mysql"', JSON.stringify(source));
  expect(after).not.toBe(before);
  writeFileSync(file, after);
}

function codeBlocks(document: string): string[] {
  return [...readFileSync(document, "utf8").matchAll(/```hcl\n([\s\S]*?)\n```/g)].map(
    (match) => match[1] as string,
  );
}

function codeBlock(document: string, word: string): string {
  const block = codeBlocks(document).find((candidate) => candidate.includes(word));
  if (!block) throw new Error(`${document} has no HCL with ${word}`);
  return block;
}
