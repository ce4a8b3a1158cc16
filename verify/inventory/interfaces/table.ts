import type { Role } from "../model";

/** A kind of resource that puts security groups on network interfaces. */
export interface InterfaceKind {
  /** What the interfaces are; `purpose` where that hangs on what the resource is used for. */
  readonly role: Exclude<Role, "pods" | "cluster" | "ingress"> | "purpose";
  /** The arguments that name the groups, as paths through blocks. */
  readonly groups: readonly string[];
  /** Whether AWS puts the VPC's default group on them where none is named. */
  readonly isOnDefault?: true;
}

const database = (...groups: string[]): InterfaceKind => ({ role: "database", groups });
const cache = (...groups: string[]): InterfaceKind => ({ role: "cache", groups });
const service = (...groups: string[]): InterfaceKind => ({ role: "data-service", groups });
const compute = (...groups: string[]): InterfaceKind => ({ role: "compute", groups });
const endpoint = (...groups: string[]): InterfaceKind => ({ role: "endpoint", groups });
const machine = (...groups: string[]): InterfaceKind => ({ role: "purpose", groups });
const balancer: InterfaceKind = { role: "load-balancer", groups: ["security_groups"] };
/** The provider reads the groups back, because AWS takes the default group where none is named. */
const orDefault = (kind: InterfaceKind): InterfaceKind => ({ ...kind, isOnDefault: true });

const LAYER = machine("custom_security_group_ids");

/**
 * What puts groups on interfaces, by type: all that the provider hashicorp/aws 5.100.0 has. An end-to-end test holds this
 * table and `NO_INTERFACES` against the provider's schema.
 */
export const INTERFACES: Readonly<Record<string, InterfaceKind>> = {
  aws_db_instance: orDefault(database("vpc_security_group_ids")),
  aws_db_proxy: orDefault(database("vpc_security_group_ids")),
  aws_db_proxy_endpoint: orDefault(database("vpc_security_group_ids")),
  aws_docdb_cluster: orDefault(database("vpc_security_group_ids")),
  aws_docdbelastic_cluster: orDefault(database("vpc_security_group_ids")),
  aws_finspace_kx_cluster: database("vpc_configuration.security_group_ids"),
  aws_neptune_cluster: orDefault(database("vpc_security_group_ids")),
  aws_rds_cluster: orDefault(database("vpc_security_group_ids")),
  aws_redshift_cluster: orDefault(database("vpc_security_group_ids")),
  aws_redshift_endpoint_access: orDefault(database("vpc_security_group_ids")),
  aws_redshiftserverless_endpoint_access: orDefault(database("vpc_security_group_ids")),
  aws_redshiftserverless_workgroup: orDefault(database("security_group_ids")),
  aws_timestreaminfluxdb_db_instance: database("vpc_security_group_ids"),

  aws_dax_cluster: orDefault(cache("security_group_ids")),
  aws_elasticache_cluster: orDefault(cache("security_group_ids")),
  aws_elasticache_replication_group: orDefault(cache("security_group_ids")),
  aws_elasticache_serverless_cache: orDefault(cache("security_group_ids")),
  aws_memorydb_cluster: cache("security_group_ids"),

  aws_efs_mount_target: orDefault(service("security_groups")),
  aws_elasticsearch_domain: service("vpc_options.security_group_ids"),
  aws_elasticsearch_vpc_endpoint: service("vpc_options.security_group_ids"),
  aws_fsx_file_cache: service("security_group_ids"),
  aws_fsx_lustre_file_system: service("security_group_ids"),
  aws_fsx_ontap_file_system: service("security_group_ids"),
  aws_fsx_openzfs_file_system: service("security_group_ids"),
  aws_fsx_windows_file_system: service("security_group_ids"),
  aws_mq_broker: service("security_groups"),
  aws_msk_cluster: service("broker_node_group_info.security_groups"),
  aws_msk_serverless_cluster: orDefault(service("vpc_config.security_group_ids")),
  aws_msk_vpc_connection: service("security_groups"),
  aws_opensearch_domain: service("vpc_options.security_group_ids"),
  aws_opensearch_vpc_endpoint: service("vpc_options.security_group_ids"),
  aws_opensearchserverless_vpc_endpoint: service("security_group_ids"),

  aws_alb: balancer,
  aws_elb: balancer,
  aws_lb: balancer,

  // The stated groups; EKS's own comes on top of them.
  aws_eks_cluster: { role: "control-plane", groups: ["vpc_config.security_group_ids"] },

  aws_emr_cluster: compute(
    "ec2_attributes.emr_managed_master_security_group",
    "ec2_attributes.emr_managed_slave_security_group",
    "ec2_attributes.service_access_security_group",
  ),
  // In a default VPC also ids are accepted as names.
  aws_instance: machine("vpc_security_group_ids", "security_groups"),
  aws_launch_configuration: machine("security_groups"),
  aws_launch_template: machine("vpc_security_group_ids", "network_interfaces.security_groups"),
  aws_network_interface: machine("security_groups"),
  aws_network_interface_sg_attachment: machine("security_group_id"),
  aws_opsworks_custom_layer: LAYER,
  aws_opsworks_ecs_cluster_layer: LAYER,
  aws_opsworks_ganglia_layer: LAYER,
  aws_opsworks_haproxy_layer: LAYER,
  aws_opsworks_instance: machine("security_group_ids"),
  aws_opsworks_java_app_layer: LAYER,
  aws_opsworks_memcached_layer: LAYER,
  aws_opsworks_mysql_layer: LAYER,
  aws_opsworks_nodejs_app_layer: LAYER,
  aws_opsworks_php_app_layer: LAYER,
  aws_opsworks_rails_app_layer: LAYER,
  aws_opsworks_static_web_layer: LAYER,
  aws_spot_fleet_request: machine("launch_specification.vpc_security_group_ids"),
  aws_spot_instance_request: machine("vpc_security_group_ids", "security_groups"),

  aws_apprunner_vpc_connector: compute("security_groups"),
  aws_appstream_fleet: compute("vpc_config.security_group_ids"),
  aws_appstream_image_builder: compute("vpc_config.security_group_ids"),
  aws_batch_compute_environment: compute("compute_resources.security_group_ids"),
  aws_bedrock_custom_model: compute("vpc_config.security_group_ids"),
  aws_cloudwatch_event_target: compute("ecs_target.network_configuration.security_groups"),
  aws_codebuild_fleet: compute("vpc_config.security_group_ids"),
  aws_codebuild_project: compute("vpc_config.security_group_ids"),
  aws_codeconnections_host: compute("vpc_configuration.security_group_ids"),
  aws_codestarconnections_host: compute("vpc_configuration.security_group_ids"),
  aws_comprehend_document_classifier: compute("vpc_config.security_group_ids"),
  aws_comprehend_entity_recognizer: compute("vpc_config.security_group_ids"),
  aws_datasync_agent: compute("security_group_arns"),
  aws_datasync_location_efs: compute("ec2_config.security_group_arns"),
  aws_datasync_location_fsx_lustre_file_system: compute("security_group_arns"),
  aws_datasync_location_fsx_ontap_file_system: compute("security_group_arns"),
  aws_datasync_location_fsx_openzfs_file_system: compute("security_group_arns"),
  aws_datasync_location_fsx_windows_file_system: compute("security_group_arns"),
  aws_devicefarm_test_grid_project: compute("vpc_config.security_group_ids"),
  aws_dms_replication_config: compute("compute_config.vpc_security_group_ids"),
  aws_dms_replication_instance: compute("vpc_security_group_ids"),
  aws_drs_replication_configuration_template: compute("replication_servers_security_groups_ids"),
  aws_ecs_service: compute("network_configuration.security_groups"),
  aws_ecs_task_set: compute("network_configuration.security_groups"),
  aws_emr_studio: compute("engine_security_group_id", "workspace_security_group_id"),
  aws_emrserverless_application: compute("network_configuration.security_group_ids"),
  aws_glue_connection: compute("physical_connection_requirements.security_group_id_list"),
  aws_glue_dev_endpoint: compute("security_group_ids"),
  aws_grafana_workspace: compute("vpc_configuration.security_group_ids"),
  aws_imagebuilder_infrastructure_configuration: compute("security_group_ids"),
  aws_iot_topic_rule_destination: compute("vpc_configuration.security_groups"),
  aws_kinesis_firehose_delivery_stream: compute(
    "elasticsearch_configuration.vpc_config.security_group_ids",
    "opensearch_configuration.vpc_config.security_group_ids",
    "opensearchserverless_configuration.vpc_config.security_group_ids",
  ),
  aws_kinesisanalyticsv2_application: compute(
    "application_configuration.vpc_configuration.security_group_ids",
  ),
  aws_lambda_function: compute("vpc_config.security_group_ids"),
  aws_m2_environment: compute("security_group_ids"),
  aws_medialive_channel: compute("vpc.security_group_ids"),
  aws_medialive_input: compute("vpc.security_group_ids"),
  aws_msk_replicator: compute("kafka_cluster.vpc_config.security_groups_ids"),
  aws_mskconnect_connector: compute("kafka_cluster.apache_kafka_cluster.vpc.security_groups"),
  aws_mwaa_environment: compute("network_configuration.security_group_ids"),
  aws_osis_pipeline: compute("vpc_options.security_group_ids"),
  aws_pipes_pipe: compute(
    "source_parameters.self_managed_kafka_parameters.vpc.security_groups",
    "target_parameters.ecs_task_parameters.network_configuration.aws_vpc_configuration.security_groups",
  ),
  aws_prometheus_scraper: compute("source.eks.security_group_ids"),
  aws_quicksight_vpc_connection: compute("security_group_ids"),
  aws_sagemaker_data_quality_job_definition: compute("network_config.vpc_config.security_group_ids"),
  aws_sagemaker_domain: compute(
    "default_space_settings.security_groups",
    "default_user_settings.security_groups",
    "domain_settings.security_group_ids",
  ),
  aws_sagemaker_model: compute("vpc_config.security_group_ids"),
  aws_sagemaker_notebook_instance: compute("security_groups"),
  aws_sagemaker_user_profile: compute("user_settings.security_groups"),
  aws_sagemaker_workforce: compute("workforce_vpc_config.security_group_ids"),
  aws_scheduler_schedule: compute("target.ecs_parameters.network_configuration.security_groups"),
  aws_synthetics_canary: compute("vpc_config.security_group_ids"),
  aws_worklink_fleet: compute("network.security_group_ids"),
  aws_workspaces_directory: compute("workspace_creation_properties.custom_security_group_id"),
  aws_workspacesweb_network_settings: compute("security_group_ids"),

  aws_apigatewayv2_vpc_link: endpoint("security_group_ids"),
  aws_ec2_client_vpn_endpoint: endpoint("security_group_ids"),
  aws_ec2_instance_connect_endpoint: endpoint("security_group_ids"),
  aws_route53_resolver_endpoint: endpoint("security_group_ids"),
  aws_s3outposts_endpoint: endpoint("security_group_id"),
  aws_transfer_server: endpoint("endpoint_details.security_group_ids"),
  aws_verifiedaccess_endpoint: endpoint("security_group_ids"),
  aws_vpc_endpoint: endpoint("security_group_ids"),
  aws_vpc_endpoint_security_group_association: endpoint("security_group_id"),
  aws_vpclattice_resource_gateway: endpoint("security_group_ids"),
  aws_vpclattice_service_network_vpc_association: endpoint("security_group_ids"),
};

const RULE = "a rule: it opens a group and puts it on nothing";
const WORD = "a switch or a name, not the id of a group";

/** Arguments of the same provider that speak of security groups and put none on an interface, with the reason. */
export const NO_INTERFACES: Readonly<Record<string, string>> = {
  "aws_alb.enforce_security_group_inbound_rules_on_private_link_traffic": WORD,
  "aws_db_option_group.option.db_security_group_memberships": "groups of EC2-Classic, which is gone",
  "aws_db_option_group.option.vpc_security_group_memberships":
    "groups of an option's agent, not of an instance",
  "aws_ec2_transit_gateway.security_group_referencing_support": WORD,
  "aws_ec2_transit_gateway_vpc_attachment.security_group_referencing_support": WORD,
  "aws_eks_node_group.remote_access.source_security_group_ids":
    "who may log in: peers of a rule that EKS makes",
  "aws_elasticache_replication_group.security_group_names": "groups of EC2-Classic, which is gone",
  "aws_elb.source_security_group": "a name for the rules of others",
  "aws_emr_cluster.ec2_attributes.additional_master_security_groups": "several ids in one string",
  "aws_emr_cluster.ec2_attributes.additional_slave_security_groups": "several ids in one string",
  "aws_lambda_function.replacement_security_group_ids":
    "what the interfaces get when the function is deleted",
  "aws_launch_template.security_group_names": "names in a default VPC, not ids",
  "aws_lb.enforce_security_group_inbound_rules_on_private_link_traffic": WORD,
  "aws_medialive_input.input_security_groups": "groups of MediaLive, not of EC2",
  "aws_sagemaker_domain.app_security_group_management": WORD,
  "aws_security_group_rule.security_group_id": RULE,
  "aws_security_group_rule.source_security_group_id": RULE,
  "aws_vpc_security_group_egress_rule.referenced_security_group_id": RULE,
  "aws_vpc_security_group_egress_rule.security_group_id": RULE,
  "aws_vpc_security_group_ingress_rule.referenced_security_group_id": RULE,
  "aws_vpc_security_group_ingress_rule.security_group_id": RULE,
  "aws_vpc_security_group_vpc_association.security_group_id": "makes a group known in another VPC",
};
