import type { SecurityGroupRule } from "../inventory/model";
import { resources } from "../inventory/resources";
import { rulesByGroup } from "../inventory/rule-index";
import type { Check } from "./check";
import { listed } from "./words";

export const check: Check = {
  id: "mixed-rule-forms",
  severity: "error",
  title: "Separate rules mixed with inline blocks",
  why: "Inline blocks are all of the rules of a group in that direction: Terraform removes every other one at each apply, and the separate resources add them again. An empty list of blocks, such as `ingress = []`, means that there are none. aws_default_security_group owns both directions, with or without blocks. The check reads only configurations, because a state repeats all rules as attributes of the group.",
  reference:
    "https://github.com/hashicorp/terraform-provider-aws/blob/main/website/docs/r/security_group.html.markdown",
  run: (context) => {
    if (context.inventory.input.kind !== "configuration") return [];
    const defaults = new Set(
      resources(context.inventory, "aws_default_security_group").map(({ address }) => address),
    );
    const none = new Set(
      resources(context.inventory, "aws_security_group").flatMap(({ address, values }) =>
        (["ingress", "egress"] as const).flatMap((direction) => {
          const blocks = values[direction];
          return Array.isArray(blocks) && blocks.length === 0 ? [`${direction} ${address}`] : [];
        }),
      ),
    );
    return (["ingress", "egress"] as const).flatMap((direction) =>
      [...rulesByGroup(context.inventory)[direction]].flatMap(([group, rules]) => {
        const inline = rules.filter(({ form }) => form === "inline");
        const apart = rules.filter(({ form }) => form !== "inline");
        const separate = apart.map(({ address }) => address);
        const owns = inline.length > 0 || defaults.has(group) || none.has(`${direction} ${group}`);
        if (separate.length === 0 || !owns) return [];
        return [
          {
            address: group,
            source: context.inventory.groups.get(group)?.declaredAt,
            // What may not exist is in nobody's way for certain.
            ...(apart.every(mayNotExist) && { severity: "warning" as const }),
            about: separate,
            message: `${group} owns all of its ${direction} rules, but separate resources add others (${listed(separate)}): each apply undoes the other. Move its ${direction} blocks to separate resources, or these resources into the group.`,
          },
        ];
      }),
    );
  },
};

function mayNotExist({ doubts = [] }: SecurityGroupRule): boolean {
  return doubts.some(({ kind }) => kind === "existence");
}
