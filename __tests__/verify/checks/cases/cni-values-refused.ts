import type { Cases } from "../support/case";
import { addOn } from "../support/cni";

const ADD_ON = "aws_eks_addon.cni";
const on = (values: unknown, more = {}) => ({ [ADD_ON]: { ...addOn(values), ...more } });

export const cases: Cases = [
  ...(
    [
      ["a part of the schema", { VpcCni: { properties: { enableNetworkPolicy: "true" } } }],
      ["a key of the top among the variables", { env: { ENABLE_NETWORK_POLICY: "true" } }],
      ["a variable at the top", { ENABLE_POD_ENI: "true" }],
      ["a variable in other letters", { env: { Enable_Pod_Eni: "true" } }],
      ["a variable with a slip", { env: { ENABLE_PREFIX_DELEGTION: "true" } }],
      ["two letters swapped", { env: { ENABLE_POD_EIN: "true" } }],
      ["the name of a definition", { InitEnv: { DISABLE_TCP_EARLY_DEMUX: "true" } }],
      ["capitals at the top", { Init: { env: { DISABLE_TCP_EARLY_DEMUX: "true" } } }],
      ["a variable of the node on the init container", { init: { env: { ENABLE_POD_ENI: "true" } } }],
      ["variables as in a DaemonSet", { env: [{ name: "ENABLE_POD_ENI", value: "true" }] }],
      ["variables without env", { init: { DISABLE_TCP_EARLY_DEMUX: "true" } }],
      ["a key of the agent at the top", { enablePolicyEventLogs: "true" }],
      ["text for a number", { livenessProbeTimeoutSeconds: "60" }],
      ["a map for text", { enableNetworkPolicy: { enabled: "true" } }],
      ["a list", [{ env: {} }]],
      ["text", "true"],
      ["text that is neither JSON nor YAML", "env: {"],
      ["YAML", "env:\n  Enable_Pod_ENI: 'true'\n"],
    ] as const
  ).map(([what, values]) => ({ what, resources: on(values), found: [[ADD_ON, "error"]] as const })),
  {
    what: "several keys, each with what is meant",
    resources: on({
      VpcCni: {},
      env: { ENABLE_NETWORK_POLICY: "true", Enable_Pod_ENI: "true", ENABLE_SOMETHING_NEW: "true" },
    }),
    found: [[ADD_ON, "error"]],
    says: "aws_eks_addon.cni: VpcCni is a word of the schema, not a configuration key: move what is below it to the top; env.ENABLE_NETWORK_POLICY is not a key of the schema: use enableNetworkPolicy; env.Enable_Pod_ENI is not a key of the schema: use env.ENABLE_POD_ENI; env.ENABLE_SOMETHING_NEW is not a key of the schema as it is known here. EKS rejects keys that the schema of the add-on version does not have.",
  },
  {
    what: "a variable that a later version may have",
    resources: on({ env: { ENABLE_SOMETHING_NEW: "true" } }),
    found: [[ADD_ON, "warning"]],
  },
  {
    what: "a variable that the version does not have",
    resources: on({ env: { ENABLE_SOMETHING_NEW: "true" } }, { addon_version: "v1.14.1-eksbuild.1" }),
    found: [[ADD_ON, "error"]],
  },
  {
    what: "a variable that a version after the published schema may have",
    resources: on({ env: { ENABLE_SOMETHING_NEW: "true" } }, { addon_version: "v1.20.0-eksbuild.1" }),
    found: [[ADD_ON, "warning"]],
  },
  {
    what: "keys of all levels",
    resources: on({
      enableNetworkPolicy: "true",
      env: { ENABLE_POD_ENI: "true", ENABLE_SUBNET_DISCOVERY: "false" },
      init: { env: { DISABLE_TCP_EARLY_DEMUX: "true" } },
      nodeAgent: { enablePolicyEventLogs: "true" },
      resources: { requests: { cpu: "25m" } },
      tolerations: [{ operator: "Exists" }],
      eniConfig: {
        create: true,
        region: "eu-west-1",
        subnets: { a: { id: "subnet-1", securityGroups: ["sg-1"] } },
      },
      livenessProbeTimeoutSeconds: 60,
      affinity: null,
    }),
  },
  {
    what: "the variable of which tcp-early-demux speaks",
    resources: on({ env: { DISABLE_TCP_EARLY_DEMUX: "true" } }),
  },
  { what: "values that are not known", resources: on("${var.values}") },
  { what: "no values", resources: on(undefined) },
  { what: "empty values", resources: on("") },
  {
    what: "the values of another add-on",
    resources: { [ADD_ON]: addOn({ replicaCount: 2 }, "coredns") },
  },
  {
    what: "the chart, whose values are others",
    resources: { "helm_release.cni": { chart: "aws-vpc-cni", values: ["nameOverride: aws-node"] } },
  },
];
