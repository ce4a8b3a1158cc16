import { DATA_SERVICES, type DataServiceName } from "../aws/data-services";
import { given, InputError } from "../io/errors";
import type { StackFactory, Stacks } from "../synth/synthesize";
import { DataServiceStack } from "./data-service";
import { EksClusterRole } from "./eks-cluster-role";
import { PodBaseline } from "./pod-baseline";
import { PodGroup } from "./pod-group";
import { PodToPod } from "./pod-to-pod";
import { RdsMysql } from "./rds-mysql";
import { SecurityGroupPolicy } from "./security-group-policy";
import { type RuleFormOptions, ruleFormOf } from "./shared/rule-form";
import { VpcCni } from "./vpc-cni";
import { VpcCniAddon } from "./vpc-cni-addon";

type Factory = (options?: RuleFormOptions) => StackFactory;

const dataServices = Object.fromEntries(
  Object.keys(DATA_SERVICES).map((name): [string, Factory] => [
    name,
    (options) => (app, id) => new DataServiceStack(app, id, name as DataServiceName, options),
  ]),
) as Record<DataServiceName, Factory>;

const FACTORIES = {
  ...dataServices,
  "eks-cluster-role": () => (app, id) => new EksClusterRole(app, id),
  "pod-baseline": (options) => (app, id) => new PodBaseline(app, id, options),
  "pod-group": (options) => (app, id) => new PodGroup(app, id, options),
  "pod-to-pod": (options) => (app, id) => new PodToPod(app, id, options),
  "rds-mysql": () => (app, id) => new RdsMysql(app, id),
  "security-group-policy": () => (app, id) => new SecurityGroupPolicy(app, id),
  "tcp-service": (options) => (app, id) => new DataServiceStack(app, id, "tcp-service", options),
  "vpc-cni": () => (app, id) => new VpcCni(app, id),
  "vpc-cni-addon": () => (app, id) => new VpcCniAddon(app, id),
} as const satisfies Readonly<Record<string, Factory>>;

export type ModuleName = keyof typeof FACTORIES;

/**
 * The stacks of modules by their names, for an app whose roots call them: `run({ ...moduleStacks(["pod-group",
 * "msk"]), … })`. A module that there is not is said when the app is synthesized, with whatever else is wrong.
 *
 * @param options the form of the rules, the same for all: modules add rules to each other's groups
 * @throws InputError for names that are no list, and for wrong options
 */
export function moduleStacks(names: readonly ModuleName[], options?: RuleFormOptions): Stacks {
  const list: unknown = names;
  if (!Array.isArray(list)) {
    throw new InputError([`moduleStacks: must be a list of names of modules (${given(names)})`]);
  }
  // Here already, for the modules without rules, too.
  ruleFormOf(options);
  return Object.fromEntries(
    names.map((name) => [name, Object.hasOwn(FACTORIES, name) ? FACTORIES[name](options) : unknownModule]),
  );
}

const unknownModule: StackFactory = (_app, name) => {
  const known = Object.keys(FACTORIES).sort().join(", ");
  throw new InputError([`there is no module "${name}"; there are ${known}`]);
};
