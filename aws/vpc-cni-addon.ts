/** What a key of an add-on's configuration takes: text, a whole number, anything, or an object with keys of its own. */
export type AddOnKey = "text" | "number" | "anything" | AddOnKeys;

export interface AddOnKeys {
  readonly [key: string]: AddOnKey;
}

function texts(words: string): AddOnKeys {
  return Object.fromEntries(
    words
      .trim()
      .split(/\s+/)
      .map((key) => [key, "text" as const]),
  );
}

/** Variables of the container aws-node. */
const ENV = texts(`
  ADDITIONAL_ENI_TAGS ANNOTATE_POD_IP AWS_EC2_ENDPOINT AWS_EXTERNAL_SERVICE_CIDRS AWS_MANAGE_ENIS_NON_SCHEDULABLE
  AWS_VPC_CNI_NODE_PORT_SUPPORT AWS_VPC_ENI_MTU AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS
  AWS_VPC_K8S_CNI_EXTERNALSNAT AWS_VPC_K8S_CNI_LOGLEVEL AWS_VPC_K8S_CNI_LOG_FILE AWS_VPC_K8S_CNI_RANDOMIZESNAT
  AWS_VPC_K8S_CNI_VETHPREFIX AWS_VPC_K8S_PLUGIN_LOG_FILE AWS_VPC_K8S_PLUGIN_LOG_LEVEL CLUSTER_ENDPOINT
  DISABLE_INTROSPECTION DISABLE_LEAKED_ENI_CLEANUP DISABLE_METRICS DISABLE_NETWORK_RESOURCE_PROVISIONING DISABLE_POD_V6
  ENABLE_BANDWIDTH_PLUGIN ENABLE_POD_ENI ENABLE_PREFIX_DELEGATION ENABLE_V4_EGRESS ENABLE_V6_EGRESS
  ENI_CONFIG_ANNOTATION_DEF ENI_CONFIG_LABEL_DEF INTROSPECTION_BIND_ADDRESS IP_COOLDOWN_PERIOD MAX_ENI MINIMUM_IP_TARGET
  POD_SECURITY_GROUP_ENFORCING_MODE WARM_ENI_TARGET WARM_IP_TARGET WARM_PREFIX_TARGET
`);

/** What later versions of the CNI and its chart have besides; from which version the add-on takes each is not published. */
const LATER_ENV = texts(`
  AWS_VPC_K8S_CNI_CONFIGURE_RPFILTER CLUSTER_NAME ENABLE_IMDS_ONLY_MODE ENABLE_IPv4 ENABLE_IPv6 ENABLE_MULTI_NIC
  ENABLE_NFTABLES ENABLE_SUBNET_DISCOVERY NETWORK_POLICY_ENFORCING_MODE POD_MTU VPC_CNI_VERSION VPC_ID
`);

const LIMITS: AddOnKeys = texts("cpu memory");

/**
 * The configuration of the managed add-on vpc-cni. AWS gives out its schema for each version by
 * `aws eks describe-addon-configuration`; published is that of v1.15.1-eksbuild.1
 * (https://docs.aws.amazon.com/cli/latest/reference/eks/describe-addon-configuration.html). At every level it takes no
 * other keys. Later versions take more: what is known of them is here, too, as of November 2026.
 */
export const VPC_CNI_CONFIGURATION: AddOnKeys = {
  affinity: "anything",
  branchENICooldown: "anything",
  enableNetworkPolicy: "text",
  enableWindowsIpam: "text",
  enableWindowsPrefixDelegation: "text",
  eniConfig: { create: "anything", region: "text", subnets: "anything" },
  env: { ...ENV, ...LATER_ENV },
  init: { env: { DISABLE_TCP_EARLY_DEMUX: "text", ENABLE_V6_EGRESS: "text" }, resources: "anything" },
  livenessProbeTimeoutSeconds: "number",
  minimumWindowsIPTarget: "anything",
  nodeAgent: {
    ...texts("enableCloudWatchLogs enablePolicyEventLogs healthProbeBindAddr metricsBindAddr"),
    conntrackCacheCleanupPeriod: "anything",
    enabled: "anything",
    networkPolicyAgentLogFileLocation: "anything",
    networkPolicyAgentLogLevel: "anything",
    resources: "anything",
  },
  podAnnotations: "anything",
  podLabels: "anything",
  readinessProbeTimeoutSeconds: "number",
  resources: { limits: LIMITS, requests: LIMITS },
  tolerations: "anything",
  warmWindowsIPTarget: "anything",
  warmWindowsPrefixTarget: "anything",
};

/** The version whose schema is published. */
export const VPC_CNI_SCHEMA_VERSION = "v1.15.1-eksbuild.1";
