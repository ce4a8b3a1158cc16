import type { Construct } from "constructs";
import { ModuleStack } from "../../synth/module-stack";
import { expression } from "../../synth/text";
import { moduleOf } from "../module";
import { type RuleFormOptions, ruleFormOf } from "../shared/rule-form";
import { addSecurityGroupRules, expressions } from "../shared/rules-as-resources";
import { tagsOf } from "../shared/security-group";
import { type PodToPodVariables, podToPod } from "./contract";
import { rules } from "./rules";
import { tests } from "./tests";

/** Both halves of the access from one group to another. */
export class PodToPod extends ModuleStack<PodToPodVariables, never> {
  constructor(scope: Construct, id: string, options?: RuleFormOptions) {
    const form = ruleFormOf(options);
    super(scope, id, { ...podToPod, tests: tests(form) });
    const tags = tagsOf(this, expression("var.platform"));
    addSecurityGroupRules(this, rules(), {
      ids: expressions({ client: "var.client_security_group_id", server: "var.server_security_group_id" }),
      form,
      tags: (rule) => tags(`\${var.client_name}-\${var.server_name}-${rule}`),
    });
  }
}

export const podToPodModule = moduleOf(podToPod, {
  summary: "both halves of the access from one group to another",
  stack: (options) => (app, id) => new PodToPod(app, id, options),
});
