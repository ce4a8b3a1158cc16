import { Unknown, type Value } from "../../../expression/value";
import type { Input, KubernetesObject, Resource } from "../../read/model";
import type { EniConfig } from "../cluster/eni-configs";
import type { NodeClass, NodeClassGroups } from "../cluster/karpenter";
import type { Families } from "../families";
import type { GroupRegister } from "../groups";
import { wrongId } from "../ids";
import type { Attachment, Policy, Role } from "../model";
import { at, blocks, elements, field, isTrue } from "../values";
import { annotatedGroups, groupsGiven } from "./annotations";
import { isNameOf, Purposes } from "./purpose";
import { INTERFACES } from "./table";

/** Reads what resources put groups on, and gives the groups their roles. */
export class AttachmentReader {
  private readonly purposes: Purposes;

  constructor(
    private readonly input: Input,
    private readonly register: GroupRegister,
    private readonly families: Families,
  ) {
    this.purposes = new Purposes(input);
  }

  /** What a resource attaches groups to: none for one that has no interfaces. */
  read(resource: Resource): Attachment[] {
    const { mode, type } = resource;
    if (mode !== "managed") return [];
    if (type === "aws_eks_cluster") return this.cluster(resource);
    if (type === "aws_eks_node_group") return this.nodeGroup(resource);
    if (type === "aws_eks_fargate_profile") return this.onOwn(resource);
    const kind = INTERFACES[type];
    if (kind === undefined) return this.byAnnotation(resource);
    const role = kind.role === "purpose" ? this.purposes.of(resource) : kind.role;
    return this.stated(resource).map((groups) => this.attachment(resource, role, groups));
  }

  /** What an object of a manifest attaches groups to: the load balancer that an annotation asks for. */
  ofObject({ address, body, source }: KubernetesObject): Attachment[] {
    if (!["Ingress", "Service"].includes(String(field(body, "kind")))) return [];
    const groups = groupsGiven(field(body, "metadata", "annotations") ?? null, this.register);
    for (const group of groups) this.register.give(group, "load-balancer");
    return groups.length === 0 ? [] : [{ address, role: "load-balancer", groups, source }];
  }

  /** The interfaces that nodes have for their pods, with custom networking: these carry the groups of an ENIConfig. */
  ofEniConfig(config: EniConfig): Attachment[] {
    const { address, groups: given, source } = config;
    const groups = given.flatMap((value) => groupKeyIn(config, value, this.register));
    for (const group of groups) this.register.give(group, "nodes");
    return groups.length === 0 ? [] : [{ address, role: "nodes", groups, isForPods: true, source }];
  }

  /** The nodes of a class, where it is known which groups it finds. */
  ofNodeClass({ address, source, found }: NodeClass & { readonly found: NodeClassGroups }): Attachment[] {
    if ("unknown" in found) return [];
    for (const group of found.groups) this.register.give(group, "nodes");
    return [{ address, role: "nodes", groups: found.groups, source }];
  }

  /** What modules that were not read are given: values of charts whose Services ask for load balancers. */
  fromModules(): Attachment[] {
    return this.input.modules.flatMap(({ address, passed = {}, source }) => {
      const groups = [
        ...new Set(Object.values(passed).flatMap((value) => groupsGiven(value, this.register))),
      ];
      for (const group of groups) this.register.give(group, "load-balancer");
      return groups.length === 0 ? [] : [{ address, role: "load-balancer" as const, groups, source }];
    });
  }

  private byAnnotation(resource: Resource): Attachment[] {
    const groups = annotatedGroups(resource, this.register);
    return groups.length === 0 ? [] : [this.attachment(resource, "load-balancer", groups)];
  }

  /** The lists of groups that a resource names, each of which is on interfaces of its own. */
  private stated({ type, address, values }: Resource): string[][] {
    return (INTERFACES[type]?.groups ?? [])
      .flatMap((path) => within(values, path.split(".")))
      .map((list) => {
        if (list instanceof Unknown && isCall(list)) return this.register.listed(list);
        return elements(list).flatMap((value) => groupKey(value, address, this.register));
      })
      .filter((groups) => groups.length > 0);
  }

  private attachment(resource: Resource, role: Role, groups: readonly string[]): Attachment {
    for (const group of groups) this.register.give(group, role);
    const families = this.families.of(resource);
    const { address, source } = resource;
    return { address, role, groups: [...new Set(groups)], ...(families && { families }), source };
  }

  /**
   * The interfaces of the control plane carry EKS's own group beside the stated ones; in Auto Mode the nodes carry it, too,
   * unless their class names others.
   */
  private cluster(resource: Resource): Attachment[] {
    const { address, source, values } = resource;
    const own = this.register.ownGroupOf(new Unknown(`${address}.name`));
    const stated = this.stated(resource).flat();
    const controlPlane = this.attachment(resource, "control-plane", stated);
    if (own === undefined) return [controlPlane];
    this.register.give(own, "cluster");
    const hasAutoMode = isTrue(at(values["compute_config"], "enabled"));
    return [
      { ...controlPlane, groups: [...controlPlane.groups, own] },
      ...(hasAutoMode ? [{ address, role: "nodes" as const, groups: [own], source }] : []),
    ];
  }

  /**
   * Managed nodes carry EKS's own group, unless their launch template names groups: then those and no other.
   * https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html#launch-template-security-groups
   */
  private nodeGroup(resource: Resource): Attachment[] {
    const template = blocks(resource.values["launch_template"])[0];
    if (template !== undefined) {
      const named = this.input.resources.find(
        (other) =>
          other.type === "aws_launch_template" &&
          (isNameOf(other, template["id"]) || isNameOf(other, template["name"])),
      );
      // A template that the input does not declare may name groups, and so may one that is not known.
      if (named === undefined || namesGroups(named)) return [];
    } else if (elements(resource.values["launch_template"]).length > 0) return [];
    const access = elements(resource.values["remote_access"]).length > 0;
    // EKS makes another group for those who may log in.
    const login = `${resource.address}.resources[0].remote_access_security_group_id`;
    return this.onOwn(resource, access ? [this.register.keyOf(login)] : []);
  }

  /** Interfaces that carry the own group of the cluster that the resource names. */
  private onOwn(resource: Resource, others: readonly string[] = []): Attachment[] {
    const own = this.register.ownGroupOf(resource.values["cluster_name"]);
    if (own === undefined) return [];
    return [this.attachment(resource, "nodes", [own, ...others])];
  }
}

function isCall({ expression }: Unknown): boolean {
  return /^\w+\(/.test(expression);
}

/** Whether a launch template names groups, or may. */
export function namesGroups({ type, values }: Resource): boolean {
  return (INTERFACES[type]?.groups ?? []).some((path) =>
    within(values, path.split(".")).some((list) => elements(list).length > 0),
  );
}

/** What a policy attaches to pods; gives the groups their role. */
export function attachmentOf({ address, groups, source }: Policy, register: GroupRegister): Attachment[] {
  for (const group of groups) register.give(group, "pods");
  return groups.length > 0 ? [{ address, role: "pods", groups, source }] : [];
}

/** A group that is not determined counts as a foreign one: then its interface may have more rules than are seen. */
export function groupKey(value: Value, address: string, register: GroupRegister): string[] {
  const meant = wrongId(value) && register.meantBy(value);
  if (meant !== undefined) return [meant];
  const named = register.named(value, address);
  if (named === undefined) return [];
  return ["group" in named ? named.group : register.keyOf(named.unknown)];
}

/** The same in an object: in one of a manifest, text that is no id stands for the group that somebody says it means. */
export function groupKeyIn(
  { address, isManifest }: Pick<KubernetesObject, "address"> & { readonly isManifest?: boolean },
  value: Value,
  register: GroupRegister,
): string[] {
  return isManifest && typeof value === "string"
    ? [register.keyOf(value)]
    : groupKey(value, address, register);
}

/** The values at a path through blocks: one for each body on the way. */
export function within(value: Value | undefined, path: readonly string[]): Value[] {
  const [key, ...rest] = path;
  if (key === undefined) return value === undefined || value === null ? [] : [value];
  return elements(value).flatMap((body) => {
    if (body instanceof Unknown) return [body];
    return within(at(body, key), rest);
  });
}
