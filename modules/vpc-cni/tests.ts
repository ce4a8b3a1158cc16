import type { Assertion, ModuleTest } from "../../synth/contract";

/** Asserts the value of a variable that a resource sets, or that it sets none. */
function sets(address: string, name: string, value: string): Assertion {
  return {
    condition: `[for entry in ${address}.env : "\${entry.name}=\${entry.value}"] == ["${name}=${value}"]`,
    message: `${name} must be ${value}.`,
  };
}

const setting = (name: string) => `kubernetes_env.aws_node_settings["${name}"]`;

const settingsAre = (...names: string[]): Assertion => ({
  condition: `toset(keys(kubernetes_env.aws_node_settings)) == toset(${JSON.stringify(names)})`,
  message: `The further settings must be ${names.join(", ")}.`,
});

/** What a caller relies on: which variable each option writes. */
export const tests: Record<string, ModuleTest> = {
  plan: {
    runs: [
      {
        name: "is_strict_by_default",
        command: "plan",
        assert: [
          sets("kubernetes_env.aws_node", "ENABLE_POD_ENI", "true"),
          sets("kubernetes_env.aws_vpc_cni_init", "DISABLE_TCP_EARLY_DEMUX", "true"),
          sets(setting("POD_SECURITY_GROUP_ENFORCING_MODE"), "POD_SECURITY_GROUP_ENFORCING_MODE", "strict"),
          settingsAre("POD_SECURITY_GROUP_ENFORCING_MODE"),
          {
            condition: "length(kubernetes_env.aws_vpc_cni_init_settings) == 0",
            message: "The init container must get no further setting.",
          },
        ],
      },
      {
        name: "writes_every_option",
        command: "plan",
        variables: {
          enforcing_mode: "standard",
          external_snat: true,
          env: { WARM_IP_TARGET: "2" },
          init_env: { ENABLE_V6_EGRESS: "true" },
        },
        assert: [
          sets("kubernetes_env.aws_vpc_cni_init", "DISABLE_TCP_EARLY_DEMUX", "false"),
          sets(setting("POD_SECURITY_GROUP_ENFORCING_MODE"), "POD_SECURITY_GROUP_ENFORCING_MODE", "standard"),
          sets(setting("AWS_VPC_K8S_CNI_EXTERNALSNAT"), "AWS_VPC_K8S_CNI_EXTERNALSNAT", "true"),
          sets(setting("WARM_IP_TARGET"), "WARM_IP_TARGET", "2"),
          settingsAre("POD_SECURITY_GROUP_ENFORCING_MODE", "AWS_VPC_K8S_CNI_EXTERNALSNAT", "WARM_IP_TARGET"),
          sets('kubernetes_env.aws_vpc_cni_init_settings["ENABLE_V6_EGRESS"]', "ENABLE_V6_EGRESS", "true"),
        ],
      },
    ],
  },
};
