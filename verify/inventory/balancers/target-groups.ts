import { Unknown, type Value } from "../../../expression/value";
import type { GroupKey } from "../../../network/peers";
import type { Resource } from "../../read/model";
import type { Inventory } from "../model";
import { once } from "../once";
import { resources } from "../resources";
import { at, blocks, elements, text } from "../values";
import type { Balancer } from "./model";
import { finder } from "./named";
import { cidrsOf } from "./subnets";

const BALANCERS = ["aws_lb", "aws_alb"];
const LISTENERS = ["aws_lb_listener", "aws_alb_listener"];
const RULES = ["aws_lb_listener_rule", "aws_alb_listener_rule"];
const TARGET_GROUPS = ["aws_lb_target_group", "aws_alb_target_group"];

const ARN = ["arn", "id"];

/** What finds the resources of load balancers. */
const finders = once((inventory: Inventory) => {
  const groups = resources(inventory, ...TARGET_GROUPS);
  return {
    group: finder(groups, ARN),
    groupByName: finder(groups, ["name"]),
    listener: finder(resources(inventory, ...LISTENERS), ARN),
    balancer: finder(resources(inventory, ...BALANCERS), ARN),
  };
});

/**
 * The target group that its ARN or its name means; undefined where the input does not show it. An ARN that is not known here
 * has the name in it, which is the only one of its account and region.
 */
export function targetGroup(inventory: Inventory, arn: Value, name: Value): Resource | undefined {
  const { group, groupByName } = finders(inventory);
  if (arn === null) return groupByName(name);
  const [, named] = /^arn:.*:targetgroup\/([^/]+)\/[0-9a-f]+$/.exec(text(arn) ?? "") ?? [];
  return group(arn) ?? groupByName(named);
}

/** The load balancers whose listeners lead to a target group, as far as the input shows them. */
export function balancersOf(inventory: Inventory, group: Resource): readonly Balancer[] {
  return leading(inventory).get(group) ?? [];
}

const leading = once((inventory: Inventory) => {
  const find = finders(inventory);
  const found = new Map<Resource, Set<Resource>>();
  const lead = (listener: Resource | undefined, actions: Value | undefined) => {
    const balancer = find.balancer(listener?.values["load_balancer_arn"]);
    for (const named of balancer === undefined ? [] : targetsOf(actions)) {
      const group = find.group(named);
      if (group && balancer) found.set(group, (found.get(group) ?? new Set()).add(balancer));
    }
  };
  for (const listener of resources(inventory, ...LISTENERS))
    lead(listener, listener.values["default_action"]);
  for (const { values } of resources(inventory, ...RULES))
    lead(find.listener(values["listener_arn"]), values["action"]);
  return new Map([...found].map(([group, all]) => [group, [...all].map((one) => balancer(inventory, one))]));
});

/** The ARNs that actions forward to. */
function targetsOf(actions: Value | undefined): Value[] {
  return blocks(actions).flatMap((action) => [
    ...elements(action["target_group_arn"]),
    ...blocks(action["forward"]).flatMap((forward) =>
      blocks(forward["target_group"]).flatMap(({ arn = null }) => elements(arn)),
    ),
  ]);
}

function balancer(inventory: Inventory, { address, name, values }: Resource): Balancer {
  const isNetwork = values["load_balancer_type"] === "network";
  const addresses = cidrsOf(inventory, [
    ...elements(values["subnets"]),
    ...blocks(values["subnet_mapping"]).flatMap((one) => elements(one["subnet_id"])),
  ]);
  const groups = groupsOf(inventory, address, values["security_groups"], isNetwork);
  // Without groups anybody may be a client of what faces the internet.
  const isPublic =
    values["internal"] === false || values["internal"] === undefined || values["internal"] === null;
  return {
    name: text(values["name"]) ?? name,
    groups,
    ...(addresses && { addresses }),
    ...(isNetwork && groups?.length === 0 && isPublic && { clients: ["internet"] }),
  };
}

/** An NLB may have no groups; an ALB without any has the default group of its VPC. */
function groupsOf(
  { attachments }: Inventory,
  address: string,
  stated: Value | undefined,
  isNetwork: boolean,
): readonly GroupKey[] | undefined {
  const attached = attachments.find((one) => one.address === address)?.groups;
  if (attached !== undefined) return attached;
  return isNetwork && !(stated instanceof Unknown) ? [] : undefined;
}

/** What a target group says of its traffic and of its health checks. */
export function settingsOf({ values }: Resource) {
  const protocol = text(values["protocol"])?.toUpperCase();
  return {
    type: values["target_type"] ?? "instance",
    protocol,
    preserves: values["preserve_client_ip"] ?? null,
    healthPort: at(values["health_check"], "port") ?? "traffic-port",
  };
}
