import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { Construct } from "constructs";
import { expect } from "vitest";
import { synthesize } from "../../compose/app";
import { InputError } from "../../io/errors";
import type { RuleForm } from "../../modules/shared/rule-form";
import { RootStack } from "../../synth/root-stack";
import type { Stacks } from "../../synth/synthesize";
import type { Report } from "../../verify/checks/model";
import { flowIdText } from "../../verify/expect/flow-id";
import { verify } from "../../verify/verify";
import { temporaryFolder } from "./folders";
import type { Configuration } from "./project";

/*
 * Apps of one root with workloads, for tests of what composes modules.
 */

export const GROUPS = { k8sWorker: "sg-0a1b2c3d4e5f60001", k8sIngress: "sg-0a1b2c3d4e5f60002" };
export const PLACE = { vpcId: "vpc-0a1b2c3d4e5f60000", platform: "shop" };
export const ORDERS = { ...PLACE, securityGroups: GROUPS };

/** The same, for a call of a module. */
export const VALUES = {
  vpc_id: PLACE.vpcId,
  platform: PLACE.platform,
  security_groups: { k8s_worker: GROUPS.k8sWorker, k8s_ingress: GROUPS.k8sIngress },
};

type Build = (root: Root) => void;

export class Root extends RootStack {
  constructor(scope: Construct, id: string, build: (root: Root) => void) {
    super(scope, id);
    new AwsProvider(this, "aws", { region: "eu-west-1" });
    build(this);
  }

  ids(name: string, ids: readonly string[]): void {
    this.addOutput(name, ids, "Ids of groups.");
  }
}

/** What calls its modules; they are added. */
export function app(build: Build): Stacks {
  return { root: (scope, id) => new Root(scope, id, build) };
}

const known = new WeakMap<Build, Map<RuleForm | undefined, ReturnType<typeof synthesizedAnew>>>();

/** What is written for a root, and what the verifier finds in it: once for all tests that look at one root. */
export function synthesized(build: Build, ruleForm?: RuleForm): ReturnType<typeof synthesizedAnew> {
  const forms = known.get(build) ?? new Map();
  known.set(build, forms);
  const result = forms.get(ruleForm) ?? synthesizedAnew(build, ruleForm);
  forms.set(ruleForm, result);
  return result;
}

async function synthesizedAnew(build: Build, ruleForm?: RuleForm) {
  const folder = temporaryFolder();
  synthesize(app(build), folder, { ruleForm });
  const root = join(folder, "stacks/root");
  return {
    configuration: JSON.parse(readFileSync(join(root, "cdk.tf.json"), "utf8")) as Configuration,
    report: await verify(root),
  };
}

export function problemsOf(build: Build): readonly string[] {
  try {
    synthesize(app(build), temporaryFolder());
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).problems;
  }
  throw new Error("it was synthesized");
}

export const statuses = ({ verdicts }: Report) =>
  Object.fromEntries(verdicts.map(({ flow, status }) => [flowIdText(flow.id), status]));
