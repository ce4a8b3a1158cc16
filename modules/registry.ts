import { DATA_SERVICES, type DataServiceName } from "../aws/data-services";
import { dataServiceModule } from "./data-service";
import { eksClusterRoleModule } from "./eks-cluster-role";
import type { Module } from "./module";
import { podBaselineModule } from "./pod-baseline";
import { podGroupModule } from "./pod-group";
import { podToPodModule } from "./pod-to-pod";
import { rdsMysqlModule } from "./rds-mysql";
import { securityGroupModule } from "./security-group";
import { securityGroupPolicyModule } from "./security-group-policy";
import { vpcCniModule } from "./vpc-cni";
import { vpcCniAddonModule } from "./vpc-cni-addon";

/**
 * The modules that are committed, by the names of their folders in `cdktf.out/stacks`, in the order in which synthesis
 * and the README list them. A new module is its folder and a line here. This loads the stacks, and with them cdktf: who
 * needs what a module promises imports its contract, which loads none.
 */
export const COMMITTED_MODULES = {
  // The article's
  "eks-cluster-role": eksClusterRoleModule,
  "rds-mysql": rdsMysqlModule,
  "vpc-cni": vpcCniModule,
  // What workloads are composed of
  "pod-group": podGroupModule,
  "pod-baseline": podBaselineModule,
  "pod-to-pod": podToPodModule,
  mysql: dataServiceModule("mysql"),
  "rds-postgres": dataServiceModule("rds-postgres"),
  "elasticache-redis": dataServiceModule("elasticache-redis"),
  "tcp-service": dataServiceModule("tcp-service"),
  // What holds any group that exists
  "security-group": securityGroupModule,
  // What binds pods to groups, and the other way to run the CNI
  "security-group-policy": securityGroupPolicyModule,
  "vpc-cni-addon": vpcCniAddonModule,
} as const satisfies Readonly<Record<string, Module>>;

export type CommittedModuleName = keyof typeof COMMITTED_MODULES;
export type ModuleName = CommittedModuleName | DataServiceName;

export const COMMITTED_MODULE_NAMES = Object.keys(COMMITTED_MODULES) as readonly CommittedModuleName[];

/** Every module by its name: those that are committed, and the other data services of AWS. */
export const MODULES: Readonly<Record<ModuleName, Module>> = {
  ...(Object.fromEntries(
    Object.keys(DATA_SERVICES).map((name) => [name, dataServiceModule(name as DataServiceName)]),
  ) as Record<DataServiceName, Module>),
  ...COMMITTED_MODULES,
};
