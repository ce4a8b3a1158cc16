import { Unknown, type Value } from "../../../expression/value";
import { groupedBy } from "../../../io/lists";
import type { Input, Resource } from "../../read/model";
import type { Role } from "../model";
import { at, blocks, isObject, text, textOrExpression } from "../values";

/** What joins a machine to a cluster when it starts, in user data or in an image's name. */
const JOINS = /bootstrap\.sh|nodeadm|NodeConfig|kubelet|kube-node|amazon-eks|\beks[-_/]|[-_/]eks\b/i;
/** https://docs.aws.amazon.com/eks/latest/userguide/worker.html */
const NODE_TAG =
  /^(?:kubernetes\.io\/cluster\/|k8s\.io\/cluster\/|k8s\.io\/cluster-autoscaler\/|eks:|aws:eks:)/;
const NODE_NAME = /(?:^|[^a-z])(?:nodes?|workers?)(?:[^a-z]|$)/i;

/** Whether names speak of nodes: `aws_security_group.eks_nodes`, `module.eks.node_security_group_id`. */
export function isCalledNodes(names: string): boolean {
  return NODE_NAME.test(names);
}

/** What EC2 instances and their templates are for. */
export class Purposes {
  private readonly byType: ReadonlyMap<string, readonly Resource[]>;
  private readonly isAboutClusters: boolean;

  constructor({ resources }: Input) {
    this.byType = groupedBy(resources, ({ type }) => type);
    this.isAboutClusters = ["aws_eks_cluster", "aws_eks_node_group"].some((type) => this.byType.has(type));
  }

  /** `nodes` where something says that it joins a cluster, or is a template that nobody else is seen to use. */
  of(resource: Resource): Role {
    if (saysItJoins(resource)) return "nodes";
    if (resource.type !== "aws_launch_template" && resource.type !== "aws_launch_configuration")
      return "instance";
    if (this.all("aws_eks_node_group").some((nodes) => isTemplateOf(resource, nodes))) return "nodes";
    const users = [
      "aws_autoscaling_group",
      "aws_instance",
      "aws_spot_fleet_request",
      "aws_ec2_fleet",
    ].flatMap((type) => this.all(type).filter((user) => isTemplateOf(resource, user)));
    if (users.some(saysItJoins)) return "nodes";
    return users.length === 0 || (this.isAboutClusters && isCalledNodes(resource.name))
      ? "nodes"
      : "instance";
  }

  private all(type: string): readonly Resource[] {
    return this.byType.get(type) ?? [];
  }
}

function saysItJoins({ values, type }: Resource): boolean {
  const read = ["user_data", "user_data_base64", "image_id", "ami"].map((name) => words(values[name]));
  // User data of a template is base64.
  const decoded = read.map((word) => (/^[A-Za-z0-9+/=\s]{16,}$/.test(word) ? decode(word) : word));
  if ([...read, ...decoded].some((word) => JOINS.test(word))) return true;
  const tags = [
    ...Object.keys(isObject(values["tags"]) ? values["tags"] : {}),
    ...(type === "aws_autoscaling_group" ? blocks(values["tag"]).map(({ key = null }) => words(key)) : []),
  ];
  return tags.some((tag) => NODE_TAG.test(tag));
}

/** Whether a resource starts its machines from a template. */
function isTemplateOf(template: Resource, { values }: Resource): boolean {
  const named = [
    at(values["launch_template"], "id"),
    at(values["launch_template"], "name"),
    at(
      values["mixed_instances_policy"],
      "launch_template",
      "launch_template_specification",
      "launch_template_id",
    ),
    at(
      values["mixed_instances_policy"],
      "launch_template",
      "launch_template_specification",
      "launch_template_name",
    ),
    at(values["launch_template_config"], "launch_template_specification", "id"),
    at(values["launch_template_config"], "launch_template_specification", "launch_template_id"),
    values["launch_configuration"],
  ];
  return named.some((name) => isNameOf(template, name));
}

/** Whether a value names a resource: by a reference to its id or name, or by what these are. */
export function isNameOf({ address, values }: Resource, name: Value | undefined): boolean {
  if (name instanceof Unknown) {
    return ["id", "name"].some((attribute) => name.expression.includes(`${address}.${attribute}`));
  }
  const known = text(name);
  return known !== undefined && known !== "" && (known === values["id"] || known === values["name"]);
}

function decode(word: string): string {
  return Buffer.from(word, "base64").toString("utf8");
}

function words(value: Value | undefined): string {
  return textOrExpression(value) ?? "";
}
