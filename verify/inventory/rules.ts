import { Unknown, type Value } from "../../expression/value";
import { text as written } from "../../expression/values";
import { canonicalCidr } from "../../network/cidr";
import type { GroupKey, RulePeer } from "../../network/peers";
import { DIRECTIONS, type Direction } from "../../network/rules";
import type { Input, Resource, Source } from "../read/model";
import { type GroupRegister, isGroup } from "./groups";
import { wrongId } from "./ids";
import type { Doubt, Refusal, Refused, RuleForm, SecurityGroupRule } from "./model";
import type { PrefixList } from "./prefix-lists";
import { RefusedRules } from "./refused-rules";
import { parseTraffic } from "./traffic";
import { elements, isObject, isTrue, type ObjectValue, text, textOrExpression } from "./values";

const PER_RULE: Readonly<Record<string, Direction>> = {
  aws_vpc_security_group_ingress_rule: "ingress",
  aws_vpc_security_group_egress_rule: "egress",
};

/** Resources that are rules of their own. */
export function isRule({ mode, type }: Pick<Resource, "mode" | "type">): boolean {
  return mode === "managed" && (type === "aws_security_group_rule" || type in PER_RULE);
}

/** Reads the rules of resources, in all three forms, and collects what is refused about them. */
export class RuleReader {
  readonly refusals: Refusal[] = [];
  private readonly refused: RefusedRules;
  /** Of the resource that is read: the keys of `each.value` that it does not. */
  private unread: readonly string[] = [];

  constructor(
    input: Pick<Input, "kind" | "hangsOnDefault">,
    private readonly register: GroupRegister,
    private readonly lists: ReadonlyMap<string, PrefixList>,
  ) {
    this.refused = new RefusedRules(input, register);
  }

  /** The rules that a resource declares: none for one that is neither a group nor a rule. */
  read(resource: Resource): SecurityGroupRule[] {
    this.unread = resource.unread ?? [];
    const rules = this.readCertain(resource);
    if (!resource.isUncertain) return rules;
    return rules.map(inDoubt(UNCOUNTED));
  }

  private readCertain(resource: Resource): SecurityGroupRule[] {
    if (isGroup(resource)) return [...this.inline(resource, "ingress"), ...this.inline(resource, "egress")];
    if (!isRule(resource)) return [];
    const perRule = PER_RULE[resource.type];
    return perRule === undefined ? this.classic(resource) : this.perRule(resource, perRule);
  }

  private classic({
    address,
    values,
    source,
  }: Pick<Resource, "address" | "values" | "source">): SecurityGroupRule[] {
    const type = values["type"];
    if (type instanceof Unknown) {
      return DIRECTIONS.flatMap((direction) =>
        this.classic({ address, values: { ...values, type: direction }, source }).map(
          inDoubt({ kind: "direction", direction, expression: type.expression }),
        ),
      );
    }
    const direction = directionOf(type);
    if (direction === undefined) {
      this.refuse(address, address, source, [{ kind: "type", given: type }]);
      return [];
    }
    const group = this.groupOf(address, values);
    const peers = this.peers(
      address,
      values,
      group,
      values["source_security_group_id"],
      "source_security_group_id",
    );
    const base = { address, form: "classic" as const, direction, source, ...this.ownerOf(group, values) };
    return this.rules(base, address, values, peers);
  }

  private perRule({ address, values, source }: Resource, direction: Direction): SecurityGroupRule[] {
    const peers = [
      ...this.groupPeers(address, values["referenced_security_group_id"], "referenced_security_group_id"),
      ...cidrPeers([...elements(values["cidr_ipv4"]), ...elements(values["cidr_ipv6"])]),
      ...this.listPeers(values["prefix_list_id"]),
    ];
    const group = this.groupOf(address, values);
    const base = { address, form: "per-rule" as const, direction, source, ...this.ownerOf(group, values) };
    return this.rules(base, address, values, peers);
  }

  private inline({ address, values, source }: Resource, direction: Direction): SecurityGroupRule[] {
    return elements(values[direction]).flatMap((block, index) => {
      const place = `${address}.${direction}[${index}]`;
      const base = { address: place, form: "inline" as const, direction, group: address, source };
      if (block instanceof Unknown) {
        // In a plan: rules that nobody configured and that Terraform looks up when it applies.
        if (block.expression === `${address}.${direction}`) return [];
        const { expression } = block;
        const unknownTraffic = { argument: "block", expression } as const;
        return [{ ...base, unknownTraffic, peer: { kind: "unknown", expression, candidates: [] } as const }];
      }
      if (!isObject(block)) return [];
      const peers = this.peers(place, block, address, block["security_groups"], "security_groups");
      const rules = this.rules(base, address, block, peers);
      return isTrue(block["dynamic"]) ? rules.map(inDoubt(UNCOUNTED)) : rules;
    });
  }

  private rules(
    base: {
      readonly address: string;
      readonly form: RuleForm;
      readonly direction: Direction;
      readonly group?: GroupKey;
      readonly unknownGroup?: string;
      readonly source: Source;
    },
    resource: string,
    values: ObjectValue,
    peers: readonly RulePeer[],
  ): SecurityGroupRule[] {
    const { address, form, direction, source } = base;
    const refused = this.refused.of({ resource, form, direction, values, unread: this.unread });
    this.refuse(address, resource, source, refused);
    const parsed = parseTraffic({
      protocol: values[form === "per-rule" ? "ip_protocol" : "protocol"],
      from: values["from_port"],
      to: values["to_port"],
    });
    const description = text(values["description"]);
    const rule = {
      ...base,
      ...("traffic" in parsed ? { traffic: parsed.traffic } : { unknownTraffic: parsed.unknown }),
      ...(description !== undefined && { description }),
    };
    const isWithoutPeer = peers.length === 0 && refused.length > 0;
    const rules = (isWithoutPeer ? [NO_PEER] : peers).map((peer): SecurityGroupRule => ({ ...rule, peer }));
    return refused.length === 0 ? rules : rules.map(inDoubt({ kind: "refused", place: address }));
  }

  /** Notes what is refused at a place: a classic rule whose type is not known is read twice, and refused once. */
  private refuse(address: string, resource: string, source: Source, refused: readonly Refused[]): void {
    if (this.refusals.at(-1)?.address === address) return;
    this.refusals.push(...refused.map((one) => ({ address, resource, refused: one, source })));
  }

  private groupOf(address: string, values: ObjectValue): GroupKey | undefined {
    const value = values["security_group_id"] ?? null;
    if (wrongId(value)) return this.register.meantBy(value);
    const named = this.register.named(value, `${address}.security_group_id`);
    return named && "group" in named ? named.group : undefined;
  }

  /** The group of a rule, or the expression that names it. */
  private ownerOf(
    group: GroupKey | undefined,
    { security_group_id }: ObjectValue,
  ): Pick<SecurityGroupRule, "group" | "unknownGroup"> {
    if (group !== undefined) return { group };
    return security_group_id instanceof Unknown ? { unknownGroup: security_group_id.expression } : {};
  }

  /** The peers of a classic rule and of a block, which have the same arguments but for the groups. */
  private peers(
    address: string,
    values: ObjectValue,
    own: GroupKey | undefined,
    groups: Value | undefined,
    argument: string,
  ): RulePeer[] {
    const certain = [
      ...cidrPeers([...elements(values["cidr_blocks"]), ...elements(values["ipv6_cidr_blocks"])]),
      ...elements(values["prefix_list_ids"]).flatMap((list) => this.listPeers(list)),
      ...this.selfPeer(values["self"], own),
    ];
    if (argument === "source_security_group_id" && isComputed(groups, address, values)) return certain;
    // A list of groups that is not known is not one group.
    if (groups instanceof Unknown && argument === "security_groups") {
      return [...certain, anyGroup(groups)];
    }
    return [...certain, ...elements(groups).flatMap((group) => this.groupPeers(address, group, argument))];
  }

  private groupPeers(address: string, value: Value | undefined, argument: string): RulePeer[] {
    const own = `${address}.${argument}`;
    if (value !== undefined && wrongId(value)) {
      const group = this.register.meantBy(value);
      return group === undefined
        ? [{ kind: "unknown", expression: written(value), candidates: [], isGroup: true }]
        : [{ kind: "group", group }];
    }
    // In a plan: what else may be in a list of which one item is known.
    if (argument === "security_groups" && value instanceof Unknown && value.expression === own) {
      return [anyGroup(value)];
    }
    const named = this.register.named(value ?? null, own);
    if (named === undefined) return [];
    if ("group" in named) return [{ kind: "group", group: named.group }];
    const { unknown: expression, candidates } = named;
    return [{ kind: "unknown", expression, candidates, isGroup: true }];
  }

  private selfPeer(self: Value | undefined, own: GroupKey | undefined): RulePeer[] {
    if (self instanceof Unknown) {
      return [{ kind: "unknown", expression: self.expression, candidates: own === undefined ? [] : [own] }];
    }
    if (!isTrue(self)) return [];
    // A rule whose group is not known has a peer that is not known either.
    if (own === undefined) return [{ kind: "unknown", expression: "self", candidates: [] }];
    return [{ kind: "group", group: own }];
  }

  private listPeers(value: Value | undefined): RulePeer[] {
    if (value === undefined || value === null || value === "") return [];
    const name = textOrExpression(value) ?? written(value);
    const list = this.lists.get(name);
    return [{ kind: "prefix-list", id: list?.id ?? name, ...(list?.entries && { entries: list.entries }) }];
  }
}

/** The peer of a rule that names none and is refused: whichever it gets. */
const NO_PEER: RulePeer = { kind: "unknown", expression: "no peer is given", candidates: [] };

/** Peers of addresses: what is no CIDR is a peer that is not known. */
function cidrPeers(values: readonly Value[]): RulePeer[] {
  return values.flatMap((value): RulePeer[] => {
    if (value === null || value === "") return [];
    const cidr = typeof value === "string" ? canonicalCidr(value) : undefined;
    return cidr === undefined
      ? [{ kind: "unknown", expression: written(value), candidates: [] }]
      : [{ kind: "cidr", cidr }];
  });
}

/**
 * Whether a plan says that the group of a classic rule is not known because the provider computes it, not because
 * somebody named one: a rule for addresses or for the group itself has none. See "conflicts with" in
 * https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/security_group_rule.
 */
function isComputed(group: Value | undefined, address: string, values: ObjectValue): boolean {
  if (!(group instanceof Unknown) || group.expression !== `${address}.source_security_group_id`) return false;
  const addresses = [...elements(values["cidr_blocks"]), ...elements(values["ipv6_cidr_blocks"])];
  return isTrue(values["self"]) || addresses.some((one) => typeof one === "string" && one !== "");
}

function anyGroup({ expression }: Unknown): RulePeer {
  return { kind: "unknown", expression, candidates: [], isGroup: true };
}

function directionOf(type: Value | undefined): Direction | undefined {
  return type === "ingress" || type === "egress" ? type : undefined;
}

/** The doubt about a rule whose `count`, `for_each` or dynamic block could not be evaluated. */
const UNCOUNTED: Doubt = { kind: "existence" };

/** The rule with one doubt more, unless it has that already. */
function inDoubt(doubt: Doubt): (rule: SecurityGroupRule) => SecurityGroupRule {
  return (rule) => {
    const { doubts = [] } = rule;
    return doubts.includes(doubt) ? rule : { ...rule, doubts: [doubt, ...doubts] };
  };
}
