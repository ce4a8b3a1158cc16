import type { Construct } from "constructs";
import { ModuleStack } from "../../synth/module-stack";
import { moduleOf } from "../module";
import { type RuleFormOptions, ruleFormOf } from "../shared/rule-form";
import { addSecurityGroupRules } from "../shared/rules-as-resources";
import { addTagLocals } from "../shared/security-group";
import { type PodToPodVariables, podToPod } from "./contract";
import { rules } from "./rules";
import { tests } from "./tests";
import { variable } from "./variables";

/** Both halves of the access from one group to another. */
export class PodToPodStack extends ModuleStack<PodToPodVariables, never> {
  constructor(scope: Construct, id: string, options?: RuleFormOptions) {
    const form = ruleFormOf(options);
    super(scope, id, { ...podToPod, tests: tests(form) });
    const { client_security_group_id, server_security_group_id } = this.variables;
    addTagLocals(this);
    addSecurityGroupRules(this, rules, {
      ids: { client: client_security_group_id.stringValue, server: server_security_group_id.stringValue },
      form,
      prefix: `\${${variable("client_name")}}-\${${variable("server_name")}}`,
    });
  }
}

export const podToPodModule = moduleOf(podToPod, {
  summary: "the egress and ingress rule from one group to another",
  stack: (options) => (app, id) => new PodToPodStack(app, id, options),
});
