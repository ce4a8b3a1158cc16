import * as z from "zod";
import { DATA_SERVICES } from "../../aws/data-services";
import type { Json } from "../../io/json";
import { serviceModule } from "../../modules/data-service/contract";
import { podGroup } from "../../modules/pod-group/contract";
import type { AnyModuleContract } from "../../synth/contract";
import { type Options, objectOf, option, variableOption } from "../options/schema";
import { optionsOf } from "../options/shapes";

/** A data service, whichever: `tcp-service` has the same variables as those of AWS. */
const ANY_SERVICE = serviceModule("mysql").contract as unknown as AnyModuleContract;

const PORTS = {
  type: 'DataServiceVariables["ports"]',
  example: DATA_SERVICES["elasticache-redis"].ports,
};

const SERVICE: Options = {
  name: "WorkloadDataService",
  description:
    "A data service of AWS that a workload reaches: its module, and what differs from the module's defaults.",
  options: {
    module: option(
      {
        description:
          "The data service, such as `elasticache-redis`; `tcp-service` for any other over TCP, with its `ports`.",
        type: "DataServiceName",
        isRequired: true,
      },
      z.string('must be the name of a data service, such as "elasticache-redis", or "tcp-service"'),
    ),
    ports: option({
      ...PORTS,
      description:
        "TCP ports on which the pods reach the service, by names of your choice. Default: the service's own.",
    }),
    memberPorts: variableOption(ANY_SERVICE, "DataServiceVariables", "member_ports"),
  },
};

/** As the type says it: of any other service the ports must be given. */
const TCP_SERVICE: Options = {
  name: "WorkloadTcpService",
  description: "Any other service over TCP that a workload reaches.",
  options: {
    ...SERVICE.options,
    module: option({
      description: "Any service over TCP that is none of AWS's data services.",
      type: '"tcp-service"',
      isRequired: true,
    }),
    ports: option({
      ...PORTS,
      type: "Ports",
      description: "TCP ports on which the pods reach the service, by names of your choice.",
      example: { http: 9200 },
      isRequired: true,
    }),
  },
};

/** @internal All options of a workload. */
export const WORKLOAD: Options = {
  name: "WorkloadOptions",
  description: "What a workload is, in one description.",
  options: {
    name: option({
      description:
        "Name of the workload; its pods' security group gets this name with -for-pods at its end. Unique in the VPC. Default: the construct's id.",
      type: "string",
      example: "orders",
    }),
    // A workload's name is its id by default, and whether it is on a baseline follows from `baseline`, with which it
    // needs none of the cluster's groups. Its groups are new: they have no tags, descriptions and names of their own.
    ...optionsOf(podGroup as unknown as AnyModuleContract, "PodGroupVariables", {
      name: null,
      on_baseline: null,
      group_name: null,
      own_tags: null,
      rule_tags: null,
      descriptions: null,
      security_groups: { isRequired: false },
    }),
    services: option(
      {
        description:
          "The data services that the pods reach, by their names: `orders` with `redis` has the security group `orders-redis`.",
        type: "Readonly<Record<string, WorkloadService>>",
        example: { redis: { module: "elasticache-redis" } },
      },
      z.record(z.string(), objectOf(SERVICE), {
        error: 'must be services by their names, such as { redis: { module: "elasticache-redis" } }',
      }),
    ),
    baseline: option({
      description:
        "The `PodBaseline` whose security group the pods carry besides their own. It then has the rules of the cluster: DNS, probes, ingress, the internet.",
      type: "ModuleCall<PodBaselineVariables, PodBaselineOutput>",
    }),
  },
};

/** @internal The objects of a workload's options, each before those that name it. */
export const WORKLOAD_DECLARED = [SERVICE, TCP_SERVICE, WORKLOAD] as const;

/** What a description says, in the names of the modules. */
export interface ReadDescription extends Json {
  readonly name?: string;
  readonly services?: Readonly<Record<string, { readonly module: string } & Json>>;
}

/** @internal Reads a description, and gives the names of the modules. */
export const workloadSchema = objectOf(WORKLOAD) as z.ZodType<ReadDescription>;
