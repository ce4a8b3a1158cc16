import { mapsOfTyped } from "../kubernetes/typed";

/**
 * The nested blocks of the resources that the verifier reads. In JSON nothing tells a block from an argument that
 * is an object (`ingress` from `tags`), so they are named here. From the providers' schemas.
 */
const CONTAINER = [
  "env",
  "value_from",
  "config_map_key_ref",
  "secret_key_ref",
  "field_ref",
  "resource_field_ref",
  "env_from",
  "port",
  "resources",
  "security_context",
  "volume_mount",
];

/** Those of the typed resources of Kubernetes; `dynamic` ones are not looked for in any other. */
const TYPED = [
  ...CONTAINER,
  ...["metadata", "spec", "selector", "template", "job_template", "container", "init_container"],
  ...["startup_probe", "readiness_probe", "liveness_probe", "http_get", "tcp_socket", "grpc"],
  ...["lifecycle", "post_start", "pre_stop", "config_map_ref"],
  ...["affinity", "node_affinity", "required_during_scheduling_ignored_during_execution"],
  ...["node_selector_term", "match_expressions", "toleration", "dns_config", "option"],
  ...["rule", "http", "path", "backend", "default_backend", "service"],
  ...["ingress", "egress", "from", "to", "ports", "pod_selector", "namespace_selector", "ip_block"],
  ...["webhook", "client_config"],
];

const BLOCKS: Readonly<Record<string, readonly string[]>> = {
  aws_autoscaling_group: [
    "tag",
    "launch_template",
    "mixed_instances_policy",
    "launch_template_specification",
    "override",
    "instances_distribution",
  ],
  aws_db_proxy: ["auth"],
  aws_default_security_group: ["ingress", "egress"],
  aws_ec2_managed_prefix_list: ["entry"],
  aws_ecs_service: ["network_configuration", "load_balancer"],
  aws_eks_cluster: [
    "access_config",
    "compute_config",
    "encryption_config",
    "kubernetes_network_config",
    "vpc_config",
  ],
  aws_eks_fargate_profile: ["selector"],
  aws_eks_node_group: ["launch_template", "remote_access", "scaling_config", "taint", "update_config"],
  aws_instance: ["network_interface", "metadata_options", "root_block_device", "launch_template"],
  aws_lambda_function: ["vpc_config", "environment"],
  aws_launch_template: [
    "block_device_mappings",
    "ebs",
    "iam_instance_profile",
    "metadata_options",
    "monitoring",
    "network_interfaces",
    "placement",
    "tag_specifications",
  ],
  aws_lb: ["access_logs", "subnet_mapping"],
  aws_mq_broker: ["user", "configuration"],
  aws_msk_cluster: ["broker_node_group_info"],
  aws_network_interface: ["attachment"],
  aws_opensearch_domain: ["vpc_options", "cluster_config"],
  aws_security_group: ["ingress", "egress"],
  aws_spot_fleet_request: ["launch_specification", "launch_template_config"],
  kubernetes_env: ["metadata", ...CONTAINER],
};

const NONE: readonly string[] = [];

/** The names of the blocks of a type of resource, at whatever depth they stand. */
export function blockNames(type: string): readonly string[] {
  if (Object.hasOwn(BLOCKS, type)) return BLOCKS[type] as readonly string[];
  const maps = mapsOfTyped(type);
  return maps === undefined ? NONE : TYPED.filter((name) => !maps.includes(name));
}

/** The key under which JSON has comments. */
export const COMMENT = "//";

/** What `data` and `resource` blocks say to Terraform and not to the provider. */
export const META_ARGUMENTS: ReadonlySet<string> = new Set([
  COMMENT,
  "connection",
  "count",
  "depends_on",
  "for_each",
  "lifecycle",
  "provider",
  "provisioner",
]);
