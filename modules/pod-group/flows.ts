import { isNotEmpty } from "../../expression/conditions";
import { clusterAccessFlows } from "../shared/cluster-access/flows";
import { moreTrafficFlows } from "../shared/more-traffic/flows";
import { REQUIREMENTS } from "./rules";
import { ON_BASELINE, variable } from "./variables";

export const flows = clusterAccessFlows({
  own: "pods",
  group: "aws_security_group.pods",
  unless: ON_BASELINE,
  more: {
    SELF: {
      forEach: variable("self_ports"),
      description: REQUIREMENTS.SELF,
      verdict: "allow",
      from: "pods",
      to: "pods",
      traffic: "TCP ${each.value}",
    },
    ...moreTrafficFlows("pods", { reached: "the pods", reaching: "The pods reach" }),
  },
  opensMore: {
    ingress: isNotEmpty(variable("ingress_sources")),
    egress: isNotEmpty(variable("egress_targets")),
  },
});
