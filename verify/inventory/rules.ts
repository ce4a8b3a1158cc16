import { Unknown, type Value } from "../../expression/value";
import { given } from "../../io/errors";
import { canonicalCidr } from "../../network/cidr";
import type { GroupKey, RulePeer } from "../../network/peers";
import type { Direction } from "../../network/rules";
import type { Resource, Source } from "../read/model";
import { type GroupRegister, isGroup } from "./groups";
import type { Doubt, RuleForm, SecurityGroupRule } from "./model";
import type { PrefixList } from "./prefix-lists";
import { parseTraffic } from "./traffic";
import { elements, isObject, isTrue, type ObjectValue, text } from "./values";

const PER_RULE: Readonly<Record<string, Direction>> = {
  aws_vpc_security_group_ingress_rule: "ingress",
  aws_vpc_security_group_egress_rule: "egress",
};

/** Resources that are rules of their own. */
export function isRule({ mode, type }: Pick<Resource, "mode" | "type">): boolean {
  return mode === "managed" && (type === "aws_security_group_rule" || type in PER_RULE);
}

/** Reads the rules of resources, in all three forms, and collects what is wrong with them. */
export class RuleReader {
  readonly problems: string[] = [];

  constructor(
    private readonly register: GroupRegister,
    private readonly lists: ReadonlyMap<string, PrefixList>,
  ) {}

  /** The rules that a resource declares: none for one that is neither a group nor a rule. */
  read(resource: Resource): SecurityGroupRule[] {
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
      return (["ingress", "egress"] as const).flatMap((direction) =>
        this.classic({ address, values: { ...values, type: direction }, source }).map(
          inDoubt({ kind: "direction", direction, expression: type.expression }),
        ),
      );
    }
    const direction = directionOf(type);
    if (direction === undefined) {
      this.problems.push(`${address}: type must be ingress or egress (${given(shown(values["type"]))})`);
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
    return this.rules(base, values, "protocol", peers);
  }

  private perRule({ address, values, source }: Resource, direction: Direction): SecurityGroupRule[] {
    const peers = [
      ...this.groupPeers(address, values["referenced_security_group_id"], "referenced_security_group_id"),
      ...this.cidrPeers(address, [...elements(values["cidr_ipv4"]), ...elements(values["cidr_ipv6"])]),
      ...this.listPeers(address, values["prefix_list_id"]),
    ];
    const group = this.groupOf(address, values);
    const base = { address, form: "per-rule" as const, direction, source, ...this.ownerOf(group, values) };
    return this.rules(base, values, "ip_protocol", peers);
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
      const rules = this.rules(base, block, "protocol", peers);
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
    values: ObjectValue,
    protocol: "protocol" | "ip_protocol",
    peers: readonly RulePeer[],
  ): SecurityGroupRule[] {
    const parsed = parseTraffic({
      protocol: values[protocol],
      from: values["from_port"],
      to: values["to_port"],
    });
    if ("problem" in parsed) {
      this.problems.push(`${base.address}: ${parsed.problem}`);
      return [];
    }
    const description = text(values["description"]);
    const rule = {
      ...base,
      ...("traffic" in parsed ? { traffic: parsed.traffic } : { unknownTraffic: parsed.unknown }),
      ...(description !== undefined && { description }),
    };
    return peers.map((peer) => ({ ...rule, peer }));
  }

  private groupOf(address: string, values: ObjectValue): GroupKey | undefined {
    const named = this.register.named(values["security_group_id"] ?? null, `${address}.security_group_id`);
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
      ...this.cidrPeers(address, [
        ...elements(values["cidr_blocks"]),
        ...elements(values["ipv6_cidr_blocks"]),
      ]),
      ...elements(values["prefix_list_ids"]).flatMap((list) => this.listPeers(address, list)),
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

  private cidrPeers(address: string, values: readonly Value[]): RulePeer[] {
    return values.flatMap((value): RulePeer[] => {
      if (value === null || value === "") return [];
      if (value instanceof Unknown) {
        return [{ kind: "unknown", expression: value.expression, candidates: [] }];
      }
      const cidr = typeof value === "string" ? canonicalCidr(value) : undefined;
      if (cidr !== undefined) return [{ kind: "cidr", cidr }];
      this.problems.push(`${address}: a CIDR must be such as 10.0.0.0/8 or 2001:db8::/32 (${given(value)})`);
      return [];
    });
  }

  private listPeers(address: string, value: Value | undefined): RulePeer[] {
    if (value === undefined || value === null || value === "") return [];
    const name = value instanceof Unknown ? value.expression : text(value);
    if (name === undefined) {
      this.problems.push(`${address}: a prefix list must be an id such as pl-0a1b2c3d (${given(value)})`);
      return [];
    }
    const list = this.lists.get(name);
    return [{ kind: "prefix-list", id: list?.id ?? name, ...(list?.entries && { entries: list.entries }) }];
  }
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

function shown(value: Value | undefined): unknown {
  return value instanceof Unknown ? value.expression : value;
}
