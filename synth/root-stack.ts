import { isDeepStrictEqual } from "node:util";
import { TerraformStack } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import * as z from "zod";
import { InputError, parseInput, strictly } from "../io/errors";
import type { EnforcingMode } from "../network/cni";
import { type Backend, backendBlock, backendSchema, type CheckedBackend } from "./backend";
import type { ModuleContract, VariableSpec } from "./contract";
import type { ModuleCall, ModuleValues } from "./module-call";
import { RemoteState } from "./remote-state";
import { PlainStack } from "./stack";

export interface RootStackOptions {
  /** Where the state is kept. Default: a local file in the project's folder, `terraform.NAME.tfstate`. */
  readonly backend?: Backend | undefined;
  /** Names of the stacks of this app that are deployed first. */
  readonly dependsOn?: readonly string[] | undefined;
  /**
   * Says that others run the cluster's CNI, such as EKS Auto Mode or another team's add-on, and in which enforcing
   * mode. Nothing is deployed for it: `flows.yaml` records it for the verifier.
   */
  readonly externalCni?: EnforcingMode | undefined;
}

interface CheckedOptions {
  readonly backend: CheckedBackend;
  readonly dependsOn: readonly string[];
  readonly externalCni?: EnforcingMode | undefined;
}

const optionsSchema: z.ZodType<CheckedOptions, RootStackOptions> = z.strictObject(
  {
    backend: backendSchema.prefault({ type: "local" }),
    dependsOn: z
      .array(z.string("must be the name of a stack"), "must be a list of names of stacks")
      .readonly()
      .default([]),
    externalCni: z.enum(["strict", "standard"], { error: 'must be "strict" or "standard"' }).optional(),
  },
  strictly("backend, dependsOn, externalCni"),
);

/**
 * A root that `cdktf deploy`, `terraform apply` or a workspace runs: a subclass adds its provider's
 * configuration and calls modules with `ModuleCall`.
 *
 * @throws InputError naming every wrong option
 */
export abstract class RootStack extends PlainStack {
  /** Names of the stacks that are deployed first. They may be declared later than this one. */
  readonly dependsOnStacks: string[];
  /** Where the state is kept. */
  readonly backend: CheckedBackend;
  readonly externalCni: EnforcingMode | undefined;

  constructor(scope: Construct, id: string, options: RootStackOptions = {}) {
    const { backend, dependsOn, externalCni } = checkedOptions(options);
    const { block, minimumTerraform } = backendBlock(id, backend);
    super(scope, id, minimumTerraform);
    for (const [name, value] of Object.entries(block)) this.addOverride(`terraform.${name}`, value);
    this.dependsOnStacks = [...dependsOn];
    this.backend = backend;
    this.externalCni = externalCni;
  }

  /**
   * The root that a construct is in: a construct of your own adds outputs, variables and remote states to it, as in
   * `RootStack.of(this).addOutput(…)`.
   *
   * @throws InputError for a construct that is in no root
   */
  static override of(construct: IConstruct): RootStack {
    const stack = TerraformStack.of(construct);
    if (stack instanceof RootStack) return stack;
    throw new InputError([
      `"${construct.node.path}" is in stack "${stack.node.id}", which is no root: extend RootStack instead of ${stack instanceof PlainStack ? "ModuleStack" : "TerraformStack"}`,
    ]);
  }

  /** cdktf's way to say `dependsOn`. Circles are found when synthesizing, where all stacks are known. */
  override addDependency(dependency: TerraformStack): void {
    const name = dependency.node.id;
    if (!this.dependsOnStacks.includes(name)) this.dependsOnStacks.push(name);
  }

  /**
   * Reads the state of another root, for its outputs; asked again, it gives the same. A root of this app is deployed
   * first and says itself where its state is.
   *
   * @param root the name of the other root's stack
   * @param backend where its state is, when it is not of this app; a local path is relative to this root's folder
   * @throws InputError naming every wrong option of the backend; for a state that is read already, with another one
   */
  remoteState(root: string, backend?: Backend): RemoteState {
    const checked = backend && parseInput(`the backend of "${root}"`, backendSchema, backend);
    if (!checked && !this.dependsOnStacks.includes(root)) this.dependsOnStacks.push(root);
    const known = this.node.children.find(
      (element): element is RemoteState => element instanceof RemoteState && element.root === root,
    );
    if (known === undefined) return new RemoteState(this, root, this.backend, checked);
    if (!isDeepStrictEqual(known.backend, checked)) {
      throw new InputError([`the state of "${root}" is already read with another backend`]);
    }
    return known;
  }

  /**
   * Declares the variables of a module as the root's own, and returns the references to pass on. Their
   * validations are left to the module, which makes them in any case.
   *
   * @param given names of variables that the root itself gives a value
   */
  addVariablesOf<Values extends object, Output extends string, Given extends keyof Values = never>(
    contract: ModuleContract<Values, Output>,
    ...given: readonly Given[]
  ): Omit<ModuleValues<Values>, Given> {
    const specs = Object.entries<VariableSpec>(contract.variables as Record<string, VariableSpec>).filter(
      ([name]) => !given.some((other) => other === name),
    );
    return Object.fromEntries(
      specs.map(([name, spec]) => [name, this.addVariable(name, { ...spec, validations: [] }).value]),
    ) as Omit<ModuleValues<Values>, Given>;
  }

  /** Passes the outputs of a called module on, under their own names. */
  addOutputsOf<Values extends object, Output extends string>(call: ModuleCall<Values, Output>): void {
    for (const [name, description] of Object.entries<string>(call.contract.outputs)) {
      this.addOutput(name, call.output(name as Output), description);
    }
  }
}

function checkedOptions(options: RootStackOptions): CheckedOptions {
  try {
    return parseInput("options", optionsSchema, options);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    // An option is named as it is written: `backend.type`.
    throw new InputError(error.problems.map((problem) => problem.replace(/^options\./, "")));
  }
}
