import { DIRECTIONS } from "../../network/rules";
import type { SecurityGroupRule } from "../inventory/model";
import { rulesByGroup } from "../inventory/rule-index";
import type { Check } from "./check";
import { ownsRules } from "./owned-rules";
import { listed } from "./words";

export const check: Check = {
  id: "mixed-rule-forms",
  severity: "error",
  title: "Separate rules mixed with inline blocks",
  why: "Inline blocks are all of the rules of a group in that direction: Terraform removes every other one at each apply, and the separate resources add them again. An empty list of blocks, such as `ingress = []`, means that there are none. aws_default_security_group owns both directions, with or without blocks. The check reads only configurations, because a state repeats all rules as attributes of the group.",
  reference:
    "https://github.com/hashicorp/terraform-provider-aws/blob/main/website/docs/r/security_group.html.markdown",
  run: (context) => {
    return DIRECTIONS.flatMap((direction) =>
      [...rulesByGroup(context.inventory)[direction]].flatMap(([group, rules]) => {
        const apart = rules.filter(({ form }) => form !== "inline");
        const separate = apart.map(({ address }) => address);
        if (separate.length === 0 || !ownsRules(context, group, direction)) return [];
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
