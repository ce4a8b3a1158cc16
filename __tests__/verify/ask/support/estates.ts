/* Estates of Terraform in a few words: pods of orders, nodes, databases, and the rules between them. */

export const group = (...names: string[]) =>
  names.map((name) => `resource "aws_security_group" "${name}" { name = "${name}" }\n`).join("");
const id = (name: string) => (/[.[]/.test(name) ? name : `aws_security_group.${name}.id`);

let count = 0;
/** A rule of one resource: `egress pods nodes udp 53`. */
export const rule = (line: string) => {
  const [direction, own = "", far = "", protocol, port = "", to = port] = line.split(" ");
  const peer = /^\d/.test(far) ? `cidr_ipv4 = "${far}"` : `referenced_security_group_id = ${id(far)}`;
  count += 1;
  return `resource "aws_vpc_security_group_${direction}_rule" "r${count}" {
    security_group_id = ${id(own)}
    ${peer}
    ip_protocol = "${protocol}"
    ${port === "" ? "" : `from_port = ${port}\n    to_port = ${to}`}
  }\n`;
};
/** The same as `aws_security_group_rule`. */
export const classic = (line: string) => {
  const [direction, own = "", far = "", protocol, port = "0", to = port] = line.split(" ");
  count += 1;
  return `resource "aws_security_group_rule" "r${count}" {
    type = "${direction}"
    security_group_id = ${id(own)}
    ${/^\d/.test(far) ? `cidr_blocks = ["${far}"]` : `source_security_group_id = ${id(far)}`}
    protocol = "${protocol}"
    from_port = ${port}
    to_port = ${to}
  }\n`;
};
export const policy = (
  name: string,
  groups: readonly string[],
  selector = `{ matchLabels = { app = "${name}" } }`,
) => `
resource "kubernetes_manifest" "${name}" {
  manifest = {
    apiVersion = "vpcresources.k8s.aws/v1beta1"
    kind       = "SecurityGroupPolicy"
    metadata   = { name = "${name}", namespace = "shop" }
    spec       = { podSelector = ${selector}, securityGroups = { groupIds = [${groups.map(id).join(", ")}] } }
  }
}
`;
export const NODES = `
${group("nodes")}
resource "aws_launch_template" "nodes" { vpc_security_group_ids = [aws_security_group.nodes.id] }
${rule("egress nodes 0.0.0.0/0 -1")}
`;
export const database = (name: string, more = "") => `
${group(name)}
resource "aws_db_instance" "${name}" {
  engine = "postgres"
  vpc_security_group_ids = [aws_security_group.${name}.id]
  ${more}
}
`;
export const deployment = (probe: string) => `
resource "kubernetes_manifest" "deployment" {
  manifest = {
    apiVersion = "apps/v1"
    kind       = "Deployment"
    metadata   = { name = "orders", namespace = "shop" }
    spec       = { template = {
      metadata = { labels = { app = "orders" } }
      spec     = { containers = [{ name = "orders", ports = [{ name = "http", containerPort = 8080 }]${probe} }] }
    } }
  }
}
`;
export const DNS = [
  "egress orders nodes udp 53",
  "egress orders nodes tcp 53",
  "ingress nodes orders udp 53",
  "ingress nodes orders tcp 53",
];
export const dns = (kind = rule) => DNS.map(kind).join("");
export const PROBES = rule("ingress orders nodes tcp 8080");
/** Pods that have all that pods need of the cluster. */
export const SOUND = `${NODES}${group("orders")}${policy("orders", ["orders"])}${dns()}${PROBES}`;
