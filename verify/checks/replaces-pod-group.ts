import type { Value } from "../../expression/value";
import { resources } from "../inventory/resources";
import { rolesOf } from "../needs/interfaces";
import type { Check, CheckContext } from "./check";
import { listed } from "./words";

export const check: Check = {
  id: "replaces-pod-group",
  severity: "error",
  title: "A plan replaces a group that pods carry",
  why: "Changing the name, description or VPC of a group replaces it. Rules point at the new group at once, while running pods keep the old one until they are recreated: an outage. A warning if the input does not show what the group is attached to. Only a plan can show this.",
  reference: "https://docs.aws.amazon.com/eks/latest/userguide/security-groups-for-pods.html",
  run: (context) => {
    const { kind, actions = {}, before = {} } = context.inventory.input;
    if (kind !== "plan") return [];
    return resources(context.inventory, "aws_security_group").flatMap(({ address, values, source }) => {
      const planned = actions[address] ?? [];
      const severity = severityFor(context, address);
      if (!planned.includes("delete") || !planned.includes("create") || severity === undefined) return [];
      const old = before[address] ?? {};
      const changed = ["name", "description", "vpc_id"].filter((key) => differs(old[key], values[key]));
      const cause = changed.length > 0 ? `: its ${listed(changed)} changes` : "";
      const who = severity === "error" ? "The pods that carry it" : "If pods carry it, they";
      return [
        {
          address,
          source,
          severity,
          message: `The plan replaces ${address}${cause}. ${who} keep the old group until they are restarted, and lose what its rules allowed. Keep the name, description and VPC unchanged, or add a new group next to it and move the pods first.`,
        },
      ];
    });
  },
};

function severityFor(context: CheckContext, group: string): "error" | "warning" | undefined {
  const roles = rolesOf(context, group);
  if (roles.has("pods")) return "error";
  return roles.size === 0 ? "warning" : undefined;
}

/** Whether two values are known and not the same: what the provider computes is not in a plan. */
function differs(a: Value | undefined, b: Value | undefined): boolean {
  return typeof a === "string" && typeof b === "string" && a !== b;
}
