import type { Construct } from "constructs";
import { InputError, parseInput } from "../../io/errors";
import { type EksClusterRoleVariables, eksClusterRole } from "../../modules/eks-cluster-role/contract";
import {
  type PodBaselineOutput,
  type PodBaselineVariables,
  podBaseline,
} from "../../modules/pod-baseline/contract";
import {
  type SecurityGroupPolicyOutput,
  type SecurityGroupPolicyVariables,
  securityGroupPolicy,
} from "../../modules/security-group-policy/contract";
import { type VpcCniVariables, vpcCni } from "../../modules/vpc-cni/contract";
import {
  type VpcCniAddonOutput,
  type VpcCniAddonVariables,
  vpcCniAddon,
} from "../../modules/vpc-cni-addon/contract";
import { ModuleCall, type ModuleCallOptions, problemsOfCall } from "../../synth/module-call";
import { inOptionNames } from "../options/all";
import type {
  EksClusterRoleOptions,
  PodBaselineOptions,
  SecurityGroupPolicyOptions,
  VpcCniAddonOptions,
  VpcCniOptions,
} from "../options/declared";
import { objectOf } from "../options/schema";
import { CALLED } from "./description";

/*
 * Calls of single modules with options in camelCase: `module.ID`, as a `ModuleCall`, which each of them is. `run` and
 * `synthesize` add the modules to the app. Each throws an InputError that names everything that is wrong with its
 * options.
 */

/** The call of module `eks-cluster-role`: the policies of an EKS cluster's IAM role. */
export class EksClusterRole extends ModuleCall<EksClusterRoleVariables, never> {
  constructor(scope: Construct, id: string, options: EksClusterRoleOptions) {
    const { values, call } = read("EksClusterRole", id, options);
    super(scope, id, eksClusterRole, values as unknown as EksClusterRoleVariables, call);
  }
}

/** The call of module `vpc-cni`: the settings of the Amazon VPC CNI, for one that you manage yourself. */
export class VpcCni extends ModuleCall<VpcCniVariables, never> {
  constructor(scope: Construct, id: string, options: VpcCniOptions = {}) {
    const { values, call } = read("VpcCni", id, options);
    super(scope, id, vpcCni, values as unknown as VpcCniVariables, call);
  }
}

/** The call of module `vpc-cni-addon`: the Amazon VPC CNI as a managed EKS add-on, with its settings. */
export class VpcCniAddon extends ModuleCall<VpcCniAddonVariables, VpcCniAddonOutput> {
  constructor(scope: Construct, id: string, options: VpcCniAddonOptions) {
    const { values, call } = read("VpcCniAddon", id, options);
    super(scope, id, vpcCniAddon, values as unknown as VpcCniAddonVariables, call);
  }

  /** The version of the add-on that runs, as a string token. */
  get addonVersion(): string {
    return this.output("addon_version");
  }
}

/** The call of module `pod-baseline`: the rules that every pod needs from the cluster, once for all workloads. */
export class PodBaseline extends ModuleCall<PodBaselineVariables, PodBaselineOutput> {
  constructor(scope: Construct, id: string, options: PodBaselineOptions) {
    const { values, call } = read("PodBaseline", id, options);
    super(scope, id, podBaseline, values as unknown as PodBaselineVariables, call);
  }

  /** The id of the baseline security group, as a string token. */
  get securityGroupId(): string {
    return this.output("baseline_security_group_id");
  }
}

/** The call of module `security-group-policy`: which pods get which security groups. */
export class SecurityGroupPolicy extends ModuleCall<SecurityGroupPolicyVariables, SecurityGroupPolicyOutput> {
  constructor(scope: Construct, id: string, options: SecurityGroupPolicyOptions) {
    const { values, call } = read("SecurityGroupPolicy", id, options);
    super(scope, id, securityGroupPolicy, values as unknown as SecurityGroupPolicyVariables, call);
  }

  /** The policy as YAML, for GitOps or kubectl, as a string token. */
  get manifestYaml(): string {
    return this.output("manifest_yaml");
  }

  /** Two Jobs that show that the policy works, as YAML for kubectl, as a string token. Needs the option `check`. */
  get checkManifestsYaml(): string {
    return this.output("check_manifests_yaml");
  }
}

/** Options as the values of the module and what cdktf takes beside them. */
function read(className: keyof typeof CALLED, id: string, options: object) {
  const where = `${className} "${id}"`;
  const { contract, options: known } = CALLED[className];
  const { depends_on, providers, ...values } = parseInput(where, objectOf(known), options) as Record<
    string,
    unknown
  >;
  const problems = problemsOfCall(id, contract, values, where);
  if (problems.length > 0) throw new InputError(problems.map(inOptionNames));
  const call = {
    ...(depends_on !== undefined && { dependsOn: depends_on }),
    ...(providers !== undefined && { providers }),
  };
  return { values, call: call as ModuleCallOptions };
}
