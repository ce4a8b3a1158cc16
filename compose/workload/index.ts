import { Construct } from "constructs";
import { attempt, given, InputError, parseInput } from "../../io/errors";
import { isJson } from "../../io/json";
import { type DataServiceVariables, serviceModule } from "../../modules/data-service/contract";
import { podBaseline } from "../../modules/pod-baseline/contract";
import { type PodGroupOutput, type PodGroupVariables, podGroup } from "../../modules/pod-group/contract";
import type { AnyModuleContract } from "../../synth/contract";
import { ModuleCall, problemsOfCall } from "../../synth/module-call";
import { expression } from "../../synth/text";
import { inOptionNames } from "../options/all";
import type { WorkloadOptions } from "../options/declared";
import { type Connection, connect } from "./connect";
import { type ReadDescription, workloadSchema } from "./description";

/** A call of a service's module, with the service's name in the module's outputs. */
interface ServiceCall {
  readonly key: string;
  readonly call: ModuleCall<DataServiceVariables, string>;
}

/**
 * A workload's pod group and its data services, as calls of the modules `pod-group` and of each service: `module.ID`
 * and `module.ID_SERVICE`. `run` and `synthesize` add these modules to the app.
 *
 * @throws InputError naming everything that is wrong with the options
 */
export class Workload extends Construct {
  private readonly podGroup: ModuleCall<PodGroupVariables, PodGroupOutput>;
  private readonly services = new Map<string, ServiceCall>();
  private readonly baseline: WorkloadOptions["baseline"];
  /** What its calls of other modules share: the tags, whatever they are made of. */
  private readonly values: ReadDescription;
  /** The id that it was given: the name of its first call. */
  readonly callId: string;
  /** The workload's name in names of groups. */
  readonly workloadName: string;

  constructor(scope: Construct, id: string, options: WorkloadOptions) {
    // In brackets, so that the calls may have its id: they are constructs of the same scope.
    super(scope, `(workload ${id})`);
    const where = `workload "${id}"`;
    if (!isJson(options)) {
      throw new InputError([`${where}: must be an object with a workload's options (${given(options)})`]);
    }
    const { baseline } = options;
    const wrongBaseline = baselineProblems(where, baseline);
    if (wrongBaseline.length > 0) throw new InputError(wrongBaseline);
    const { name = id, services = {}, baseline: _, ...own } = parseInput(where, workloadSchema, options);
    this.callId = id;
    this.workloadName = name;
    this.baseline = options.baseline;
    this.values = own;

    const pods = { security_groups: {}, ...own, name, ...(baseline && { on_baseline: true }) };
    const anyPods = { pods_security_group_id: expression(`module.${id}.pods_security_group_id`) };
    const problems = wordsOf(problemsOfCall(id, podGroup as unknown as AnyModuleContract, pods, where));
    const keys = new Map<string, string>();
    const calls = Object.entries(services).flatMap(([key, { module, ...more }]) => {
      const whereService = `${where}.services.${key}`;
      const callId = `${id}_${key.replaceAll("-", "_")}`;
      const other = keys.get(callId);
      if (other !== undefined) {
        problems.push(
          `${where}: the services "${other}" and "${key}" would both be module.${callId}: rename one`,
        );
      }
      keys.set(callId, key);
      const service = attempt(problems, () => serviceModule(module as "msk"), `${whereService}: `);
      if (service === undefined) return [];
      const contract = service.contract as unknown as AnyModuleContract;
      const values = {
        name,
        ...this.valuesFor(contract),
        service_name: key.replaceAll("_", "-"),
        ...more,
      };
      const wrong = wordsOf(problemsOfCall(callId, contract, { ...values, ...anyPods }, whereService));
      // What is wrong with the workload's own values was said there.
      const isKnown = (problem: string) => problems.includes(problem.replace(whereService, where));
      problems.push(...wrong.filter((problem) => !isKnown(problem)));
      return [{ callId, key, service, values }];
    });
    if (problems.length > 0) throw new InputError(problems);

    this.podGroup = new ModuleCall(scope, id, podGroup, pods as unknown as PodGroupVariables);
    for (const { callId, key, service, values } of calls) {
      const call = new ModuleCall(scope, callId, service.contract, {
        ...(values as unknown as DataServiceVariables),
        pods_security_group_id: this.podsSecurityGroupId,
      });
      this.services.set(key, { key: service.key, call });
    }
  }

  /** The id of the pods' own security group, as a string token. */
  get podsSecurityGroupId(): string {
    return this.podGroup.output("pods_security_group_id");
  }

  /** The ids of the security groups that the pods carry, for a `SecurityGroupPolicy`, as string tokens. */
  get securityGroupIds(): string[] {
    const own = [this.podsSecurityGroupId];
    return this.baseline ? [this.baseline.output("baseline_security_group_id"), ...own] : own;
  }

  /**
   * The id of a service's security group, to attach to the service, as a string token.
   *
   * @param name the service's key in the options
   * @throws InputError for a service that the workload does not have
   */
  serviceSecurityGroupId(name: string): string {
    const service = this.services.get(name);
    if (service === undefined) {
      throw new InputError([
        `workload "${this.workloadName}" has no service "${name}"; it has ${[...this.services.keys()].join(", ") || "none"}`,
      ]);
    }
    return service.call.output(`${service.key}_security_group_id`);
  }

  /**
   * Lets these pods reach those of another workload: the egress rule on this workload's security group and the ingress
   * rule on the server's, as a call of module `pod-to-pod` named `module.CLIENT_to_SERVER`. Repeated calls add only new
   * ports.
   *
   * Both workloads are in one root, and have names of at most 80 characters. Across states, call the module with the id
   * of the other group.
   *
   * @throws InputError for a workload with itself, for workloads of two stacks, for a key that already means another
   * port, and for whatever the module rejects
   */
  connectTo(server: Workload, connection: Connection): void {
    if (!(server instanceof Workload)) {
      throw new InputError([
        `workload "${this.callId}".connectTo: the server must be a Workload (${given(server)}); for any other security group, call module "pod-to-pod"`,
      ]);
    }
    connect(this, server, connection);
  }

  /** @internal The workload's values for variables that another module has, too. */
  valuesFor({ variables }: AnyModuleContract): ReadDescription {
    return Object.fromEntries(Object.entries(this.values).filter(([name]) => Object.hasOwn(variables, name)));
  }
}

/** What the modules say, in the names of the options. */
const wordsOf = (problems: readonly string[]): string[] => problems.map(inOptionNames);

function baselineProblems(workload: string, baseline: unknown): string[] {
  if (baseline === undefined) return [];
  const isCall = baseline instanceof ModuleCall;
  if (isCall && baseline.contract.name === podBaseline.name) return [];
  const what = isCall ? `given: a call of module "${baseline.contract.name}"` : given(baseline);
  return [`${workload}.baseline: must be a PodBaseline, which calls module "${podBaseline.name}" (${what})`];
}
