import { isJson, type Json } from "../../../../io/json";
import { expression, type ModuleModel, nonNull, outputs, variables } from "./model";

type Has = (version: string) => boolean;

/** A module inside of the one for clusters, which that calls for each entry of a map, and others by itself. */
export interface NodeModule {
  /** What the call hands on of an entry. */
  readonly call: (has: Has) => Json;
  readonly model: (has: Has) => ModuleModel;
}

/** Arguments that an entry may give, and else its defaults; with the expression of what they are where neither does. */
type Settings = Readonly<Record<string, readonly [type: string, fallback: string]>>;

/** Before version 21 the defaults are a map, and what they do not give is decided by the call; since then by the module. */
function handedOn(settings: Settings, defaults: string, has: Has): Json {
  const given = ([name, [, fallback]]: [string, Settings[string]]) => [
    name,
    expression(
      has("21.0.0")
        ? `try(each.value.${name}, null)`
        : `try(each.value.${name}, var.${defaults}.${name}, ${fallback})`,
    ),
  ];
  return Object.fromEntries(Object.entries(settings).map(given));
}

function declared(settings: Settings, has: Has): Json {
  const types = Object.fromEntries(
    Object.entries(settings).map(([name, [type, fallback]]) => [name, [type, JSON.parse(fallback)] as const]),
  );
  return has("21.0.0") ? nonNull(variables(types)) : variables(types);
}

/** What the call decides itself: the name, the subnets, and the groups of the nodes. */
function ofCluster(defaults: string, has: Has): Json {
  const of = (name: string, fallback: string) =>
    has("21.0.0")
      ? `try(coalesce(each.value.${name}, ${fallback}), ${fallback})`
      : `try(each.value.${name}, var.${defaults}.${name}, ${fallback})`;
  return {
    create: expression("try(each.value.create, true)"),
    name: expression(has("21.0.0") ? of("name", "each.key") : "try(each.value.name, each.key)"),
    subnet_ids: expression(of("subnet_ids", "var.subnet_ids")),
  };
}

function groups(defaults: string, has: Has): Json {
  const of = (name: string, fallback: string) =>
    has("21.0.0")
      ? `try(coalesce(each.value.${name}, ${fallback}), ${fallback})`
      : `try(each.value.${name}, var.${defaults}.${name}, ${fallback})`;
  return {
    vpc_security_group_ids: expression(
      `compact(concat([local.node_group], ${of("vpc_security_group_ids", "[]")}))`,
    ),
    cluster_primary_security_group_id: expression(
      `${of("attach_cluster_primary_security_group", "false")} ? aws_eks_cluster.this[0].vpc_config[0].cluster_security_group_id : null`,
    ),
  };
}

const OF_CLUSTER = {
  ...nonNull(variables({ create: ["bool", true] })),
  ...variables({
    cluster_name: ["string", ""],
    name: ["string", ""],
    subnet_ids: ["list(string)", null],
  }),
};
const GROUPS = variables({
  vpc_security_group_ids: ["list(string)", []],
  cluster_primary_security_group_id: ["string", null],
});

/** Of version 21: groups of their own that node groups may have. */
const OWN_GROUP: Settings = {
  create_security_group: ["bool", "true"],
  security_group_name: ["string", "null"],
  security_group_use_name_prefix: ["bool", "true"],
  security_group_ingress_rules: ["any", "{}"],
  security_group_egress_rules: ["any", "{}"],
  security_group_tags: ["map(string)", "{}"],
};

const TEMPLATE: Settings = {
  create_launch_template: ["bool", "true"],
  launch_template_id: ["string", '""'],
  launch_template_name: ["string", "null"],
  launch_template_use_name_prefix: ["bool", "true"],
  launch_template_version: ["string", "null"],
  ami_id: ["string", '""'],
  enable_efa_support: ["bool", "false"],
  network_interfaces: ["any", "[]"],
};

const ROLE: Settings = {
  iam_role_arn: ["string", "null"],
  iam_role_name: ["string", "null"],
  iam_role_use_name_prefix: ["bool", "true"],
};

const FARGATE: Settings = {
  selectors: ["any", "[]"],
  create_iam_role: ["bool", "true"],
  ...ROLE,
};

export const fargateProfile: NodeModule = {
  call: (has) => ({
    ...ofCluster("fargate_profile_defaults", has),
    ...handedOn(FARGATE, "fargate_profile_defaults", has),
  }),
  model: (has) => ({
    content: {
      variable: { ...OF_CLUSTER, ...declared(FARGATE, has) },
      resource: {
        aws_eks_fargate_profile: {
          this: {
            count: expression("var.create ? 1 : 0"),
            cluster_name: expression("var.cluster_name"),
            fargate_profile_name: expression("var.name"),
            pod_execution_role_arn: expression(
              "var.create_iam_role ? aws_iam_role.this[0].arn : var.iam_role_arn",
            ),
            subnet_ids: expression("var.subnet_ids"),
            dynamic: {
              selector: {
                for_each: expression("var.selectors"),
                content: {
                  namespace: expression("selector.value.namespace"),
                  labels: expression("try(selector.value.labels, {})"),
                },
              },
            },
          },
        },
        aws_iam_role: { this: role("var.create && var.create_iam_role", "local.role_name") },
      },
      locals: { role_name: expression('coalesce(var.iam_role_name, var.name, "fargate-profile")') },
      output: outputs({
        fargate_profile_arn: "try(aws_eks_fargate_profile.this[0].arn, null)",
        fargate_profile_id: "try(aws_eks_fargate_profile.this[0].id, null)",
        iam_role_name: "try(aws_iam_role.this[0].name, null)",
        iam_role_arn: "try(aws_iam_role.this[0].arn, var.iam_role_arn)",
      }),
    },
  }),
};

const MANAGED: Settings = {
  ...TEMPLATE,
  use_custom_launch_template: ["bool", "true"],
  ami_type: ["string", "null"],
  capacity_type: ["string", "null"],
  instance_types: ["list(string)", "null"],
  labels: ["map(string)", "null"],
  remote_access: ["any", "{}"],
  create_iam_role: ["bool", "true"],
  ...ROLE,
};

export const managedNodeGroup: NodeModule = {
  call: (has) => ({
    ...ofCluster("eks_managed_node_group_defaults", has),
    ...groups("eks_managed_node_group_defaults", has),
    ...handedOn({ ...MANAGED, ...(has("21.0.0") && OWN_GROUP) }, "eks_managed_node_group_defaults", has),
    launch_template_name: templateName("eks_managed_node_group_defaults", has),
  }),
  model: (has) =>
    withOwnGroup(has, {
      variable: { ...OF_CLUSTER, ...GROUPS, ...declared(managedSettings(has), has) },
      locals: {
        ...templateLocals("var.create && var.enable_efa_support", "eks-node-group"),
        template_id: expression(
          "var.create && var.create_launch_template ? try(aws_launch_template.this[0].id, null) : var.launch_template_id",
        ),
        role_name: expression('coalesce(var.iam_role_name, "${var.name}-eks-node-group")'),
        is_block: expression('var.capacity_type == "CAPACITY_BLOCK"'),
      },
      resource: {
        aws_launch_template: {
          this: template(has, "var.create && var.create_launch_template && var.use_custom_launch_template", {
            instance_type: expression("local.is_block ? element(var.instance_types, 0) : null"),
          }),
        },
        aws_eks_node_group: {
          this: {
            count: expression("var.create ? 1 : 0"),
            cluster_name: expression("var.cluster_name"),
            node_role_arn: expression("var.create_iam_role ? aws_iam_role.this[0].arn : var.iam_role_arn"),
            subnet_ids: expression("var.subnet_ids"),
            ami_type: expression('var.ami_id != "" ? null : var.ami_type'),
            capacity_type: expression("var.capacity_type"),
            instance_types: expression("local.is_block ? null : var.instance_types"),
            labels: expression("var.labels"),
            dynamic: {
              launch_template: {
                for_each: expression("var.use_custom_launch_template ? [1] : []"),
                content: {
                  id: expression("local.template_id"),
                  version: expression("var.launch_template_version"),
                },
              },
              remote_access: {
                for_each: expression("length(var.remote_access) > 0 ? [var.remote_access] : []"),
                content: {
                  ec2_ssh_key: expression("try(remote_access.value.ec2_ssh_key, null)"),
                  source_security_group_ids: expression(
                    "try(remote_access.value.source_security_group_ids, [])",
                  ),
                },
              },
            },
          },
        },
        aws_iam_role: { this: role("var.create && var.create_iam_role", "local.role_name") },
      },
      output: outputs({
        ...TEMPLATE_OUTPUTS,
        node_group_arn: "try(aws_eks_node_group.this[0].arn, null)",
        node_group_id: "try(aws_eks_node_group.this[0].id, null)",
        node_group_resources: "try(aws_eks_node_group.this[0].resources, null)",
        node_group_labels: "try(aws_eks_node_group.this[0].labels, {})",
      }),
    }),
};

/** What the module itself takes where version 21 gives nothing. */
function managedSettings(has: Has): Settings {
  return has("21.0.0")
    ? { ...MANAGED, ami_type: ["string", '"AL2023_x86_64_STANDARD"'], ...OWN_GROUP }
    : MANAGED;
}

const SELF_MANAGED: Settings = {
  ...TEMPLATE,
  create_autoscaling_group: ["bool", "true"],
  instance_type: ["string", '"m6i.large"'],
  use_mixed_instances_policy: ["bool", "false"],
  mixed_instances_policy: ["any", "null"],
  create_iam_instance_profile: ["bool", "true"],
  ...ROLE,
};

export const selfManagedNodeGroup: NodeModule = {
  call: (has) => ({
    ...ofCluster("self_managed_node_group_defaults", has),
    ...groups("self_managed_node_group_defaults", has),
    ...handedOn(
      { ...SELF_MANAGED, ...(has("21.0.0") && OWN_GROUP) },
      "self_managed_node_group_defaults",
      has,
    ),
    launch_template_name: templateName("self_managed_node_group_defaults", has),
  }),
  model: (has) => {
    // The overrides of a mixed policy stand inside of its template since version 21.
    const overrides = has("21.0.0")
      ? "mixed_instances_policy.value.launch_template.override"
      : "mixed_instances_policy.value.override";
    return withOwnGroup(has, {
      variable: {
        ...OF_CLUSTER,
        ...GROUPS,
        ...declared(selfManagedSettings(has), has),
      },
      locals: {
        ...templateLocals("var.create && var.enable_efa_support", "node-group"),
        template_id: expression(
          "var.create && var.create_launch_template ? aws_launch_template.this[0].id : var.launch_template_id",
        ),
        role_name: expression('coalesce(var.iam_role_name, "${var.name}-node-group")'),
      },
      resource: {
        aws_launch_template: {
          this: template(has, "var.create && var.create_launch_template", {
            instance_type: expression("var.instance_type"),
            // By this the machines join the cluster.
            user_data: "/etc/eks/bootstrap.sh",
          }),
        },
        aws_autoscaling_group: {
          this: {
            count: expression("var.create && var.create_autoscaling_group ? 1 : 0"),
            vpc_zone_identifier: expression("var.subnet_ids"),
            tag: [
              {
                key: "kubernetes.io/cluster/${var.cluster_name}",
                value: "owned",
                propagate_at_launch: true,
              },
            ],
            dynamic: {
              launch_template: {
                for_each: expression("var.use_mixed_instances_policy ? [] : [1]"),
                content: { id: expression("local.template_id") },
              },
              mixed_instances_policy: {
                for_each: expression("var.use_mixed_instances_policy ? [var.mixed_instances_policy] : []"),
                content: {
                  launch_template: {
                    launch_template_specification: {
                      launch_template_id: expression("local.template_id"),
                    },
                    dynamic: {
                      override: {
                        for_each: expression(`try(coalesce(${overrides}, []), [])`),
                        content: { instance_type: expression("try(override.value.instance_type, null)") },
                      },
                    },
                  },
                },
              },
            },
          },
        },
        aws_iam_role: { this: role("var.create && var.create_iam_instance_profile", "local.role_name") },
      },
      output: outputs({
        ...TEMPLATE_OUTPUTS,
        autoscaling_group_id: "try(aws_autoscaling_group.this[0].id, null)",
        autoscaling_group_name: "try(aws_autoscaling_group.this[0].name, null)",
      }),
    });
  },
};

/** What the module itself takes, where its call hands nothing on. */
function selfManagedSettings(has: Has): Settings {
  return has("21.0.0")
    ? { ...SELF_MANAGED, ...OWN_GROUP }
    : { ...SELF_MANAGED, instance_type: ["string", '""'] };
}

function templateName(defaults: string, has: Has): string {
  return expression(
    has("21.0.0")
      ? "try(coalesce(each.value.launch_template_name, each.key), each.key)"
      : `try(each.value.launch_template_name, var.${defaults}.launch_template_name, each.key)`,
  );
}

function role(exists: string, name: string): Json {
  return {
    count: expression(`${exists} ? 1 : 0`),
    name: expression(`var.iam_role_use_name_prefix ? null : ${name}`),
    name_prefix: expression(`var.iam_role_use_name_prefix ? "\${${name}}-" : null`),
  };
}

/** How many interfaces an instance with EFA gets hangs on its type, and is not known. */
function templateLocals(hasEfa: string, called: string): Json {
  return {
    template_name: expression(`coalesce(var.launch_template_name, "\${var.name}-${called}")`),
    groups: expression(
      "compact(concat([var.cluster_primary_security_group_id], var.vpc_security_group_ids, local.own_groups))",
    ),
    interfaces: expression(
      `${hasEfa} ? data.aws_ec2_instance_type.this[0].network_cards : var.network_interfaces`,
    ),
  };
}

function template(has: Has, exists: string, more: Json): Json {
  // The first versions of 21 leave the cluster's group out of interfaces that are given.
  const groups = has("21.0.0") && !has("21.1.4") ? "var.vpc_security_group_ids" : "local.groups";
  return {
    count: expression(`${exists} ? 1 : 0`),
    name: expression("var.launch_template_use_name_prefix ? null : local.template_name"),
    name_prefix: expression('var.launch_template_use_name_prefix ? "${local.template_name}-" : null'),
    vpc_security_group_ids: expression("length(local.interfaces) > 0 ? [] : local.groups"),
    ...more,
    dynamic: {
      network_interfaces: {
        for_each: expression("local.interfaces"),
        content: {
          device_index: expression("try(network_interfaces.value.device_index, null)"),
          interface_type: expression("try(network_interfaces.value.interface_type, null)"),
          security_groups: expression(
            `compact(concat(try(coalesce(network_interfaces.value.security_groups, []), []), ${groups}))`,
          ),
        },
      },
    },
  };
}

const TEMPLATE_OUTPUTS = {
  launch_template_id: "try(aws_launch_template.this[0].id, null)",
  launch_template_name: "try(aws_launch_template.this[0].name, null)",
  iam_role_name: "try(aws_iam_role.this[0].name, null)",
  iam_role_arn: "try(aws_iam_role.this[0].arn, var.iam_role_arn)",
};

/** With the group of its own that a node group may have since version 21. */
function withOwnGroup(has: Has, content: Json): ModuleModel {
  const { variable, locals, resource, output } = content;
  const parts = { variable, locals, resource, output } as Record<string, Json>;
  if (!has("21.0.0")) {
    return { content: { ...content, locals: { ...(isJson(locals) && locals), own_groups: [] } } };
  }
  const rule = (direction: string): Json => ({
    for_each: expression(
      `{ for key, rule in local.${direction}_rules : key => rule if local.has_own_group }`,
    ),
    security_group_id: expression("aws_security_group.this[0].id"),
    ip_protocol: expression('try(coalesce(each.value.ip_protocol, "tcp"), "tcp")'),
    from_port: expression(
      direction === "egress" ? either("from_port", "to_port") : "try(each.value.from_port, null)",
    ),
    to_port: expression(
      direction === "egress" ? "try(each.value.to_port, null)" : either("to_port", "from_port"),
    ),
    cidr_ipv4: expression("try(each.value.cidr_ipv4, null)"),
    cidr_ipv6: expression("try(each.value.cidr_ipv6, null)"),
    description: expression("try(each.value.description, null)"),
    prefix_list_id: expression("try(each.value.prefix_list_id, null)"),
    referenced_security_group_id: expression(
      "try(each.value.self, null) == true ? aws_security_group.this[0].id : try(each.value.referenced_security_group_id, null)",
    ),
  });
  const name = expression('coalesce(var.security_group_name, "${var.cluster_name}-${var.name}")');
  return {
    content: {
      ...parts,
      locals: {
        ...parts["locals"],
        efa_rules: { all_self_efa: { ip_protocol: "-1", self: true } },
        ingress_rules: expression(
          "merge(var.enable_efa_support ? local.efa_rules : {}, var.security_group_ingress_rules)",
        ),
        egress_rules: expression(
          "merge(var.enable_efa_support ? local.efa_rules : {}, var.security_group_egress_rules)",
        ),
        has_own_group: expression(
          "var.create && var.create_security_group && length(merge(local.ingress_rules, local.egress_rules)) > 0",
        ),
        own_groups: expression("aws_security_group.this[*].id"),
        own_group_name: name,
      },
      data: {
        aws_subnet: {
          this: {
            count: expression("local.has_own_group ? 1 : 0"),
            id: expression("element(var.subnet_ids, 0)"),
          },
        },
      },
      resource: {
        ...parts["resource"],
        aws_security_group: {
          this: {
            count: expression("local.has_own_group ? 1 : 0"),
            name: expression("var.security_group_use_name_prefix ? null : local.own_group_name"),
            name_prefix: expression('var.security_group_use_name_prefix ? "${local.own_group_name}-" : null'),
            vpc_id: expression("data.aws_subnet.this[0].vpc_id"),
            tags: expression("merge({ Name = local.own_group_name }, var.security_group_tags)"),
          },
        },
        aws_vpc_security_group_ingress_rule: { this: rule("ingress") },
        aws_vpc_security_group_egress_rule: { this: rule("egress") },
      },
      output: {
        ...parts["output"],
        ...outputs({
          security_group_id: "try(aws_security_group.this[0].id, null)",
          security_group_arn: "try(aws_security_group.this[0].arn, null)",
        }),
      },
    },
  };
}

function either(first: string, second: string): string {
  return `try(coalesce(try(each.value.${first}, null), try(each.value.${second}, null)), null)`;
}
