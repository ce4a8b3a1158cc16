import fc from "fast-check";
import type { Json } from "../../../../io/json";
import { ARTICLE_PLACES, type ArticlePlace, articleBlocks, articlePart } from "./article";
import { type DrawnDrift, drawnDrift, driftPart } from "./drift";
import { type DrawnGroup, drawnGroup, groupPart, type Part } from "./groups";
import { addressOf, type Block, type Estate, type Role, resource } from "./model";
import type { PeerName } from "./rules";
import { TWICE, type Twice, twicePart } from "./twice";
import { type DrawnWorkload, drawnWorkload, type WorkloadForm, workloadPart } from "./workloads";

export { type Drift, type Estate, type Role, withoutAdopted } from "./model";
export { writeEstate } from "./write";

/** Groups that belong to somebody else. */
const OTHERS = ["default", "controller", "cluster"] as const;

/*
 * A generated estate: what teams have in one VPC. Hand-written groups in all forms and places, the article's HCL, workloads
 * with their services, groups of others, and what stays and names groups.
 */
interface Drawn {
  readonly syntax: Estate["syntax"];
  readonly article: ArticlePlace | "none";
  readonly workload: DrawnWorkload | undefined;
  readonly groups: readonly DrawnGroup[];
  readonly others: readonly (typeof OTHERS)[number][];
  /** Whether a network interface carries a group. */
  readonly isAttached: boolean;
  /** Whether groups have got other addresses before. */
  readonly hasMoved: boolean;
  readonly twice: Twice | undefined;
  readonly workloadForm: WorkloadForm;
  readonly drift: DrawnDrift | undefined;
}

const drawnEstate: fc.Arbitrary<Drawn> = fc.record({
  syntax: fc.constantFrom("hcl" as const, "json" as const),
  article: fc.constantFrom("none" as const, ...ARTICLE_PLACES),
  workload: fc.option(drawnWorkload, { nil: undefined, freq: 3 }),
  groups: fc.array(drawnGroup, { minLength: 2, maxLength: 4 }),
  others: fc.subarray([...OTHERS], { maxLength: 2 }),
  isAttached: fc.boolean(),
  hasMoved: fc.boolean(),
  twice: fc.option(fc.constantFrom(...TWICE), { nil: undefined, freq: 2 }),
  workloadForm: fc.oneof(
    { weight: 4, arbitrary: fc.constant("per-rule" as const) },
    { weight: 2, arbitrary: fc.constant("classic converted" as const) },
    { weight: 1, arbitrary: fc.constant("classic" as const) },
  ),
  drift: fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: drawnDrift }),
});

/**
 * The estate of a seed.
 *
 * @param name unique in the root: what its blocks start with
 */
export async function generatedEstate(seed: number, name: string): Promise<Estate> {
  const [drawn] = fc.sample(drawnEstate, { seed, numRuns: 1 });
  if (drawn === undefined) throw new Error(`seed ${seed} draws no estate`);
  const vpc = `aws_vpc.${name}.id`;
  const list = `aws_ec2_managed_prefix_list.${name}`;
  const around = (peer: PeerName) =>
    peer === "list" ? `${list}.id` : `aws_security_group.${name}_${peer}.id`;
  const article =
    drawn.article === "none"
      ? undefined
      : articlePart(drawn.article, `${name}_article`, vpc, await articleBlocks());
  const workload =
    drawn.workload &&
    workloadPart(
      drawn.workload,
      `${name}_${drawn.workload.name.replace("-", "_")}`,
      vpc,
      list,
      drawn.workloadForm,
    );
  const groups = drawn.groups.map((group, index) =>
    // Two groups of one name cannot be in one VPC.
    groupPart(named(group, index), `${name}_group_${index}`, vpc, around, drawn.hasMoved),
  );
  const drift = drawn.drift && driftPart(drawn.drift, `${name}_drift`, vpc);
  const twice = drawn.twice && twicePart(drawn.twice, `${name}_twice`, vpc);
  const others = drawn.others.flatMap((one) => othersBlocks(one, `${name}_${one}`, vpc, around("nodes")));
  const parts: Part[] = [
    { root: [...surroundings(name, list, vpc), ...others] },
    ...(article ? [article] : []),
    ...(workload ? [workload] : []),
    ...groups,
    ...(twice ? [twice] : []),
    ...(drift ? [drift] : []),
    { root: kept(name, drawn.isAttached) },
  ];
  const root = parts.flatMap((part) => part.root);
  const modules = Object.assign({}, ...parts.map((part) => part.modules ?? {})) as Estate["modules"];
  const all = [
    ...root.map((block) => [addressOf(block), block] as const),
    ...Object.entries(modules).flatMap(([call, blocks]) =>
      blocks.map((block) => [addressOf(block, call), block] as const),
    ),
  ].flatMap(([address, { type = "" }]) => (/^aws_(default_)?security_group$/.test(type) ? [address] : []));
  const roles: Record<string, Role> = {
    ...Object.fromEntries(all.map((address) => [address, "other" as const])),
    ...Object.fromEntries(
      // Their rules that name a group which is adopted go to its call.
      others.flatMap((block) =>
        block.name.endsWith("_nodes") ? [] : [[addressOf(block), "others" as const]],
      ),
    ),
    ...article?.roles,
    ...workload?.roles,
  };
  return {
    syntax: drawn.syntax,
    root,
    first: parts.flatMap((part) => part.first ?? part.root),
    imports: parts.flatMap((part) => part.imports ?? []),
    modules,
    roles,
    reasons: {
      ...Object.assign({}, ...drawn.others.map((one) => othersReasons(one, `${name}_${one}`))),
      ...workload?.reasons,
    },
    rules: workload?.rules ?? {},
    ...(drift && { drift: drift.drift }),
  };
}

const named = (group: DrawnGroup, index: number): DrawnGroup =>
  group.name === undefined ? group : { ...group, name: `${group.name}-${index}` };

function surroundings(name: string, list: string, vpc: string): Block[] {
  const [type = "", label = ""] = list.split(".");
  const group = (one: string) =>
    resource("aws_security_group", `${name}_${one}`, { name: `${one} nodes`, vpc_id: `\${${vpc}}` });
  return [
    resource("aws_vpc", name, { cidr_block: "10.0.0.0/16" }),
    resource(type, label, {
      name,
      address_family: "IPv4",
      max_entries: 2,
      entry: [{ cidr: "192.0.2.0/24", description: "Office" }],
    }),
    group("nodes"),
    group("ingress"),
  ];
}

/** What stays in the root and names a group. */
function kept(name: string, isAttached: boolean): Block[] {
  const nodes = `\${aws_security_group.${name}_nodes.id}`;
  return [
    { kind: "output", name: `${name}_nodes`, values: { value: nodes } },
    ...(isAttached
      ? [
          resource("aws_subnet", name, { vpc_id: `\${aws_vpc.${name}.id}`, cidr_block: "10.0.1.0/24" }),
          resource("aws_network_interface", name, {
            subnet_id: `\${aws_subnet.${name}.id}`,
            security_groups: [nodes],
          }),
        ]
      : []),
  ];
}

/** Why a group that belongs to somebody else is left, and the rule on it that names no group which is adopted. */
function othersReasons(one: (typeof OTHERS)[number], label: string): Record<string, RegExp> {
  if (one === "default")
    return { [`aws_default_security_group.${label}`]: /^the default group of its VPC: AWS makes it/ };
  return {
    [`aws_security_group.${label}`]:
      one === "cluster"
        ? /^EKS makes it for its cluster and changes it/
        : /^the load balancer controller makes it and changes its rules/,
    [`aws_vpc_security_group_ingress_rule.${label}_address`]:
      /^no call can hold it: it is on sg-\w+, which is not taken over/,
  };
}

/** A group that belongs to somebody else, and rules on it. */
function othersBlocks(one: (typeof OTHERS)[number], label: string, vpc: string, nodes: string): Block[] {
  const all: Json = {
    protocol: "-1",
    from_port: 0,
    to_port: 0,
    cidr_blocks: ["0.0.0.0/0"],
    ipv6_cidr_blocks: [],
    security_groups: [],
    prefix_list_ids: [],
    self: false,
    description: null,
  };
  if (one === "default") {
    return [
      resource("aws_default_security_group", label, {
        vpc_id: `\${${vpc}}`,
        egress: [all],
      }),
    ];
  }
  const id = `\${aws_security_group.${label}.id}`;
  const rule = (suffix: string, peer: Json) =>
    resource("aws_vpc_security_group_ingress_rule", `${label}_${suffix}`, {
      security_group_id: id,
      ip_protocol: "tcp",
      from_port: 443,
      to_port: 443,
      ...peer,
    });
  return [
    resource("aws_security_group", label, {
      name: one === "cluster" ? "eks-cluster-sg-main-1234567890" : "k8s-shop-orders-0a1b2c3d4e",
      description: one === "cluster" ? "EKS created security group" : "[k8s] Managed SecurityGroup",
      vpc_id: `\${${vpc}}`,
      tags:
        one === "cluster"
          ? { "kubernetes.io/cluster/main": "owned" }
          : { "elbv2.k8s.aws/cluster": "main", "service.k8s.aws/stack": "shop/orders" },
    }),
    rule("address", { cidr_ipv4: "192.0.2.0/24" }),
    rule("nodes", { referenced_security_group_id: `\${${nodes}}` }),
  ];
}
