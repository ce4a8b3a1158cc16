import * as z from "zod";
import { DATA_SERVICES } from "../../aws/data-services";
import { isJson, type Json } from "../../io/json";
import { nearest } from "../../io/nearest";
import { serviceModule } from "../../modules/data-service/contract";
import { podGroup } from "../../modules/pod-group/contract";
import type { AnyModuleContract, VariableSpec } from "../../synth/contract";
import { optionName, variableName } from "./names";

/*
 * A workload's description, said once: the schema that reads one and gives the names of the modules, with the words
 * and the types of which `npm run generate` makes the declarations that editors show (`options.ts`). An option is a
 * variable of a module, with its words and its default. Values are checked by the modules' own validations.
 */

/** What an editor shows of an option, besides its name. */
export interface OptionWords {
  readonly description: string;
  /** Its type, as TypeScript. */
  readonly type: string;
  readonly isRequired?: boolean;
  /** As JSON, in the names of the modules. */
  readonly default?: unknown;
  readonly example?: unknown;
}

/**
 * An object of options, by its name in the declarations.
 *
 * @internal Of zod, which the users of the package do not have.
 */
export interface Options {
  readonly name: string;
  readonly description: string;
  readonly options: Readonly<Record<string, z.ZodType>>;
}

/** @internal The words of every option. */
export const WORDS = z.registry<OptionWords>();

/** An option whose value the module checks. */
function option(words: OptionWords, schema: z.ZodType = z.any()): z.ZodType {
  const checked = words.isRequired
    ? schema.refine((value) => value !== undefined && value !== null, `must be given: ${words.description}`)
    : schema.optional();
  return checked.register(WORDS, words);
}

/** An option that is a variable of a module. Left out, it has the module's default. */
function variableOption(
  { variables }: AnyModuleContract,
  values: string,
  name: string,
  {
    type = `${values}["${name}"]`,
    schema = z.any(),
    ...more
  }: Partial<OptionWords> & { schema?: z.ZodType } = {},
): z.ZodType {
  const { description, default: fallback, example } = variables[name] as VariableSpec;
  const words = {
    description,
    type,
    isRequired: fallback === undefined,
    ...(fallback !== undefined && fallback !== null && { default: fallback }),
    example,
    ...more,
  };
  return option(words, schema);
}

/** Attributes of a variable that is an object: their types are those of the module's own declarations. */
function attributes(of: string, words: Readonly<Record<string, string>>): Options["options"] {
  return Object.fromEntries(
    Object.entries(words).map(([name, description]) => [
      name,
      option({ description, type: `${of}["${variableName(name)}"]` }),
    ]),
  );
}

const SECURITY_GROUPS: Options = {
  name: "WorkloadSecurityGroups",
  description: "Ids of the security groups that the cluster has.",
  options: attributes('PodGroupVariables["security_groups"]', {
    k8sWorker:
      "Id of the security group on the worker nodes, where the kubelet and, without `coredns`, CoreDNS run.",
    k8sIngress: "Id of the security group on what sends requests to the pods, such as a load balancer.",
    coredns: "Id of the security group on CoreDNS, where it has one of its own.",
  }),
};

const PEER: Options = {
  name: "WorkloadPeer",
  description: "The other end of a rule: exactly one of these.",
  options: attributes("PeerInput", {
    cidrIpv4: "An IPv4 network, such as `10.0.0.0/16`.",
    cidrIpv6: "An IPv6 network, such as `2001:db8::/32`.",
    prefixListId: "Id of a prefix list, such as `pl-0a1b2c3d`.",
    securityGroupId: "Id of a security group.",
  }),
};

const TRAFFIC: Options = {
  name: "WorkloadTraffic",
  description: "The other end of a rule (exactly one of the first four), and what may pass.",
  options: {
    ...PEER.options,
    ...attributes("TrafficInput", {
      protocol: "`tcp` (the default), `udp`, `icmp` or `icmpv6`.",
      ports: "A port or a range, such as `8080` or `8000-8100`: for `tcp` and `udp`.",
      icmpType: "From 0 to 255, or -1 for any: for `icmp` and `icmpv6`.",
      icmpCode: "From 0 to 255, or -1 for any (the default): for `icmp` and `icmpv6`.",
    }),
  },
};

/** The variables of `pod-group` that are objects. All others are plain values. */
const SHAPES: Readonly<Record<string, { readonly of: Options; readonly isMap: boolean }>> = {
  security_groups: { of: SECURITY_GROUPS, isMap: false },
  dns_cidrs: { of: PEER, isMap: true },
  internet_targets: { of: PEER, isMap: true },
  ingress_sources: { of: TRAFFIC, isMap: true },
  egress_targets: { of: TRAFFIC, isMap: true },
};

const POD_GROUP = podGroup as unknown as AnyModuleContract;

const podOptions = Object.fromEntries(
  Object.keys(POD_GROUP.variables)
    // A workload's name is its id by default, and whether it is on a baseline follows from `baseline`.
    .filter((name) => name !== "name" && name !== "on_baseline")
    .map((name) => {
      const shape = SHAPES[name];
      const words = shape && {
        type: shape.isMap ? `Readonly<Record<string, ${shape.of.name}>>` : shape.of.name,
        schema: shape.isMap ? mapOf(shape.of) : orReference(objectOf(shape.of)),
      };
      // A workload on a baseline needs none of the cluster's groups.
      const isRequired = name === "security_groups" ? { isRequired: false } : {};
      return [
        optionName(name),
        variableOption(POD_GROUP, "PodGroupVariables", name, { ...words, ...isRequired }),
      ];
    }),
);

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
    ...podOptions,
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
        "The call of module `pod-baseline` whose security group the pods carry besides their own. It then has the rules of the cluster: DNS, probes, ingress, the internet.",
      type: "ModuleCall<PodBaselineVariables, PodBaselineOutput>",
    }),
  },
};

/** @internal All objects of options, each before those that name it. */
export const DECLARED = [SECURITY_GROUPS, PEER, TRAFFIC, SERVICE, TCP_SERVICE, WORKLOAD] as const;

/** What a description says, in the names of the modules. */
export interface ReadDescription extends Json {
  readonly name?: string;
  readonly services?: Readonly<Record<string, { readonly module: string } & Json>>;
}

/** @internal Reads a description, and gives the names of the modules. */
export const workloadSchema = objectOf(WORKLOAD) as z.ZodType<ReadDescription>;

/** Text of a module, such as the message of a validation, in the names of the options. */
export function inOptionNames(text: string): string {
  const said = text.replaceAll("set on_baseline = false", "leave baseline out");
  return said.replace(/\b[a-z][a-z0-9]*(_[a-z0-9]+)+\b/g, (name) =>
    VARIABLES.has(name) ? optionName(name) : name,
  );
}

const VARIABLES: ReadonlySet<string> = new Set(
  [...DECLARED.flatMap(({ options }) => Object.keys(options)), "udpPorts"].map(variableName),
);

/** A map of such objects, by keys of the user's choice. */
function mapOf(of: Options): z.ZodType {
  return orReference(z.record(z.string(), orReference(objectOf(of))));
}

/** An object of these options alone, which becomes one with the modules' names. */
function objectOf({ options }: Options): z.ZodType {
  return z
    .strictObject(options, optionsOnly(Object.keys(options)))
    .transform((value) =>
      Object.fromEntries(Object.entries(value).map(([name, one]) => [variableName(name), one])),
    );
}

/** The words for an object of these options alone: one in a module's name, or a misspelled one, is named as it is here. */
export function optionsOnly(names: readonly string[]) {
  const accepted = names.join(", ");
  const known = (key: string) => {
    const meant = names.find((name) => name === optionName(key)) ?? nearest(optionName(key), names);
    return meant === undefined ? `"${key}"` : `"${key}" (write ${meant})`;
  };
  return {
    error: (issue: { code?: string; keys?: string[] }) =>
      issue.code === "unrecognized_keys"
        ? `does not know ${issue.keys?.map(known).join(", ")}; accepted: ${accepted}`
        : `must be an object with ${accepted}`,
  };
}

/** Data of a schema. What is no object passes: a reference, of which Terraform knows what it is, or what the module refuses. */
function orReference(schema: z.ZodType): z.ZodType {
  return z.any().transform((value, context) => {
    if (!isData(value)) return value;
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    // As they are, with their paths and words.
    for (const issue of result.error.issues) context.issues.push({ ...issue, input: value } as never);
    return z.NEVER;
  });
}

/** cdktf's references are objects of classes, and those to maps hold their mark as a key. */
function isData(value: unknown): value is Json {
  if (!isJson(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null;
  return isPlain && !Object.keys(value).some((key) => key.includes("TfToken["));
}
