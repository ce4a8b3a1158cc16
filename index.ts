/**
 * What TypeScript users import: the modules, the stacks to build roots from, and the function that
 * synthesizes. cdktf's own `App.synth()` would bypass the writer.
 */

export type { DataServiceName } from "./aws/data-services";
export { type AppOptions, render, synthesize } from "./compose/app";
export { EksClusterRole, PodBaseline, SecurityGroupPolicy, VpcCni, VpcCniAddon } from "./compose/calls";
export { expectCommitted } from "./compose/committed";
export type {
  ClusterSecurityGroups,
  EksClusterRoleOptions,
  PeerOptions,
  PodBaselineOptions,
  PolicyCheckOptions,
  SecurityGroupPolicyOptions,
  SelectorOptions,
  TrafficOptions,
  VpcCniAddonOptions,
  VpcCniOptions,
  WorkloadDataService,
  WorkloadOptions,
  WorkloadService,
  WorkloadTcpService,
} from "./compose/options/declared";
export { type RunOptions, run } from "./compose/run";
export { Workload } from "./compose/workload";
export type { Connection } from "./compose/workload/connect";
export { InputError } from "./io/errors";
export { moduleStacks } from "./modules";
export { DataServiceStack } from "./modules/data-service";
export {
  type DataServiceModule,
  type DataServiceOutput,
  type DataServiceVariables,
  dataService,
  type TcpServiceVariables,
  tcpService,
} from "./modules/data-service/contract";
export { EksClusterRoleStack } from "./modules/eks-cluster-role";
export { type EksClusterRoleVariables, eksClusterRole } from "./modules/eks-cluster-role/contract";
export { PodBaselineStack } from "./modules/pod-baseline";
export {
  type PodBaselineOutput,
  type PodBaselineVariables,
  podBaseline,
} from "./modules/pod-baseline/contract";
export { PodGroupStack } from "./modules/pod-group";
export { type PodGroupOutput, type PodGroupVariables, podGroup } from "./modules/pod-group/contract";
export { PodToPodStack } from "./modules/pod-to-pod";
export { type PodToPodVariables, podToPod } from "./modules/pod-to-pod/contract";
export { RdsMysqlStack } from "./modules/rds-mysql";
export { type RdsMysqlOutput, type RdsMysqlVariables, rdsMysql } from "./modules/rds-mysql/contract";
export type { ModuleName } from "./modules/registry";
export { SecurityGroupStack } from "./modules/security-group";
export { type SecurityGroupVariables, securityGroup } from "./modules/security-group/contract";
export { SecurityGroupPolicyStack } from "./modules/security-group-policy";
export {
  type SecurityGroupPolicyOutput,
  type SecurityGroupPolicyVariables,
  securityGroupPolicy,
} from "./modules/security-group-policy/contract";
export type { PeerInput, TrafficInput } from "./modules/shared/peers";
export type { Ports } from "./modules/shared/ports";
export type { RuleForm, RuleFormOptions } from "./modules/shared/rule-form";
export { VpcCniStack } from "./modules/vpc-cni";
export { type VpcCniVariables, vpcCni } from "./modules/vpc-cni/contract";
export { VpcCniAddonStack } from "./modules/vpc-cni-addon";
export {
  type VpcCniAddonOutput,
  type VpcCniAddonVariables,
  vpcCniAddon,
} from "./modules/vpc-cni-addon/contract";
export type { Backend } from "./synth/backend";
export type { ModuleContract } from "./synth/contract";
export { ModuleCall, type ModuleCallOptions, type ModuleValues } from "./synth/module-call";
export { ModuleStack } from "./synth/module-stack";
export { RootStack, type RootStackOptions } from "./synth/root-stack";
export type { StackClass, StackFactory, Stacks, SynthesisResult } from "./synth/synthesize";
export { expression, text, textIn } from "./synth/text";
