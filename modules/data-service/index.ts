import type { Construct } from "constructs";
import type { DataServiceName } from "../../aws/data-services";
import { ModuleStack } from "../../synth/module-stack";
import { type Module, moduleOf } from "../module";
import { type RuleFormOptions, ruleFormOf } from "../shared/rule-form";
import { addSecurityGroupRules } from "../shared/rules-as-resources";
import { addSecurityGroup, addTagLocals } from "../shared/security-group";
import { type DataServiceOutput, type DataServiceVariables, serviceModule } from "./contract";
import { rules } from "./rules";
import { tests } from "./tests";
import { variable } from "./variables";

/**
 * The module of an AWS data service by its name, such as `new DataServiceStack(app, "msk", "msk")`: its group, and
 * both halves of the access. `tcp-service` is any other service.
 */
export class DataServiceStack extends ModuleStack<DataServiceVariables, DataServiceOutput> {
  constructor(
    scope: Construct,
    id: string,
    service: DataServiceName | "tcp-service",
    options?: RuleFormOptions,
  ) {
    const { key, contract } = serviceModule(service);
    const { variables } = contract;
    const tested = { key, serviceName: variables.service_name.example, ports: variables.ports.example };
    const form = ruleFormOf(options);
    super(scope, id, { ...contract, tests: tests(tested, form) });
    const { vpc_id, pods_security_group_id } = this.variables;
    addTagLocals(this);
    const name = `\${${variable("name")}}-\${${variable("service_name")}}`;
    const group = addSecurityGroup(this, key, {
      name,
      givenName: variable("group_name"),
      vpcId: vpc_id.stringValue,
    });
    addSecurityGroupRules(this, rules(key), {
      ids: { service: group.id, pods: pods_security_group_id.stringValue },
      form,
      prefix: name,
    });
    this.addOutputs({
      [`${key}_security_group_arn`]: group.arn,
      [`${key}_security_group_id`]: group.id,
      [`${key}_security_group_name`]: group.name,
    });
  }
}

/** The module of a data service by its name, `tcp-service` among them, for the registry. */
export const dataServiceModule = (name: DataServiceName | "tcp-service"): Module =>
  moduleOf(serviceModule(name).contract, {
    summary: "a data service's group, and the egress and ingress rules to reach it",
    stack: (options) => (app, id) => new DataServiceStack(app, id, name, options),
  });
