import { randomUUID } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { ExampleAws, ExampleKubernetes } from "../../clusters/example";
import { moduleStacks } from "../../modules";
import { synthesize } from "../../synth/synthesize";
import { filesIn } from "../support/folders";
import { awsStage } from "./support/stage";
import { Terraform, workFolder } from "./support/terraform";

const aws = awsStage();

/** The folder of example-kubernetes, with a way to log in to the cluster. */
function synthesized(access: "kubeconfig" | "token" | "exec"): string {
  const outdir = workFolder();
  synthesize(
    {
      ...moduleStacks(["eks-cluster-role", "rds-mysql", "security-group-policy", "vpc-cni"]),
      "example-aws": (app, id) => new ExampleAws(app, id),
      "example-kubernetes": (app, id) => new ExampleKubernetes(app, id, { aws: "example-aws", access }),
    },
    outdir,
  );
  return join(outdir, "stacks/example-kubernetes");
}

const whole = aws.reason ?? inject("kubernetesProvider").reason;

test.skipIf(whole).each(["kubeconfig", "token", "exec"] as const)(
  "example-kubernetes that logs in by %s is valid",
  (access) => {
    const terraform = new Terraform(synthesized(access));
    terraform.run("init", "-backend=false", "-no-color");
    expect(terraform.run("validate", "-no-color")).toContain("The configuration is valid.");
  },
);

describe.skipIf(aws.reason)("what example-kubernetes asks AWS for", () => {
  // A cluster of that name may be in an emulator that runs on.
  const name = `shop-${randomUUID()}`;
  const CLUSTER = {
    provider: { aws: {} },
    resource: {
      aws_iam_role: { cluster: { name_prefix: "cluster-", assume_role_policy: "{}" } },
      aws_eks_cluster: {
        shop: {
          name,
          role_arn: "${aws_iam_role.cluster.arn}",
          vpc_config: { subnet_ids: "${data.aws_subnets.all.ids}" },
        },
      },
    },
    data: { aws_subnets: { all: {} } },
    output: {
      endpoint: { value: "${aws_eks_cluster.shop.endpoint}" },
      certificate: { value: "${aws_eks_cluster.shop.certificate_authority[0].data}" },
    },
  };

  test("is the address and the certificate of the cluster by its name, and a token for it", () => {
    const cluster = new Terraform(workFolder());
    writeFileSync(join(cluster.folder, "main.tf.json"), JSON.stringify(CLUSTER));
    cluster.init().apply();
    const { endpoint, certificate } = cluster.outputs();

    // Without what needs the Kubernetes provider, which a mirror may lack, and with its configuration to look at.
    const text = filesIn(synthesized("token"))["cdk.tf.json"] ?? "";
    const { provider, data, variable } = JSON.parse(text);
    const login = provider.kubernetes[0];
    // The emulator's certificate is of random bytes, which are no text.
    const encoded = login.cluster_ca_certificate.replace(/^\$\{base64decode\((.*)\)\}$/, "${$1}");
    expect(encoded).not.toBe(login.cluster_ca_certificate);
    const { region, cluster_name } = variable;
    const { aws_eks_cluster, aws_eks_cluster_auth } = data;
    const root = join(workFolder(), "root");
    mkdirSync(root);
    writeFileSync(
      join(root, "main.tf.json"),
      JSON.stringify({
        provider: { aws: provider.aws },
        variable: { region, cluster_name },
        data: { aws_eks_cluster, aws_eks_cluster_auth },
        output: { login: { value: { ...login, cluster_ca_certificate: encoded }, sensitive: true } },
      }),
    );
    const reading = new Terraform(root).init();
    reading.apply("-var=region=eu-west-1", `-var=cluster_name=${name}`);
    expect(reading.outputs()["login"]).toStrictEqual({
      host: endpoint,
      cluster_ca_certificate: certificate,
      // https://github.com/kubernetes-sigs/aws-iam-authenticator#api-authorization-from-outside-a-cluster
      token: expect.stringMatching(/^k8s-aws-v1\./),
    });
    cluster.destroy();
  });
});
