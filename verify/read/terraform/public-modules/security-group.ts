import type { Json } from "../../../../io/json";
import { expression, type ModuleModel, outputs, type PublicModule, variables } from "./model";

const ANYTHING = "may make anything";

/** https://registry.terraform.io/modules/terraform-aws-modules/security-group/aws: versions 4.9 to 5. */
export const SECURITY_GROUP: PublicModule = {
  name: "terraform-aws-modules/security-group/aws",
  since: "4.9.0",
  newest: ["4.17.2", "5.3.1"],
  // The table of named rules may be any, and its computed rules need groups where prefix lists are meant.
  unread: () => ({ rules: ANYTHING, computed_egress_with_prefix_list_ids: ANYTHING }),
  model,
};

/** What a rule of a list has for its peer, by the end of the list's name. */
type Peers = Readonly<Record<string, (item: string, direction: string) => Json>>;

/** Text of several in one, or the list that all rules of the direction have. */
const several = (item: string, name: string, direction: string) =>
  expression(`compact(split(",", lookup(${item}, "${name}", join(",", var.${direction}_${name}))))`);

function model(has: (version: string) => boolean): ModuleModel {
  const lists = (direction: string) => ({ prefix_list_ids: expression(`var.${direction}_prefix_list_ids`) });
  const peers: Peers = {
    with_source_security_group_id: (item, direction) => ({
      source_security_group_id: expression(`${item}["source_security_group_id"]`),
      ...lists(direction),
    }),
    with_cidr_blocks: (item, direction) => ({
      cidr_blocks: several(item, "cidr_blocks", direction),
      // Version 5.2 has prefix lists in rules of their own alone.
      ...(!has("5.2.0") && lists(direction)),
    }),
    with_ipv6_cidr_blocks: (item, direction) => ({
      ipv6_cidr_blocks: several(item, "ipv6_cidr_blocks", direction),
      ...lists(direction),
    }),
    with_self: (item, direction) => ({
      self: expression(`lookup(${item}, "self", true)`),
      ...lists(direction),
    }),
    ...(has("5.2.0") && {
      with_prefix_list_ids: (item: string, direction: string) => ({
        prefix_list_ids: several(item, "prefix_list_ids", direction),
      }),
    }),
  };
  const ends = ["rules", ...Object.keys(peers)];
  const all = ["ingress", "egress"].flatMap((direction) =>
    ends.flatMap((end) => [
      { direction, end, list: `${direction}_${end}`, isComputed: false },
      { direction, end, list: `computed_${direction}_${end}`, isComputed: true },
    ]),
  );
  const rules = all.map(({ direction, end, list, isComputed }) => {
    const item = `var.${list}[count.index]`;
    const count = isComputed ? `var.number_of_${list}` : `length(var.${list})`;
    return [
      list,
      {
        count: expression(`var.create ? ${count} : 0`),
        security_group_id: expression("local.group"),
        type: direction,
        ...(peers[end]
          ? { ...peers[end](item, direction), ...ofItem(item) }
          : {
              cidr_blocks: expression(`var.${direction}_cidr_blocks`),
              ipv6_cidr_blocks: expression(`var.${direction}_ipv6_cidr_blocks`),
              ...lists(direction),
              ...named(item),
            }),
      },
    ] as const;
  });

  return {
    content: {
      variable: {
        ...variables({
          create: ["bool", true],
          create_sg: ["bool", true],
          security_group_id: ["string", null],
          vpc_id: ["string", null],
          name: ["string", null],
          use_name_prefix: ["bool", true],
          tags: ["map(string)", {}],
          ingress_cidr_blocks: ["list(string)", []],
          ingress_ipv6_cidr_blocks: ["list(string)", []],
          ingress_prefix_list_ids: ["list(string)", []],
          egress_cidr_blocks: ["list(string)", ["0.0.0.0/0"]],
          egress_ipv6_cidr_blocks: ["list(string)", ["::/0"]],
          egress_prefix_list_ids: ["list(string)", []],
          ...Object.fromEntries(
            all.flatMap(({ end, list, isComputed }) => [
              [list, [end === "rules" ? "list(string)" : "list(map(string))", []] as const],
              ...(isComputed ? [[`number_of_${list}`, ["number", 0] as const] as const] : []),
            ]),
          ),
        }),
        // What names mean that are not in the table below.
        rules: { type: "any" },
      },
      locals: {
        rules: NAMED_RULES,
        group: expression(
          "var.create_sg ? try(aws_security_group.this[0].id, aws_security_group.this_name_prefix[0].id) : var.security_group_id",
        ),
        tags: expression("merge({ Name = var.name }, var.tags)"),
      },
      resource: {
        aws_security_group: {
          this: {
            count: expression("var.create && var.create_sg && !var.use_name_prefix ? 1 : 0"),
            name: expression("var.name"),
            vpc_id: expression("var.vpc_id"),
            tags: expression("local.tags"),
          },
          this_name_prefix: {
            count: expression("var.create && var.create_sg && var.use_name_prefix ? 1 : 0"),
            name_prefix: "${var.name}-",
            vpc_id: expression("var.vpc_id"),
            tags: expression("local.tags"),
          },
        },
        aws_security_group_rule: Object.fromEntries(rules),
      },
      output: outputs({
        security_group_id: either("id"),
        security_group_arn: either("arn"),
        security_group_name: either("name"),
        security_group_vpc_id: either("vpc_id"),
      }),
    },
  };
}

function either(attribute: string): string {
  return `try(aws_security_group.this[0].${attribute}, aws_security_group.this_name_prefix[0].${attribute}, "")`;
}

const TRAFFIC = ["from_port", "to_port", "protocol"];

/** The traffic of a rule that a name means. */
function named(name: string): Json {
  return Object.fromEntries(TRAFFIC.map((argument, index) => [argument, expression(meaning(name, index))]));
}

/** A part of what a name means: of the table below, and else what the module has, which is not known. */
function meaning(name: string, part: number): string {
  return `lookup(local.rules, ${name}, var.rules[${name}])[${part}]`;
}

/** The traffic of a rule that gives it itself, or by a name. */
function ofItem(item: string): Json {
  const name = `lookup(${item}, "rule", "_")`;
  const traffic = TRAFFIC.map((argument, index) => [
    argument,
    expression(`lookup(${item}, "${argument}", ${meaning(name, index)})`),
  ]);
  return { ...Object.fromEntries(traffic), description: expression(`lookup(${item}, "description", null)`) };
}

const tcp = (from: number, to: number = from) => [from, to, "tcp"];
const udp = (from: number, to: number = from) => [from, to, "udp"];

/** The names of rules that clusters and their data services are most likely to need: first and last port, and protocol. */
const NAMED_RULES: Json = {
  "all-all": [-1, -1, "-1"],
  "all-icmp": [-1, -1, "icmp"],
  "all-tcp": tcp(0, 65535),
  "all-udp": udp(0, 65535),
  "cassandra-clients-tcp": tcp(9042),
  "dax-cluster-encrypted-tcp": tcp(9111),
  "dax-cluster-unencrypted-tcp": tcp(8111),
  "dns-tcp": tcp(53),
  "dns-udp": udp(53),
  "elasticsearch-java-tcp": tcp(9300),
  "elasticsearch-rest-tcp": tcp(9200),
  "grafana-tcp": tcp(3000),
  "http-80-tcp": tcp(80),
  "http-8080-tcp": tcp(8080),
  "https-443-tcp": tcp(443),
  "https-8443-tcp": tcp(8443),
  "kafka-broker-sasl-iam-tcp": tcp(9098),
  "kafka-broker-sasl-scram-tcp": tcp(9096),
  "kafka-broker-tcp": tcp(9092),
  "kafka-broker-tls-tcp": tcp(9094),
  "kubernetes-api-tcp": tcp(6443),
  "ldap-tcp": tcp(389),
  "ldaps-tcp": tcp(636),
  "memcached-tcp": tcp(11211),
  "mongodb-27017-tcp": tcp(27017),
  "mssql-tcp": tcp(1433),
  "mysql-tcp": tcp(3306),
  "nfs-tcp": tcp(2049),
  "ntp-udp": udp(123),
  "oracle-db-tcp": tcp(1521),
  "postgresql-tcp": tcp(5432),
  "prometheus-http-tcp": tcp(9090),
  "prometheus-node-exporter-http-tcp": tcp(9100),
  "rabbitmq-15672-tcp": tcp(15672),
  "rabbitmq-5671-tcp": tcp(5671),
  "rabbitmq-5672-tcp": tcp(5672),
  "rdp-tcp": tcp(3389),
  "redis-tcp": tcp(6379),
  "redshift-tcp": tcp(5439),
  "ssh-tcp": tcp(22),
  "vault-tcp": tcp(8200),
};
