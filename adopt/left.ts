import type { FoundGroup } from "./model";

/** Who else manages a group, in words; undefined for one that can be taken over. */
export function ownerOf({
  type,
  name,
  tags,
}: Pick<FoundGroup, "type" | "name" | "tags">): string | undefined {
  return OWNERS.find(({ isIts }) => isIts(type, name, Object.keys(tags)))?.words;
}

/**
 * The groups that somebody else makes and changes.
 *
 * - https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html
 * - https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html: its name and its tags
 * - https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/: the tag of all that it makes
 * - https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
 * - https://github.com/kubernetes/cloud-provider-aws: `k8s-elb-` and the name of the load balancer
 */
const OWNERS: readonly {
  readonly words: string;
  readonly isIts: (type: string, name: string, tagKeys: readonly string[]) => boolean;
}[] = [
  {
    words: "the default group of its VPC: AWS makes it, and it cannot be deleted",
    isIts: (type, name) => type === "aws_default_security_group" || name === "default",
  },
  {
    words: "a stack of CloudFormation manages it (tag aws:cloudformation:…)",
    isIts: (_, __, keys) => keys.some((key) => key.startsWith("aws:cloudformation:")),
  },
  {
    words: "EKS makes it for its cluster and changes it",
    isIts: (_, name, keys) => name.startsWith("eks-cluster-sg-") || keys.includes("aws:eks:cluster-name"),
  },
  {
    words: "the load balancer controller makes it and changes its rules (tag elbv2.k8s.aws/…)",
    isIts: (_, __, keys) => keys.some((key) => key.startsWith("elbv2.k8s.aws/")),
  },
  {
    words: "the cloud controller of Kubernetes makes it for a load balancer and changes its rules",
    isIts: (_, name) => name.startsWith("k8s-elb-"),
  },
];

/** Who makes a rule on the groups of others, by its description; undefined for one that nobody is known to make. */
export function ruleOwnerOf(description: string): string | undefined {
  return RULE_OWNERS.find(({ isIts }) => isIts.test(description))?.words;
}

/**
 * The descriptions that controllers give to rules on groups that they did not make.
 *
 * - https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/security_groups/
 * - https://github.com/kubernetes/cloud-provider-aws: `kubernetes.io/rule/nlb/…`
 */
const RULE_OWNERS: readonly { readonly words: string; readonly isIts: RegExp }[] = [
  { words: "the load balancer controller makes it and takes it away", isIts: /^elbv2\.k8s\.aws\// },
  {
    words: "the cloud controller of Kubernetes makes it and takes it away",
    isIts: /^kubernetes\.io\/rule\//,
  },
];
