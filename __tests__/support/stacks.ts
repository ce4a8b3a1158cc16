import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import type { Construct } from "constructs";
import { RdsMysqlStack } from "../../modules/rds-mysql";
import { rdsMysql } from "../../modules/rds-mysql/contract";
import type { VariableSpec } from "../../synth/contract";
import { ModuleCall } from "../../synth/module-call";
import { RootStack, type RootStackOptions } from "../../synth/root-stack";
import { type Stacks, synthesize } from "../../synth/synthesize";
import type { Configuration } from "./project";

/** Values for a call of `rds-mysql`. */
export const RDS_MYSQL_VALUES = {
  name: "orders",
  vpc_id: "vpc-0a1b2c3d4e5f60000",
  platform: "shop",
  security_groups: { k8s_worker: "sg-0a1b2c3d4e5f60001", k8s_ingress: "sg-0a1b2c3d4e5f60002" },
};

/** A root as a user writes it, whose parts the tests can add one by one. */
export class TestRoot extends RootStack {
  constructor(scope: Construct, id: string, options?: RootStackOptions) {
    super(scope, id, options);
    new AwsProvider(this, "aws", { region: "eu-west-1" });
  }

  variable(name: string, spec: VariableSpec): void {
    this.addVariable(name, spec);
  }

  local(name: string, value: unknown): void {
    this.addLocal(name, value);
  }

  output(name: string, value: unknown, description = "An output."): void {
    this.addOutput(name, value, description);
  }

  call(name: string, values: Partial<typeof RDS_MYSQL_VALUES> = {}): ModuleCall<object, string> {
    return new ModuleCall(this, name, rdsMysql, { ...RDS_MYSQL_VALUES, ...values });
  }

  resource(id: string, name: string): SecurityGroup {
    return new SecurityGroup(this, id, { name });
  }

  dataSource(id: string, name: string): void {
    new DataAwsRegion(this, id, { name });
  }
}

/** The stacks of an app with one root, `root`, built by a function, and the module that it may call. */
export function appWith(build: (root: TestRoot) => void, options?: RootStackOptions): Stacks {
  return {
    "rds-mysql": (app, id) => new RdsMysqlStack(app, id),
    root: (app, id) => {
      const root = new TestRoot(app, id, options);
      build(root);
      return root;
    },
  };
}

/** What synthesis writes for a root built by a function. */
export function configurationOf(build: (root: TestRoot) => void, options?: RootStackOptions): Configuration {
  const outdir = mkdtempSync(join(tmpdir(), "eks-pod-security-groups-"));
  try {
    synthesize(appWith(build, options), outdir);
    return JSON.parse(readFileSync(join(outdir, "stacks/root/cdk.tf.json"), "utf8"));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
