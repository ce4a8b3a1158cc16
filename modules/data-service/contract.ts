import { DATA_SERVICES, type DataService, type DataServiceName } from "../../aws/data-services";
import { differs, matches, quoted } from "../../expression/conditions";
import { InputError } from "../../io/errors";
import type { ModuleContract, VariableSpec } from "../../synth/contract";
import { existingRuleVariables } from "../shared/existing";
import { EXAMPLE, securityGroupVariable, vpcIdVariable } from "../shared/ids";
import { groupNameVariable, LONGEST_NAME, nameVariable } from "../shared/names";
import { trafficVariable } from "../shared/peers";
import { portsVariable } from "../shared/ports";
import { requirementsOf } from "../shared/requirements";
import { FORM_NOTE } from "../shared/rule-form";
import { platformVariable, tagsVariable } from "../shared/tags";
import { flows } from "./flows";
import { rules } from "./rules";
import { tests } from "./tests";
import { type DataServiceVariables, type TcpServiceVariables, variable } from "./variables";

export type { DataServiceVariables, TcpServiceVariables };

export type DataServiceOutput = `${string}_security_group_${"arn" | "id" | "name"}`;

/** A module of this kind: what it serves is data. */
export interface DataServiceModule<Values extends DataServiceVariables = DataServiceVariables> {
  /** The service's short name, which addresses and outputs hold. */
  readonly key: string;
  readonly contract: ModuleContract<Values, DataServiceOutput>;
}

/**
 * The module of an AWS data service, by its name, such as `msk`. Its contract is what `ModuleCall` takes.
 *
 * @throws InputError for a name that there is none of
 */
export function dataService(name: DataServiceName): DataServiceModule {
  if (Object.hasOwn(MODULES, name)) return MODULES[name];
  const names = Object.keys(MODULES).sort().join(", ");
  throw new InputError([
    `there is no data service "${name}"; there are ${names}, and tcp-service for any other`,
  ]);
}

/**
 * The module of a service by its name, `tcp-service` among them.
 *
 * @throws InputError for a name that there is none of
 */
export function serviceModule(name: DataServiceName | "tcp-service"): DataServiceModule {
  return name === "tcp-service" ? (tcpService as unknown as DataServiceModule) : dataService(name);
}

/** The module of any other service that is reached over TCP. */
export const tcpService: DataServiceModule<TcpServiceVariables> = {
  key: "service",
  contract: {
    ...contractOf("tcp-service", {
      key: "service",
      title: "a service",
      attachTo: "whatever runs the service",
      ports: { http: 8080 },
    }),
    purpose:
      "The security group of any service that a workload on EKS reaches over TCP, such as a database that you run yourself, with the ingress rule from the workload's pods and the egress rule on the pod security group.",
  } as ModuleContract<TcpServiceVariables, DataServiceOutput>,
};

const MODULES = Object.fromEntries(
  Object.entries<DataService>(DATA_SERVICES).map(([name, service]): [string, DataServiceModule] => [
    name,
    { key: service.key, contract: contractOf(name, service) },
  ]),
) as Readonly<Record<DataServiceName, DataServiceModule>>;

function contractOf(
  name: string,
  { key, title, attachTo, ports, source }: Omit<DataService, "source"> & { readonly source?: string },
): ModuleContract<DataServiceVariables, DataServiceOutput> {
  // Nothing is known of a service without a source: its caller says what it is.
  const isKnown = source !== undefined;
  const group = `${key}_security_group` as const;
  const ownName = serviceName(isKnown ? key.replaceAll("_", "-") : undefined);
  return {
    name,
    purpose: `The security group of ${title} for a workload on EKS, with the ingress rule from the workload's pods and the egress rule on the pod security group. It takes the id of that group (module \`pod-group\`), so a workload has one group however many services it uses.`,
    provider: "aws",
    minimumTerraform: "1.3",
    variables: {
      name: nameVariable(
        "Name of the workload; the service's group is NAME-SERVICE_NAME. Unique in the VPC.",
        LONGEST_NAME,
      ),
      vpc_id: vpcIdVariable("Id of the VPC of the service."),
      platform: platformVariable("the group and its rules"),
      tags: tagsVariable("the group and its rules"),
      group_name: groupNameVariable("group_name", "NAME-SERVICE_NAME"),
      ...existingRuleVariables({ groups: [key], rules: rules(key) }),
      pods_security_group_id: securityGroupVariable("pods_security_group_id", {
        description: "Id of the pod security group: the output of module pod-group.",
        example: EXAMPLE.pods,
      }),
      service_name: ownName,
      ports: portsVariable("ports", {
        description: `TCP ports on which the pods reach ${title}, by names of your choice.`,
        example: ports,
        ...(isKnown && { default: ports }),
      }),
      member_ports: portsVariable("member_ports", {
        description:
          "TCP ports on which members of the service reach each other through its group, by names of your choice." +
          (isKnown ? " AWS needs none." : ""),
        default: {},
        example: { gossip: 7946 },
        mayBeEmpty: true,
      }),
      ingress_sources: trafficVariable("ingress_sources", {
        description:
          "Who else reaches the service, by names of your choice. Their egress rule is not added here; module pod-to-pod adds both rules for the pods of a second workload.",
        default: {},
        example: { bastion: { security_group_id: EXAMPLE.other, ports: Object.values(ports)[0] ?? 443 } },
      }),
      egress_targets: trafficVariable("egress_targets", {
        description:
          "Whom the service itself reaches, by names of your choice. Their ingress rule is not added here.",
        default: {},
        example: { source: { cidr_ipv4: "10.1.0.0/16", ports: "443" } },
      }),
    },
    outputs: {
      [`${group}_arn`]: "ARN of the service's security group.",
      [`${group}_id`]: `Id of the service's security group, for ${attachTo.replaceAll("`", "")}.`,
      [`${group}_name`]: "Name of the service's security group.",
    },
    requirements: requirementsOf(
      {
        ACCESS: "The pods reach the service: their egress rule and the service's ingress rule.",
        MEMBERS: "Members of the service reach each other on member_ports.",
        MORE: "The service is reached from ingress_sources and reaches egress_targets.",
      },
      rules(key),
    ),
    usages: {
      "A second one for the same workload, on another port, whose members reach each other": {
        service_name: `${ownName.example}-2`,
        ports: { main: 7000 },
        member_ports: { gossip: 7946 },
      },
      "A group that existed before, with its own name, description and tags": {
        group_name: "legacy-db",
        descriptions: { [key]: "Made by hand" },
        own_tags: { Team: "orders" },
      },
    },
    nextStep: `The group has no effect until attached: give \`module.${name.replaceAll("-", "_")}.${group}_id\` to ${attachTo}. The pods need nothing more: their group already has the egress rule.`,
    related: {
      "pod-group": "the security group of the workload's pods",
      "pod-to-pod": "lets a second workload reach the same service",
      "docs/data-services.md": "every data service, with its ports",
    },
    notes: {
      Notes: [
        "- To let a second workload reach the same service, call module `pod-to-pod` with its pod security group as the client and this group as the server.",
        ...(isKnown
          ? [`- The ports are those that [AWS documents](${source}); \`ports\` takes others.`]
          : []),
        FORM_NOTE,
        "- A group's `name`, description and VPC cannot change in place: a new `name` or `service_name` replaces the group.",
        "- `flows.yaml`, next to the JSON, declares what must work and what must stay closed; the verifier (`npm run verify`) proves it for every call.",
      ].join("\n"),
    },
    flows: flows(key, title),
    tests: tests({ key, serviceName: ownName.example, ports }, "per-rule"),
  };
}

function serviceName(fallback: string | undefined): VariableSpec<string> {
  return {
    type: "string",
    description:
      "Name of the service: the end of its group's name. Tells two services of one kind apart. NAME-SERVICE_NAME must be unique in the VPC: orders with a-b and orders-a with b are the same.",
    example: fallback ?? "search",
    ...(fallback !== undefined && { default: fallback }),
    accepted: { the_longest_service_name: "s".repeat(32) },
    validations: [
      {
        condition: matches(variable("service_name"), "^[a-z][a-z0-9-]{0,31}$"),
        message: "The service_name must match ^[a-z][a-z0-9-]{0,31}$.",
        refused: {
          an_empty_service_name: "",
          a_service_name_in_capitals: "Search",
          a_service_name_of_33_characters: "s".repeat(33),
        },
      },
      {
        condition: differs(variable("service_name"), quoted("for-pods")),
        message: "The service_name must not be for-pods, the end of the pod security group's name.",
        refused: { the_name_of_the_pods_group: "for-pods" },
      },
    ],
  };
}
