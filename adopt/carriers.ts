import { groupedBy, sortedOnce } from "../io/lists";
import { plural } from "../io/plural";
import type { Role } from "../verify/inventory/model";
import type { Input } from "../verify/read/model";
import { inventoryOf } from "./inventory";
import type { ListedInterface, Listings } from "./listings";
import type { Carriers, Estate } from "./model";

/**
 * Who carries each group of an estate: the resources of its state that attach it, and the interfaces that AWS lists.
 *
 * @param state what the estate was made of
 * @returns by the ids of the groups; of a group that nothing is seen to carry nothing
 */
export function carriersOf(
  estate: Estate,
  state: Input,
  { interfaces }: Listings,
): ReadonlyMap<string, Carriers> {
  const ids = new Map(estate.groups.map(({ address, id }) => [address, id]));
  const attached = groupedBy(
    inventoryOf(state).attachments.flatMap(({ address, role, groups }) =>
      groups.map((group) => ({ id: ids.get(group) ?? group, address, role })),
    ),
    ({ id }) => id,
  );
  const carrying = groupedBy(
    (interfaces ?? []).flatMap((one) => [...new Set(one.groups)].map((group) => ({ group, one }))),
    ({ group }) => group,
  );
  const roles = interfaces === undefined ? undefined : rolesOf(interfaces);
  return new Map(
    estate.groups.flatMap(({ id }): [string, Carriers][] => {
      const by = attached.get(id) ?? [];
      const on = interfaces && (carrying.get(id) ?? []).map(({ one }) => one);
      if (by.length === 0 && on === undefined) return [];
      return [
        [
          id,
          {
            roles: sortedOnce([
              ...by.map(({ role }) => role),
              ...(on ?? []).flatMap((one) => roles?.get(one.id) ?? []),
            ]) as Role[],
            resources: sortedOnce(by.map(({ address }) => address)),
            ...(on !== undefined && { interfaces: on.length }),
          },
        ],
      ];
    }),
  );
}

/** How many carry a group, for the order of steps: interfaces where they are listed. */
export function carriedCount(carriers: Carriers | undefined): number {
  return carriers?.interfaces ?? carriers?.resources.length ?? 0;
}

/** In words: `12 interfaces: nodes`. */
export function carriersWords({ roles, resources, interfaces }: Carriers): string {
  const what = [
    ...(interfaces === undefined ? [] : [plural(interfaces, "interface")]),
    ...(resources.length === 0 ? [] : [resources.join(", ")]),
  ].join("; ");
  return roles.length === 0 ? what : `${what} (${roles.join(", ")})`;
}

type Sign = (one: ListedInterface) => boolean;

const isType =
  (...types: string[]): Sign =>
  ({ type }) =>
    types.includes(type);
const isCalled =
  (description: RegExp): Sign =>
  (one) =>
    description.test(one.description);
const isOf =
  (service: string): Sign =>
  ({ requester, instanceOwner }) =>
    requester === service || instanceOwner === service;

/**
 * What an interface is for, by what the service that makes it writes. The first that fits counts.
 *
 * - types: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html
 * - `Amazon EKS CLUSTER`, `aws-K8S-INSTANCE`: https://github.com/aws-quickstart/quickstart-amazon-eks/issues/201
 * - services as owners: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/requester-managed-eni.html
 */
const SIGNS: readonly { readonly role: Role; readonly isIt: Sign }[] = [
  { role: "pods", isIt: isType("branch") },
  { role: "nodes", isIt: isType("trunk") },
  { role: "nodes", isIt: isCalled(/^aws-K8S-i-/i) },
  { role: "nodes", isIt: ({ tagKeys }) => tagKeys.includes("node.k8s.amazonaws.com/instance_id") },
  { role: "control-plane", isIt: isCalled(/^Amazon EKS /) },
  { role: "load-balancer", isIt: isType("load_balancer", "network_load_balancer", "gateway_load_balancer") },
  { role: "load-balancer", isIt: isOf("amazon-elb") },
  { role: "load-balancer", isIt: isCalled(/^ELB /) },
  { role: "database", isIt: isOf("amazon-rds") },
  { role: "database", isIt: isOf("amazon-redshift") },
  { role: "database", isIt: isCalled(/^RDSNetworkInterface$/) },
  { role: "cache", isIt: isOf("amazon-elasticache") },
  { role: "cache", isIt: isCalled(/^ElastiCache /) },
  { role: "data-service", isIt: isCalled(/^EFS mount target /) },
  { role: "endpoint", isIt: isType("vpc_endpoint", "gateway_load_balancer_endpoint") },
  { role: "endpoint", isIt: isCalled(/^VPC Endpoint Interface/) },
  { role: "compute", isIt: isType("lambda") },
  { role: "compute", isIt: isCalled(/^AWS Lambda VPC ENI/) },
];

/** The roles of interfaces by their ids: the first one of an instance says nothing, and is what its others are. */
function rolesOf(interfaces: readonly ListedInterface[]): ReadonlyMap<string, Role> {
  const signs = new Map(
    interfaces.flatMap((one) => {
      const role = SIGNS.find(({ isIt }) => isIt(one))?.role;
      return role === undefined ? [] : [[one.id, role] as const];
    }),
  );
  const nodes = new Set(
    interfaces
      .filter(({ id, instance }) => instance !== "" && signs.get(id) === "nodes")
      .map((one) => one.instance),
  );
  return new Map(
    interfaces.flatMap(({ id, instance }) => {
      const role =
        signs.get(id) ?? (nodes.has(instance) ? "nodes" : instance === "" ? undefined : "instance");
      return role === undefined ? [] : [[id, role] as const];
    }),
  );
}
