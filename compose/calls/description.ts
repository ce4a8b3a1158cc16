import { eksClusterRole } from "../../modules/eks-cluster-role/contract";
import { podBaseline } from "../../modules/pod-baseline/contract";
import { securityGroupPolicy } from "../../modules/security-group-policy/contract";
import { vpcCni } from "../../modules/vpc-cni/contract";
import { vpcCniAddon } from "../../modules/vpc-cni-addon/contract";
import type { AnyModuleContract, ModuleContract } from "../../synth/contract";
import { type Options, option } from "../options/schema";
import { optionsOf } from "../options/shapes";

/** What cdktf takes beside the values of a module. */
const CALL = {
  dependsOn: option({
    description: "Constructs that Terraform creates before, and deletes after, whatever the module makes.",
    type: 'ModuleCallOptions["dependsOn"]',
  }),
  providers: option({
    description: "Provider configurations other than the root's default ones.",
    type: 'ModuleCallOptions["providers"]',
  }),
};

/** @internal A module that is called by a construct with options in camelCase. */
export interface CalledModule {
  /** The construct's class. */
  readonly className: string;
  readonly contract: AnyModuleContract;
  readonly options: Options;
}

function called<Values extends object>(
  className: string,
  contract: ModuleContract<Values, never> | ModuleContract<Values, string>,
): CalledModule {
  const any = contract as unknown as AnyModuleContract;
  return {
    className,
    contract: any,
    options: {
      name: `${className}Options`,
      description: `The variables of module \`${contract.name}\`.`,
      options: { ...optionsOf(any, `${className}Variables`), ...CALL },
    },
  };
}

/** @internal These modules, by the names of their classes. */
export const CALLED = {
  EksClusterRole: called("EksClusterRole", eksClusterRole),
  VpcCni: called("VpcCni", vpcCni),
  VpcCniAddon: called("VpcCniAddon", vpcCniAddon as never),
  PodBaseline: called("PodBaseline", podBaseline as never),
  SecurityGroupPolicy: called("SecurityGroupPolicy", securityGroupPolicy as never),
} as const satisfies Record<string, CalledModule>;
