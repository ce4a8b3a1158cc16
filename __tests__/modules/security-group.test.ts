import { describe, expect, test } from "vitest";
import { committedStack, defaultsOf } from "../support/project";

describe("the module security-group", () => {
  const module = committedStack("security-group");

  test("adds nothing of its own: every argument is the caller's", () => {
    const { this: group } = module.resource["aws_security_group"] ?? {};
    expect(group).toStrictEqual({
      name: "${var.name}",
      description: "${var.description}",
      vpc_id: "${var.vpc_id}",
      tags: "${var.tags}",
      revoke_rules_on_delete: "${var.revoke_rules_on_delete}",
      ingress: "${var.inline_ingress}",
      egress: "${var.inline_egress}",
    });
    const own = "${coalesce(each.value.security_group_id, aws_security_group.this.id)}";
    for (const [type, name, map] of [
      ["aws_vpc_security_group_ingress_rule", "ingress", "ingress"],
      ["aws_vpc_security_group_egress_rule", "egress", "egress"],
      ["aws_security_group_rule", "classic", "classic_rules"],
    ] as const) {
      const { for_each, security_group_id, ...rest } = module.resource[type]?.[name] ?? {};
      expect({ for_each, security_group_id }).toStrictEqual({
        for_each: `\${var.${map}}`,
        security_group_id: own,
      });
      for (const [argument, value] of Object.entries(rest)) expect(value).toBe(`\${each.value.${argument}}`);
    }
  });

  test("has no rules unless the caller gives some", () => {
    expect(defaultsOf(module)).toStrictEqual({
      tags: {},
      revoke_rules_on_delete: false,
      ingress: {},
      egress: {},
      classic_rules: {},
      inline_ingress: null,
      inline_egress: null,
    });
  });
});
