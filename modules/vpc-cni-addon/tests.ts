import { all, isNull, not, quoted } from "../../expression/conditions";
import type { Assertion, ModuleTest } from "../../synth/contract";
import { argumentsAre } from "../shared/rule-assertions";

const ADDON = "aws_eks_addon.vpc_cni";

const configurationIs = (expected: object): Assertion => ({
  condition: `${ADDON}.configuration_values == jsonencode(jsondecode(${JSON.stringify(JSON.stringify(expected))}))`,
  message: `The configuration must be ${JSON.stringify(expected)}.`,
});

/** What a caller relies on: the add-on's configuration, and how conflicts are resolved. */
export const tests: Record<string, ModuleTest> = {
  plan: {
    runs: [
      {
        name: "is_strict_and_overwrites_by_default",
        command: "plan",
        assert: [
          configurationIs({
            env: { ENABLE_POD_ENI: "true", POD_SECURITY_GROUP_ENFORCING_MODE: "strict" },
            init: { env: { DISABLE_TCP_EARLY_DEMUX: "true" } },
          }),
          {
            condition: all(
              argumentsAre(ADDON, {
                addon_name: quoted("vpc-cni"),
                cluster_name: quoted("shop"),
                resolve_conflicts_on_create: quoted("OVERWRITE"),
                resolve_conflicts_on_update: quoted("OVERWRITE"),
              }),
              `${ADDON}.preserve`,
              isNull(`${ADDON}.service_account_role_arn`),
            ),
            message: "It must be the cluster's add-on, and overwrite.",
          },
        ],
      },
      {
        name: "writes_every_option_as_text",
        command: "plan",
        variables: {
          addon_version: "v1.20.4-eksbuild.2",
          enforcing_mode: "standard",
          external_snat: true,
          env: { WARM_IP_TARGET: "2" },
          init_env: { ENABLE_V6_EGRESS: "false" },
          resolve_conflicts_on_create: "NONE",
          resolve_conflicts_on_update: "PRESERVE",
          preserve: false,
          service_account_role_arn: "arn:aws:iam::111122223333:role/cni",
          tags: { CostCenter: "4711" },
        },
        assert: [
          configurationIs({
            env: {
              AWS_VPC_K8S_CNI_EXTERNALSNAT: "true",
              ENABLE_POD_ENI: "true",
              POD_SECURITY_GROUP_ENFORCING_MODE: "standard",
              WARM_IP_TARGET: "2",
            },
            init: { env: { DISABLE_TCP_EARLY_DEMUX: "false", ENABLE_V6_EGRESS: "false" } },
          }),
          {
            condition: all(
              argumentsAre(ADDON, {
                addon_version: quoted("v1.20.4-eksbuild.2"),
                resolve_conflicts_on_create: quoted("NONE"),
                resolve_conflicts_on_update: quoted("PRESERVE"),
              }),
              not(`${ADDON}.preserve`),
              argumentsAre(ADDON, {
                service_account_role_arn: quoted("arn:aws:iam::111122223333:role/cni"),
                tags: 'tomap({ CostCenter = "4711" })',
              }),
            ),
            message: "It must have what it is given.",
          },
        ],
      },
    ],
  },
};
