import type { Construct } from "constructs";
import { ModuleStack } from "../../synth/module-stack";
import { expression } from "../../synth/text";
import { moduleOf } from "../module";
import { addSecurityGroupRules } from "../shared/rules-as-resources";
import { addSecurityGroup, addTagLocals } from "../shared/security-group";
import { type RdsMysqlOutput, type RdsMysqlVariables, rdsMysql } from "./contract";
import { rules } from "./rules";
import { INGRESS_GROUP, variable, WORKER_GROUP } from "./variables";

/** The names of the groups in descriptions of rules. */
const NAMES = { rds: "${aws_security_group.rds.name}", pods: "${aws_security_group.pods.name}" };

/** The article's module: a database's group, its pods' group, and eleven rules. */
export class RdsMysqlStack extends ModuleStack<RdsMysqlVariables, RdsMysqlOutput> {
  constructor(scope: Construct, id: string) {
    super(scope, id, rdsMysql);
    const vpcId = this.variables.vpc_id.stringValue;
    const name = `\${${variable("name")}}`;
    addTagLocals(this);
    const rds = addSecurityGroup(this, "rds", { name, vpcId });
    const pods = addSecurityGroup(this, "pods", {
      name: `${name}-for-pods`,
      givenName: variable("pods_group_name"),
      vpcId,
      givenTags: variable("pods_own_tags"),
    });

    addSecurityGroupRules(this, rules(NAMES), {
      ids: {
        rds: rds.id,
        pods: pods.id,
        k8s_worker: expression(WORKER_GROUP),
        k8s_ingress: expression(INGRESS_GROUP),
      },
      form: "classic",
      prefix: name,
    });

    this.addOutputs({
      pods_security_group_arn: pods.arn,
      pods_security_group_id: pods.id,
      pods_security_group_name: pods.name,
      rds_security_group_arn: rds.arn,
      rds_security_group_id: rds.id,
      rds_security_group_name: rds.name,
    });
  }
}

export const rdsMysqlModule = moduleOf(rdsMysql, {
  summary: "the article's database and pod security groups, eleven rules",
  stack: () => (app, id) => new RdsMysqlStack(app, id),
});
