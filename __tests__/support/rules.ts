import type { Configuration } from "./project";

/** Any of what an element of the rule's map names: a CIDR, a prefix list or a group. */
export const EACH = "each";

/** name, group, peer, protocol, from, to, map, description; expressions without their `${}` */
export type RuleRow = [string, string, string, string, number | string, number | string, string, string];

/** The ends of a range that an element of the rule's map gives. */
export const FROM = 'split("-", each.value)[0]';
export const TO = 'reverse(split("-", each.value))[0]';

/** The same of an element with a protocol: a port or a range; for ICMP the type and the code. */
const TRAFFIC_FROM =
  'each.value.ports == null ? each.value.icmp_type : tonumber(split("-", each.value.ports)[0])';
const TRAFFIC_TO =
  'each.value.ports == null ? coalesce(each.value.icmp_code, -1) : tonumber(reverse(split("-", each.value.ports))[0])';

/**
 * The rules of `ingress_sources` and of `egress_targets`.
 *
 * @param own what their names start with
 * @param group the id of the group that they are on, as an expression
 */
export function moreTrafficRows(own: string, group: string): RuleRow[] {
  const row = (name: string, map: string, description: string): RuleRow => [
    `${own}_${name}`,
    group,
    EACH,
    "${each.value.protocol}",
    TRAFFIC_FROM,
    TRAFFIC_TO,
    map,
    description,
  ];
  return [
    row("ingress_from_sources", "var.ingress_sources", "Ingress: Allow access from ${each.key}."),
    row("egress_to_targets", "var.egress_targets", "Egress: Allow access to ${each.key}."),
  ];
}

/** The tags of a resource: the module's, and its name. @param further more entries, as Terraform has them */
export function tags(name: string, further = ""): string {
  return `\${${ownTags(name, further)}}`;
}

function ownTags(name: string, further = ""): string {
  return `merge(local.tags, var.own_tags == null ? { Name = "${name}"${further} } : var.own_tags)`;
}

/** The description of a resource: the caller's, else the module's. @param key its name in `descriptions` */
export function described(key: string, text: string): string {
  return `\${lookup(local.descriptions, "${key}", "${text}")}`;
}

/** The resources of rules, one for each, as committed JSON has them. @param prefix what their tags start with */
export function perRule(rows: readonly RuleRow[], prefix: string): Configuration["resource"] {
  const resources: Configuration["resource"] = {};
  for (const [name, group, peer, protocol, from, to, map, description] of rows) {
    const type = `aws_vpc_security_group_${/_ingress_/.test(name) ? "ingress" : "egress"}_rule`;
    resources[type] = {
      ...resources[type],
      [name]: {
        for_each: `\${${map}}`,
        security_group_id: `\${${group}}`,
        ...peerArguments(peer),
        ip_protocol: protocol,
        from_port: typeof from === "number" ? from : `\${${from}}`,
        to_port: typeof to === "number" ? to : `\${${to}}`,
        description: described(`${name}-\${each.key}`, description),
        tags: `\${var.rule_tags == null ? ${ownTags(`${prefix}-${name}-\${each.key}`)} : lookup(var.rule_tags, "${name}-\${each.key}", null)}`,
      },
    };
  }
  return resources;
}

function peerArguments(peer: string): Record<string, string> {
  if (peer !== EACH) return { referenced_security_group_id: `\${${peer}}` };
  return {
    cidr_ipv4: "${each.value.cidr_ipv4}",
    cidr_ipv6: "${each.value.cidr_ipv6}",
    prefix_list_id: "${each.value.prefix_list_id}",
    referenced_security_group_id: "${each.value.security_group_id}",
  };
}

/** The rules of a stack. */
export function rulesOf({ resource }: Configuration): Configuration["resource"] {
  return Object.fromEntries(Object.entries(resource).filter(([type]) => type.endsWith("_rule")));
}
