import { equals, quoted } from "../../expression/conditions";
import type { ModuleTest } from "../../synth/contract";
import {
  accessRuleNames,
  accessWithOptions,
  articleAccess,
  closedAccess,
  DNS_LEFT_TO_OTHERS,
  OWN_GROUP,
} from "../shared/cluster-access/tests";
import {
  argumentsAre,
  existingRuns,
  onlyRulesAre,
  outputsAre,
  rulesAre,
  rulesAreTagged,
  TAGGED_PLACE,
  tagRuns,
  tags,
} from "../shared/rule-assertions";
import type { RuleForm } from "../shared/rule-form";
import { variable } from "./variables";

const GROUP = "aws_security_group.baseline";
const NAME = "pod-baseline-example";

/** What a caller relies on: the group, each requirement's rules, and what each option makes of them. */
export function tests(form: RuleForm): Record<string, ModuleTest> {
  const names = accessRuleNames("baseline");
  const article = articleAccess("baseline", NAME);
  const options = accessWithOptions("baseline", NAME);
  const closed = closedAccess("baseline");
  return {
    plan: {
      ...TAGGED_PLACE,
      resources: { [GROUP]: { id: OWN_GROUP } },
      runs: [
        {
          name: "every_option_is_followed",
          // Applied, with the provider mocked: only then the ids of the groups are known.
          command: "apply",
          variables: options.variables,
          assert: [...rulesAre(form, names, options.rules), ...rulesAreTagged(form, names, "example")],
        },
        {
          name: "each_requirement_has_the_rules_of_the_article",
          command: "apply",
          assert: [
            {
              condition: argumentsAre(GROUP, { name: quoted(NAME), vpc_id: variable("vpc_id") }),
              message: "The group must have the cluster's name and be in the VPC.",
            },
            {
              condition: equals(
                `${GROUP}.tags`,
                `tomap(${tags(NAME, ', "kubernetes.io/cluster/example" = "shared"')})`,
              ),
              message:
                "The group must carry the four tags, and the cluster's for the load balancer controller.",
            },
            {
              condition: outputsAre("baseline_security_group", { address: GROUP, id: OWN_GROUP, name: NAME }),
              message: "The outputs must be those of the group.",
            },
            ...rulesAre(form, names, article.rules),
          ],
        },
        {
          name: "all_but_dns_can_be_closed",
          command: "apply",
          variables: closed.variables,
          assert: rulesAre(form, names, closed.rules),
        },
        {
          name: "the_dns_group_can_be_left_to_others",
          command: "plan",
          variables: DNS_LEFT_TO_OTHERS.variables,
          assert: [onlyRulesAre(form, names, DNS_LEFT_TO_OTHERS.keys("baseline"))],
        },
        ...tagRuns({
          groups: { [GROUP]: NAME },
          form,
          rules: names,
          prefix: "example",
          further: ' "kubernetes.io/cluster/example" = "shared" ',
        }),
        ...existingRuns({
          groups: [GROUP],
          form,
          rules: names,
          rule: { name: "baseline_ingress_from_worker_security_group", keys: ["http", "metrics"] },
          variables: options.variables,
        }),
      ],
    },
  };
}
