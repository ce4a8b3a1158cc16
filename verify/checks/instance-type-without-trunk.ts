import { canTrunk } from "../../aws/instance-types";
import { nodeTypes } from "../inventory/cluster/nodes";
import { elements } from "../inventory/values";
import { hasPodGroups } from "../needs/interfaces";
import type { Resource } from "../read/model";
import type { Check } from "./check";
import { listed } from "./words";

export const check: Check = {
  id: "instance-type-without-trunk",
  severity: "warning",
  about: "pods with groups",
  title: "An instance type cannot run pods with their own security groups",
  why: "Pods with their own security groups need branch interfaces on a trunk interface. Older families and the burstable t2, t3, t3a and t4g have none: such pods stay pending there. Launch templates count if the input shows that it is about EKS.",
  reference: "https://github.com/aws/amazon-vpc-resource-controller-k8s/blob/master/pkg/aws/vpc/limits.go",
  run: (context) => {
    return nodeTypes(context.inventory, hasPodGroups(context)).flatMap((resource) => {
      const types = typesOf(resource);
      const unfit = types.filter((type) => !canTrunk(type));
      if (unfit.length === 0) return [];
      const { address, source } = resource;
      const rest = unfit.length < new Set(types).size ? " The other types can." : "";
      const message = `${address} names ${listed(unfit)}, which cannot have branch interfaces: pods with their own security groups cannot run there.${rest} Use types of other families, such as m5, c5 or r5.`;
      return [{ address, source, about: unfit, message }];
    });
  },
};

function typesOf({ values }: Resource): string[] {
  return [...elements(values["instance_types"]), ...elements(values["instance_type"])].filter(
    (type) => typeof type === "string",
  );
}
