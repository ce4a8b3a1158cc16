import { all, equals, quoted } from "../../expression/conditions";
import type { ModuleTest } from "../../synth/contract";
import { EXAMPLE } from "../shared/ids";
import type { Ports } from "../shared/ports";
import {
  type ExpectedRules,
  existingRuns,
  groupIsNamed,
  outputsAre,
  rulesAre,
  rulesAreTagged,
  TAGGED_PLACE,
  tagRuns,
  tags,
} from "../shared/rule-assertions";
import type { RuleForm } from "../shared/rule-form";

const SERVICE = EXAMPLE.database;
const PODS = EXAMPLE.pods;

/** A service as its tests know it. */
export interface TestedService {
  readonly key: string;
  /** The end of its group's name, unless the caller says another. */
  readonly serviceName: string;
  readonly ports: Ports;
}

/** What a caller relies on: the group, both halves of every port, and members apart from the pods. */
export function tests(
  { key, serviceName, ports }: TestedService,
  form: RuleForm,
): Record<string, ModuleTest> {
  const names = [
    `${key}_ingress_from_pods`,
    `pods_egress_to_${key}`,
    `${key}_ingress_from_self`,
    `${key}_egress_to_self`,
    `${key}_ingress_from_sources`,
    `${key}_egress_to_targets`,
  ];
  const each = (some: Ports, rule: (port: string) => Omit<ExpectedRules[string], "traffic">): ExpectedRules =>
    Object.fromEntries(
      Object.entries(some).map(([port, range]) => [
        port,
        { ...rule(port), traffic: `tcp ${String(range).includes("-") ? range : `${range}-${range}`}` },
      ]),
    );
  const access = (some: Ports, groupName: string): Record<string, ExpectedRules> => ({
    [`${key}_ingress_from_pods`]: each(some, (port) => ({
      group: SERVICE,
      security_group_id: PODS,
      description: `Ingress: Allow ${port} from the pods of orders.`,
    })),
    [`pods_egress_to_${key}`]: each(some, (port) => ({
      group: PODS,
      security_group_id: SERVICE,
      description: `Egress: Allow ${port} to ${groupName}.`,
    })),
  });
  const amongMembers = (direction: string, some: Ports) =>
    each(some, (port) => ({
      group: SERVICE,
      security_group_id: SERVICE,
      description: `${direction}: Allow ${port} among members.`,
    }));
  const name = `orders-${serviceName}`;
  const address = `aws_security_group.${key}`;
  const others: Ports = { main: 7000, data_2: "7443-7450" };
  const memberPorts: Ports = { gossip: "7946" };
  const more = {
    ingress_sources: {
      office: { cidr_ipv4: "198.51.100.0/24", ports: "8443-8444" },
      bastion: { security_group_id: EXAMPLE.other, ports: 22 },
    },
    egress_targets: { ping: { cidr_ipv4: "10.0.0.0/8", protocol: "icmp", icmp_type: 8 } },
  };
  return {
    plan: {
      ...TAGGED_PLACE,
      resources: { [address]: { id: SERVICE } },
      runs: [
        {
          name: "every_option_is_followed",
          // Applied, with the provider mocked: only then the ids of the groups are known.
          command: "apply",
          variables: { service_name: "sessions-2", ports: others, member_ports: memberPorts, ...more },
          assert: [
            {
              condition: equals(`${address}.name`, quoted("orders-sessions-2")),
              message:
                "The group must have the name of the service: another one of its kind has another name.",
            },
            ...rulesAre(form, names, {
              ...access(others, "orders-sessions-2"),
              [`${key}_ingress_from_self`]: amongMembers("Ingress", memberPorts),
              [`${key}_egress_to_self`]: amongMembers("Egress", memberPorts),
              [`${key}_ingress_from_sources`]: {
                bastion: {
                  group: SERVICE,
                  traffic: "tcp 22-22",
                  security_group_id: EXAMPLE.other,
                  description: "Ingress: Allow access from bastion.",
                },
                office: {
                  group: SERVICE,
                  traffic: "tcp 8443-8444",
                  cidr_ipv4: "198.51.100.0/24",
                  description: "Ingress: Allow access from office.",
                },
              },
              [`${key}_egress_to_targets`]: {
                // Type 8, any code.
                ping: {
                  group: SERVICE,
                  traffic: "icmp 8--1",
                  cidr_ipv4: "10.0.0.0/8",
                  description: "Egress: Allow access to ping.",
                },
              },
            }),
            ...rulesAreTagged(form, names, "orders-sessions-2"),
          ],
        },
        {
          name: "the_pods_and_the_service_have_both_halves",
          command: "apply",
          assert: [
            {
              condition: all(groupIsNamed(address, name), equals(`${address}.tags`, `tomap(${tags(name)})`)),
              message:
                "The group must have the workload's and the service's name, be in the VPC and carry the four tags.",
            },
            {
              condition: outputsAre(`${key}_security_group`, { address, id: SERVICE, name }),
              message: "The outputs must be those of the group.",
            },
            ...rulesAre(form, names, access(ports, name)),
          ],
        },
        ...tagRuns({
          groups: { [address]: name },
          form,
          rules: names,
          prefix: name,
          variables: { member_ports: memberPorts },
        }),
        ...existingRuns({
          groups: [address],
          form,
          rules: names,
          rule: { name: `${key}_ingress_from_pods`, keys: ["main", "data_2"] },
          variables: { ports: others, member_ports: memberPorts },
        }),
      ],
    },
  };
}
