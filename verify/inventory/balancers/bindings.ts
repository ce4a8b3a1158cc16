import { Unknown, type Value } from "../../../expression/value";
import { field } from "../../../expression/values";
import type { KubernetesObject } from "../../read/model";
import type { Protocol } from "../kubernetes/services";
import type { Inventory } from "../model";
import { elements, isObject, text } from "../values";
import { typeOf } from "./ingresses";
import type { Target } from "./model";
import { balancersOf, settingsOf, targetGroup } from "./target-groups";

/** The protocols of traffic by that of a target group; those of an ALB and TLS are TCP. */
const PROTOCOLS: Readonly<Record<string, readonly Protocol[]>> = {
  HTTP: ["tcp"],
  HTTPS: ["tcp"],
  TCP: ["tcp"],
  TCP_UDP: ["tcp", "udp"],
  TLS: ["tcp"],
  UDP: ["udp"],
};

/**
 * What the TargetGroupBindings lead to: pods behind a target group that Terraform makes.
 * https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/targetgroupbinding/targetgroupbinding/
 */
export function bindingTargets(inventory: Inventory): Target[] {
  return inventory.objects.flatMap((object) => bindingTarget(inventory, object));
}

function bindingTarget(inventory: Inventory, object: KubernetesObject): Target[] {
  const { body, isUncertain } = object;
  if (field(body, "kind") !== "TargetGroupBinding" || isUncertain) return [];
  const spec = field(body, "spec") ?? null;
  const name = text(field(body, "metadata", "name"));
  const service = text(field(spec, "serviceRef", "name"));
  if (name === undefined || service === undefined) return [];
  // The controller makes bindings of its own for Ingresses and Services, which a live dump has.
  const labels = field(body, "metadata", "labels");
  if (isObject(labels) && Object.keys(labels).some((label) => label.endsWith(".k8s.aws/stack-name")))
    return [];
  const namespace = field(body, "metadata", "namespace") ?? "default";
  const group = targetGroup(
    inventory,
    field(spec, "targetGroupARN") ?? null,
    field(spec, "targetGroupName") ?? null,
  );
  const settings = group && settingsOf(group);
  const type = typeOf(field(spec, "targetType") ?? settings?.type);
  const balancers = group ? balancersOf(inventory, group) : [];
  const protocols = PROTOCOLS[settings?.protocol ?? ""];
  return [
    {
      id: `target-group/${name}`,
      by: `TargetGroupBinding ${typeof namespace === "string" ? `${namespace}/` : ""}${name}`,
      at: { object, part: field(spec, "serviceRef") ?? null },
      namespace,
      service,
      port: field(spec, "serviceRef", "port") ?? null,
      type,
      rulesBy: writtenBy(field(spec, "networking")),
      balancers,
      ...(protocols && { protocols }),
      showsClients: settings && preserves(settings.preserves, type),
      healthPort: settings?.healthPort ?? "traffic-port",
      ...(group === undefined && { unknown: "which target group it binds" }),
      ...(group !== undefined &&
        balancers.length === 0 && { unknown: `which load balancer leads to ${group.address}` }),
    },
  ];
}

/** With rules in it the controller writes them; else nobody does. */
function writtenBy(networking: Value | undefined): Target["rulesBy"] {
  const ingress = field(networking, "ingress") ?? null;
  if (networking instanceof Unknown || ingress instanceof Unknown) return undefined;
  return elements(ingress).length > 0 ? "controller" : "user";
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html#client-ip-preservation */
function preserves(stated: Value, type: Target["type"]): boolean | undefined {
  if (stated === null) return type && type === "instance";
  if (stated instanceof Unknown) return undefined;
  return stated === true || stated === "true";
}
