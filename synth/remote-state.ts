import { TerraformElement, TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { InputError } from "../io/errors";
import { type CheckedBackend, remoteStateOf } from "./backend";
import { identifierProblems } from "./stack";
import { expression } from "./text";

/** Another root, as far as its state is read. */
interface Root extends Construct {
  readonly backend: CheckedBackend;
}

/**
 * The state of another root, read by the data source `terraform_remote_state`: whoever deploys this root needs
 * access to it. Its address is the other root's name, with `_` for `-`.
 */
export class RemoteState extends TerraformElement {
  private readonly outputs = new Set<string>();
  private readonly address: string;

  /**
   * @param root the name of the other root
   * @param own the backend of the root that reads
   * @param backend where the other root keeps its state, when it is not of this app
   * @throws InputError for a name that no address can hold
   */
  constructor(
    scope: Construct,
    readonly root: string,
    private readonly own: CheckedBackend,
    readonly backend?: CheckedBackend,
  ) {
    const problems = identifierProblems("the name of a root whose state is read", root);
    if (problems.length > 0) throw new InputError(problems);
    super(scope, `(remote state of ${root})`);
    this.address = root.replaceAll("-", "_");
  }

  /**
   * A reference to an output of the other root, as a string token.
   *
   * @throws InputError for a name that no output can have
   */
  output(name: string): string {
    const problems = identifierProblems(`the name of an output of "${this.root}"`, name);
    if (problems.length > 0) throw new InputError(problems);
    this.outputs.add(name);
    return expression(`data.terraform_remote_state.${this.address}.outputs.${name}`);
  }

  /** What is asked of another root of this app that it does not have. */
  problemsWith(other: Construct): string[] {
    const names = other.node
      .findAll()
      .filter((element) => element instanceof TerraformOutput)
      .map((output) => output.friendlyUniqueId);
    return [...this.outputs]
      .filter((name) => !names.includes(name))
      .map((name) => `there is no output "${name}" in it; it has ${names.sort().join(", ") || "none"}`);
  }

  /** @throws InputError for a state that cannot be named before Terraform runs */
  override toTerraform(): object {
    const other = this.node.root.node.tryFindChild(this.root) as Root | undefined;
    const backend = this.backend ?? other?.backend;
    if (backend === undefined)
      throw new InputError([`there is no stack "${this.root}" whose state could be read`]);
    const state = remoteStateOf(this.root, backend);
    if (state === undefined) {
      throw new InputError([
        `the state of "${this.root}" is in a workspace that is chosen by tags: give its backend a workspace by name`,
      ]);
    }
    // The workspace of the other root that has the same name. In Terraform Cloud, names are of one root alone.
    const isCloud = this.own.type === "cloud" || backend.type === "cloud";
    const data = isCloud ? state : { ...state, workspace: "${terraform.workspace}" };
    return { data: { terraform_remote_state: { [this.address]: data } } };
  }
}
