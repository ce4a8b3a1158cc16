import { expect, test } from "vitest";
import { podToPodModule } from "../../modules/pod-to-pod";
import { podToPod } from "../../modules/pod-to-pod/contract";
import { rdsMysqlModule } from "../../modules/rds-mysql";
import { rdsMysql } from "../../modules/rds-mysql/contract";
import type { AnyModuleContract } from "../../synth/contract";
import { ModuleCall } from "../../synth/module-call";
import { ModuleStack } from "../../synth/module-stack";
import type { RootStackOptions } from "../../synth/root-stack";
import { type Stacks, synthesize } from "../../synth/synthesize";
import { filesIn, temporaryFolder } from "../support/folders";
import { RDS_MYSQL_VALUES, TestRoot } from "../support/stacks";

const S3 = { type: "s3", bucket: "states", key: "a", region: "eu-west-1", useLockfile: true } as const;

const CONNECTION = {
  client_name: "orders",
  client_security_group_id: "sg-0a1b2c3d4e5f60003",
  server_name: "payments",
  server_security_group_id: "sg-0a1b2c3d4e5f60004",
  ports: { http: 8080 },
};

const WRAPPER = {
  name: "wrapper",
  purpose: "Calls another module.",
  provider: "aws",
  variables: {},
  outputs: {},
} as const satisfies AnyModuleContract;

/** A module of 1.1 whose call needs 1.3. */
class Wrapper extends ModuleStack<object, never> {
  constructor(...[scope, id]: ConstructorParameters<typeof TestRoot>) {
    super(scope, id, WRAPPER);
    new ModuleCall(this, "connection", podToPod, CONNECTION);
  }
}

/** What Terraform must be at least for a root that does something. */
function neededBy(build: (root: TestRoot) => void, options?: RootStackOptions): unknown {
  const stacks: Stacks = {
    "rds-mysql": rdsMysqlModule.stack(),
    "pod-to-pod": podToPodModule.stack(),
    wrapper: (app, id) => new Wrapper(app, id),
    root: (app, id) => {
      const root = new TestRoot(app, id, options);
      build(root);
      return root;
    },
  };
  const outdir = temporaryFolder();
  synthesize(stacks, outdir);
  return JSON.parse(filesIn(outdir)["stacks/root/cdk.tf.json"] ?? "").terraform.required_version;
}

const callsNewer = (root: TestRoot) => new ModuleCall(root, "connection", podToPod, CONNECTION);

test.each<[string, (root: TestRoot) => unknown, RootStackOptions | undefined, string]>([
  ["calls nothing", () => {}, undefined, ">= 1.1"],
  ["calls a module of 1.1", (root) => root.call("orders"), undefined, ">= 1.1"],
  ["calls a module of 1.3", callsNewer, undefined, ">= 1.3"],
  [
    "calls one of 1.3 and, after it, one of 1.1",
    (root) => [callsNewer(root), new ModuleCall(root, "orders", rdsMysql, RDS_MYSQL_VALUES)],
    undefined,
    ">= 1.3",
  ],
  ["keeps its state where 1.10 is needed, and calls a module of 1.3", callsNewer, { backend: S3 }, ">= 1.10"],
  [
    "calls a module that calls one of 1.3",
    (root) => new ModuleCall(root, "wrapped", WRAPPER, {}),
    undefined,
    ">= 1.3",
  ],
  [
    "says another version itself",
    (root) => [callsNewer(root), root.addOverride("terraform.required_version", "~> 1.9")],
    undefined,
    "~> 1.9",
  ],
])("a root that %s needs the newest Terraform of all", (_what, build, options, needed) => {
  expect(neededBy(build, options)).toBe(needed);
});
