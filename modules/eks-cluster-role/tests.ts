import type { ModuleTest } from "../../synth/contract";

const keysAre = (...arns: string[]) =>
  `toset(keys(aws_iam_role_policy_attachment.k8s_master_attach)) == toset(${JSON.stringify(arns)})`;

const CLUSTER = "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy";
const SERVICE = "arn:aws:iam::aws:policy/AmazonEKSServicePolicy";
const CONTROLLER = "arn:aws:iam::aws:policy/AmazonEKSVPCResourceController";

/** What a caller relies on: which policies are attached, under which keys. */
export const tests: Record<string, ModuleTest> = {
  plan: {
    runs: [
      {
        name: "attaches_the_three_policies_of_the_article",
        command: "plan",
        assert: [
          { condition: keysAre(CLUSTER, SERVICE, CONTROLLER), message: "The keys must be the three ARNs." },
          {
            condition:
              'alltrue([for arn, attachment in aws_iam_role_policy_attachment.k8s_master_attach : attachment.policy_arn == arn && attachment.role == "example-cluster"])',
            message: "Each attachment must attach its key to the cluster's role.",
          },
        ],
      },
      {
        name: "leaves_the_service_policy_out",
        command: "plan",
        variables: { attach_service_policy: false },
        assert: [{ condition: keysAre(CLUSTER, CONTROLLER), message: "Two policies must be left." }],
      },
      {
        name: "names_the_policies_of_another_partition",
        command: "plan",
        variables: { partition: "aws-cn" },
        assert: [
          {
            condition: keysAre(
              ...[CLUSTER, SERVICE, CONTROLLER].map((arn) => arn.replace("arn:aws:", "arn:aws-cn:")),
            ),
            message: "The ARNs must be those of the partition.",
          },
        ],
      },
    ],
  },
};
