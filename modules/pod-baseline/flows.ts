import { clusterAccessFlows } from "../shared/cluster-access/flows";

export const flows = clusterAccessFlows({ own: "baseline", group: "aws_security_group.baseline" });
