import type { Json } from "../../../../io/json";
import { fargateProfile, managedNodeGroup, selfManagedNodeGroup } from "./eks-nodes";
import { expression, type ModuleModel, outputs, type PublicModule, variables } from "./model";

/** https://registry.terraform.io/modules/terraform-aws-modules/eks/aws: versions 19.6 to 21. */
export const EKS: PublicModule = {
  name: "terraform-aws-modules/eks/aws",
  since: "19.6.0",
  newest: ["19.21.0", "20.37.2", "21.19.0"],
  unread: (has) => {
    const others = Object.values(names((version) => !has(version)));
    return Object.fromEntries(others.map((name) => [name, "is of another major version"]));
  },
  model,
  submodules: {
    "modules/eks-managed-node-group": managedNodeGroup.model,
    "modules/fargate-profile": fargateProfile.model,
    "modules/self-managed-node-group": selfManagedNodeGroup.model,
  },
};

/** Names of arguments that changed in version 21. */
function names(has: (version: string) => boolean) {
  const isRenamed = has("21.0.0");
  const since21 = (name: string, before: string) => (isRenamed ? name : before);
  return {
    name: since21("name", "cluster_name"),
    version: since21("kubernetes_version", "cluster_version"),
    addOns: since21("addons", "cluster_addons"),
    autoMode: since21("compute_config", "cluster_compute_config"),
    family: since21("ip_family", "cluster_ip_family"),
    ipv4: since21("service_ipv4_cidr", "cluster_service_ipv4_cidr"),
    ipv6: since21("service_ipv6_cidr", "cluster_service_ipv6_cidr"),
    group: since21("security_group_id", "cluster_security_group_id"),
    createsGroup: since21("create_security_group", "create_cluster_security_group"),
    groupName: since21("security_group_name", "cluster_security_group_name"),
    isGroupPrefixed: since21("security_group_use_name_prefix", "cluster_security_group_use_name_prefix"),
    groupTags: since21("security_group_tags", "cluster_security_group_tags"),
    tagsOwnGroup: since21("create_primary_security_group_tags", "create_cluster_primary_security_group_tags"),
    groupRules: since21("security_group_additional_rules", "cluster_security_group_additional_rules"),
    moreGroups: since21("additional_security_group_ids", "cluster_additional_security_group_ids"),
  };
}

function model(has: (version: string) => boolean): ModuleModel {
  const is21 = has("21.0.0");
  const of = names(has);
  const v = Object.fromEntries(Object.entries(of).map(([key, name]) => [key, `var.${name}`])) as typeof of;
  const policy = (name: string) => `arn:\${data.aws_partition.current[0].partition}:iam::aws:policy/${name}`;
  const cluster = "aws_eks_cluster.this[0]";
  const onlyIf = (collection: string, condition: string) =>
    expression(`{ for key, value in ${collection} : key => value if ${condition} }`);
  const name = (local: string, isPrefix: string) => ({
    name: expression(`${isPrefix} ? null : local.${local}`),
    name_prefix: expression(`${isPrefix} ? "\${local.${local}}\${var.prefix_separator}" : null`),
  });
  const isOutpost = is21 ? "var.outpost_config != null" : "length(var.outpost_config) > 0";
  const hasAutoMode = has("20.31.0");
  const isAuto = is21 ? `try(${v.autoMode}.enabled, false) == true` : `try(${v.autoMode}.enabled, false)`;
  const entries = (map: string) => (is21 ? `(${map} == null ? {} : ${map})` : map);

  return {
    content: {
      variable: {
        ...variables({
          create: ["bool", true],
          prefix_separator: ["string", "-"],
          tags: ["map(string)", {}],
          cluster_tags: ["map(string)", {}],
          [of.tagsOwnGroup]: ["bool", true],
          [of.name]: ["string", ""],
          [of.version]: ["string", null],
          [of.family]: ["string", has("20.8.2") ? "ipv4" : null],
          [of.ipv4]: ["string", null],
          [of.ipv6]: ["string", null],
          ...(hasAutoMode && { [of.autoMode]: ["any", is21 ? null : {}] as const }),
          [of.moreGroups]: ["list(string)", []],
          [of.createsGroup]: ["bool", true],
          [of.group]: ["string", ""],
          [of.groupName]: ["string", null],
          [of.isGroupPrefixed]: ["bool", true],
          [of.groupTags]: ["map(string)", {}],
          [of.groupRules]: [is21 ? rulesType("source_node_security_group") : "any", {}],
          [of.addOns]: [is21 ? ADD_ONS : "any", is21 ? null : {}],
          outpost_config: ["any", is21 ? null : {}],
          control_plane_subnet_ids: ["list(string)", []],
          subnet_ids: ["list(string)", []],
          vpc_id: ["string", null],
          create_node_security_group: ["bool", true],
          node_security_group_id: ["string", ""],
          node_security_group_name: ["string", null],
          node_security_group_use_name_prefix: ["bool", true],
          node_security_group_tags: ["map(string)", {}],
          node_security_group_additional_rules: [
            is21 ? rulesType("source_cluster_security_group") : "any",
            {},
          ],
          node_security_group_enable_recommended_rules: ["bool", true],
          create_iam_role: ["bool", true],
          iam_role_arn: ["string", null],
          iam_role_name: ["string", null],
          iam_role_use_name_prefix: ["bool", true],
          iam_role_additional_policies: ["map(string)", {}],
          create_node_iam_role: ["bool", true],
          node_iam_role_name: ["string", null],
          node_iam_role_use_name_prefix: ["bool", true],
          fargate_profiles: ["any", is21 ? null : {}],
          eks_managed_node_groups: ["any", is21 ? null : {}],
          self_managed_node_groups: ["any", is21 ? null : {}],
          ...(is21
            ? { create_auto_mode_iam_resources: ["bool", false] }
            : {
                enable_efa_support: ["bool", false],
                enable_security_groups_for_pods: ["bool", true],
                fargate_profile_defaults: ["any", {}],
                eks_managed_node_group_defaults: ["any", {}],
                self_managed_node_group_defaults: ["any", {}],
              }),
        }),
      },
      locals: {
        is_outpost: expression(isOutpost),
        is_auto: hasAutoMode ? expression(isAuto) : false,
        has_auto_policies: expression(
          is21 ? "local.is_auto || var.create_auto_mode_iam_resources" : "local.is_auto",
        ),
        creates_group: expression(`var.create && ${v.createsGroup}`),
        creates_node_group: expression("var.create && var.create_node_security_group"),
        creates_role: expression("var.create && var.create_iam_role"),
        creates_node_role: expression("var.create && var.create_node_iam_role && local.has_auto_policies"),
        group: expression(`local.creates_group ? aws_security_group.cluster[0].id : ${v.group}`),
        node_group: expression(
          "local.creates_node_group ? aws_security_group.node[0].id : var.node_security_group_id",
        ),
        group_name: expression(`coalesce(${v.groupName}, "\${${v.name}}-cluster")`),
        node_group_name: expression(`coalesce(var.node_security_group_name, "\${${v.name}}-node")`),
        role_name: expression(`coalesce(var.iam_role_name, "\${${v.name}}-cluster")`),
        node_role_name: expression(`coalesce(var.node_iam_role_name, "\${${v.name}}-eks-auto")`),
        group_rules: CLUSTER_RULES,
        node_rules: NODE_RULES,
        efa_rules: EFA_RULES,
        recommended_rules: recommendedRules(v.family, has),
        policies: expression(
          `merge(${[
            `{ for name, arn in { AmazonEKSClusterPolicy = "${policy("AmazonEKSClusterPolicy")}" } : name => arn if !local.is_outpost }`,
            `{ for name, arn in { AmazonEKSClusterPolicy = "${policy("AmazonEKSLocalOutpostClusterPolicy")}" } : name => arn if local.is_outpost }`,
            ...(hasAutoMode
              ? AUTO_MODE_POLICIES.map(
                  (name) =>
                    `{ for name, arn in { ${name} = "${policy(name)}" } : name => arn if local.has_auto_policies && !local.is_outpost }`,
                )
              : []),
            ...(is21 ? [] : [controllerPolicy(policy("AmazonEKSVPCResourceController"), hasAutoMode)]),
          ].join(", ")})`,
        ),
        add_ons: onlyIf(entries(v.addOns), "var.create && !local.is_outpost"),
      },
      data: {
        aws_partition: { current: { count: expression("var.create ? 1 : 0") } },
        aws_eks_addon_version: {
          this: {
            for_each: expression("local.add_ons"),
            addon_name: expression("try(coalesce(each.value.name, each.key), each.key)"),
          },
        },
      },
      resource: {
        aws_eks_cluster: {
          this: {
            count: expression("var.create ? 1 : 0"),
            name: expression(v.name),
            role_arn: expression("try(aws_iam_role.this[0].arn, var.iam_role_arn)"),
            version: expression(v.version),
            vpc_config: {
              security_group_ids: expression(`compact(distinct(concat(${v.moreGroups}, [local.group])))`),
              subnet_ids: expression("coalescelist(var.control_plane_subnet_ids, var.subnet_ids)"),
            },
            tags: expression("var.tags"),
            dynamic: {
              ...(hasAutoMode && {
                compute_config: {
                  for_each: expression(
                    is21 ? `${v.autoMode} != null ? [1] : []` : `length(${v.autoMode}) > 0 ? [1] : []`,
                  ),
                  content: { enabled: expression("local.is_auto") },
                },
              }),
              kubernetes_network_config: {
                for_each: expression("local.is_outpost ? [] : [1]"),
                content: {
                  ip_family: expression(v.family),
                  service_ipv4_cidr: expression(v.ipv4),
                  service_ipv6_cidr: expression(v.ipv6),
                },
              },
            },
          },
        },
        aws_iam_role: {
          this: {
            count: expression("local.creates_role ? 1 : 0"),
            ...name("role_name", "var.iam_role_use_name_prefix"),
          },
          eks_auto: {
            count: expression("local.creates_node_role ? 1 : 0"),
            ...name("node_role_name", "var.node_iam_role_use_name_prefix"),
          },
        },
        aws_iam_role_policy_attachment: {
          this: {
            for_each: onlyIf("local.policies", "local.creates_role"),
            policy_arn: expression("each.value"),
            role: expression("aws_iam_role.this[0].name"),
          },
          additional: {
            for_each: onlyIf("var.iam_role_additional_policies", "local.creates_role"),
            policy_arn: expression("each.value"),
            role: expression("aws_iam_role.this[0].name"),
          },
        },
        // The group that EKS makes.
        aws_ec2_tag: {
          cluster_primary_security_group: {
            for_each: onlyIf(
              "merge(var.tags, var.cluster_tags)",
              `var.create && key != "Name" && ${v.tagsOwnGroup}`,
            ),
            resource_id: expression(`${cluster}.vpc_config[0].cluster_security_group_id`),
            key: expression("each.key"),
            value: expression("each.value"),
          },
        },
        aws_security_group: {
          cluster: {
            count: expression("local.creates_group ? 1 : 0"),
            ...name("group_name", v.isGroupPrefixed),
            vpc_id: expression("var.vpc_id"),
            tags: expression(`merge(var.tags, { Name = local.group_name }, ${v.groupTags})`),
          },
          node: {
            count: expression("local.creates_node_group ? 1 : 0"),
            ...name("node_group_name", "var.node_security_group_use_name_prefix"),
            vpc_id: expression("var.vpc_id"),
            tags: expression(
              `merge(var.tags, { Name = local.node_group_name, "kubernetes.io/cluster/\${${v.name}}" = "owned" }, var.node_security_group_tags)`,
            ),
          },
        },
        aws_security_group_rule: {
          cluster: rule(
            onlyIf(
              `merge(local.creates_node_group ? local.group_rules : {}, ${v.groupRules})`,
              "local.creates_group",
            ),
            "aws_security_group.cluster[0].id",
            ["source_node_security_group", "local.node_group"],
          ),
          node: rule(
            onlyIf(
              `merge(${[
                ...(has("20.4.0") && !is21 ? ["var.enable_efa_support ? local.efa_rules : {}"] : []),
                "local.node_rules",
                "var.node_security_group_enable_recommended_rules ? local.recommended_rules : {}",
                "var.node_security_group_additional_rules",
              ].join(", ")})`,
              "local.creates_node_group",
            ),
            "aws_security_group.node[0].id",
            ["source_cluster_security_group", "local.group"],
          ),
        },
        aws_eks_addon: {
          this: addOn(has("19.9.0") ? "!try(value.before_compute, false)" : "true"),
          ...(has("19.9.0") && { before_compute: addOn("try(value.before_compute, false)") }),
        },
      },
      module: {
        fargate_profile: {
          source: "./modules/fargate-profile",
          for_each: onlyIf(entries("var.fargate_profiles"), "var.create && !local.is_outpost"),
          cluster_name: expression(`${cluster}.name`),
          ...fargateProfile.call(has),
        },
        eks_managed_node_group: {
          source: "./modules/eks-managed-node-group",
          for_each: onlyIf(entries("var.eks_managed_node_groups"), "var.create && !local.is_outpost"),
          cluster_name: expression(`${cluster}.name`),
          ...managedNodeGroup.call(has),
        },
        self_managed_node_group: {
          source: "./modules/self-managed-node-group",
          for_each: onlyIf(entries("var.self_managed_node_groups"), "var.create"),
          cluster_name: expression(`${cluster}.name`),
          ...selfManagedNodeGroup.call(has),
        },
      },
      output: outputs({
        cluster_arn: `try(${cluster}.arn, null)`,
        cluster_name: `try(${cluster}.name, "")`,
        cluster_id: `try(${cluster}.cluster_id, "")`,
        cluster_endpoint: `try(${cluster}.endpoint, null)`,
        cluster_version: `try(${cluster}.version, null)`,
        cluster_certificate_authority_data: `try(${cluster}.certificate_authority[0].data, null)`,
        cluster_oidc_issuer_url: `try(${cluster}.identity[0].oidc[0].issuer, null)`,
        cluster_primary_security_group_id: `try(${cluster}.vpc_config[0].cluster_security_group_id, null)`,
        cluster_security_group_id: "try(aws_security_group.cluster[0].id, null)",
        cluster_security_group_arn: "try(aws_security_group.cluster[0].arn, null)",
        node_security_group_id: "try(aws_security_group.node[0].id, null)",
        node_security_group_arn: "try(aws_security_group.node[0].arn, null)",
        cluster_iam_role_name: "try(aws_iam_role.this[0].name, null)",
        cluster_iam_role_arn: "try(aws_iam_role.this[0].arn, null)",
        node_iam_role_name: "try(aws_iam_role.eks_auto[0].name, null)",
        node_iam_role_arn: "try(aws_iam_role.eks_auto[0].arn, null)",
        fargate_profiles: "module.fargate_profile",
        eks_managed_node_groups: "module.eks_managed_node_group",
        self_managed_node_groups: "module.self_managed_node_group",
      }),
    },
    calls: {
      fargate_profile: fargateProfile.model(has),
      eks_managed_node_group: managedNodeGroup.model(has),
      self_managed_node_group: selfManagedNodeGroup.model(has),
    },
  };
}

/** From version 20.31 on it can be turned off, and Auto Mode does without it. */
function controllerPolicy(arn: string, isOptional: boolean): string {
  const condition = isOptional
    ? "var.enable_security_groups_for_pods && !local.is_outpost && !local.is_auto"
    : "true";
  return `{ for name, arn in { AmazonEKSVPCResourceController = "${arn}" } : name => arn if ${condition} }`;
}

const AUTO_MODE_POLICIES = [
  "AmazonEKSComputePolicy",
  "AmazonEKSBlockStoragePolicy",
  "AmazonEKSLoadBalancingPolicy",
  "AmazonEKSNetworkingPolicy",
];

function addOn(condition: string): Json {
  return {
    for_each: expression(`{ for key, value in local.add_ons : key => value if ${condition} }`),
    cluster_name: expression("aws_eks_cluster.this[0].name"),
    addon_name: expression("try(coalesce(each.value.name, each.key), each.key)"),
    addon_version: expression(
      "coalesce(try(each.value.addon_version, null), data.aws_eks_addon_version.this[each.key].version)",
    ),
    configuration_values: expression("try(each.value.configuration_values, null)"),
  };
}

/** @param flag the key of a rule by which the other group of the module is meant, and that group */
function rule(forEach: string, group: string, [flag, other]: readonly [string, string]): Json {
  const given = (name: string) => expression(`try(each.value.${name}, null)`);
  return {
    for_each: forEach,
    security_group_id: expression(group),
    type: expression("each.value.type"),
    protocol: expression("each.value.protocol"),
    from_port: expression("each.value.from_port"),
    to_port: expression("each.value.to_port"),
    description: given("description"),
    cidr_blocks: given("cidr_blocks"),
    ipv6_cidr_blocks: given("ipv6_cidr_blocks"),
    prefix_list_ids: given("prefix_list_ids"),
    self: given("self"),
    source_security_group_id: expression(
      `try(each.value.${flag}, false) ? ${other} : try(each.value.source_security_group_id, null)`,
    ),
  };
}

const ADD_ONS = `map(object({ name = optional(string), before_compute = optional(bool, false), addon_version = optional(string), configuration_values = optional(string) }))`;

function rulesType(flag: string): string {
  return `map(object({ protocol = optional(string, "tcp"), from_port = number, to_port = number, type = optional(string, "ingress"), description = optional(string), cidr_blocks = optional(list(string)), ipv6_cidr_blocks = optional(list(string)), prefix_list_ids = optional(list(string)), self = optional(bool), ${flag} = optional(bool, false), source_security_group_id = optional(string) }))`;
}

/** The rules that the module gives its groups; values are JSON, or text that is an expression in `${…}`. */
type Rules = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const fromCluster = (port: number) => ({
  type: "ingress",
  protocol: "tcp",
  from_port: port,
  to_port: port,
  source_cluster_security_group: true,
});
const fromNodes = (protocol: string, from: number, to: number = from) => ({
  type: "ingress",
  protocol,
  from_port: from,
  to_port: to,
  self: true,
});
const everything = (type: string) => ({ type, protocol: "-1", from_port: 0, to_port: 0 });

const CLUSTER_RULES: Rules = {
  ingress_nodes_443: {
    type: "ingress",
    protocol: "tcp",
    from_port: 443,
    to_port: 443,
    source_node_security_group: true,
  },
};

const NODE_RULES: Rules = {
  ingress_cluster_443: fromCluster(443),
  ingress_cluster_kubelet: fromCluster(10250),
  ingress_self_coredns_tcp: fromNodes("tcp", 53),
  ingress_self_coredns_udp: fromNodes("udp", 53),
};

const EFA_RULES: Rules = {
  ingress_all_self_efa: { ...everything("ingress"), self: true },
  egress_all_self_efa: { ...everything("egress"), self: true },
};

function recommendedRules(family: string, has: (version: string) => boolean): Rules {
  return {
    ingress_nodes_ephemeral: fromNodes("tcp", 1025, 65535),
    ingress_cluster_4443_webhook: fromCluster(4443),
    ...(has("21.7.0") && { ingress_cluster_10251_webhook: fromCluster(10251) }),
    ingress_cluster_6443_webhook: fromCluster(6443),
    ingress_cluster_8443_webhook: fromCluster(8443),
    ingress_cluster_9443_webhook: fromCluster(9443),
    egress_all: {
      ...everything("egress"),
      cidr_blocks: ["0.0.0.0/0"],
      ipv6_cidr_blocks: expression(`${family} == "ipv6" ? ["::/0"] : null`),
    },
  };
}
