import { Construct } from "constructs";
import * as z from "zod";
import type { DataServiceName } from "../../aws/data-services";
import { attempt, given, InputError, parseInput, strictly } from "../../io/errors";
import { isJson } from "../../io/json";
import { type DataServiceVariables, serviceModule } from "../../modules/data-service/contract";
import {
  type PodBaselineOutput,
  type PodBaselineVariables,
  podBaseline,
} from "../../modules/pod-baseline/contract";
import { type PodGroupOutput, type PodGroupVariables, podGroup } from "../../modules/pod-group/contract";
import type { Ports } from "../../modules/shared/ports";
import type { TagVariables } from "../../modules/shared/tags";
import type { AnyModuleContract } from "../../synth/contract";
import { ModuleCall, problemsOfCall } from "../../synth/module-call";
import { expression } from "../../synth/text";

/** A data service of a workload: its module, and what the module takes besides the workload's own values. */
export type WorkloadService = Pick<DataServiceVariables, "member_ports"> &
  (
    | { readonly module: DataServiceName; readonly ports?: Ports }
    | { readonly module: "tcp-service"; readonly ports: Ports }
  );

/**
 * A workload in one description. What is not said here has the names and the meaning of module `pod-group`'s
 * variables; text and data are checked when synthesizing, as Terraform will check them.
 */
export interface WorkloadDescription
  extends Omit<PodGroupVariables, "name" | "on_baseline" | "security_groups"> {
  /** Default: the construct's id. */
  readonly name?: string;
  /** Left out by a workload on a baseline. */
  readonly security_groups?: PodGroupVariables["security_groups"];
  /** The services that the pods reach, by their names: `orders` with `redis` has the group `orders-redis`. */
  readonly services?: Readonly<Record<string, WorkloadService>>;
  /** The call of module `pod-baseline` whose group the pods carry besides their own. */
  readonly baseline?: ModuleCall<PodBaselineVariables, PodBaselineOutput>;
}

const serviceSchema: z.ZodType<WorkloadService> = z.strictObject(
  {
    module: z.string('must be the name of a data service, such as "elasticache-redis", or "tcp-service"'),
    ports: z.any().optional(),
    member_ports: z.any().optional(),
  },
  strictly("module, ports, member_ports"),
) as z.ZodType<unknown> as z.ZodType<WorkloadService>;

/** The shape alone: the modules' own contracts check the values. */
const servicesSchema = z.record(z.string(), serviceSchema, {
  error: 'must be services by their names, such as { redis: { module: "elasticache-redis" } }',
});

/**
 * A workload's pod group and its data services, as calls of the modules `pod-group` and of each service: `module.ID`
 * and `module.ID_SERVICE`. The app needs these modules as stacks (`moduleStacks`).
 *
 * @throws InputError naming everything that is wrong with the description
 */
export class Workload extends Construct {
  private readonly podGroup: ModuleCall<PodGroupVariables, PodGroupOutput>;
  private readonly services = new Map<
    string,
    { key: string; call: ModuleCall<DataServiceVariables, string> }
  >();
  private readonly baseline: WorkloadDescription["baseline"];
  /** The id that it was given: the name of its first call. */
  readonly callId: string;
  /** The workload's name in names of groups. */
  readonly workloadName: string;
  /** What it says of tags, for whatever is made for it. */
  readonly tagging: TagVariables;

  constructor(scope: Construct, id: string, description: WorkloadDescription) {
    // In brackets, so that the calls may have its id: they are constructs of the same scope.
    super(scope, `(workload ${id})`);
    const workload = `workload "${id}"`;
    if (!isJson(description)) {
      throw new InputError([
        `${workload}: must be an object with a workload's options (${given(description)})`,
      ]);
    }
    const { name = id, services = {}, baseline, security_groups = {}, ...own } = description;
    this.callId = id;
    this.workloadName = name;
    this.tagging = {
      ...(own.platform !== undefined && { platform: own.platform }),
      ...(own.tags !== undefined && { tags: own.tags }),
    };
    this.baseline = baseline;
    const pods = { name, security_groups, ...own, ...(baseline && { on_baseline: true }) };
    const common = { name, vpc_id: own.vpc_id, ...this.tagging };
    const anyPods = { pods_security_group_id: expression(`module.${id}.pods_security_group_id`) };
    const problems = [
      ...baselineProblems(workload, baseline),
      ...problemsOfCall(id, podGroup as unknown as AnyModuleContract, pods),
    ];
    const checked = attempt(problems, () => parseInput(`${workload}.services`, servicesSchema, services));
    const keys = new Map<string, string>();
    const calls = Object.entries(checked ?? {}).flatMap(([key, { module, ...values }]) => {
      const callId = `${id}_${key.replaceAll("-", "_")}`;
      const other = keys.get(callId);
      if (other !== undefined) {
        problems.push(
          `${workload}: the services "${other}" and "${key}" would both be module.${callId}: rename one`,
        );
      }
      keys.set(callId, key);
      const service = attempt(problems, () => serviceModule(module), `module call "${callId}": `);
      if (service === undefined) return [];
      const own = { ...common, service_name: key.replaceAll("_", "-"), ...values };
      const contract = service.contract as unknown as AnyModuleContract;
      problems.push(...problemsOfCall(callId, contract, { ...own, ...anyPods }));
      return [{ callId, key, service, values: own }];
    });
    if (problems.length > 0) throw new InputError(problems);

    this.podGroup = new ModuleCall(scope, id, podGroup, pods);
    for (const { callId, key, service, values } of calls) {
      const call = new ModuleCall(scope, callId, service.contract, {
        ...values,
        pods_security_group_id: this.podsSecurityGroupId,
      });
      this.services.set(key, { key: service.key, call });
    }
  }

  /** The id of the pods' own group, as a string token. */
  get podsSecurityGroupId(): string {
    return this.podGroup.output("pods_security_group_id");
  }

  /** The ids of the groups that the pods carry, for a `SecurityGroupPolicy`, as string tokens. */
  get securityGroupIds(): string[] {
    const own = [this.podsSecurityGroupId];
    return this.baseline ? [this.baseline.output("baseline_security_group_id"), ...own] : own;
  }

  /**
   * The id of a service's group, to attach to the service, as a string token.
   *
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
}

function baselineProblems(workload: string, baseline: unknown): string[] {
  if (baseline === undefined) return [];
  const isCall = baseline instanceof ModuleCall;
  if (isCall && baseline.contract.name === podBaseline.name) return [];
  const what = isCall ? `given: a call of module "${baseline.contract.name}"` : given(baseline);
  return [`${workload}.baseline: must be a call of module "${podBaseline.name}" (${what})`];
}
