import { Unknown, type Value } from "../../../expression/value";
import type { GroupKey } from "../../../network/peers";
import type { Resource } from "../../read/model";
import type { Inventory } from "../model";
import { once } from "../once";
import { resources } from "../resources";
import { at, blocks, elements, text } from "../values";
import type { Balancer } from "./model";
import { isNamed } from "./named";
import { cidrsOf } from "./subnets";

const BALANCERS = ["aws_lb", "aws_alb"];
const LISTENERS = ["aws_lb_listener", "aws_alb_listener"];
const RULES = ["aws_lb_listener_rule", "aws_alb_listener_rule"];
const TARGET_GROUPS = ["aws_lb_target_group", "aws_alb_target_group"];

/** The target group that its ARN or its name means; undefined where the input does not show it. */
export function targetGroup(inventory: Inventory, arn: Value, name: Value): Resource | undefined {
  const all = resources(inventory, ...TARGET_GROUPS);
  return arn === null
    ? all.find((one) => isNamed(name, one, ["name"]))
    : all.find((one) => isNamed(arn, one, ["arn", "id"]));
}

/** The load balancers whose listeners lead to a target group, as far as the input shows them. */
export function balancersOf(inventory: Inventory, group: Resource): readonly Balancer[] {
  const found = (leading(inventory).get(group) ?? []).map((one) => balancer(inventory, one));
  return found;
}

const leading = once((inventory: Inventory) => {
  const groups = resources(inventory, ...TARGET_GROUPS);
  const listeners = resources(inventory, ...LISTENERS);
  const balancers = resources(inventory, ...BALANCERS);
  const found = new Map<Resource, Set<Resource>>();
  const lead = (listener: Resource | undefined, action: Value | undefined) => {
    const arn = listener?.values["load_balancer_arn"];
    const balancer = balancers.find((one) => isNamed(arn, one, ["arn", "id"]));
    for (const named of balancer === undefined ? [] : targetsOf(action)) {
      for (const group of groups.filter((one) => isNamed(named, one, ["arn", "id"])))
        found.set(group, (found.get(group) ?? new Set()).add(balancer as Resource));
    }
  };
  for (const listener of listeners) lead(listener, listener.values["default_action"]);
  for (const rule of resources(inventory, ...RULES)) {
    const listener = listeners.find((one) => isNamed(rule.values["listener_arn"], one, ["arn", "id"]));
    lead(listener, rule.values["action"]);
  }
  return new Map([...found].map(([group, all]) => [group, [...all]]));
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
